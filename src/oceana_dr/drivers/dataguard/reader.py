"""Reads both databases: role, intended state, lag, status.

In: addresses of databases. Out: readings; whatever is not told for certain is `Unknown`, with the reason.
It must never show a lag of a measure that is too old, nor call a database a standby because the other one remembers it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from oceana_dr.drivers.contract import Reading
from oceana_dr.drivers.dataguard.look import look
from oceana_dr.drivers.dataguard.members import Pair, pair_of
from oceana_dr.drivers.dataguard.roles import attributes_of
from oceana_dr.estate.address import Address
from oceana_dr.estate.values import Unknown

if TYPE_CHECKING:
    from oceana_dr.drivers.dataguard.options import DataGuardOptions
    from oceana_dr.drivers.protocol import Setting

SOURCE: Final = "dataguard"


def open_reader(setting: Setting[DataGuardOptions]) -> DataGuardReader:
    """A reader of the site's databases."""
    return DataGuardReader(pair_of(setting))


def utc_now() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)


class DataGuardReader:
    """Reads the two databases of a pair, which are all that it serves."""

    def __init__(self, pair: Pair, now: Callable[[], datetime] = utc_now) -> None:
        self._pair = pair
        self._now = now

    def read(self, addresses: Sequence[Address] | None = None) -> tuple[Reading, ...]:
        """The databases asked for, or both: each is seen from both sides, whoever was asked for."""
        known = {item.address: item for item in self._pair.databases.values()}
        wanted = tuple(known) if addresses is None else tuple(addresses)
        if not wanted:
            return ()
        sights = look(self._pair) if known else {}
        observed_at = self._now().isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return tuple(
            Reading(
                item,
                attributes_of(self._pair, sights, known[item]) if item in known else Unknown("it is no database"),
                SOURCE,
                observed_at,
            )
            for item in wanted
        )
