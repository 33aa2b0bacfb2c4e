"""Until when a run can turn back: worked out by hand for a small plan, and for every moment of the examples' moves."""

from __future__ import annotations

from dataclasses import replace

import pytest

from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.estate.action import RunProcedure
from oceana_dr.plan.model import Estimate, Kind, Plan
from oceana_dr.plan.turning_back import Undoing, left, turning_back
from tests.execute.plans import plan_of, step
from tests.planning import SITES
from tests.present.samples import switchover

BACK = (RunProcedure("undo", {}),)


def small() -> Plan:
    """Two steps that can be undone, one that cannot, one behind it; a minute each, three if it is slow."""
    one, two, final, last = (step(f"P{number}", Kind.RUN, "R", after=f"P{number - 1}") for number in (1, 2, 3, 4))
    steps = (
        replace(one, after=(), inverse=BACK),
        replace(two, inverse=BACK, estimate=Estimate(60, 300)),
        replace(final, irreversible="contacts are written there"),
        replace(last, inverse=BACK),
    )
    return plan_of(*steps)


def undoing(plan: Plan) -> Undoing:
    catalogue = load_catalogue()
    return Undoing(plan, catalogue.orders.get(plan.scenario, ()), catalogue.mirrors.get(plan.scenario, {}))


def test_without_a_window_the_way_back_ends_with_the_step_that_cannot_be_undone() -> None:
    plan = small()
    ahead = left(plan, set(), {})
    assert (ahead.p50_s, ahead.p95_s, ahead.starts["P3"]) == (240, 180 + 300 + 180 + 180, 120)
    found = turning_back(plan, set(), ahead, undoing(plan), None)
    assert (found.undo_s, found.until_s, found.step, found.step_s, found.by_step) == (0, 120, "P3", 120, True)
    ahead = left(plan, {"P1"}, {"P2": 40})
    found = turning_back(plan, {"P1", "P2"}, ahead, undoing(plan), None)
    assert (found.undo_s, found.until_s) == (180 + 300, 20), "what is in hand has to be undone, too"


@pytest.mark.parametrize(
    ("room", "until"),
    [
        (10_000, 120),  # the step comes first
        (600, 120),  # at 120 s both are undone in 480 s: just so
        (599, 119),
        (541, 61),  # from 60 s on P2 is begun and costs 300 s more
        (539, 60),  # so the last moment is when it begins
        (200, 20),  # P1 is begun at once: 180 s
        (180, 0),
        (179, None),  # not even now
    ],
)
def test_a_window_ends_it_earlier_by_what_undoing_takes_if_all_is_slow(room: int, until: int | None) -> None:
    plan = small()
    found = turning_back(plan, {"P1"}, left(plan, set(), {}), undoing(plan), room)
    assert found.until_s == until
    assert found.by_step == (until == 120)


def test_a_plan_that_can_be_undone_whole_has_no_step_that_ends_it() -> None:
    plan = plan_of(replace(step("P1", Kind.RUN, "R"), inverse=BACK))
    found = turning_back(plan, set(), left(plan, set(), {}), undoing(plan), None)
    assert (found.step, found.until_s) == (None, None)
    assert turning_back(plan, {"P1"}, left(plan, set(), {}), undoing(plan), 100).until_s is None
    assert turning_back(plan, {"P1"}, left(plan, set(), {}), undoing(plan), 200).until_s == 20


@pytest.mark.parametrize("site", SITES)
def test_at_every_moment_of_a_move_it_is_never_later_than_the_step_nor_than_the_window_allows(site: str) -> None:
    plan = switchover(site)
    ways = undoing(plan)
    done: set[str] = set()
    longest = 0
    for item in plan.steps:
        ahead = left(plan, done, {})
        free, bound = (turning_back(plan, done, ahead, ways, room) for room in (None, 7200))
        assert free.undo_s >= longest, "the more is done, the more there is to undo"
        longest = free.undo_s
        assert ahead.p50_s <= ahead.p95_s
        if free.until_s is not None and bound.until_s is not None:
            assert bound.until_s <= free.until_s
            assert bound.until_s + bound.undo_s <= 7200
        if item.irreversible is not None:
            return
        done.add(item.id)
    raise AssertionError("every move has a step that cannot be undone")
