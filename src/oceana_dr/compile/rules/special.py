"""The few questions about a site file that the vocabulary of rules has no words for.

In: the site, a standpoint. Out: a verdict.
A function stands here only while no condition could say the same; each says why it must.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, TypeAlias

from oceana_dr.compile.rules.paths import Standpoint
from oceana_dr.compile.rules.truth import UNTOLD, Verdict
from oceana_dr.estate.address import SIDES
from oceana_dr.source.checks.view import SiteView
from oceana_dr.source.merge import Path

SpecialCheck: TypeAlias = Callable[[SiteView, Standpoint], Verdict]


def same_services(site: SiteView, here: Standpoint) -> Verdict:  # noqa: ARG001 - a `SpecialCheck`
    """Both data centres have the same services in the same versions, where each may have its own over common ones:
    no condition merges two mappings."""
    one, two = (_merged(site, side, "services") for side in SIDES)
    return _compared(site, one, two)


def same_workflows(site: SiteView, here: Standpoint) -> Verdict:  # noqa: ARG001 - a `SpecialCheck`
    """Both data centres have the same workflows, by digest, else by release; merged like services, field by field."""
    for field in ("digest", "release"):
        sides = []
        for side in SIDES:
            names = _merged(site, side, "workflows")
            places = {name: _field(site, side, name, field) for name in names}
            sides.append({name: place for name, place in places.items() if place is not None})
        found = _compared(site, sides[0], sides[1])
        if found.truth is not None:
            return found
    return UNTOLD


SPECIAL: Final[Mapping[str, SpecialCheck]] = MappingProxyType(
    {"same-services": same_services, "same-workflows": same_workflows}
)
"""Every function by the name that a rule gives."""


def _merged(site: SiteView, side: str, key: str) -> dict[str, Path]:
    """Where each entry of a data centre stands: its own, else the common one."""
    own: Path = ("data_centers", side, key)
    places: dict[str, Path] = {name: (key, name) for name in site.keys((key,)) if site.has((key, name))}
    return {**places, **{name: (*own, name) for name in site.keys(own) if site.has((*own, name))}}


def _field(site: SiteView, side: str, name: str, field: str) -> Path | None:
    places: tuple[Path, ...] = (("data_centers", side, "workflows", name, field), ("workflows", name, field))
    return next((place for place in places if site.has(place)), None)


def _compared(site: SiteView, one: Mapping[str, Path], two: Mapping[str, Path]) -> Verdict:
    if not one or not two:
        return UNTOLD
    for name in {**one, **two}:
        first, second = one.get(name), two.get(name)
        if first is None or second is None:
            only = first or second
            assert only is not None
            return Verdict(False, (only,), name)
        if first != second and site.at(first) != site.at(second):
            return Verdict(False, (second, first), name)
    return Verdict(True, (*one.values(), *two.values()))
