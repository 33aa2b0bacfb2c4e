"""What the program says of what it found, and that it hears guards speak up."""

from __future__ import annotations

from collections import Counter

from tests.crash.bound import Bound
from tests.crash.cuts import KINDS
from tests.crash.mutants import CONVENIENCE, REMOVED, TURNED, Judged, Mutant, judge
from tests.crash.report import share_killed, text, verdict
from tests.crash.runs import Figures
from tests.crash.starts import STARTS, planned
from tests.crash.tape import Point
from tests.crash.tasks import N1, N12, Result, Task, pairwise, tasks, wide
from tests.crash.walks import CONSOLE, EXPECT, INVARIANT, REQUIREMENT, walk, wrong_orders
from tests.scenarios.estates import EACH_PAIR, ENDS, TOPOLOGIES

WORKING_DAY = next(start for start in STARTS if start.id == "working-day")


def found(**figures: object) -> Result:
    kinds = Counter(dict.fromkeys(KINDS, 1))
    return Result(Task(N1, 0, ENDS[0]), Figures(**{"cases": 7, "crashes": 7, "kinds": kinds, **figures}), 1.0)  # type: ignore[arg-type]


def test_all_is_well_where_every_place_was_met_and_nothing_is_wrong() -> None:
    assert verdict([found()]) == []
    told = text([found()])
    assert [line.split()[-9:] for line in told.splitlines() if line.startswith("together")] == [
        ["1", "0", "7", "7", "0", "0", "0", "0", "1"]
    ]


def test_a_broken_promise_and_a_place_never_met_are_told() -> None:
    assert verdict([found(lost=["P05 is not done"])]) == ["N1 planned-switchover: P05 is not done"]
    assert verdict([found(kinds=Counter(KINDS[1:]))]) == [f"N1: {KINDS[0]} was never met"]
    assert verdict([found(stuck=[str(number) for number in range(30)])])[-1] == "and 10 more"


def test_too_many_guards_that_nobody_would_miss_are_told() -> None:
    kept, gone, declared = (Mutant((CONSOLE, name), REMOVED) for name in ("kept", "gone", "declared"))
    judged = Judged({kept, gone, declared}, {kept}, {declared: CONVENIENCE})
    assert share_killed(judged) == 0.5
    result = Result(Task(N12, 0, ENDS[0]), Figures(), 1.0, judged=judged)
    assert verdict([result]) == ["N12: 50.0% of the guards would be missed, not 95%"]
    assert "console removed: gone" in text([result])
    assert "console removed: declared" not in text([result])


def test_guards_speak_up_in_a_wrong_order_and_only_there() -> None:
    bound = Bound(planned(WORKING_DAY, ENDS[0]))
    steps = bound.planned.plan.steps
    assert walk(bound, steps).alarmed == set()
    promoted = next(step for step in steps if step.id == "P23")
    alarmed = walk(bound, [promoted, *(step for step in steps if step is not promoted)]).alarmed
    assert {kind for kind, _ in alarmed} == {INVARIANT}
    heard = {kind for order in wrong_orders(steps) for kind, _ in walk(bound, order).alarmed}
    assert heard == {CONSOLE, EXPECT, INVARIANT, REQUIREMENT}


def test_most_guards_of_a_plan_would_be_missed_by_that_plan_alone() -> None:
    judged = judge(Bound(planned(next(start for start in STARTS if start.id == "network-split"), ENDS[0])))
    assert {mutant.how for mutant in judged.killed} == {REMOVED, TURNED}
    assert judged.killed <= judged.met
    assert judged.words.keys() <= judged.met


def test_without_full_two_topologies_are_whole_and_four_pairwise() -> None:
    listed = tasks({N1}, full=False)
    assert {task.topology for task in listed} == set(EACH_PAIR) >= set(ENDS)
    assert len(listed) == len(STARTS) * len(EACH_PAIR)
    assert wide(full=True)[N1] == TOPOLOGIES
    points = [Point("P05", "Intent", place) for place in KINDS]
    for turn in range(len(KINDS)):
        assert sum(pairwise(turn)(point, 0) for point in points) == 1
