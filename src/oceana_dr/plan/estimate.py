"""How long it takes and what it costs callers, from the steps' estimates alone.

In: steps with their order. Out: start and end of each step, the critical path, outage per channel.
Estimates come from catalogue and site only; what past runs took is shown elsewhere, never planned with.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from oceana_dr.plan.model import Estimate, Outage, Step


@dataclass(frozen=True, slots=True)
class Schedule:
    """Seconds from the start of the plan at which each step starts and ends if nothing waits for people."""

    start: Mapping[str, int]
    end: Mapping[str, int]

    @property
    def total(self) -> int:
        """Length of the critical path in seconds."""
        return max(self.end.values(), default=0)


def schedule(steps: Sequence[Step], length: Callable[[Estimate], int]) -> Schedule:
    """Start every step as early as its predecessors allow."""
    start: dict[str, int] = {}
    end: dict[str, int] = {}
    for step in steps:
        start[step.id] = max((end[other] for other in step.after), default=0)
        end[step.id] = start[step.id] + length(step.estimate)
    return Schedule(start, end)


def median(estimate: Estimate) -> int:
    """The length that half of all runs keep."""
    return estimate.p50


def slow(estimate: Estimate) -> int:
    """The length that 95 of 100 runs keep."""
    return estimate.p95


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
            p50_s=_between(fast, closes.get(channel), opens.get(channel)),
            p95_s=_between(late, closes.get(channel), opens.get(channel)),
        )
        for channel in dict.fromkeys([*closes, *opens])
    }
    return found, longest(outage.p50_s for outage in found.values())


def _between(times: Schedule, closed: str | None, opened: str | None) -> int:
    start = 0 if closed is None else times.start[closed]
    return (times.total if opened is None else times.end[opened]) - start


def longest(seconds: Iterable[int]) -> int:
    """The greatest, or 0."""
    return max(seconds, default=0)
