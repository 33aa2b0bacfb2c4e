"""The parts of the crash matrix, each small enough for one process: a plan and what is done to its runs."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from oceana_dr.catalogue.starts import Start
from tests.crash.bound import Bound
from tests.crash.cuts import KINDS, Choice, Cuts, none
from tests.crash.disk import Disk, cut_anywhere, flipped_anywhere, journal_of
from tests.crash.faults import Faults
from tests.crash.mutants import Judged, judge
from tests.crash.provider import FAULTS
from tests.crash.runs import Figures
from tests.crash.starts import STARTS, Topology, live_at, planned
from tests.crash.tape import Point
from tests.scenarios.estates import EACH_PAIR, ENDS, TOPOLOGIES

N0, N1, N2, N3, N4, N5, N12 = "N0", "N1", "N2", "N3", "N4", "N5", "N12"
"""N0: the places are only counted. The others are named as the goals are."""
FIRST, SECOND = 16, 8
"""Without FULL: a second crash after every so manieth first one, and there every so manieth; which, moves on."""


TO_THE_END: Final = 50
"""Every so manieth case is run to its end, also where it has joined the run without a fault."""


@dataclass(frozen=True)
class Task:
    """What is done (N0 to N12), from which start, in which topology. `full`: nothing is left out."""

    goal: str
    start: int
    topology: Topology
    full: bool = False


@dataclass
class Result:
    """What a task came to; `more` are counts of its own by name."""

    task: Task
    figures: Figures
    seconds: float
    more: Counter[str] = field(default_factory=Counter)
    judged: Judged | None = None
    """Of N12."""

    @property
    def begins(self) -> Start:
        """The scenario, and the estate it begins on."""
        return STARTS[self.task.start]


def tasks(goals: set[str], *, full: bool) -> list[Task]:
    """All that is to be done, the widest last."""
    found = []
    for goal, topologies in wide(full=full).items():
        if goal in goals:
            starts = [number for number, start in enumerate(STARTS) if goal not in ONE_SCENARIO or full or _one(start)]
            found += [Task(goal, start, topology, full) for start in starts for topology in topologies]
    return sorted(found, key=lambda task: (TURNS.index(task.goal), task.topology not in ENDS))


TURNS: Final = (N0, N4, N3, N2, N12, N5, N1)
ONE_SCENARIO: Final = {N3, N4}


def _one(start: Start) -> bool:
    return start.id == "network-split"


def wide(*, full: bool) -> Mapping[str, tuple[Topology, ...]]:
    """The topologies of each goal."""
    every = TOPOLOGIES if full else EACH_PAIR
    return {
        N0: TOPOLOGIES if full else ENDS,
        N1: every,
        N2: ENDS,
        N3: ENDS if full else ENDS[:1],
        N4: ENDS[:1],
        N5: TOPOLOGIES if full else ENDS,
        N12: ENDS,
    }


def do(task: Task) -> Result:
    """Do one task."""
    began = time.process_time()
    bound = Bound(planned(STARTS[task.start], task.topology))
    if task.goal == N12:
        others = [live_at(start, task.topology) for number, start in enumerate(STARTS) if number != task.start]
        judged = judge(bound, others, order=task.topology == ENDS[0])
        return Result(task, Figures(steps=len(bound.steps)), time.process_time() - began, judged=judged)
    figures, more = _DOERS[task.goal](bound, task)
    return Result(task, figures, time.process_time() - began, more)


def _places(bound: Bound, _: Task) -> tuple[Figures, Counter[str]]:
    return Cuts(bound, first=none).run(), Counter()


def _crashes(bound: Bound, task: Task) -> tuple[Figures, Counter[str]]:
    if task.full or task.topology in ENDS:
        return Cuts(bound, to_the_end=TO_THE_END).run(), Counter()
    return Cuts(bound, first=pairwise(EACH_PAIR.index(task.topology)), to_the_end=TO_THE_END).run(), Counter()


def pairwise(turn: int) -> Choice:
    """One place of every record and act: any two of step, place and fact of the topology meet."""
    return lambda point, number: (KINDS.index(point.place) + turn + number // len(KINDS)) % len(KINDS) == 0


def _second_crashes(bound: Bound, task: Task) -> tuple[Figures, Counter[str]]:
    first, second = (1, 1) if task.full else (FIRST, SECOND)

    def chosen(_: Point, number: int) -> bool:
        return (number + number // first) % first == 0

    def then(_: Point, number: int) -> bool:
        return number % second == 0

    return Cuts(bound, first=chosen, second=then, to_the_end=TO_THE_END).run(), Counter()


def _disk(bound: Bound, _: Task) -> tuple[Figures, Counter[str]]:
    disk = Disk(bound)
    return disk.run(), Counter(stopped=disk.stopped)


def _journal(bound: Bound, _: Task) -> tuple[Figures, Counter[str]]:
    data, figures = journal_of(bound), Figures()
    for name, damage in {"cut": cut_anywhere, "changed": flipped_anywhere}.items():
        cases, wrong = damage(data)
        figures.cases += cases
        figures.kinds[name] += cases
        figures.lost += wrong
    return figures, Counter(bytes=len(data))


def _faults(bound: Bound, task: Task) -> tuple[Figures, Counter[str]]:
    def turning(call: int) -> tuple[str, ...]:
        return tuple(FAULTS[(call * 2 + more) % len(FAULTS)] for more in (0, 1))

    whole = task.full or task.topology == ENDS[0]
    faults = Faults(bound, kinds=(lambda _: FAULTS) if whole else turning, to_the_end=TO_THE_END)
    return faults.run(), faults.resolved


_DOERS: Final[Mapping[str, Callable[[Bound, Task], tuple[Figures, Counter[str]]]]] = {
    N0: _places,
    N1: _crashes,
    N2: _second_crashes,
    N3: _disk,
    N4: _journal,
    N5: _faults,
}
