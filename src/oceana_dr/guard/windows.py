"""Whether plans may be applied at a moment: the change windows of a site, less its freezes.

In: windows, a moment in UTC, a plan's scenario. Out: open or closed, until when, and which freeze forbids it.
The one answer for every way to an act: whoever is about to write asks `ruling`, and nothing else.
Windows open by the wall clock of their zone and last for so much elapsed time; overlapping ones are one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Final, TypeAlias

from oceana_dr.guard.recurrence import FIRST, LAST, Recurrence, starts

Span: TypeAlias = "tuple[datetime, datetime]"
"""From a moment up to, without, another one."""

_OPEN_DAYS: Final = (8, 62, 400)
"""How far to look for the end of an open window; one that lasts longer has none that anybody plans with."""
_CLOSED_DAYS: Final = (8, 62, 400, 3700, 15000)
"""How far to look for the next opening: 40 years hold a 29 February of each day of the week."""


@dataclass(frozen=True, slots=True)
class Window:
    """When plans may be applied, or with `deny` may not. `scenarios`: of which plans it speaks; empty: of all.

    `reason`: what it is for. `override_roles`: who may act against it. `where`: the line that says so.
    """

    recurrence: Recurrence
    duration_s: int
    deny: bool = False
    reason: str = ""
    scenarios: tuple[str, ...] = ()
    override_roles: tuple[str, ...] = ()
    where: str = ""

    def speaks_of(self, scenario: str) -> bool:
        """Whether it counts for a plan of this scenario."""
        return not self.scenarios or scenario in self.scenarios


@dataclass(frozen=True, slots=True)
class Ruling:
    """Whether a plan may be applied at a moment.

    `until`: when that changes; None if it does not within a year (open) or within forty (closed). `denied_by`: the
    freezes in force. `closes`: the end of the opening that comes next, if it has one within a year.
    """

    open: bool
    until: datetime | None
    closes: datetime | None = None
    denied_by: tuple[Window, ...] = ()


def ruling(windows: Sequence[Window], at: datetime, scenario: str) -> Ruling:
    """Whether a plan of this scenario may be applied at the moment."""
    now = next(iter(allowed(windows, scenario, at, at + timedelta(seconds=1))), None)
    if now is not None:
        return Ruling(True, _end(windows, at, scenario))
    denied = tuple(window for window in windows if window.deny and window.speaks_of(scenario) and _covers(window, at))
    opens = _opening(windows, at, scenario)
    return Ruling(False, opens, None if opens is None else _end(windows, opens, scenario), denied)


def openings(windows: Sequence[Window], at: datetime, scenario: str) -> Iterator[tuple[datetime, datetime | None]]:
    """From when to when plans may be applied after the moment, in order; the last one may have no end."""
    state = ruling(windows, at, scenario)
    after = state.until
    while after is not None:
        opens = after if not state.open else _opening(windows, after, scenario)
        if opens is None:
            return
        state = Ruling(True, _end(windows, opens, scenario))
        after = state.until
        yield opens, after


def next_openings(
    windows: Sequence[Window], at: datetime, scenario: str, most: int
) -> tuple[tuple[datetime, datetime | None], ...]:
    """The first of `openings`."""
    return tuple(islice(openings(windows, at, scenario), most))


def allowed(windows: Sequence[Window], scenario: str, first: datetime, last: datetime) -> tuple[Span, ...]:
    """When plans of a scenario may be applied between two moments: always without a window, else within one that
    speaks of them; never in a freeze.
    """
    counting = [window for window in windows if window.speaks_of(scenario)]
    inside = merged(span for window in counting if not window.deny for span in _spans(window, first, last))
    if all(window.deny for window in windows):
        inside = ((first, last),)
    outside = merged(span for window in counting if window.deny for span in _spans(window, first, last))
    return tuple(_less(inside, outside))


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same time in as few spans as possible, in order: what overlaps or touches is one."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return tuple(found)


def _spans(window: Window, first: datetime, last: datetime) -> Iterator[Span]:
    """The occurrences between two moments, cut to what lies between them."""
    length = timedelta(seconds=window.duration_s)
    earliest = first - length if first - FIRST > length else FIRST
    for start in starts(window.recurrence, earliest, last):
        end = start + length if LAST - start > length else LAST
        if end > first:
            yield max(start, first), min(end, last)


def _less(spans: Iterable[Span], gone: Sequence[Span]) -> Iterator[Span]:
    for start, end in spans:
        left = start
        for gap, over in gone:
            if gap >= end or over <= left:
                continue
            if gap > left:
                yield left, gap
            left = over
            if left >= end:
                break
        if left < end:
            yield left, end


def _covers(window: Window, at: datetime) -> bool:
    return any(_spans(window, at, at + timedelta(seconds=1)))


def _end(windows: Sequence[Window], at: datetime, scenario: str) -> datetime | None:
    """When the window that is open at the moment ends."""
    for days in _OPEN_DAYS:
        last = at + timedelta(days=days)
        end = allowed(windows, scenario, at, last)[0][1]
        if end < last:
            return end
    return None


def _opening(windows: Sequence[Window], at: datetime, scenario: str) -> datetime | None:
    """When the next window opens after a moment at which none is open."""
    first = at
    for days in _CLOSED_DAYS:
        last = at + timedelta(days=days)
        if found := allowed(windows, scenario, first, last):
            return found[0][0]
        first = last
    return None
