"""What earlier runs of a site have left standing: timers that run, actions that are owed, steps that were skipped.

In: the journals and plans of a site's runs, the time. Out: records with their beginning and their end.
Nothing is stored beside the journals: what began and what ended it stands there, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never

from oceana_dr.catalogue.model import stands_for
from oceana_dr.diagnostics import OceanaError
from oceana_dr.operations.stores import state_of
from oceana_dr.plan.codec import read_plan
from oceana_dr.plan.model import Owed, Timer
from oceana_dr.plan.standing_codec import Outliving, outliving, outliving_from
from oceana_dr.source.project import Project
from oceana_dr.store.records import Done, Finished, Skipped
from oceana_dr.store.runs import Runs, RunSummary, undone


@dataclass(frozen=True, slots=True)
class RunningTimer:
    """A timer, since when it runs, until when (None: no limit is known), how many of its warnings are due."""

    timer: Timer
    run: str
    since: datetime
    until: datetime | None
    warnings: int


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A step that two people skipped in a run, and that was not done since."""

    run: str
    title: str
    skipped: Skipped


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands for a site now, oldest first."""

    timers: tuple[RunningTimer, ...]
    owed: tuple[Owed, ...]
    skipped: tuple[LeftOut, ...] = ()


@dataclass(frozen=True, slots=True)
class _Act:
    """What a run wrote down: a step done, a step skipped, its end; when, by which plan."""

    run: str
    plan: Outliving
    record: Done | Skipped | Finished
    at: datetime

    @property
    def done(self) -> str | None:
        """The step that was done."""
        return self.record.step if isinstance(self.record, Done) else None


def standing(project: Project, site: str, now: datetime) -> Standing:
    """Timers that were started and not stopped since, what is owed or was skipped, and was not done since."""
    acts = sorted(_acts(project, site), key=lambda act: act.at)
    last = {act.done: act.at for act in acts if act.done is not None}
    running = {
        timer.id: _running(timer, act, now)
        for act in acts
        for timer in act.plan.timers
        if timer.started_by == act.done and not _stopped(timer, act, last)
    }
    timers = tuple(sorted(running.values(), key=lambda item: item.since))
    return Standing(timers, tuple(_owed(acts).values()), tuple(_left_out(acts).values()))


def _owed(acts: list[_Act]) -> dict[str, Owed]:
    """By id: what a plan says is owed, until its very step is done, or a plan ends that saw it done."""
    owed: dict[str, Owed] = {}
    for act in acts:
        match act.record:
            case Done(step=step):
                owed |= {item.id: item for item in act.plan.owed}
                owed = {name: item for name, item in owed.items() if item.step != step}  # a part of it settles nothing
            case Finished() if act.plan.undoes is None:
                # The plan knew what would be owed at its end: the rest was done by hand, or its fence is gone.
                out = {
                    other.record.step for other in acts if other.run == act.run and isinstance(other.record, Skipped)
                }
                end = {item.id: item for item in act.plan.owed}
                owed = {name: end.get(name, item) for name, item in owed.items() if name in end or item.step in out}
            case Finished() | Skipped():
                pass
            case _:
                assert_never(act.record)
    return owed


def _left_out(acts: list[_Act]) -> dict[str, LeftOut]:
    """By step: the last time that it was skipped, if it was not done after that."""
    found: dict[str, LeftOut] = {}
    for act in acts:
        match act.record:
            case Skipped(step=step):
                found.pop(step, None)
                found[step] = LeftOut(act.run, act.plan.titles[step], act.record)
            case Done(step=step):
                found.pop(step, None)
            case Finished():
                pass
            case _:
                assert_never(act.record)
    return found


def _acts(project: Project, site: str) -> Iterator[_Act]:
    runs = state_of(project).runs
    summaries = tuple(runs.sound(site))
    back = undone(summaries)
    for summary in summaries:
        if summary.files.run in back:
            continue
        with suppress(OceanaError):  # a run that cannot be read hides itself, and no other
            plan = _plan(runs, summary)
            for entry in summary.contents.entries:
                if isinstance(entry.record, Done | Skipped | Finished):
                    yield _Act(summary.files.run, plan, entry.record, datetime.fromisoformat(entry.at))


def _plan(runs: Runs, summary: RunSummary) -> Outliving:
    """A plan whose digest the journal has was checked when it was begun: to read a part of it is enough."""
    data = runs.plan_file(summary.files, summary)
    if summary.started is not None and summary.started.plan_copy:
        with suppress(ValueError):
            return outliving_from(data)
    return outliving(read_plan(data, summary.files.plan.name))


def _stopped(timer: Timer, started: _Act, last: Mapping[str, datetime]) -> bool:
    """Whether a step that stops it was done after it was started; `last`: by step, when it was done last."""
    return any(at > started.at and stands_for(name, step) for step, at in last.items() for name in timer.stopped_by)


def _running(timer: Timer, started: _Act, now: datetime) -> RunningTimer:
    until = None if timer.limit_s is None else started.at + timedelta(seconds=timer.limit_s)
    due = sum(started.at + timedelta(seconds=seconds) <= now for seconds in timer.warn_s)
    return RunningTimer(timer, started.run, started.at, until, due)
