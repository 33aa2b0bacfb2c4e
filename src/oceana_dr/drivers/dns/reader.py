"""Reads names: every authoritative server of every view, and the hidden primary, without recursion.

In: addresses below `shared/dns/`. Out: readings; a name on which the servers differ is `Unknown`, with who says what.
It must never ask a resolver: what one has kept says nothing about what a server would tell the next caller.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from oceana_dr.diagnostics import Unreadable
from oceana_dr.drivers.contract import Reading
from oceana_dr.drivers.dns.agreement import agreed
from oceana_dr.drivers.dns.contract import PREFIX, View
from oceana_dr.drivers.dns.look import Sight, look_all
from oceana_dr.drivers.dns.zones import Zones, zones_of
from oceana_dr.estate.address import Address
from oceana_dr.estate.values import Unknown

if TYPE_CHECKING:
    from oceana_dr.drivers.dns.options import DnsOptions
    from oceana_dr.drivers.protocol import Setting

SOURCE = "dns"


def open_reader(setting: Setting[DnsOptions]) -> DnsReader:
    """A reader of the site's names."""
    return DnsReader(zones_of(setting.options), sorted(item for item in setting.bound.resources if is_name(item)))


def utc_now() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)


class DnsReader:
    """Reads the names of `names`, which are all that it serves."""

    def __init__(self, zones: Zones, names: Sequence[Address], now: Callable[[], datetime] = utc_now) -> None:
        self._zones = zones
        self._names = tuple(names)
        self._now = now

    def read(self, addresses: Sequence[Address] | None = None) -> tuple[Reading, ...]:
        """The names asked for, or all of them; what cannot be told is `Unknown`, with the reason."""
        wanted = self._names if addresses is None else tuple(addresses)
        found: dict[Address, Reading] = {}
        for zone, members in self._by_zone(wanted).items():
            names = [name_of(address) for address in members]
            try:
                sights, why = self._look(zone, names), "`drivers.dns` has no zone that holds it"
            except Unreadable as error:  # a key that the view is chosen by
                sights, why = {}, f"not read: {error.message}"
            observed_at = self._now().isoformat(timespec="milliseconds").replace("+00:00", "Z")
            for address, name in zip(members, names, strict=True):
                resource = agreed(sights, name) if sights else Unknown(why)
                found[address] = Reading(address, resource, SOURCE, observed_at)
        return tuple(found[address] for address in wanted)

    def _by_zone(self, addresses: Sequence[Address]) -> Mapping[str, list[Address]]:
        grouped: dict[str, list[Address]] = {}
        for address in addresses:
            grouped.setdefault(self._zones.zone_of(name_of(address)) or "", []).append(address)
        return grouped

    def _look(self, zone: str, names: Sequence[str]) -> Mapping[str, tuple[View, Sequence[Sight]]]:
        views = self._zones.views.get(zone, ())
        found = look_all(views, names, self._zones.timeout_s)
        return {view.name: (view, seen) for view, seen in zip(views, found, strict=True)}


def is_name(address: Address) -> bool:
    """Whether this is the address of a name."""
    return address.startswith(PREFIX)


def name_of(address: Address) -> str:
    """The name in DNS of an address of the estate."""
    return address.removeprefix(PREFIX)
