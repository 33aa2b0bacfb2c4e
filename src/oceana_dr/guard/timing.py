"""Whether a plan may begin at a moment: is a window open, and is it open for long enough.

In: windows, how strictly they are taken, a moment, the seconds that a plan still needs. Out: findings.
Nothing here may ask a clock, and a message must never leave the next opening to be guessed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from oceana_dr.guard.findings import REFUSE, WARNING
from oceana_dr.guard.windows import Ruling, Window, ruling
from oceana_dr.plan.model import Finding

OUTSIDE: Final = "outside-window"
SHORT: Final = "window-too-short"
TIMED: Final = frozenset({OUTSIDE, SHORT})
"""Findings of the moment: overridden for one call, never for the rest of a run."""


@dataclass(frozen=True, slots=True)
class Control:
    """A site's windows and how strictly they are taken; `zone`: in which its people read times.

    `finish`: a plan that has begun runs on when the window ends. `strict`: it must fit even if every step is slow.
    `override_roles`: who may act outside; anybody, if empty.
    """

    windows: tuple[Window, ...]
    zone: ZoneInfo
    finish: bool = False
    strict: bool = False
    override_roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Need:
    """A plan's scenario and the seconds of its critical path that are left, at the median and if all is slow.

    `going_on`: a run is under way, and waiting may cost more than a window that is too short.
    """

    scenario: str
    p50_s: int
    p95_s: int
    going_on: bool = False


def timing_findings(control: Control, need: Need, at: datetime) -> tuple[Finding, ...]:
    """What forbids to begin now, or warns of it."""
    found = ruling(control.windows, at, need.scenario)
    if not found.open:
        return (Finding(OUTSIDE, "OD2025", REFUSE, closed_text(control, found, at), overridable=True),)
    return tuple(_short(control, need, found, at))


def _short(control: Control, need: Need, found: Ruling, at: datetime) -> Iterator[Finding]:
    if found.until is None or control.finish:
        return
    left = int((found.until - at).total_seconds())
    if need.p95_s <= left:
        return
    refused = not need.going_on and (control.strict or need.p50_s > left)
    text = (
        f"the change window is open for {length(left)} more, until {shown(found.until, control.zone, at)}; the plan "
        f"takes {length(need.p50_s)} at the median and {length(need.p95_s)} if every step is slow"
    )
    tail = "" if refused else ": it stops where the window ends"
    severity = REFUSE if refused else WARNING
    yield Finding(SHORT, "OD2026", severity, f"{text}{tail}", overridable=refused)


def closed_text(control: Control, found: Ruling, at: datetime) -> str:
    """Why nothing may be applied, and when something may."""
    now = shown(at, control.zone)
    if found.denied_by:
        names = "; ".join(window.reason or "a freeze" for window in found.denied_by)
        why = f"changes are frozen ({names}): it is {now}"
    else:
        why = f"no change window is open: it is {now}"
    return f"{why}. {opening_text(control, found, at)}"


def opening_text(control: Control, found: Ruling, at: datetime) -> str:
    """`The next one opens Sun 29 Nov 02:00 CET (01:00 UTC), in 2 h 50 min, and ends 06:00 CET (05:00 UTC)`."""
    if found.until is None:
        return "None opens any more: the site's windows have all ended"
    opens = f"The next one opens {shown(found.until, control.zone, at)}, in {length(_seconds(found.until - at))}"
    return opens if found.closes is None else f"{opens}, and ends {shown(found.closes, control.zone, found.until)}"


def demanded_roles(control: Control, scenario: str, at: datetime) -> tuple[tuple[str, ...], ...]:
    """Of each of these one role is needed to act now all the same: for every freeze in force, and where no window
    would be open without it; nothing where anybody may.
    """
    demanded = [
        window.override_roles or control.override_roles for window in ruling_of(control, scenario, at).denied_by
    ]
    without = [window for window in control.windows if not window.deny]
    if not ruling(without, at, scenario).open:
        demanded.append(control.override_roles)
    return tuple(dict.fromkeys(roles for roles in demanded if roles))


def ruling_of(control: Control, scenario: str, at: datetime) -> Ruling:
    """Whether a plan of the scenario may be applied at the moment."""
    return ruling(control.windows, at, scenario)


def shown(moment: datetime, zone: ZoneInfo, beside: datetime | None = None) -> str:
    """`Sun 29 Nov 2026 02:00 CET (01:00 UTC)`; without day or year where they are those of `beside`."""
    local = moment.astimezone(zone)
    near = None if beside is None else beside.astimezone(zone)
    day = "" if near is not None and near.date() == local.date() else _day(local, near)
    text = f"{day}{local:%H:%M %Z}"
    if local.utcoffset() == timedelta(0):
        return text
    other = moment.astimezone(UTC)
    return f"{text} ({'' if other.date() == local.date() else f'{_NAMES[other.weekday()]} '}{other:%H:%M} UTC)"


_NAMES: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _day(local: datetime, near: datetime | None) -> str:
    """Not by strftime: its names are those of the machine's language."""
    year = "" if near is not None and near.year == local.year else f" {local.year}"
    return f"{_NAMES[local.weekday()]} {local.day} {_MONTHS[local.month - 1]}{year} "


def length(seconds: int) -> str:
    """`40 min`, `2 h 50 min`, `3 d 4 h`: never more than there is."""
    minutes = seconds // 60
    if minutes < 60:
        return f"{minutes} min" if minutes else f"{seconds} s"
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    days, hours = divmod(hours, 24)
    return f"{days} d {hours} h" if hours else f"{days} d"


def _seconds(span: timedelta) -> int:
    return int(span.total_seconds())
