"""How long a plan takes and where its time goes, from the steps' estimates.

In: steps with their order, and seconds already known for some. Out: starts, ends, the critical path.
It must agree with what the planner counted: both start every step as early as its order allows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from oceana_dr.plan.model import Plan, Step

Length = Callable[[Step], int]


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds from now at which each step starts and ends if nothing waits; `critical` in order."""

    start: Mapping[str, int]
    end: Mapping[str, int]
    critical: tuple[str, ...]

    @property
    def total(self) -> int:
        """Seconds until the last step ends."""
        return max(self.end.values(), default=0)


def pace(steps: Sequence[Step], length: Length) -> Pace:
    """Start every step as early as its predecessors among `steps` allow."""
    start: dict[str, int] = {}
    end: dict[str, int] = {}
    latest: dict[str, str | None] = {}
    for step in steps:
        known = [other for other in step.after if other in end]
        latest[step.id] = max(known, key=lambda other: end[other], default=None)
        start[step.id] = max((end[other] for other in known), default=0)
        end[step.id] = start[step.id] + length(step)
    return Pace(start, end, _back_from(max(end, key=lambda name: end[name], default=None), latest))


def median_pace(plan: Plan) -> Pace:
    """The whole plan if every step takes its median."""
    return pace(plan.steps, median)


def slow_pace(plan: Plan) -> Pace:
    """The whole plan if every step takes as long as 19 of 20 stay within."""
    return pace(plan.steps, lambda step: step.estimate.p95)


def median(step: Step) -> int:
    """The length that half of all runs keep."""
    return step.estimate.p50


def left_over(plan: Plan, finished: Iterable[str], elapsed: Mapping[str, int]) -> Pace:
    """What is left when some steps are finished and others have run for so many seconds."""
    gone = frozenset(finished)
    rest = [step for step in plan.steps if step.id not in gone]
    return pace(rest, lambda step: max(0, step.estimate.p50 - elapsed.get(step.id, 0)))


def point_of_no_return(plan: Plan) -> Step | None:
    """The first step, in the order of the plan, that cannot be undone."""
    return next((step for step in plan.steps if step.irreversible is not None), None)


def _back_from(last: str | None, latest: Mapping[str, str | None]) -> tuple[str, ...]:
    path: list[str] = []
    while last is not None:
        path.append(last)
        last = latest[last]
    return tuple(reversed(path))
