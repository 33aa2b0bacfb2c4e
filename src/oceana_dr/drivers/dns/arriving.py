"""Waiting until a change has arrived on every server of a view.

In: a view, the records that should stand, the serial of the primary. Out: who does not have them yet, in words.
A serial alone must never count, nor a value alone: a server that will be overwritten by an older copy has one of them.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from typing import Final

from oceana_dr.drivers.dns.contract import NoRecords, Records, Seen, Silent, View
from oceana_dr.drivers.dns.look import look
from oceana_dr.drivers.dns.serial import at_least

_FIRST_PAUSE_S: Final = 0.1
_LONGEST_PAUSE_S: Final = 5.0


def until_arrived(
    view: View,
    records: Mapping[str, Records | NoRecords],
    timeout_s: float,
    settle_s: float,
    stop: threading.Event,
) -> tuple[int, tuple[str, ...]]:
    """The primary's serial, and what is still missing when the time is up; nothing when all servers have it."""
    until, pause = time.monotonic() + settle_s, _FIRST_PAUSE_S
    while True:
        sights = look(view, list(records), timeout_s)
        primary = sights[0]
        serial = primary.serial if isinstance(primary, Seen) else 0
        missing = tuple(_missing(records, serial, sights))
        if not missing or time.monotonic() >= until or stop.wait(pause):
            return serial, missing
        pause = min(pause * 1.5, _LONGEST_PAUSE_S)


def _missing(
    records: Mapping[str, Records | NoRecords], serial: int, sights: tuple[Seen | Silent, ...]
) -> Iterator[str]:
    for item in sights:
        if isinstance(item, Silent):
            yield str(item)
            continue
        wrong = [f"{name} is {item.names[name]}" for name, wanted in records.items() if item.names[name] != wanted]
        if wrong:
            yield f"on {item.server} {', '.join(wrong)}"
        elif not at_least(item.serial, serial):
            yield f"{item.server} has serial {item.serial}, behind {serial}"
