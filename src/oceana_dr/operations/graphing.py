"""The systems of a site, for a picture of both data centres.

In: a project, a site's name. Out: by data centre, the systems and how many resources of each there are.
It must never read a live system: the picture is of what the site says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.compile.desired import compile_site
from oceana_dr.estate.address import SIDES, side_of
from oceana_dr.source.cache import Cache
from oceana_dr.source.prepared import prepare_site
from oceana_dr.source.project import Project


@dataclass(frozen=True, slots=True)
class SiteSystems:
    """`lanes`: each data centre with what the site makes of it. `systems`: by data centre, resources by system."""

    title: str
    lanes: Mapping[str, str]
    systems: Mapping[str, Mapping[str, int]]


def systems_of(project: Project, site: str, cache: Cache) -> SiteSystems:
    """What the site has where; raises `InputRefused` for a site that is not valid."""
    compiled = compile_site(prepare_site(project, site, None, cache), load_catalogue())
    lanes = {
        side: f"{side} {compiled.bound.bindings.get(f'name.{side}', '')}".rstrip()
        + (": operational" if side == compiled.operational else ": stands by")
        for side in SIDES
    }
    found: dict[str, dict[str, int]] = {}
    for address in compiled.bound.resources:
        side = side_of(address)
        name = address[len(side) + 1 :].partition("/")[0]
        of_side = found.setdefault(side, {})
        of_side[name] = of_side.get(name, 0) + 1
    return SiteSystems(f"{site}: both data centres", lanes, found)
