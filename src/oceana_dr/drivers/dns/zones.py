"""The zones that a project has in DNS: their views, and how long a server may take.

In: the options of the driver, checked. Out: views by zone, and the zone that a name belongs to.
It must never guess a server: every one that is asked or told stands in the options.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from oceana_dr.drivers.dns.contract import View


@dataclass(frozen=True, slots=True)
class Zones:
    """Views by zone. `timeout_s`: for one answer; `settle_s`: for a change to arrive on every server."""

    views: Mapping[str, tuple[View, ...]]
    timeout_s: float = 3.0
    settle_s: float = 120.0

    def zone_of(self, name: str) -> str | None:
        """The longest zone that the name is in; None if there is none."""
        fitting = (zone for zone in self.views if name == zone or name.endswith(f".{zone}"))
        return max(fitting, key=len, default=None)
