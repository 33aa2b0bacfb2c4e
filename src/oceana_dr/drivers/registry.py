"""Which drivers there are: a table of our own, and whatever packages offer under other names.

In: a driver's name. Out: its declaration, or one of its parts, imported then.
It must never look for entry points while only names of the table are asked for, nor let a package replace one of these.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import Any, Final

from oceana_dr.diagnostics import OceanaError
from oceana_dr.diagnostics.nearest import nearest
from oceana_dr.drivers.declaration import GROUP, Driver, Fencing

_SIDES: Final = ("dc*", "shared")
_MIRROR: Final = (
    *(f"dc*/omnichannel/*#{label}" for label in ("Role", "Cache", "Databases", "ValidatedMember", "Lag seconds")),
    "dc*/omnichannel/*/MirrorService#Service Enabled",
)
_ORACLE: Final = tuple(f"dc*/oracle#{label}" for label in ("Role", "Intended State", "Lag seconds", "Database Status"))
_WINDOWS: Final = (
    "dc*/omnichannel/*/ISCAgent",
    "dc*/acm/services",
    "dc*/acm/sql-server",
    "dc2/acm/ha-service",
    "shared/acm/database",
)
_ATTRIBUTES: Final = (
    "dc*/smgr/cluster*/UCAStoreService",
    "dc*/smgr/cluster*/CallServerConnector",
    "dc*/smgr/cluster*/ChatEDApplication",
    "dc*/smgr/cluster*/EmailService",
    "dc*/smgr/cluster*/WebTextConnector",
    "dc*/smgr/cluster*/SocialConnector",
)
_ROWS: Final = (
    *_ATTRIBUTES,
    "dc*/smgr/cluster*/ContextStoreManager#ContextStore*",
    "dc*/smgr/cluster*/ContextStoreManager#EDM: *",
)
"""Rows of System Manager's attribute pages. Pairs, which have no label of their own, are not among them: people change
the page that has some."""

BUILT_IN: Final[Mapping[str, Driver]] = {
    driver.name: driver
    for driver in (
        Driver(
            name="gateway",
            title="an automation gateway over HTTP, or the embedded lab",
            reads=_SIDES,
            writes=_SIDES,
            verifies=_SIDES,
            fencing=Fencing.ASKED,
            options="oceana_dr.source.project_model:GatewayDriver",
            reader="oceana_dr.drivers.gateway.opening:open_reader",
            writer="oceana_dr.drivers.gateway.writer:open_writer",
            doctor="oceana_dr.drivers.gateway.doctor:ask",
            trial="oceana_dr.lab.trial:gateway_trial",
        ),
        Driver(
            name="operator",
            title="a person at a console, who confirms what they did and saw",
            writes=_SIDES,
            options="oceana_dr.source.project_model:OperatorDriver",
            writer="oceana_dr.drivers.operator.writer:open_writer",
            doctor="oceana_dr.drivers.operator.doctor:ask",
            trial="oceana_dr.lab.trial:operator_trial",
        ),
        Driver(
            name="cm",
            title="Communication Manager and its ESS: a person looks at the SAT and says what stands there",
            attests=("dc*/cm", "dc*/ess", "shared/phones"),
            doctor="oceana_dr.drivers.operator.doctor:ask",
        ),
        Driver(
            name="pom",
            title="Proactive Outreach Manager: a person looks at POM Monitor and says what runs",
            attests=("shared/pom",),
            doctor="oceana_dr.drivers.operator.doctor:ask",
        ),
        Driver(
            name="dns",
            title="names in DNS, by RFC 2136 with TSIG",
            reads=("shared/dns/*#A", "shared/dns/*#TTL"),
            writes=("shared/dns/*",),
            verifies=("shared/dns/*#A", "shared/dns/*#TTL"),
            options="oceana_dr.drivers.dns.options:DnsOptions",
            reader="oceana_dr.drivers.dns.reader:open_reader",
            writer="oceana_dr.drivers.dns.writer:open_writer",
            doctor="oceana_dr.drivers.dns.doctor:ask",
            trial="oceana_dr.drivers.dns.trial:dns_trial",
        ),
        Driver(
            name="mirror",
            title="the Caché mirror, read by csession; people promote and demote",
            reads=_MIRROR,
            verifies=_MIRROR,
            options="oceana_dr.drivers.mirror.options:MirrorOptions",
            reader="oceana_dr.drivers.mirror.reader:open_reader",
            doctor="oceana_dr.drivers.mirror.doctor:ask",
            trial="oceana_dr.drivers.mirror.trial:mirror_trial",
        ),
        Driver(
            name="mirror-automatic",
            title="the Caché mirror, read by csession, promoted and demoted by SYS.Mirror",
            reads=_MIRROR,
            writes=("dc1/omnichannel/A", "dc2/omnichannel/C"),
            verifies=_MIRROR,
            procedures=(
                "promote-async-active-available",
                "promote-async-ha-all-available",
                "promote-async-single-dc1-offline",
                "promote-async-ha-dc1-offline",
                "demote-to-async",
                "start-cache-c",
                "stop-cache-c",
                "stop-cache-a",
            ),
            options="oceana_dr.drivers.mirror.options:MirrorOptions",
            reader="oceana_dr.drivers.mirror.reader:open_reader",
            writer="oceana_dr.drivers.mirror.writer:open_writer",
            doctor="oceana_dr.drivers.mirror.doctor:ask",
            trial="oceana_dr.drivers.mirror.trial:automatic_trial",
        ),
        Driver(
            name="windows",
            title="Windows services and Nav360Config.xml, by PowerShell over OpenSSH",
            reads=_WINDOWS,
            writes=("dc*/omnichannel/*/ISCAgent", "dc*/acm/services", "dc2/acm/ha-service"),
            verifies=_WINDOWS,
            options="oceana_dr.drivers.windows.options:WindowsOptions",
            reader="oceana_dr.drivers.windows.reader:open_reader",
            writer="oceana_dr.drivers.windows.writer:open_writer",
            doctor="oceana_dr.drivers.windows.doctor:ask",
            trial="oceana_dr.drivers.windows.trial:windows_trial",
        ),
        Driver(
            name="dataguard",
            title="Oracle Data Guard, by the broker's dgmgrl",
            reads=_ORACLE,
            writes=("dc*/oracle",),
            verifies=_ORACLE,
            procedures=(
                "oracle-switchover-to-standby",
                "oracle-switchback-to-primary",
                "oracle-failover",
                "oracle-reinstate-*",
            ),
            options="oceana_dr.drivers.dataguard.options:DataGuardOptions",
            reader="oceana_dr.drivers.dataguard.reader:open_reader",
            writer="oceana_dr.drivers.dataguard.writer:open_writer",
            doctor="oceana_dr.drivers.dataguard.doctor:ask",
            trial="oceana_dr.drivers.dataguard.trial:dataguard_trial",
        ),
        Driver(
            name="console",
            title="System Manager's service attributes, by its web console in a browser (a pilot)",
            reads=_ROWS,
            writes=_ATTRIBUTES,
            verifies=_ROWS,
            procedures=(),
            options="oceana_dr.drivers.console.options:ConsoleOptions",
            reader="oceana_dr.drivers.console.reader:open_reader",
            writer="oceana_dr.drivers.console.writer:open_writer",
            doctor="oceana_dr.drivers.console.doctor:ask",
            trial="oceana_dr.lab.console.trial:console_trial",
        ),
    )
}


class DriverMissing(OceanaError):
    """A driver is named that is not there, or whose package cannot be used."""


def find_driver(name: str) -> Driver:
    """The declaration of this name; raises `DriverMissing`."""
    return BUILT_IN[name] if name in BUILT_IN else _offered(name)


def known_names() -> tuple[str, ...]:
    """Every name: those of the table, then those of packages. Looks for entry points."""
    return (*BUILT_IN, *sorted(_entry_points().keys() - BUILT_IN.keys()))


def load_part(reference: str) -> Any:  # Any: what the reference names; the declaration says what it has to be
    """The part that `module:name` names; raises `DriverMissing`."""
    module, _, name = reference.partition(":")
    try:
        return getattr(import_module(module), name)
    except (ImportError, AttributeError) as error:
        raise DriverMissing(f"{reference} cannot be loaded: {error}", hint=_needs(error)) from None


def _needs(error: Exception) -> str:
    missing = getattr(error, "name", None) if isinstance(error, ModuleNotFoundError) else None
    return f"install what brings `{missing}`" if missing else "is the driver's package installed as a whole?"


@cache
def _offered(name: str) -> Driver:
    from importlib.metadata import EntryPoint

    points: Mapping[str, EntryPoint] = _entry_points()
    if name not in points:
        near = nearest(name, (*BUILT_IN, *points))
        there = ", ".join((*BUILT_IN, *sorted(points)))
        raise DriverMissing(
            f"there is no driver `{name}`",
            hint=f"did you mean `{near}`?" if near else f"there are: {there}; a package may bring others",
        )
    try:
        found = points[name].load()
    except Exception as error:  # noqa: BLE001 - somebody else's module may raise anything while it is imported
        raise DriverMissing(
            f"the driver `{name}` cannot be loaded: {type(error).__name__}: {error}",
            hint=f"it is offered as {points[name].value}; is that package in order?",
        ) from None
    if not isinstance(found, Driver) or found.name != name:
        raise DriverMissing(
            f"{points[name].value} is no declaration of a driver `{name}`",
            hint="an entry point of the group oceana_dr.drivers names an `oceana_dr.drivers.declaration.Driver`",
        )
    return found


def _entry_points() -> dict[str, Any]:  # Any: `importlib.metadata` is imported only where it is needed
    from importlib.metadata import entry_points

    return {point.name: point for point in entry_points(group=GROUP)}
