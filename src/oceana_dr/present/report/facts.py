"""What a run's journal proves beside its steps: pace, outages of channels, what people did, what is left to do.

In: the plan, the records in their places. Out: facts, each with the record it rests on.
Only journal and plan may be asked: no clock, no other run, or the same journal would tell different things.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from oceana_dr.estate.values import Json
from oceana_dr.plan.model import Kind, Outage, Owed, Plan, Step, StepClass, Timer
from oceana_dr.present.pace import median_pace, slow_pace
from oceana_dr.present.run_view import Logged, RunView, State, StepRun
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
    Resumed,
    RunStarted,
    Skipped,
    Stopped,
    Turned,
    Unrecognised,
    Waiting,
)

CONFIRM, ATTESTED = "confirm", "attested"


class Kept(Logged, Protocol):
    """A record that can be pointed at; an entry of `store.journal` is one."""

    @property
    def number(self) -> int:
        """Its place in the journal, from 1."""
        ...

    @property
    def digest(self) -> str:
        """The hash of its line: of this record, and of every one before it."""
        ...


class Pace(StrEnum):
    """How long a step took, against what was planned: within the median, within the 95th percentile, or longer."""

    IN_TIME = "in time"
    SLOW = "slow"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class ChannelRun:
    """A channel's way through a run: closed, opened, verified, by which record; what the plan promised.

    `closed` is the beginning of the step that closes it, or of the run where it was closed already. `verified_by` is
    the step in which people sign that contacts are answered. Seconds are the estate's clock.
    """

    channel: str
    planned: Outage
    closed: Kept | None
    opened: Kept | None
    verified_by: str | None
    verified: Kept | None
    declared: Kept
    planned_rto_s: tuple[int, int] | None

    @property
    def outage_s(self) -> int | None:
        """From closed to opened; None while either has not happened."""
        return _between(self.closed, self.opened)

    @property
    def rto_s(self) -> int | None:
        """From the declaration to verified; None as long as nobody verified it."""
        return _between(self.declared, self.verified)

    @property
    def pace(self) -> Pace | None:
        """The outage against the one that was promised."""
        return None if self.outage_s is None else pace_between(self.outage_s, self.planned.p50_s, self.planned.p95_s)


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody did, by which record; `step` and `text` are empty where there is none."""

    entry: Kept
    who: tuple[str, ...]
    did: str
    step: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Running:
    """A timer that the run started and did not stop, and the record that started it; `until_s` after that."""

    timer: Timer
    since: Kept


def pace_of(step: Step, run: StepRun) -> Pace | None:
    """How a step that is done kept to its estimate."""
    return pace_between(run.duration_s, step.estimate.p50, step.estimate.p95) if run.state is State.DONE else None


def pace_between(seconds: int, median: int, slow: int) -> Pace:
    """How long something took against its two estimates."""
    return Pace.IN_TIME if seconds <= median else Pace.SLOW if seconds <= slow else Pace.LATE


def trail_of(entries: Iterable[Kept]) -> dict[str, tuple[Kept, ...]]:
    """By step, every record about it."""
    found: dict[str, list[Kept]] = {}
    for entry in entries:
        name = getattr(entry.record, "step", None)
        if isinstance(name, str):
            found.setdefault(name, []).append(entry)
    return {name: tuple(items) for name, items in found.items()}


def channel_runs(plan: Plan, entries: Sequence[Kept]) -> tuple[ChannelRun, ...]:
    """Every channel that the plan closes or opens, those that were closed longest by plan first."""
    declared = next((entry for entry in entries if isinstance(entry.record, RunStarted)), None)
    if declared is None:
        return ()
    fast, slow = median_pace(plan).end, slow_pace(plan).end
    found = []
    for channel, planned in sorted(plan.outage.items(), key=lambda item: (-item[1].p50_s, item[0])):
        verifier = _verifier(plan, planned)
        found.append(
            ChannelRun(
                channel,
                planned,
                _first(entries, Intent, planned.closed_by) if planned.closed_by is not None else declared,
                _last(entries, planned.opened_by),
                verifier,
                _last(entries, verifier),
                declared,
                None if verifier is None else (fast[verifier], slow[verifier]),
            )
        )
    return tuple(found)


def acts_of(entries: Iterable[Kept]) -> Iterator[Act]:
    """Who did what, in order: what they ran, said, did, left out, and accepted."""
    for entry in entries:
        if (act := _act(entry)) is not None:
            yield act


