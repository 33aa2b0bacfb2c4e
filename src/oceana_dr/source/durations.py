"""Durations as people write them: `4h`, `90m`, `1h30m`, `2d`.

In: text that `DURATION_PATTERN` of the site language accepts. Out: seconds.
It must never guess a unit: a number without one is refused.
"""

from __future__ import annotations

import re
from typing import Final

_PART: Final = re.compile(r"([0-9]+)([dhms])")
_WHOLE: Final = re.compile(r"(?:[0-9]+[dhms])+")
_SECONDS: Final = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}


def duration_seconds(text: str) -> int:
    """Seconds in a duration; raises `ValueError` if it is none."""
    if not _WHOLE.fullmatch(text):
        raise ValueError(f"{text!r} is not a duration such as 4h or 90m")
    return sum(int(number) * _SECONDS[unit] for number, unit in _PART.findall(text))
