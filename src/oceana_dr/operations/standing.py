"""What earlier runs of a site have left standing: timers that run, actions that are owed.

In: the journals and plans of a site's runs, the time. Out: records with their beginning and their end.
Nothing is stored beside the journals: what began and what ended it stands there, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from oceana_dr.catalogue.model import stands_for
from oceana_dr.diagnostics import OceanaError
from oceana_dr.operations.stores import state_of
from oceana_dr.plan.codec import read_plan
from oceana_dr.plan.model import Owed, Plan, Timer
from oceana_dr.source.project import Project
from oceana_dr.store.records import Done


@dataclass(frozen=True, slots=True)
class RunningTimer:
    """A timer, since when it runs, until when (None: no limit is known), how many of its warnings are due."""

    timer: Timer
    run: str
    since: datetime
    until: datetime | None
    warnings: int


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands for a site now, oldest first."""

    timers: tuple[RunningTimer, ...]
    owed: tuple[Owed, ...]


@dataclass(frozen=True, slots=True)
class _Act:
    """A step that was done: in which run, when, by which plan."""

    run: str
    plan: Plan
    step: str
    at: datetime


def standing(project: Project, site: str, now: datetime) -> Standing:
    """Timers that were started and not stopped since, and what is owed and was not done since."""
    acts = sorted(_acts(project, site), key=lambda act: act.at)
    running = {
        timer.id: _running(timer, act, now)
        for act in acts
        for timer in act.plan.timers
        if timer.started_by == act.step and not _stopped(timer, act, acts)
    }
    owed: dict[str, Owed] = {}
    for act in acts:
        owed |= {item.id: item for item in act.plan.owed}
        owed = {name: item for name, item in owed.items() if not stands_for(item.step, act.step)}
    return Standing(tuple(sorted(running.values(), key=lambda item: item.since)), tuple(owed.values()))


def _acts(project: Project, site: str) -> Iterator[_Act]:
    runs = state_of(project).runs
    back = runs.taken_back(site)
    for place in runs.all(site):
        if place.run in back:
            continue
        with suppress(OceanaError):  # a run that cannot be read hides itself, and no other
            plan = read_plan(runs.plan_file(place), place.plan.name)
            for entry in runs.read(place).entries:
                if isinstance(entry.record, Done):
                    yield _Act(place.run, plan, entry.record.step, datetime.fromisoformat(entry.at))


def _stopped(timer: Timer, started: _Act, acts: list[_Act]) -> bool:
    return any(act.at > started.at and stands_for(name, act.step) for act in acts for name in timer.stopped_by)


def _running(timer: Timer, started: _Act, now: datetime) -> RunningTimer:
    until = None if timer.limit_s is None else started.at + timedelta(seconds=timer.limit_s)
    due = sum(started.at + timedelta(seconds=seconds) <= now for seconds in timer.warn_s)
    return RunningTimer(timer, started.run, started.at, until, due)
