"""What undoes a run: the inverses of its finished steps, last first.

In: a plan and the ids of the steps that are done. Out: steps with their inverse actions, in order. Pure.
It must never undo across a step that cannot be undone: it says which one that is, and why.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

from oceana_dr.diagnostics import Refused
from oceana_dr.estate.action import Action
from oceana_dr.plan.model import Plan, Step

_ONWARD: Final = "go on to the end; the way back from there is a plan of its own"


@dataclass(frozen=True, slots=True)
class Undo:
    """A finished step and what takes it back, in order."""

    step: Step
    actions: tuple[Action, ...]


def undo(plan: Plan, done: AbstractSet[str]) -> tuple[Undo, ...]:
    """Reverse topological order; a step without an inverse and without a mark needs nothing undone."""
    ordered = _in_order(plan)
    if plan.behind and done:
        first = plan.behind[0]
        raise Refused(f"{first.step} was done before this run and cannot be undone: {first.irreversible}", hint=_ONWARD)
    for step in ordered:
        if step.id in done and step.irreversible is not None:
            raise Refused(
                f"{step.id} {step.title} is done and cannot be undone: {step.irreversible}",
                hint=_ONWARD,
            )
    return tuple(Undo(step, step.inverse) for step in reversed(ordered) if step.id in done and step.inverse)


def _in_order(plan: Plan) -> tuple[Step, ...]:
    """The steps so that each stands behind its predecessors; the plan's own order where it is free."""
    rest, placed, ordered = list(plan.steps), set[str](), list[Step]()
    while rest:
        step = next((step for step in rest if placed.issuperset(step.after)), None)
        if step is None:
            raise Refused("the plan's order goes round in a circle", hint="make a new plan")
        rest.remove(step)
        placed.add(step.id)
        ordered.append(step)
    return tuple(ordered)
