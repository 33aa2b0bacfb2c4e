"""Which drivers read and act at a site, and their readers, opened.

In: the site's choice of drivers, from its files or from a plan; the project's options. Out: routes, one reader.
No writer is made here: whoever plans could change an estate with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from threading import Event
from typing import TYPE_CHECKING, Any, Final

from oceana_dr.compile.site_values import present
from oceana_dr.diagnostics import Refused
from oceana_dr.drivers.contract import EstateClock, Reader
from oceana_dr.drivers.gateway.reader import GatewayReader
from oceana_dr.drivers.registry import find_driver, load_part
from oceana_dr.drivers.routing import GATEWAY, OPERATOR, Routes
from oceana_dr.estate.address import Address, Ref, address_of, attribute_of
from oceana_dr.estate.values import Unknown, Value
from oceana_dr.source.project import Project

if TYPE_CHECKING:
    from oceana_dr.catalogue.bind import BoundCatalogue
    from oceana_dr.compile.site_values import SiteValues
    from oceana_dr.drivers.gateway.contract import Transport
    from oceana_dr.drivers.operator.reader import Observed
    from oceana_dr.drivers.protocol import Setting
    from oceana_dr.store.database import Database


EVIDENCE: Final = "evidence"
"""The folder of the state folder in which drivers keep files as evidence."""


def routes_of(site: SiteValues, *, gateway: bool = True) -> Routes:
    """The routes of a site as its files say them; raises `DriverMissing`."""
    named = site.value("drivers") if present(site, "drivers") else None
    return routes_for(
        {str(key): str(name) for key, name in named.items()} if isinstance(named, Mapping) else {}, gateway=gateway
    )


def routes_for(chosen: Mapping[str, str], *, gateway: bool = True) -> Routes:
    """The routes of a site's choice; raises `DriverMissing`."""
    others = sorted(set(chosen.values()) - {GATEWAY, OPERATOR})
    return Routes(dict(chosen), {name: find_driver(name) for name in others}, gateway)


def routes_of_plan(project: Project, drivers: Mapping[str, str], *, gateway: bool) -> Routes:
    """The routes of a plan; raises `Refused` for a driver that the project does not configure, installed or not."""
    if strange := sorted({*drivers.values()} - {GATEWAY, OPERATOR, *project.drivers}):
        raise Refused(
            f"the plan is for a driver `{strange[0]}`, which oceana-dr.yaml does not configure",
            hint="make the plan again here, or run it where it was made for",
        )
    return routes_for(drivers, gateway=gateway)


def settings_of(
    project: Project,
    site: str,
    routes: Routes,
    bound: BoundCatalogue,
    *,
    clock: EstateClock | None = None,
    stop: Event | None = None,
) -> dict[str, Setting[Any]]:  # Any: each driver has options of its own
    """What to open each driver with that the site chooses, the gateway and people apart; raises `InputRefused`."""
    if not routes.drivers:
        return {}
    from oceana_dr.drivers.clock import RealClock
    from oceana_dr.drivers.declaration import Fencing
    from oceana_dr.drivers.protocol import Setting
    from oceana_dr.operations.drivers import options_of

    halt = stop or Event()
    return {
        name: Setting(
            site,
            options_of(project, name),
            bound,
            clock or RealClock(halt),
            halt,
            fencing=driver.fencing is Fencing.ALWAYS,
            evidence=project.state_dir / EVIDENCE,
        )
        for name, driver in routes.drivers.items()
    }


def open_reader(
    project: Project, site: str, routes: Routes, bound: BoundCatalogue, transport: Transport | None
) -> Reader:
    """A reader of the whole site: each address by the driver that serves it; no transport where there is no gateway."""
    readers: dict[str, Reader] = {}
    if transport is not None:
        readers[GATEWAY] = GatewayReader(transport, site, bound)
        if not routes.drivers:
            return readers[GATEWAY]
    from oceana_dr.drivers.operator.reader import ObservedReader
    from oceana_dr.drivers.routing import RoutedReader

    seen = ObservedReader(lambda: _observations(project, site), _now)
    for name, setting in settings_of(project, site, routes, bound).items():
        part = routes.drivers[name].reader
        readers[name] = seen if part is None else load_part(part)(setting)
    return RoutedReader(routes, readers, seen, sorted(bound.resources))


def remember_seen(database: Database, site: str, seen: Mapping[Ref, Value], by: str) -> None:
    """What a person has seen of attributes, beside what was seen of others at the same addresses."""
    from oceana_dr.store.baseline import Observation, observe, read_observations

    known = read_observations(database, site)
    new: dict[Address, dict[str, Value]] = {}
    for reference, value in seen.items():
        address = address_of(reference)
        before = known[address].resource if address in known else {}
        new.setdefault(address, dict(before) if not isinstance(before, Unknown) else {})[attribute_of(reference)] = (
            value
        )
    observe(database, site, {address: Observation(values, by, _now()) for address, values in new.items()})


def _observations(project: Project, site: str) -> Mapping[Address, Observed]:
    from oceana_dr.operations.stores import state_of
    from oceana_dr.store.baseline import read_observations

    if project.state.url is None and not (project.state_dir / "state.db").exists():
        return {}
    found = read_observations(state_of(project).database, site)
    return {address: (item.resource, item.at) for address, item in found.items()}


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
