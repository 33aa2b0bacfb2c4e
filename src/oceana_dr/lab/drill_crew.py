"""People for a drill: they answer every step after as long as it takes them, and may say once that it is not done.

In: questions at steps, a clock, the chance of a seed. Out: answers that name `lab:NAME`.
They give nothing up: who waives an invariant is a person, and no drill may do it for them.
"""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from oceana_dr.drivers.contract import Answer, Question
from oceana_dr.lab.crew import people_at
from oceana_dr.lab.steered import SteeredClock
from oceana_dr.plan.model import Step


class DrillCrew:
    """`drivers.contract.People` of one drill."""

    def __init__(self, steps: Mapping[str, Step], clock: SteeredClock, chance: Random) -> None:
        self.refuses: dict[str, str] = {}
        """By step, the outcome of its next answer where that is not `confirm`."""
        self._steps = steps
        self._clock = clock
        self._chance = chance

    def ask(self, question: Question) -> Answer | None:
        """The answer, when its time has passed; None where something is to be given up."""
        if question.waives:
            return None
        step = self._steps[question.step]
        by, second = people_at(step.id)
        self._clock.sleep(self.takes_s(step))
        outcome = self.refuses.pop(step.id, "confirm")
        if outcome != "confirm":
            return Answer(outcome, by, observed="so the drill wants it")
        return Answer(
            "confirm",
            by,
            second if question.second_person else None,
            observed=question.expect,
            evidence="the drill's crew",
        )

    def takes_s(self, step: Step) -> int:
        """Seconds that people need: drawn between the median and the 95th percentile, less what the console needs."""
        whole = drawn_s(step, self._chance)
        return max(0, whole - sum(moment.after_s for moment in step.moments))


def drawn_s(step: Step, chance: Random) -> int:
    """How long a step takes this time, from its estimate: most often near the median, now and then up to the p95."""
    p50, p95 = step.estimate.p50, max(step.estimate.p50, step.estimate.p95)
    return round(chance.triangular(p50, p95, p50))
