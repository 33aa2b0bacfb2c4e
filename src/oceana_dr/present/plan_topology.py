"""Both data centres before and after a plan: who takes contacts, which systems change, and from what to what.

In: a plan. Out: the changes that are left when all of its steps are done.
What a step changes and a later one changes back must not appear as a difference.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from oceana_dr.estate.address import SIDES, Ref, address_of, attribute_of, side_of
from oceana_dr.estate.values import Value
from oceana_dr.plan.model import Plan, Step
from oceana_dr.present.phrases import changes_of

SHARED = "shared"


@dataclass(frozen=True, slots=True)
class Difference:
    """One attribute that is another one afterwards; `local` is the address without its data centre."""

    side: str
    local: str
    label: str
    before: Value
    after: Value


def differences(plan: Plan) -> tuple[Difference, ...]:
    """Everything that differs when the plan is done, in the order in which it is changed first."""
    after: dict[Ref, Value] = {}
    before: dict[Ref, Value] = {}
    for step in plan.steps:
        for reference, old, new in _written(step):
            before.setdefault(reference, plan.initial.get(reference) if old is None else old)
            after[reference] = new
    return tuple(
        Difference(side, address_of(name)[len(side) + 1 :], attribute_of(name), before[name], value)
        for name, value in after.items()
        if value != before[name]
        for side in [side_of(address_of(name))]
    )


def _written(step: Step) -> Iterator[tuple[Ref, Value, Value]]:
    yield from changes_of(step)
    for reference, value in sorted(step.effects.items()):
        yield reference, None, value


def systems(plan: Plan) -> Mapping[str, Mapping[str, int]]:
    """By data centre, the systems that the plan has steps at, and how many."""
    found: dict[str, dict[str, int]] = {side: {} for side in (*SIDES, SHARED)}
    for step in plan.steps:
        if step.address is not None:
            side = side_of(step.address)
            name = step.address[len(side) + 1 :].partition("/")[0]
            found[side][name] = found[side].get(name, 0) + 1
    return found


def role(plan: Plan, side: str, *, after: bool) -> str:
    """What a data centre is, before or after the plan."""
    if not after and side in plan.lost:
        return "declared lost"
    return "operational" if side == (plan.to_side if after else plan.from_side) else "stands by"
