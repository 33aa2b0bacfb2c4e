"""Whether a run may leave a step out: what keeps it from that, and the invariants that two people have to give up.

In: a plan, one of its steps, the steps that are left besides, the estate as it is known now. Out: a `Skipping`. Pure.
No waiver may ever lead to a state that must never be: what is left is proven again without the step.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import cast

from oceana_dr.catalogue.bind import BoundCatalogue
from oceana_dr.catalogue.model import stands_for
from oceana_dr.estate.address import Ref
from oceana_dr.estate.estate import Estate
from oceana_dr.estate.predicate import evaluate, refs_of
from oceana_dr.estate.values import show
from oceana_dr.plan.build import passages
from oceana_dr.plan.model import Plan, Skipping, Step
from oceana_dr.safety.invariant import AtRest, Check, Exclusive, Held, Invariant, bind_invariants, refs_of_check
from oceana_dr.safety.passage import Passage
from oceana_dr.safety.prove import prove_check


def judge_skip(bound: BoundCatalogue, plan: Plan, step: Step, rest: Collection[str], live: Estate) -> Skipping:
    """What skipping the step touches, and why it cannot be skipped, if it cannot; `rest` is without the step."""
    invariants = bind_invariants(bound, plan.scenario)
    touches = {item.id: item.title for item in sorted(_touched(bound, step, invariants, live), key=_number)}
    partner = step.pair or next((other.id for other in plan.steps if other.pair == step.id), None)
    if partner is not None:
        return Skipping(touches, f"it belongs to {partner}, and nothing comes between them")
    barred = next(_needed(plan, step, rest, live), None)
    if barred is None:
        known = passages(bound, plan.steps)
        without, whole = _only(known, frozenset(rest)), _only(known, frozenset(rest) | {step.id})
        barred = next(_unsafe(invariants, without, whole, live), "")
    return Skipping(touches, barred)


def _number(invariant: Invariant) -> tuple[int, str]:
    return len(invariant.id), invariant.id


def _touched(bound: BoundCatalogue, step: Step, invariants: Iterable[Invariant], live: Estate) -> Iterator[Invariant]:
    """The invariants that look at what the step changes or waits for, and those that it is there to keep."""
    refs = _changed(step, live) | (refs_of(step.condition) if step.condition is not None else frozenset())
    records = {record.id: record.data for record in bound.catalogue.invariants}
    for invariant in invariants:
        data = records[invariant.id]
        named = [*cast("list[str]", data.get("prechecked", ())), *cast("list[str]", data.get("kept_by", ()))]
        kept = invariant.attested and any(stands_for(name, step.id) for name in named)
        if kept or any(_looks_at(check, step, refs) for check in invariant.checks):
            yield invariant


def _looks_at(check: Check, step: Step, refs: frozenset[Ref]) -> bool:
    match check:
        case Held(by=by):
            return step.id == by
        case Exclusive(first=first, last=last):
            return step.id in {first, last}
        case _:
            return not refs.isdisjoint(refs_of_check(check))


def _changed(step: Step, live: Estate) -> frozenset[Ref]:
    return frozenset(
        reference
        for moment in step.moments
        for reference, value in moment.values.items()
        if live.get(reference) != value
    )


def _needed(plan: Plan, step: Step, rest: Collection[str], live: Estate) -> Iterator[str]:
    """The later steps that rely on what this one leaves behind, in the plan's order."""
    done, left_out = live, live
    for other in plan.steps:
        if other.id == step.id:
            done = _behind(step, done)
        elif other.id in rest:
            yield from _relies(other, done, left_out)
            done, left_out = _behind(other, done), _behind(other, left_out)


def _behind(step: Step, estate: Estate) -> Estate:
    for moment in step.moments:
        estate = estate.with_values(moment.values)
    return estate


def _relies(step: Step, done: Estate, left_out: Estate) -> Iterator[str]:
    for reference, value in sorted(step.expect.items()):
        if done.get(reference) == value != left_out.get(reference):
            yield f"{step.id} {step.title} begins from {reference} {show(value)}, which this step brings about"
    conditions = [(step.condition, "waits for")] if step.condition is not None else []
    conditions += [(item.condition, f"needs ({item.rule})") for item in step.requires if not item.waivable]
    for condition, verb in conditions:
        if evaluate(condition, done.get) is True and evaluate(condition, left_out.get) is not True:
            yield f"{step.id} {step.title} {verb} what this step brings about"


def _unsafe(
    invariants: Iterable[Invariant], without: Sequence[Passage], whole: Sequence[Passage], live: Estate
) -> Iterator[str]:
    """The states that must never be, and could be reached by what is left: how a run ends is what people waive."""
    for invariant in invariants:
        for check in () if invariant.waivable else invariant.checks:
            if isinstance(check, AtRest):
                continue
            _, broken = prove_check(invariant, check, without, live.get)
            if broken is None or not broken.way:
                continue
            _, before = prove_check(invariant, check, whole, live.get)
            if before is None or not before.way:
                yield f"{invariant.id} would be broken after {' → '.join(broken.way)}: {invariant.title}"


def _only(known: Sequence[Passage], names: frozenset[str]) -> tuple[Passage, ...]:
    return tuple(replace(item, before=item.before & names) for item in known if item.id in names)
