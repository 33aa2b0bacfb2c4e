"""Until when a run can still turn back, and be back before a moment: what is left against what undoing would take.

In: a plan, which steps are done, what undoes what in which order, seconds until the moment. Out: seconds. Pure.
It must never promise a way back that is not there: behind a step that cannot be undone there is none.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from oceana_dr.catalogue.model import OrderRule
from oceana_dr.plan.estimate import Schedule, schedule
from oceana_dr.plan.model import Plan, Step
from oceana_dr.plan.undo_order import undo_order


@dataclass(frozen=True, slots=True)
class Left:
    """What is left of a plan: seconds along its critical path, at the median and if every step is slow."""

    p50_s: int
    p95_s: int
    starts: Mapping[str, int]
    """When each step that is left starts at the median, in seconds from now."""


@dataclass(frozen=True, slots=True)
class TurningBack:
    """How turning back stands; seconds are from now.

    `undo_s`: what undoing takes now if every step of it is slow. `until_s`: until when a run that turns back then is
    back in time; None if it is not even now. `step`: with which step the way back ends; `step_s`: when that begins at
    the median. Both None where every step can be undone: then `until_s` without a moment to be back is None too.
    """

    undo_s: int
    until_s: int | None
    step: str | None
    step_s: int | None

    @property
    def by_step(self) -> bool:
        """Whether it is the step that ends it, and not the moment to be back."""
        return self.step_s is not None and self.until_s == self.step_s


def left(plan: Plan, finished: Collection[str], elapsed: Mapping[str, int]) -> Left:
    """What is left when some steps are finished and others have run for so many seconds."""
    median, slow = (_schedule(plan, finished, elapsed, which) for which in ("p50", "p95"))
    starts = {step.id: median.start[step.id] for step in plan.steps if step.id not in finished}
    return Left(median.total, slow.total, starts)


def turning_back(plan: Plan, begun: Collection[str], ahead: Left, undoing: Undoing, room_s: int | None) -> TurningBack:
    """Until when the run can turn back. `room_s`: seconds until it has to be back; None where there is no such moment.

    A step that is begun has to be undone, too. What is not begun is taken to begin at the median: the sooner it
    does, the more has to be undone.
    """
    final = min(
        (step for step in plan.steps if step.irreversible is not None and step.id in ahead.starts),
        key=lambda step: ahead.starts[step.id],
        default=None,
    )
    away = None if final is None else ahead.starts[final.id]
    now = undoing.seconds(begun)
    name = None if final is None else final.id
    if room_s is None:
        return TurningBack(now, away, name, away)
    latest: int | None = None
    moments = sorted({0, *(start for start in ahead.starts.values() if away is None or start < away)})
    for start, end in zip(moments, (*moments[1:], ahead.p50_s if away is None else away), strict=True):
        there = (
            begun
            if not start
            else {*begun, *(step for step, at in ahead.starts.items() if at <= start and step != name)}
        )
        spare = room_s - undoing.seconds(there)
        if spare < start:
            break
        latest = min(end, spare)
    return TurningBack(now, latest, name, away)


class Undoing:
    """How long undoing takes, whichever steps were begun."""

    def __init__(self, plan: Plan, rules: Iterable[OrderRule], mirror: Mapping[str, str]) -> None:
        self._steps = {step.id: step for step in plan.steps if step.inverse and step.irreversible is None}
        self._before = undo_order(plan.steps, list(self._steps), rules, mirror).before

    def seconds(self, begun: Collection[str]) -> int:
        """Along the critical path of undoing, if every step of it is slow."""
        names = [name for name in self._steps if name in begun]
        chosen = set(names)
        ends: dict[str, int] = {}
        # The order is closed: what comes before has less before it.
        for name in sorted(names, key=lambda name: len(self._before[name] & chosen)):
            first = max((ends[other] for other in self._before[name] & chosen), default=0)
            ends[name] = first + _slow(self._steps[name])
        return max(ends.values(), default=0)


def _slow(step: Step) -> int:
    return step.estimate.p95 * len(step.inverse)


def _schedule(plan: Plan, finished: Collection[str], elapsed: Mapping[str, int], which: str) -> Schedule:
    def length(step: Step) -> int:
        whole: int = getattr(step.estimate, which)
        return 0 if step.id in finished else max(0, whole - elapsed.get(step.id, 0))

    return schedule(plan.steps, length)
