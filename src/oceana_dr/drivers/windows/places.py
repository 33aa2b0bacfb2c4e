"""Which services and files of which servers the addresses of the catalogue speak of.

In: the catalogue for a site, the options. Out: places by address.
A service's name that nobody has told must never be taken for certain: see `Match.sure`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final

from oceana_dr.drivers.windows.contract import Files, Match, Place, Service
from oceana_dr.estate.address import SIDES, Address

if TYPE_CHECKING:
    from oceana_dr.catalogue.bind import BoundCatalogue
    from oceana_dr.catalogue.template import Bindings
    from oceana_dr.drivers.windows.options import ServiceNames, WindowsOptions

AGENT: Final = "dc*/omnichannel/*/ISCAgent"
SERVICES: Final = "dc*/acm/services"
HIGH_AVAILABILITY: Final = "dc2/acm/ha-service"
SQL_SERVER: Final = "dc*/acm/sql-server"
DATABASE: Final = "shared/acm/database"

_HOST_OF_NAV360: Final = "site.acm.app.dc2"
"""ACM-APP-2: the server on which the manual edits the file (lines 1687-1694)."""
_COPIES: Final = (r"C:\Windows\System32\Nav360Config.xml", r"C:\Windows\SysWOW64\Nav360Config.xml")


@dataclass(frozen=True, slots=True)
class _Kind:
    """Services of one pattern of addresses: the server by the site's facts, each service by its label."""

    pattern: str
    host: Callable[[list[str]], str]
    services: Callable[[ServiceNames], Mapping[str, Match]]
    start: str = ""
    stopped: str = "stopped"
    recovery: bool = False


def _display(name: str | None, words: str) -> Match:
    """By the name that the options give, else by the words that the manual calls it."""
    return (
        Match("display", f"*{'*'.join(words.split())}*", sure=False) if name is None else Match("name", name, sure=True)
    )


def _sql(name: str | None) -> Match:
    """The default instance has this name, others have their own behind a dollar sign (Microsoft)."""
    return Match("names", "MSSQL*", sure=True) if name is None else Match("name", name, sure=True)


_KINDS: Final = (
    _Kind(
        AGENT,
        host=lambda parts: f"site.omnichannel.{parts[2]}",
        services=lambda _: {"Service status": Match("name", "ISCAgent", sure=True)},
        start="Startup type",
        recovery=True,
    ),
    _Kind(
        SERVICES,
        host=lambda parts: f"site.acm.app.{parts[0]}",
        services=lambda names: {
            "Audit Log": _display(names.audit_log, "Audit Log"),
            "License Tracker": _display(names.license_tracker, "License Tracker"),
        },
    ),
    _Kind(
        HIGH_AVAILABILITY,
        host=lambda parts: f"site.acm.app.{parts[0]}",
        services=lambda names: {"state": _display(names.high_availability, "High Availability")},
        start="Startup type",
    ),
    _Kind(
        SQL_SERVER,
        host=lambda parts: f"site.acm.sql.{parts[0]}",
        services=lambda names: {"state": _sql(names.sql_server)},
        stopped="shut down",
    ),
)


def places_of(bound: BoundCatalogue, options: WindowsOptions) -> dict[Address, tuple[Place, ...]]:
    """What each address of the site that this driver serves speaks of."""
    found: dict[Address, tuple[Place, ...]] = {}
    for address in sorted(bound.resources):
        for kind in _KINDS:
            if fnmatchcase(address, kind.pattern):
                found[address] = _services(kind, address, bound.bindings, options)
        if address == DATABASE:
            found[address] = (_files(address, bound.bindings, options),)
    return found


def _services(kind: _Kind, address: Address, facts: Bindings, options: WindowsOptions) -> tuple[Service, ...]:
    host = _reached(facts[kind.host(address.split("/"))], options)
    return tuple(
        Service(address, host, match, state, kind.start, kind.stopped, kind.recovery)
        for state, match in kind.services(options.services).items()
    )


def _files(address: Address, facts: Bindings, options: WindowsOptions) -> Files:
    names = {side: facts[f"site.acm.sql.{side}"] for side in SIDES}
    return Files(address, _reached(facts[_HOST_OF_NAV360], options), "connected to", _COPIES, names)


def _reached(host: str, options: WindowsOptions) -> str:
    return options.hosts.get(host, host)
