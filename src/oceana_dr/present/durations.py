"""Lengths of time and moments as people write them.

In: seconds, or a moment with a zone. Out: `2 h 10 min`, `02:40`, `2026-03-14 02:40 CET (01:40 UTC)`.
It must never ask for the time: every moment comes in.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo
from typing import Final

_INSIDE: Final = re.compile(
    r"(?<=\d) (?=(?:h|min|s|ms|d)\b)|(?<=\d h) (?=\d+ min\b)|(?<=\d min) (?=\d+ s\b)|(?<=\bp\.) (?=\d)"
)
MINUTE, HOUR, DAY = 60, 3600, 86400


def about(seconds: int) -> str:
    """An estimate: `30 s`, `35 min`, `2 h 10 min`; minutes are rounded, never down to nothing."""
    if seconds < MINUTE:
        return f"{max(0, seconds)} s"
    minutes = (seconds + MINUTE // 2) // MINUTE
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{minutes} min"
    return f"{hours} h {rest} min" if rest else f"{hours} h"


def exact(seconds: int) -> str:
    """What was measured: `41 s`, `3 min 05 s`, `1 h 02 min 05 s`."""
    hours, rest = divmod(max(0, seconds), HOUR)
    minutes, left = divmod(rest, MINUTE)
    if hours:
        return f"{hours} h {minutes:02} min {left:02} s"
    return f"{minutes} min {left:02} s" if minutes else f"{left} s"


def clock(seconds: int) -> str:
    """A place on the time line of a run, hours and minutes: `+0:35`."""
    minutes = max(0, seconds) // MINUTE
    return f"+{minutes // 60}:{minutes % 60:02}"


def age(seconds: int) -> str:
    """How old something is, in one unit: `40 s`, `12 min`, `3 h`, `2 d`."""
    for unit, name in ((DAY, "d"), (HOUR, "h"), (MINUTE, "min")):
        if seconds >= unit:
            return f"{seconds // unit} {name}"
    return f"{max(0, seconds)} s"


def moment(text: str) -> datetime | None:
    """A moment of a journal or plan (ISO 8601 with an offset); None for anything else."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


def both(when: datetime, zone: tzinfo) -> str:
    """A moment in the site's zone and in UTC: `2026-03-14 02:40:00 CET (01:40:00 UTC)`."""
    local, universal = when.astimezone(zone), when.astimezone(UTC)
    shown = f"{local:%Y-%m-%d %H:%M:%S %Z}".rstrip()
    if local.utcoffset() == universal.utcoffset():
        return f"{universal:%Y-%m-%d %H:%M:%S} UTC"
    day = "" if local.date() == universal.date() else f"{universal:%Y-%m-%d} "
    return f"{shown} ({day}{universal:%H:%M:%S} UTC)"


def whole(text: str) -> str:
    """The same text with no-break spaces where a line must not end: in `2 h 10 min` and in `p. 41`."""
    return _INSIDE.sub("\u00a0", text)
