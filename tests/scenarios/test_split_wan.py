"""The network between the data centres is down and both work: nothing is promoted, everything is in step after."""

import pytest

from oceana_dr.estate.address import Ref
from oceana_dr.estate.estate import Estate
from oceana_dr.twin.transitions import after
from tests.scenarios.estates import (
    ENDS,
    TOPOLOGIES,
    begins,
    changed,
    darkened,
    end_of,
    left_over,
    name_of,
    plan_for,
    rest,
)

topologies = pytest.mark.parametrize("topology", TOPOLOGIES, ids=name_of)
end_topologies = pytest.mark.parametrize("topology", ENDS, ids=name_of)


def split(topology: tuple[bool, ...]) -> Estate:
    return begins("network-split", topology)


@topologies
@pytest.mark.parametrize("seen_from", ["both", "dc1", "dc2"])
def test_nothing_moves_and_everything_is_in_step_again(topology: tuple[bool, ...], seen_from: str) -> None:
    """`seen_from`: where the tool runs; what is on the other side of the split cannot be read."""
    live = split(topology)
    dark = {"both": (), "dc1": ("dc2",), "dc2": ("dc1",)}[seen_from]
    live = darkened(live, *dark)
    plan, _ = plan_for(topology, "dc1", live)
    assert (plan.scenario, plan.refused, plan.proof.violations) == ("split-wan", False, 0), plan.findings
    assert (plan.from_side, plan.to_side) == ("dc1", "dc1")
    ids = [step.id for step in plan.steps]
    assert ("W02.there" in ids) is (seen_from == "dc1")
    assert ids[-1] == "W08.end"
    assert not any(item.startswith("P2") or item == "P31" for item in ids)
    if seen_from == "both":
        assert left_over(topology, "dc1", end_of(plan, live)).empty


@end_topologies
def test_from_every_half_way_state_the_rest_is_planned(topology: tuple[bool, ...]) -> None:
    live = split(topology)
    plan, _ = plan_for(topology, "dc1", live)
    acting = [step.id for step in plan.steps if step.action is not None]
    for step in plan.steps[:-1]:
        live = after(live, step.moments)
        acting = [item for item in acting if item != step.id]
        rest_of, _ = plan_for(topology, "dc1", live)
        assert not rest_of.refused, (step.id, rest_of.findings)
        assert rest_of.scenario == "split-wan", step.id
        assert {item.id for item in rest_of.steps if item.action is not None} == set(acting), step.id


@topologies
def test_a_promotion_is_refused_while_the_network_is_split(topology: tuple[bool, ...]) -> None:
    plan, _ = plan_for(topology, "dc2", split(topology))
    assert plan.refused
    assert {item.code for item in plan.findings if item.severity == "refuse"} == {"OD2002"}


@topologies
def test_a_locked_promotion_breaks_a_switchover_that_is_planned_all_the_same(topology: tuple[bool, ...]) -> None:
    """The lock outlasts the split: until it is lifted nobody moves."""
    plan, _ = plan_for(topology, "dc2", changed(rest(topology, "dc1"), {"shared/promotions#state": "locked"}))
    assert "S-113" in {item.id.removeprefix("proof-") for item in plan.findings if item.severity == "refuse"}


def test_where_data_center_1_is_seen_dead_it_is_no_split() -> None:
    live = changed(split(TOPOLOGIES[0]), {"shared/wan#Data Center 1 seen from outside": "dead"})
    plan, _ = plan_for(TOPOLOGIES[0], "dc1", live)
    assert plan.scenario != "split-wan"


def test_what_people_declared_lost_is_no_split() -> None:
    plan, _ = plan_for(TOPOLOGIES[0], "dc1", split(TOPOLOGIES[0]), lost=("dc1",))
    assert plan.scenario != "split-wan"


def test_control_manager_does_not_switch_by_itself() -> None:
    plan, _ = plan_for(TOPOLOGIES[0], "dc1", split(TOPOLOGIES[0]))
    stopped = plan.step("W02").moments[-1].values
    assert stopped[Ref("dc2/acm/ha-service#Startup type")] == "Manual"
    assert "W02" not in plan.step("W08.acm").after  # it comes long before: W07 stands between
