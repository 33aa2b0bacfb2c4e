"""How long it takes and what it costs callers, from the steps' estimates alone.

In: steps with their order. Out: start and end of each step, the critical path, outage per channel.
Estimates come from catalogue and site only; what past runs took is shown elsewhere, never planned with.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from oceana_dr.plan.model import Outage, Step


@dataclass(frozen=True, slots=True)
class Schedule:
    """Seconds from the start of the plan at which each step starts and ends if nothing waits for people."""

    start: Mapping[str, int]
    end: Mapping[str, int]

    @property
    def total(self) -> int:
        """Length of the critical path in seconds."""
        return max(self.end.values(), default=0)

    def between(self, closed: str | None, opened: str | None) -> int:
        """Seconds from the start of a step (None: of the plan) to the end of another (None: of the plan)."""
        start = 0 if closed is None else self.start[closed]
        return (self.total if opened is None else self.end[opened]) - start


def schedule(steps: Sequence[Step], length: Callable[[Step], int]) -> Schedule:
    """Start every step as early as its predecessors allow."""
    start: dict[str, int] = {}
    end: dict[str, int] = {}
    for step in steps:
        start[step.id] = max((end[other] for other in step.after), default=0)
        end[step.id] = start[step.id] + length(step)
    return Schedule(start, end)


def median(step: Step) -> int:
    """The length that half of all runs keep."""
    return step.estimate.p50


def slow(step: Step) -> int:
    """The length that 95 of 100 runs keep."""
    return step.estimate.p95


def outages(
    steps: Sequence[Step], closes: Mapping[str, str], opens: Mapping[str, str]
) -> tuple[dict[str, Outage], int]:
    """Per channel from the start of the step that closes it to the end of the one that opens it.

    What is closed already counts from the start of the plan, what stays closed to its end. Also the
    longest of them at the median, in seconds.
    """
    fast, late = schedule(steps, median), schedule(steps, slow)
    found = {
        channel: Outage(
            closed_by=closes.get(channel),
            opened_by=opens.get(channel),
            p50_s=fast.between(closes.get(channel), opens.get(channel)),
            p95_s=late.between(closes.get(channel), opens.get(channel)),
        )
        for channel in dict.fromkeys([*closes, *opens])
    }
    return found, longest(outage.p50_s for outage in found.values())


def longest(seconds: Iterable[int]) -> int:
    """The greatest, or 0."""
    return max(seconds, default=0)
