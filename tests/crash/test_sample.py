"""A sample of the crash matrix: each scenario at each place, each fault, a second crash, a disk that fails.

The whole of it is `make crash`. Which cases are here follows from their numbers alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from oceana_dr.execute.doubt import Doubts, Go
from oceana_dr.execute.log import RunLog
from oceana_dr.store.journal import Entry
from oceana_dr.store.records import Intent, Record
from tests.crash.bound import Bound
from tests.crash.cuts import KINDS, Cuts
from tests.crash.disk import Disk
from tests.crash.faults import Faults
from tests.crash.provider import FAULTS
from tests.crash.starts import STARTS, planned
from tests.crash.tape import Point, Tape
from tests.scenarios.estates import EACH_PAIR, ENDS

NUMBERS = range(len(STARTS))
NAMES = tuple(start.id for start in STARTS)
ON_A_WORKING_DAY, SHORTEST = NAMES.index("working-day"), NAMES.index("network-split")


def bound_at(number: int) -> Bound:
    """Every start in one of the topologies, and each of these."""
    return Bound(planned(STARTS[number], EACH_PAIR[number % len(EACH_PAIR)]))


class OneOfEach:
    """Takes the first point of each place behind the point of this number."""

    def __init__(self, behind: int) -> None:
        self._behind = behind
        self._taken: set[str] = set()

    def __call__(self, point: Point, number: int) -> bool:
        if number < self._behind or point.place in self._taken:
            return False
        self._taken.add(point.place)
        return True


@pytest.mark.parametrize("number", NUMBERS, ids=lambda number: STARTS[number].id)
def test_a_run_of_every_scenario_goes_on_from_every_place(number: int) -> None:
    figures = Cuts(bound_at(number), first=OneOfEach(40 + 13 * number), to_the_end=4).run()
    assert figures.wrong == ()
    assert set(figures.kinds) == set(KINDS)
    assert figures.states > 0


def test_it_goes_on_after_a_second_crash_too() -> None:
    figures = Cuts(
        bound_at(SHORTEST), first=OneOfEach(60), second=lambda _, number: number % 3 == 0, to_the_end=9
    ).run()
    assert figures.wrong == ()
    assert len({first for first, _ in figures.pairs}) == len(KINDS)
    assert figures.crashes == 2 * figures.cases


def test_every_fault_at_some_act_is_coped_with() -> None:
    bound = Bound(planned(STARTS[ON_A_WORKING_DAY], ENDS[0]))
    faults = Faults(bound, kinds=lambda call: FAULTS[call // 5 :][:1] if call % 5 == 1 else (), to_the_end=4)
    figures = faults.run()
    assert figures.wrong == ()
    assert set(figures.kinds) == set(FAULTS)
    assert "never" not in faults.resolved


def test_a_disk_that_fails_once_or_for_good_loses_nothing() -> None:
    disk = Disk(bound_at(SHORTEST), errors=("EIO",), every=5)
    figures = disk.run()
    assert figures.wrong == ()
    assert 0 < disk.stopped <= figures.cases


def blind(*_: object) -> Go:
    return Go()


def forgetful(self: RunLog, record: Record, now_s: float | None = None) -> Entry | None:
    return None if isinstance(record, Intent) else WHOLE(self, record, now_s)


def unsynced(self: Tape, handle: int) -> None:
    self.operations.append(f"no fsync of {handle}")


WHOLE = RunLog.record
MUTANTS: list[tuple[type, str, Callable[..., object], str]] = [
    (Doubts, "_once", blind, "done 2 times|refused|Stale"),
    (RunLog, "record", forgetful, "done 2 times|refused|Stale"),
    (Tape, "fsync", unsynced, "is not durable"),
]


@pytest.mark.parametrize(("kind", "name", "mutant", "found"), MUTANTS, ids=["no question", "no intent", "no fsync"])
def test_a_careless_runner_is_found(
    monkeypatch: pytest.MonkeyPatch, kind: type, name: str, mutant: Callable[..., object], found: str
) -> None:
    """Where an act of class N was done and the process died before it could say so."""
    bound = Bound(planned(STARTS[ON_A_WORKING_DAY], ENDS[0]))
    monkeypatch.setattr(kind, name, mutant)

    def chosen(point: Point, _: int) -> bool:
        return point.step in bound.once and point.place == "answer lost"

    wrong = Cuts(bound, first=chosen).run().wrong
    assert any(re.search(found, item) for item in wrong), wrong
