"""A crash at every place where one can strike, then the same run again: nothing lost, nothing done twice.

For any plan and any estate: `crash_matrix(plan, new_estate)`. `new_estate()` makes an estate as the plan found it
and returns a function that gives a new process's ports onto it.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import TypeAlias

from oceana_dr.diagnostics import OceanaError
from oceana_dr.drivers.contract import ActRequest, Done, Hands, Outcome, Settling, Writer
from oceana_dr.estate.action import Action
from oceana_dr.estate.estate import Estate
from oceana_dr.execute.ports import Options, Ports, RunJournal
from oceana_dr.execute.resume import Standing, pasts
from oceana_dr.execute.runner import run
from oceana_dr.plan.model import Plan, StepClass
from oceana_dr.store.journal import open_journal
from tests.store.memory_files import Crash, Fault, MemoryFiles

PATH = Path("/state/runs/site/matrix.journal")
NewProcess: TypeAlias = Callable[[RunJournal], Ports]
NewEstate: TypeAlias = Callable[[], NewProcess]
SURVIVES = ("lost", "half", "kept")
_MOST_PROCESSES = 5


@dataclass
class Figures:
    """What the matrix found; `wrong` names every case that broke a promise."""

    cases: int = 0
    crashes: int = 0
    seconds: float = 0.0
    struck: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        kinds = ", ".join(f"{name} {count}" for name, count in sorted(self.struck.items()))
        return f"{self.cases} cases ({kinds}), {self.crashes} crashes, {len(self.wrong)} wrong, {self.seconds:.1f} s"


@dataclass(frozen=True)
class Cut:
    """Where the process dies: at a file operation (`files`) or a call to a driver (`before` or `after` it)."""

    files: Fault | None = None
    operation: str = ""
    call: int = 0
    when: str = ""
    survives: str = "kept"

    @property
    def kind(self) -> str:
        return f"file-{self.files.how}" if self.files else f"call-{self.when}"


def _any_cut(cut: Cut) -> bool:
    return bool(cut)


@dataclass
class Calls:
    """The calls of one case, over all its processes: how many, and how often each step was performed."""

    plan: Plan
    cut: Cut | None
    count: int = 0
    performed: Counter[str] = field(default_factory=Counter)

    def through(self, step_id: str, call: Callable[[], Outcome]) -> Outcome:
        self.count += 1
        striking = self.cut is not None and self.cut.call == self.count
        if striking and self.cut and self.cut.when == "before":
            raise Crash
        outcome = call()
        if isinstance(outcome, Done):
            self.performed[step_id] += 1
        if striking:
            raise Crash
        return outcome


class _Writer:
    def __init__(self, inner: Writer, calls: Calls) -> None:
        self._inner = inner
        self._calls = calls

    def act(self, request: ActRequest) -> Outcome:
        return self._calls.through(request.step, lambda: self._inner.act(request))

    def settle(self, key: str) -> Outcome | None:
        return self._inner.settle(key) if isinstance(self._inner, Settling) else None


class _Hands:
    def __init__(self, inner: Hands, calls: Calls) -> None:
        self._inner = inner
        self._calls = calls

    def perform(self, action: Action, by: str) -> Outcome:
        step_id = next(step.id for step in self._calls.plan.steps if step.action == action)
        return self._calls.through(step_id, lambda: self._inner.perform(action, by))


def crash_matrix(
    plan: Plan,
    new_estate: NewEstate,
    *,
    options: Options | None = None,
    same: Callable[[Estate], object] = Estate.to_json,
    only: Callable[[Cut], bool] = _any_cut,
    part: tuple[int, int] = (0, 1),
    twice: int = 0,
) -> Figures:
    """Every cut that `only` lets through, resumed until it ends; with `twice` more cases that die in resuming too.

    `same` projects the final estate to what has to be equal (leave out what a clock moves). `part` (i, n) is the
    i-th of n equal shares of the cuts, for tests that run side by side.
    """
    options = options or Options("matrix", "anna", parallel=1)
    began = time.perf_counter()
    figures = Figures()
    calls = Calls(plan, None)
    files = MemoryFiles()
    good = same(_process(plan, new_estate(), files, calls, options))
    figures.wrong += _lost(plan, files, "the run without a crash")
    cuts = [cut for cut in _cuts(files.operations, calls.count) if only(cut)][part[0] :: part[1]]
    chance = Random(len(cuts))
    pairs = [[chance.choice(cuts), chance.choice(cuts)] for _ in range(twice)]
    for case in [*([cut] for cut in cuts), *pairs]:
        final = _case(plan, new_estate(), case, options, figures)
        if final is not None and same(final) != good:
            figures.wrong.append(f"{_name(case)}: another estate at the end")
    figures.seconds = time.perf_counter() - began
    return figures


def torn_write(cut: Cut) -> bool:
    """For `only`: every journal write cut short, what was written of it kept."""
    return cut.operation == "write_at" and cut.kind == "file-torn" and cut.survives == "kept"


def _cuts(operations: list[str], calls: int) -> Iterator[Cut]:
    for number, operation in enumerate(operations, 1):
        for how in ("before", "torn", "after"):
            for survives in SURVIVES:
                yield Cut(files=Fault(number, how), operation=operation, survives=survives)
    for number in range(1, calls + 1):
        for when in ("before", "after"):
            yield Cut(call=number, when=when)


def _case(plan: Plan, process: NewProcess, cuts: list[Cut], options: Options, figures: Figures) -> Estate | None:
    """The estate at the end of a run that dies at these cuts, one a process; None if it came to no end."""
    figures.cases += 1
    name = _name(cuts)
    calls, files = Calls(plan, None), MemoryFiles()
    for number in range(_MOST_PROCESSES):
        cut = cuts[number] if number < len(cuts) else None
        files.fault, calls.cut, calls.count = cut.files if cut else None, cut, 0
        try:
            final = _process(plan, process, files, calls, options)
        except Crash:
            assert cut is not None
            figures.crashes += 1
            figures.struck[cut.kind] += 1
            files = files.after_power_cut(cut.survives) if cut.files else files.after_kill()
            continue
        except OceanaError as error:
            figures.wrong.append(f"{name}: {type(error).__name__}: {error}")
            return None
        break
    else:
        figures.wrong.append(f"{name}: no end after {_MOST_PROCESSES} processes")
        return None
    figures.wrong += _lost(plan, files, name)
    for step in plan.steps:
        if step.step_class is StepClass.ONCE and (times := calls.performed[step.id]) > 1:
            figures.wrong.append(f"{name}: {step.id} done {times} times")
    return final


def _name(cuts: list[Cut]) -> str:
    return " then ".join(str(cut) for cut in cuts)


def _process(plan: Plan, process: NewProcess, files: MemoryFiles, calls: Calls, options: Options) -> Estate:
    journal = open_journal(files, PATH)
    ports = process(journal)
    writers: dict[str, Writer] = {name: _Writer(writer, calls) for name, writer in ports.writers.items()}
    hands = None if ports.hands is None else _Hands(ports.hands, calls)
    result = run(plan, replace(ports, writers=writers, hands=hands), options)
    journal.close()
    return result.estate


def _lost(plan: Plan, files: MemoryFiles, name: str) -> list[str]:
    """Steps that the journal does not show as done."""
    journal = open_journal(files.after_power_cut("lost"), PATH)
    found = pasts(journal.entries)
    return [
        f"{name}: {step.id} is not done"
        for step in plan.steps
        if step.id not in found or found[step.id].standing is not Standing.DONE
    ]
