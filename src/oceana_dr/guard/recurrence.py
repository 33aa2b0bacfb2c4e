"""When something that recurs begins: an RFC 5545 rule expanded in the wall-clock time of its zone.

In: a first start in local time, a rule, a zone, an interval of UTC. Out: the starts within it, in UTC.
It must never ask a clock, and never take longer for a rule that no day matches than for one that many do.

A start that a clock put forward leaves out counts by the offset before the gap; one that comes twice is the first of
the two (RFC 5545, 3.3.5). A rule's instances are read in the same way: a freeze must not vanish with an hour.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

FIRST: Final = datetime(1970, 1, 1, tzinfo=UTC)
LAST: Final = datetime(2400, 1, 1, tzinfo=UTC)
"""Nothing begins before the one or after the other."""

_CYCLE: Final = 400
"""Years after which the Gregorian calendar repeats, days of the week included."""
_MOST_YEARS: Final = 9998
_MARGIN: Final = timedelta(days=2)
"""More than local time can differ from UTC, a day that a zone left out included."""
_STEP: Final = {"DAILY": timedelta(days=1), "WEEKLY": timedelta(weeks=1)}


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A first start in local time without a zone, an RFC 5545 rule if it recurs, and the zone of both."""

    start: datetime
    rule: str | None
    zone: ZoneInfo


def starts(recurrence: Recurrence, first: datetime, last: datetime) -> Iterator[datetime]:
    """Every start from `first` up to, without, `last`, in UTC; not always in order where a clock is put forward."""
    first, last = max(first, FIRST), min(last, _after_until(recurrence))
    if first >= last:
        return
    for local in _local(recurrence, first, last):
        moment = in_utc(local, recurrence.zone)
        if first <= moment < last:
            yield moment


def in_utc(local: datetime, zone: ZoneInfo) -> datetime:
    """The moment of a local time: by the offset before a gap, the first of two where it comes twice."""
    return local.replace(tzinfo=zone, fold=0).astimezone(UTC)


def _local(recurrence: Recurrence, first: datetime, last: datetime) -> Iterator[datetime]:
    """Local starts of an interval and a margin around it; those of a rule, whatever its UNTIL says."""
    low, high = (moment.replace(tzinfo=None) for moment in (first - _MARGIN, last + _MARGIN))
    if recurrence.rule is None:
        yield recurrence.start
        return
    from dateutil.rrule import rrulestr  # lazily: most commands ask for no window

    parts = _parts(recurrence.rule)
    kept = ";".join(f"{name}={value}" for name, value in parts.items() if name != "UNTIL")
    start = recurrence.start if "COUNT" in parts else _near(recurrence.start, low, parts)
    # A rule that no day matches is looked for up to the year 9999: there is less to look at near its end.
    shift = (_MOST_YEARS - max(start.year, high.year)) // _CYCLE * _CYCLE
    for found in rrulestr(kept, dtstart=_years_on(start, shift)):
        local = _years_on(found, -shift)
        if local >= high:
            return
        if local >= low:
            yield local


def _parts(rule: str) -> dict[str, str]:
    parts = {name: value for name, _, value in (part.partition("=") for part in rule.split(";"))}
    if "BYSECOND" in parts:  # where there are no leap seconds, 60 counts as 59 (RFC 5545, 3.3.12)
        parts["BYSECOND"] = ",".join("59" if second == "60" else second for second in parts["BYSECOND"].split(","))
    return parts


def _near(start: datetime, low: datetime, parts: dict[str, str]) -> datetime:
    """A start of the same series that lies nearer: whole intervals of days or weeks may be left out."""
    step = _STEP.get(parts["FREQ"])
    if step is None:
        return start
    step *= int(parts.get("INTERVAL", "1"))
    return start + max(0, (low - start) // step - 1) * step


def _years_on(moment: datetime, years: int) -> datetime:
    return moment.replace(year=moment.year + years)


def _after_until(recurrence: Recurrence) -> datetime:
    """The second after UNTIL: UTC with a Z, else local; a day counts to its end."""
    text = _parts(recurrence.rule or "").get("UNTIL")
    if text is None:
        return LAST
    day = datetime.strptime(text[:8], "%Y%m%d")  # noqa: DTZ007 - the zone is put to it below
    if "T" not in text:
        return in_utc(day + timedelta(days=1), recurrence.zone)
    moment = datetime.combine(day, time.fromisoformat(text[9:15])) + timedelta(seconds=1)
    return moment.replace(tzinfo=UTC) if text.endswith("Z") else in_utc(moment, recurrence.zone)
