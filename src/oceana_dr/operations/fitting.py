"""When a plan may be run: the next time in which a change window is open for as long as it may take.

In: a project, a plan, a moment. Out: from when to when, and a sentence; or why there is no such time.
It is said beside a plan and is no part of it: a plan stays the same, whenever somebody asks.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Final

from oceana_dr.estate.values import Json
from oceana_dr.guard.timing import Control, length, opening_text, ruling_of, shown
from oceana_dr.guard.windows import openings
from oceana_dr.operations.governing import control_of
from oceana_dr.plan.estimate import schedule, slow
from oceana_dr.plan.model import Plan
from oceana_dr.source.cache import Cache
from oceana_dr.source.prepared import prepare_site
from oceana_dr.source.project import Project

_MOST: Final = 60
"""Openings that are looked at: those of a year of weeks, and some."""


def fitting_window(project: Project, plan: Plan, at: datetime, cache: Cache) -> dict[str, Json]:
    """`from` and `until` in UTC (None: no such time, or no end within a year), `says` in the site's time.

    A plan fits if it is done before the end although every step is slow, or if the site lets it run on past the end.
    """
    control = control_of(project, prepare_site(project, plan.site, None, cache))
    needs_s = schedule(plan.steps, slow).total
    seen: list[int] = []
    for opens, closes in islice(_from_now(control, plan.scenario, at), _MOST):
        lasts_s = None if closes is None else int((closes - opens).total_seconds())
        if lasts_s is None or lasts_s >= needs_s or control.finish:
            return {"from": _iso(opens), "until": _iso(closes), "says": _says(control, at, opens, closes)}
        seen.append(lasts_s)
    return {"from": None, "until": None, "says": _never(control, plan, at, seen, needs_s)}


def _from_now(control: Control, scenario: str, at: datetime) -> Iterator[tuple[datetime, datetime | None]]:
    now = ruling_of(control, scenario, at)
    if now.open:
        yield at, now.until
    yield from openings(control.windows, at, scenario)


def _says(control: Control, at: datetime, opens: datetime, closes: datetime | None) -> str:
    if not control.windows:
        return "at any time: the site has no change windows"
    when = f"now, {shown(opens, control.zone)}" if opens == at else f"from {shown(opens, control.zone)} on"
    if closes is None:
        return f"{when}, with no end within a year"
    past = ", and past it to the end of the plan" if control.finish else ""
    return f"{when}, until {shown(closes, control.zone, opens)}{past}"


def _never(control: Control, plan: Plan, at: datetime, seen: list[int], needs_s: int) -> str:
    if not seen:
        return f"in no window. {opening_text(control, ruling_of(control, plan.scenario, at), at)}"
    which = "the next window lasts" if len(seen) == 1 else f"the longest of the next {len(seen)} windows lasts"
    return f"in no window: if every step is slow it takes {length(needs_s)}, and {which} {length(max(seen))}"


def _iso(moment: datetime | None) -> Json:
    return None if moment is None else moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
