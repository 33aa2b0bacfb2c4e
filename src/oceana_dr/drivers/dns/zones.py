"""The zones that a project has in DNS: their views, and how long a server may take.

In: the options of the driver. Out: views by zone, and the zone that a name belongs to.
It must never guess a server: every one that is asked or told stands in the options.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING

from oceana_dr.diagnostics import Unreadable
from oceana_dr.drivers.dns.contract import Key, Server, View
from oceana_dr.estate.values import SecretRef

if TYPE_CHECKING:
    from oceana_dr.drivers.dns.options import DnsOptions, ViewOptions


@dataclass(frozen=True, slots=True)
class Zones:
    """Views by zone. `timeout_s`: for one answer; `settle_s`: for a change to arrive on every server."""

    views: Mapping[str, tuple[View, ...]]
    timeout_s: float = 3.0
    settle_s: float = 120.0

    def zone_of(self, name: str) -> str | None:
        """The longest zone that the name is in; None if there is none."""
        lower = f".{name.lower()}"
        fitting = (zone for zone in self.views if lower.endswith(f".{zone.lower()}"))
        return max(fitting, key=len, default=None)


def zones_of(options: DnsOptions) -> Zones:
    """The zones of the options; raises `Unreadable` where the library that speaks DNS is not installed."""
    if find_spec("dns") is None:
        raise Unreadable("the driver `dns` needs dnspython", hint='pip install "oceana-dr[dns]"')
    views = {
        zone: tuple(_view(zone, name, item) for name, item in named.items()) for zone, named in options.zones.items()
    }
    return Zones(views, options.answer_s, options.arrive_s)


def _view(zone: str, name: str, options: ViewOptions) -> View:
    servers = tuple(_server(called, where) for called, where in options.servers.items())
    own = _server("the primary", options.primary)
    primary = next((item for item in servers if (item.host, item.port) == (own.host, own.port)), own)
    left_out = {called.lower() for called in options.not_asked}
    return View(
        zone,
        name,
        primary,
        tuple(item for item in servers if item != primary and item.name.lower() not in left_out),
        Key(options.key.name, options.key.algorithm, SecretRef(options.key.secret)),
        signs_queries=options.view_by_key,
        not_asked=options.not_asked,
        addresses=options.addresses,
    )


def _server(name: str, where: str) -> Server:
    host, _, port = where.partition(":")
    return Server(name, host, int(port or 53))
