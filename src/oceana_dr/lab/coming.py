"""What a step waits for and no twin brings by itself: it comes after a while, as it would.

In: a lab, a step that waits, what drains by itself, seconds. Out: the lab, in which it is due.
Nothing may come for a step that acts: what is not done must not look as if it were.
"""

from __future__ import annotations

from collections.abc import Container

from oceana_dr.estate.action import Moment
from oceana_dr.estate.address import Ref
from oceana_dr.lab.lab import Lab
from oceana_dr.lab.world import schedule
from oceana_dr.plan.model import Kind, Step


def let_come(lab: Lab, step: Step, drains: Container[Ref], after_s: int) -> None:
    """Let what a wait is for be so after these seconds; queues are left to the agents."""
    if step.kind is not Kind.WAIT or step.action is not None:
        return
    values = {name: value for moment in step.moments for name, value in moment.values.items() if name not in drains}
    if values:
        due = (Moment(values, after_s),)
        lab.change("drill", "comes", {"what": step.id}, lambda world: schedule(world, due, 0)[0])
