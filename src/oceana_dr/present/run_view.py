"""A run as its journal tells it, step by step: what is done and how, what is in hand, who answered.

In: the records of a journal with their times. Out: a `RunView` that status, report and history read.
A step must never count as done unless a record says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Protocol, assert_never

from oceana_dr.estate.values import Json
from oceana_dr.store.records import (
    Answered,
    Approved,
    Asked,
    Claim,
    Decision,
    Done,
    Failed,
    Finished,
    InDoubt,
    Inherited,
    Intent,
    Note,
    Overran,
    Override,
    Record,
    Resumed,
    RunStarted,
    Skipped,
    Stopped,
    Turned,
    Unrecognised,
    Waiting,
)


class Logged(Protocol):
    """A record in its place; an entry of `store.journal` is one."""

    @property
    def at(self) -> str:
        """UTC time, ISO 8601."""
        ...

    @property
    def estate_ms(self) -> int:
        """The time of the estate's clock, in milliseconds."""
        ...

    @property
    def record(self) -> Record:
        """What was recorded."""
        ...


class State(StrEnum):
    """How a step stands. Only DONE means that it is done."""

    DONE = "done"
    IN_HAND = "in hand"
    ASKED = "asked"
    WAITING = "waiting for a person"
    FAILED = "failed"
    IN_DOUBT = "in doubt"
    SKIPPED = "skipped"
    UNTOUCHED = "not started"


@dataclass(frozen=True, slots=True)
class StepRun:
    """What a journal says about one step; times of its last attempt, decisions of all of them."""

    step: str
    state: State = State.UNTOUCHED
    attempts: int = 0
    began_at: str = ""
    began_ms: int = 0
    ended_at: str = ""
    how: str = ""
    reason: str = ""
    duration_s: int = 0
    answer: Mapping[str, Json] = field(default_factory=dict)
    decisions: tuple[Decision, ...] = ()
    skipped: Skipped | None = None
    claims: tuple[Claim, ...] = ()
    notes: tuple[tuple[str, Note], ...] = ()


@dataclass(frozen=True, slots=True)
class RunView:
    """A whole run. `people`: whoever began or resumed it, in order; `stops`: when and why it stopped."""

    started: RunStarted | None = None
    began_at: str = ""
    last_at: str = ""
    began_ms: int = 0
    last_ms: int = 0
    people: tuple[str, ...] = ()
    resumed: tuple[tuple[str, str], ...] = ()
    overrides: tuple[Override, ...] = ()
    approvals: tuple[Approved, ...] = ()
    stops: tuple[tuple[str, Stopped], ...] = ()
    overran: tuple[str, ...] = ()
    running: bool = False
    finished_at: str = ""
    steps: Mapping[str, StepRun] = field(default_factory=dict)

    def step(self, name: str) -> StepRun:
        """What is known of a step; of an untouched one, that."""
        return self.steps.get(name, StepRun(name))

    @property
    def done(self) -> frozenset[str]:
        """The steps that are done."""
        return frozenset(name for name, run in self.steps.items() if run.state is State.DONE)

    @property
    def skipped(self) -> frozenset[str]:
        """The steps that people left out; none of them is done."""
        return frozenset(name for name, run in self.steps.items() if run.state is State.SKIPPED)


def view_run(entries: Sequence[Logged]) -> RunView:
    """Fold a journal, oldest record first."""
    view = RunView()
    for entry in entries:
        view = _with_record(replace(view, last_at=entry.at, last_ms=entry.estate_ms), entry)
    return view


def _with_record(  # noqa: PLR0911 - one return a record
    view: RunView, entry: Logged
) -> RunView:
    record = entry.record
    match record:
        case RunStarted():
            began = replace(view, started=record, began_at=entry.at, began_ms=entry.estate_ms)
            return replace(began, people=(record.operator,), running=True)
        case Resumed():
            people = tuple(dict.fromkeys((*view.people, record.operator)))
            return replace(view, people=people, resumed=(*view.resumed, (entry.at, record.operator)), running=True)
        case Override():
            return replace(view, overrides=(*view.overrides, record))
        case Stopped():
            return replace(view, stops=(*view.stops, (entry.at, record)), running=False)
        case Finished():
            return replace(view, finished_at=entry.at, running=False)
        case Approved():
            return replace(view, approvals=(*view.approvals, record))
        case Overran():
            return replace(view, overran=(*view.overran, record.ended))
        case Unrecognised() | Turned():
            return view
        case _:
            changed = _stepped(view.step(record.step), record, entry)
            return replace(view, steps={**view.steps, record.step: changed})


def _stepped(  # noqa: PLR0911 - one return a record
    run: StepRun,
    record: Inherited
    | Intent
    | Done
    | Failed
    | InDoubt
    | Waiting
    | Asked
    | Claim
    | Note
    | Answered
    | Skipped
    | Decision,
    entry: Logged,
) -> StepRun:
    match record:
        case Intent():
            began = replace(run, began_at=entry.at, began_ms=entry.estate_ms, attempts=record.attempt)
            return replace(began, state=State.IN_HAND, ended_at="", reason="")
        case Done():
            answer = dict(record.answer) if record.answer is not None else run.answer
            seconds = (record.duration_ms + 500) // 1000
            done = replace(run, state=State.DONE, how=record.how, reason="", answer=answer, duration_s=seconds)
            return replace(done, ended_at=entry.at, began_at=run.began_at or entry.at)
        case Failed():
            return replace(run, state=State.FAILED, reason=record.reason, ended_at=entry.at)
        case InDoubt() | Inherited():
            return replace(run, state=State.IN_DOUBT, reason=record.reason, ended_at=entry.at)
        case Waiting():
            return replace(run, state=State.WAITING, reason=record.reason, ended_at=entry.at)
        case Asked():
            return replace(run, state=State.ASKED, began_at=run.began_at or entry.at, reason="")
        case Claim():
            return replace(run, claims=(*run.claims, record))
        case Note():
            return replace(run, notes=(*run.notes, (entry.at, record)))
        case Answered():
            return replace(run, state=State.IN_HAND, answer=dict(record.answer))
        case Skipped():
            return replace(run, state=State.SKIPPED, reason="", ended_at=entry.at, skipped=record)
        case Decision():
            return replace(run, state=State.IN_HAND, decisions=(*run.decisions, record))
        case _:
            assert_never(record)