def _act(  # noqa: C901, PLR0911, PLR0912 - one return a record
    entry: Kept,
) -> Act | None:
    match entry.record:
        case RunStarted(operator=who):
            return Act(entry, (who,), "began the run")
        case Resumed(operator=who):
            return Act(entry, (who,), "went on with the run")
        case Approved() as record:
            return Act(entry, (record.by,), "approved", text=approval_text(record))
        case Override() as record:
            return Act(entry, (record.by,), "overrode", text=f"{record.finding}: {record.reason}")
        case Answered() as record:
            if record.answer.get("outcome") in {CONFIRM, "skip"}:
                return None
            said = f"said {record.answer.get('outcome')}"
            return Act(entry, _people(record.answer), said, record.step, seen(record.answer))
        case Done() as record:
            if record.answer is None:
                return None
            did = "attested" if record.how == ATTESTED else "did"
            return Act(entry, _people(record.answer), did, record.step, seen(record.answer))
        case Claim() as record:
            to = f"to {record.to}" if record.to else ""
            return Act(entry, (record.by,), f"{record.act} it at the desk", record.step, to)
        case Skipped() as record:
            waived = f"; waived: {', '.join(record.waived)}" if record.waived else ""
            return Act(entry, (record.by, record.second), "skipped", record.step, f"{record.reason}{waived}")
        case Note() as record:
            return Act(entry, (record.by,), "noted", record.step, record.text)
        case Decision() as record:
            who_all = tuple(name for name in (record.by, record.second) if name)
            return Act(entry, who_all, f"decided to {record.choice}", record.step, "it was in doubt")
        case _:
            _is_no_act(entry.record)
            return None


_NoAct = Inherited | Intent | Failed | InDoubt | Waiting | Asked | Stopped | Finished | Overran | Turned | Unrecognised


def _is_no_act(record: _NoAct) -> None:
    """What is left: what happened to a step or to the run, before it, or what nobody here knows. A new kind of record
    must be told from these."""


def refused_before(entries: Iterable[Kept]) -> tuple[tuple[Kept, Turned], ...]:
    """Whom a guard kept from running a plan of the site before this run, or before it went on."""
    return tuple((entry, entry.record) for entry in entries if isinstance(entry.record, Turned))


def owed_after(plan: Plan, view: RunView) -> tuple[Owed, ...]:
    """What the plan says is owed at its end, and this run did not do; nothing before a step is done."""
    return tuple(item for item in plan.owed if item.step not in view.done) if view.done else ()


def timers_after(plan: Plan, entries: Sequence[Kept]) -> tuple[Running, ...]:
    """The timers that a step of this run started, and no later one stopped."""
    found = []
    for timer in plan.timers:
        since = _last(entries, timer.started_by)
        if since is not None and not any(_stops(timer, entry) for entry in entries if entry.number > since.number):
            found.append(Running(timer, since))
    return tuple(found)


def approval_text(approval: Approved) -> str:
    """Whose approval it was, in which role, by which key."""
    role = f" as {approval.role}" if approval.role else ""
    return f"by {approval.by}{role}: {approval.key}"


def seen(answer: Mapping[str, Json]) -> str:
    """What a person saw, their evidence, and who did it where that was before they were asked."""
    said = [str(answer[name]) for name in ("observed", "evidence") if answer.get(name)]
    files = answer.get("files")
    said += [
        f"{one.get('path')} (SHA-256 {str(one.get('sha256'))[:16]}, {one.get('size')} bytes)"
        for one in (files if isinstance(files, list) else ())
        if isinstance(one, Mapping)
    ]
    if answer.get("done_at"):
        said.append(f"done from the paper runbook by {answer.get('done_by')}, {answer['done_at']}")
    return ", ".join(said)


def _stops(timer: Timer, entry: Kept) -> bool:
    """A name stands for its step and for every part of it."""
    record = entry.record
    return isinstance(record, Done) and any(
        record.step == name or record.step.startswith(f"{name}.") for name in timer.stopped_by
    )


def _people(answer: Mapping[str, Json]) -> tuple[str, ...]:
    return tuple(str(answer[part]) for part in ("by", "second") if answer.get(part))


def _verifier(plan: Plan, outage: Outage) -> str | None:
    """The first step behind the opening in whose phase `verify` people sign what they saw."""
    if outage.opened_by is None:
        return None
    behind = {outage.opened_by}
    last = frozenset(name for phase in plan.phases if phase.id == "verify" for name in phase.steps)
    for step in plan.steps:  # an order: whatever a step comes after stands before it
        if not behind.isdisjoint(step.after):
            behind.add(step.id)
            if step.id in last and step.kind is Kind.CONFIRM and step.step_class is StepClass.VERIFY:
                return step.id
    return None


def _first(entries: Iterable[Kept], kind: type[Intent], step: str) -> Kept | None:
    return next((item for item in entries if isinstance(item.record, kind) and item.record.step == step), None)


def _last(entries: Sequence[Kept], step: str | None) -> Kept | None:
    """The record by which the step is done."""
    done = (item for item in reversed(entries) if isinstance(item.record, Done) and item.record.step == step)
    return next(done, None)


def _between(first: Kept | None, last: Kept | None) -> int | None:
    if first is None or last is None:
        return None
    return max(0, last.estate_ms - first.estate_ms) // 1000
