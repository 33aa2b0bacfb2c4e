"""What people have observed, as readings: for systems that no interface can read.

In: observations with their names and times. Out: readings with the source `operator`.
An observation must never be passed off as fresh: its own time goes with it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeAlias

from oceana_dr.drivers.contract import Reading
from oceana_dr.estate.address import Address
from oceana_dr.estate.estate import Attributes
from oceana_dr.estate.values import Unknown

Observed: TypeAlias = "tuple[Attributes | Unknown, str]"
"""A resource as somebody saw it, and when (ISO 8601, UTC)."""

NEVER: Final = Unknown("never observed")


class ObservedReader:
    """Reads what was observed last; looks it up anew for every reading."""

    def __init__(self, observations: Callable[[], Mapping[Address, Observed]], now: Callable[[], str]) -> None:
        self._observations = observations
        self._now = now

    def read(self, addresses: Sequence[Address] | None = None) -> tuple[Reading, ...]:
        """The resources named, or all that anybody has observed."""
        known = self._observations()
        wanted = sorted(known) if addresses is None else addresses
        return tuple(self._reading(address, known.get(address)) for address in wanted)

    def _reading(self, address: Address, found: Observed | None) -> Reading:
        if found is None:
            return Reading(address, NEVER, "operator", self._now())
        return Reading(address, found[0], "operator", found[1])
