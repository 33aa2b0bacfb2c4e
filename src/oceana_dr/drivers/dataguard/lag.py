"""How far a standby is behind, and how old that measure is, as `dgmgrl` words it.

In: `0 seconds (computed 255 seconds ago)`, `1 hour(s) 2 minutes 3 seconds (computed 1 second ago)`, `(unknown)`.
Out: a `Lag`. What is worded in another way is unknown, as a whole.
"""

from __future__ import annotations

import re
from typing import Final

from oceana_dr.drivers.dataguard.contract import Lag

_UNITS: Final = {"day": 86400, "hour": 3600, "minute": 60, "second": 1}
_PART: Final = r"(\d{1,9}) (day|hour|minute|second)(?:s|\(s\))?"
_DURATION: Final = re.compile(rf"^{_PART}(?: {_PART}){{0,3}}$")
_ONE: Final = re.compile(_PART)
_LAG: Final = re.compile(r"^(?P<lag>[^()]*(?:\(s\)[^()]*)*?)(?: \(computed (?P<age>[^()]*(?:\(s\)[^()]*)*) ago\))?$")


def lag_of(text: str) -> Lag:
    """The lag of a line's value."""
    found = _LAG.match(text.strip())
    if found is None:
        return Lag()
    seconds = seconds_of(found["lag"].strip())
    age = seconds_of(found["age"].strip()) if found["age"] is not None else None
    return Lag(seconds, age) if seconds is not None else Lag()


def seconds_of(text: str) -> int | None:
    """A length of time in seconds; None where it is not one."""
    if not _DURATION.match(text):
        return None
    return sum(int(number) * _UNITS[unit] for number, unit in _ONE.findall(text))
