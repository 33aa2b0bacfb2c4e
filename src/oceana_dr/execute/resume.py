"""What a journal says about each step, and what that leaves to be found out.

In: the entries of a journal. Out: where every step stands, what is known of the estate since.
A step with an intent and no outcome must never be taken for done, nor for not done.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from oceana_dr.estate.address import Ref, address_of
from oceana_dr.estate.estate import Estate
from oceana_dr.estate.predicate import refs_of
from oceana_dr.estate.values import Unknown, Value
from oceana_dr.execute.verify import Mismatch, agrees, changed, fenced_off, mismatches, relied_on
from oceana_dr.plan.model import Kind, Plan, Step
from oceana_dr.store.journal import Entry
from oceana_dr.store.records import Done, Failed, InDoubt, Inherited, Intent, Skipped, Waiting


class Standing(StrEnum):
    """`clean`: it was begun, and it is known that nothing was changed. `skipped`: people left it out for good."""

    FRESH = "fresh"
    CLEAN = "clean"
    DOUBT = "doubt"
    DONE = "done"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Past:
    """One step's past: attempts, the last one's key, the estate's time at the first, how it was done.

    `doubt` is what its driver said when it did not know how the last attempt ended.
    """

    standing: Standing = Standing.FRESH
    attempts: int = 0
    key: str = ""
    since_ms: int = 0
    how: str = ""
    doubt: str = ""

    @property
    def is_clean(self) -> bool:
        """Whether nothing of this step can have been done."""
        return self.standing in {Standing.FRESH, Standing.CLEAN}


def pasts(entries: Iterable[Entry]) -> dict[str, Past]:
    """Where every step stands that the journal names."""
    found: dict[str, Past] = {}
    for entry in entries:
        record = entry.record
        if not isinstance(record, Inherited | Intent | Done | Failed | InDoubt | Waiting | Skipped):
            continue
        past = found.get(record.step, Past())
        match record:
            case Inherited(key=key):
                past = replace(past, standing=Standing.DOUBT, key=key)
            case Intent(attempt=attempt, key=key):
                since = past.since_ms if past.attempts else entry.estate_ms
                past = replace(past, standing=Standing.DOUBT, attempts=attempt, key=key, since_ms=since)
            case Done(how=how):
                past = replace(past, standing=Standing.DONE, how=how)
            case Skipped():
                past = replace(past, standing=Standing.SKIPPED)
            case Failed(clean=True) | Waiting(clean=True):
                past = replace(past, standing=Standing.CLEAN)
            case InDoubt(reason=reason):
                past = replace(past, standing=Standing.DOUBT, doubt=reason)
            case Failed():
                past = replace(past, standing=Standing.DOUBT)
            case Waiting():
                pass
        found[record.step] = past
    return found


def estate_before(plan: Plan, entries: Iterable[Entry]) -> Estate:
    """The estate as the plan found it, with everything that read back behind finished steps."""
    values: dict[Ref, Value] = {}
    for entry in entries:
        if isinstance(entry.record, Done):
            values.update(entry.record.values)
    return plan.initial.with_values(values)


def since_stopped(plan: Plan, entries: Iterable[Entry], found: Estate) -> tuple[Mismatch, ...]:
    """What finished steps left, or no step has touched yet, and reads otherwise now.

    A run that was taken back, or an estate that somebody edited meanwhile, shows here. What a step that
    was begun and not finished touches is left to that step: its own reading decides. What a wait is still
    to wait for may have come while nobody ran.
    """
    entries = tuple(entries)
    past = pasts(entries)
    left, unread = _left_behind(plan, entries)
    for step in plan.steps:
        if step.id in past and past[step.id].standing is not Standing.DONE:
            unread |= _touched(step)
    known = plan.initial.with_values(left)
    aside = fenced_off(plan, found)  # it may have come back as it died
    settled = (item for item in relied_on(plan) if item not in unread and address_of(item) not in aside)
    moved = changed({reference: known.get(reference) for reference in settled}, found)
    done = {step_id for step_id, one in past.items() if one.standing is Standing.DONE}
    return tuple(
        item for item in moved if not any(agrees(value, item.found) for value in _awaited(plan, done, item.ref))
    )


def _awaited(plan: Plan, done: Container[str], reference: Ref) -> Iterator[Value]:
    """The values that waits which are not done expect this attribute to take by itself."""
    for step in plan.steps:
        if step.kind is Kind.WAIT and step.action is None and step.id not in done:
            yield from (moment.values[reference] for moment in step.moments if reference in moment.values)


def _left_behind(plan: Plan, entries: Iterable[Entry]) -> tuple[dict[Ref, Value], set[Ref]]:
    """What read back behind the last finished step that touches an attribute, and what was not read behind it."""
    steps = {step.id: step for step in plan.steps}
    left: dict[Ref, Value] = {}
    unread: set[Ref] = set()
    for entry in entries:
        record = entry.record
        if isinstance(record, Done) and record.step in steps:
            step = steps[record.step]
            looked_at = refs_of(step.condition) if step.condition is not None else frozenset()
            read = {name: value for name, value in record.values.items() if name in looked_at and _is_known(value)}
            # What was verified stays; what merely follows from the step may have been on its way still.
            read |= step.verify
            left |= read
            unread = (unread | _touched(step)) - set(read)
    return left, unread


def _is_known(value: Value) -> bool:
    return not isinstance(value, Unknown)


def _touched(step: Step) -> set[Ref]:
    return {*step.verify, *step.effects, *(reference for moment in step.moments for reference in moment.values)}


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a reading says about a step in doubt: the state after it, the one before it, or neither."""

    after: bool
    before: bool


def judge(plan: Plan, step: Step, before: Estate, found: Estate) -> Judgement:
    """`after` only if the reading proves it: what read the same before the step proves nothing.

    `before` only if what can tell reads as it did: saved data may have been saved, and be outdated again.
    """
    telling = told_by(step, before)
    after = bool(telling) and not mismatches(step.proven, found)
    still = {reference: step.expect.get(reference, before.get(reference)) for reference in telling}
    as_before = not mismatches(step.expect, found) and not mismatches(_passed_through(plan, step, before), found)
    return Judgement(after, before=as_before and bool(telling) and not after and not changed(still, found))


def told_by(step: Step, before: Estate) -> tuple[Ref, ...]:
    """The attributes that must read back and read otherwise before the step: those that can tell.

    What a person attests tells nothing: nobody has looked since.
    """
    was = {reference: step.expect.get(reference, before.get(reference)) for reference in step.proven}
    return tuple(reference for reference, value in step.proven.items() if not agrees(value, was[reference]))


def _passed_through(plan: Plan, step: Step, before: Estate) -> Mapping[Ref, Value]:
    """What the step changes on its way, as it stood before; counters aside."""
    still = set(relied_on(plan))
    touched = {reference for moment in step.moments for reference in moment.values}
    known = set(before.refs())
    return {reference: before.get(reference) for reference in touched & still & known}
