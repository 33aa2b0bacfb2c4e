"""The way to a state: which steps lead there, what each changes on it, and which of them a crash has cut off.

In: the transition that was looked for, and how every state was first come to. Out: legs in order, the shortest way.
A leg must never show what the condition does not look at: the way explains one bad state, not the plan.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

from oceana_dr.estate.address import Ref
from oceana_dr.estate.values import Value
from oceana_dr.safety.reach import Projection, State, Transition


@dataclass(frozen=True, slots=True)
class Leg:
    """A step on the way, with (attribute, value before, value after). `inside`: it is not done when the way ends."""

    step: str
    changes: tuple[tuple[Ref, Value, Value], ...]
    inside: bool


def way_to(last: Transition, came: Mapping[State, Transition], projection: Projection) -> tuple[Leg, ...]:
    """The steps from the start to where `last` leads; moments of one step in a row are one leg."""
    passed: list[Transition] = []
    transition = last
    while transition.before is not None:
        passed.append(transition)
        transition = came[transition.before]
    order = projection.steps
    undone = {
        step for step, done, end in zip(order, last.after.progress, projection.end_progress, strict=True) if done < end
    }
    return tuple(
        Leg(str(step), _changes(list(moments), projection), step in undone)
        for step, moments in groupby(reversed(passed), key=lambda item: item.step)
    )


def steps_on(way: tuple[Leg, ...]) -> tuple[str, ...]:
    """Their ids."""
    return tuple(leg.step for leg in way)


def _changes(moments: list[Transition], projection: Projection) -> tuple[tuple[Ref, Value, Value], ...]:
    before, after = moments[0].before, moments[-1].after
    assert before is not None
    moved = zip(projection.refs, before.values, after.values, strict=True)
    return tuple((reference, old, new) for reference, old, new in moved if old != new)
