"""What a drill tells while it goes on, and what it comes to: one typed event for each thing worth a line.

In: the doings of `operations.drilling`. Out: frozen data, which text and JSON are made of.
An event must never hold more than what a run on the real estate would show, faults apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from oceana_dr.estate.address import Ref
from oceana_dr.estate.values import Value
from oceana_dr.plan.model import Plan


@dataclass(frozen=True, slots=True)
class Passed:
    """A step is done: how that is known, seconds it took from its first attempt, attempts it needed."""

    at_s: int
    step: str
    how: str
    took_s: int
    attempts: int


@dataclass(frozen=True, slots=True)
class Struck:
    """A fault is there: its kind, what that is, the step in hand, and where (empty: everywhere)."""

    at_s: int
    step: str
    fault: str
    target: str
    says: str


@dataclass(frozen=True, slots=True)
class Halted:
    """The run stopped, as it would have with this exit code; `step` is the one in hand."""

    at_s: int
    step: str
    reason: str
    exit_code: int


@dataclass(frozen=True, slots=True)
class Died:
    """The process is gone in the middle of a write."""

    at_s: int
    step: str


@dataclass(frozen=True, slots=True)
class WentOn:
    """What was done about it, and that the same command went on: so many steps of how many were done."""

    at_s: int
    mended: tuple[str, ...]
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Broke:
    """An invariant does not hold any more, in this state; `fault`: what is to blame, empty for the plan."""

    at_s: int
    step: str
    invariant: str
    title: str
    values: tuple[tuple[Ref, Value], ...]
    fault: str = ""


DrillEvent: TypeAlias = Passed | Struck | Halted | Died | WentOn | Broke


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault that was brought: its kind, the step, whether it struck."""

    kind: str
    step: str
    struck: bool


@dataclass(frozen=True, slots=True)
class Drilled:
    """A drill that has come to its end. `failures`: why it failed, the first one first; none: it passed.

    `states`: of the estate, that the invariants were held against. Seconds are of the lab: `simulated_s` along the
    critical path with the times that this drill has drawn, `played_s` with one step after the other, `turned_away_s` by
    channel. `journal`: its SHA-256, equal for equal drills. `unplaced`: faults that were asked for and can strike
    nowhere in this plan.
    """

    plan: Plan
    seed: int
    base: str
    says: tuple[str, ...]
    events: tuple[DrillEvent, ...]
    faults: tuple[Fault, ...]
    unplaced: tuple[str, ...]
    checked: int
    states: int
    simulated_s: int
    played_s: int
    turned_away_s: Mapping[str, int]
    journal: str
    failures: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether nothing was wrong."""
        return not self.failures
