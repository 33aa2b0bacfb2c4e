"""Timers that run, actions that are owed, steps that were skipped, for people and for machines.

In: what stands for a site, the time, its zone. Out: lines, or JSON.
A time that has run out must never look like one that has not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo
from typing import Protocol

from oceana_dr.estate.values import Json
from oceana_dr.plan.model import Owed, Timer
from oceana_dr.present.durations import about, both
from oceana_dr.present.layout import Paint, hanging, words
from oceana_dr.present.plan_summary import owed_actions
from oceana_dr.present.style import Style
from oceana_dr.store.records import Skipped


class RunningTimer(Protocol):
    """A timer that runs: since when, until when if that is known, how many of its warnings are due."""

    @property
    def timer(self) -> Timer:
        """The timer as its plan has it."""
        ...

    @property
    def run(self) -> str:
        """The run that started it."""
        ...

    @property
    def since(self) -> datetime:
        """When it began."""
        ...

    @property
    def until(self) -> datetime | None:
        """When it runs out."""
        ...

    @property
    def warnings(self) -> int:
        """How many of its warnings are due."""
        ...


class LeftOut(Protocol):
    """A step that two people skipped, and that was not done since."""

    @property
    def run(self) -> str:
        """The run in which it was."""
        ...

    @property
    def title(self) -> str:
        """What it would have done."""
        ...

    @property
    def skipped(self) -> Skipped:
        """Who skipped it, why, and what they gave up for it."""
        ...


class Standing(Protocol):
    """What earlier runs have left standing."""

    @property
    def timers(self) -> Sequence[RunningTimer]:
        """The timers, oldest first."""
        ...

    @property
    def owed(self) -> Sequence[Owed]:
        """What is owed behind a fence."""
        ...

    @property
    def skipped(self) -> Sequence[LeftOut]:
        """What was skipped and is not done yet."""
        ...


def render_standing(found: Standing, *, now: datetime, zone: tzinfo, width: int, colour: bool, ascii: bool) -> str:  # noqa: A002 - as elsewhere
    """One paragraph a timer, one for all that is owed; nothing where nothing stands."""
    style = Style(ascii=ascii, color=colour)
    lines = [line for item in found.timers for line in _timer(item, now, zone, style, width)]
    if found.owed:
        text = style.text(f"{len(found.owed)} before the fence is lifted: {owed_actions(found.owed)}")
        lines += hanging((*words("Owed:", style.strong), *words(text)), width)
    for left in found.skipped:
        said = left.skipped
        waived = f"; waived: {', '.join(said.waived)}" if said.waived else ""
        text = f"{said.step} {left.title}, by {said.by} and {said.second} in run {left.run}: {said.reason}{waived}"
        lines += hanging((*words("Skipped:", style.strong), *words(style.text(text), style.doubtful)), width)
    return "\n".join(lines)


def standing_to_json(found: Standing, now: datetime) -> dict[str, Json]:
    """`timers`, `owed` and `skipped`, for `--format json`."""
    return {
        "timers": [
            {
                "id": item.timer.id,
                "title": item.timer.title,
                "run": item.run,
                "since": item.since.isoformat(timespec="seconds"),
                "until": item.until.isoformat(timespec="seconds") if item.until else None,
                "left_s": None if item.until is None else round((item.until - now).total_seconds()),
                "warnings": item.warnings,
            }
            for item in found.timers
        ],
        "owed": [
            {"id": item.id, "title": item.title, "address": item.address, "step": item.step} for item in found.owed
        ],
        "skipped": [
            {
                "step": left.skipped.step,
                "title": left.title,
                "run": left.run,
                "by": left.skipped.by,
                "second": left.skipped.second,
                "reason": left.skipped.reason,
                "waived": list(left.skipped.waived),
            }
            for left in found.skipped
        ],
    }


def _timer(item: RunningTimer, now: datetime, zone: tzinfo, style: Style, width: int) -> Iterator[str]:
    since = f"since {both(item.since, zone)}"
    paint: Paint = str
    if item.until is None:
        text = f"{item.timer.title}: {about(_seconds(now, item.since))}, {since}"
    elif item.until <= now:
        text = f"{item.timer.title}: the time ran out {about(_seconds(now, item.until))} ago ({both(item.until, zone)})"
        paint = style.bad
    else:
        left = about(_seconds(item.until, now))
        text = f"{item.timer.title}: {left} left, until {both(item.until, zone)}"
        paint = style.doubtful if item.warnings else str
    if item.timer.bounded_by is not None and item.until is not None:
        text += f"; sooner where {item.timer.bounded_by} says so"
    yield from hanging((*words("Timer:", style.strong), *words(style.text(text), paint)), width)


def _seconds(later: datetime, earlier: datetime) -> int:
    return round((later - earlier).total_seconds())
