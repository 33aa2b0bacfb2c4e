"""Access to a site's estate and state: the lab or a gateway, its reader, its baseline.

In: a project and a compiled site. Out: a transport, a reader of the live estate, the last applied one.
Whoever plans must not be able to hold a writer: none is made here.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from oceana_dr.compile.desired import Compiled
from oceana_dr.diagnostics import Refused
from oceana_dr.estate.estate import Estate
from oceana_dr.estate.values import SecretRef
from oceana_dr.operations.live import Live, check_snapshot, read_live, read_snapshot
from oceana_dr.source.project import Project

if TYPE_CHECKING:
    from oceana_dr.catalogue.bind import BoundCatalogue
    from oceana_dr.drivers.gateway.contract import Transport

LAB = "lab"


def has_gateway(project: Project) -> bool:
    """Whether an estate is behind a gateway, or a lab; where nothing is configured at all, a lab is."""
    return not project.drivers or "gateway" in project.drivers


def endpoint_of(project: Project) -> str:
    """`lab`, or the URL of a gateway; empty where there is none."""
    if not has_gateway(project):
        return ""
    return str(project.drivers.get("gateway", {}).get("endpoint", LAB))


def transport_of(project: Project, site: str, bound: BoundCatalogue) -> Transport:
    """The way to the site's gateway; a lab is served in this process. Raises `Refused` where there is no gateway."""
    endpoint = endpoint_of(project)
    if not endpoint:
        raise Refused("no gateway is configured", hint="`drivers.gateway` in oceana-dr.yaml names one, or the lab")
    if endpoint == LAB:
        from oceana_dr.lab.lab import open_lab
        from oceana_dr.lab.transport import LabTransport

        lab = open_lab(project.state_dir, project.sites_dir, site, project.time_scale, bound=bound)
        return LabTransport(lab)
    from oceana_dr.drivers.gateway.transport import HttpTransport

    token = project.drivers["gateway"].get("token")
    return HttpTransport(endpoint, SecretRef(str(token)) if token else None)


def live_reader(project: Project, snapshot: Path | None) -> Callable[[Compiled], Live]:
    """How to get the live estate of a compiled site: from a snapshot file, or read now."""

    def read(compiled: Compiled) -> Live:
        site = compiled.site.name
        if snapshot is not None:
            found = read_snapshot(snapshot, site)
            check_snapshot(snapshot, found, compiled.bound)
            return found
        from oceana_dr.operations.routing import open_reader, routes_of

        routes = routes_of(compiled.site, gateway=has_gateway(project))
        way = transport_of(project, site, compiled.bound) if routes.gateway else None
        return read_live(open_reader(project, site, routes, compiled.bound, way))

    return read


def baseline_of(project: Project) -> Callable[[str], Estate | None]:
    """How to get what was last applied at a site; None if nothing was."""

    def read(site: str) -> Estate | None:
        if project.state.url is None and not (project.state_dir / "state.db").exists():
            return None
        from oceana_dr.operations.stores import state_of
        from oceana_dr.store.baseline import read_baseline

        found = read_baseline(state_of(project).database, site)
        return found.estate if found else None

    return read
