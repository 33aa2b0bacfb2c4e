"""The first deployment, from nothing and beside a data centre that serves, whatever the topology."""

import pytest

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
starts = pytest.mark.parametrize("start", ["nothing", "alone"])


@topologies
@starts
def test_both_data_centres_are_as_the_site_says(topology: tuple[bool, ...], start: str) -> None:
    live = begins(start, topology)
    plan, _ = plan_for(topology, "dc1", live)
    assert (plan.scenario, plan.refused, plan.proof.violations) == ("initial-deployment", False, 0), plan.findings
    assert {item.code for item in plan.findings} <= {"OD2008", "OD2011"}, plan.findings
    end = end_of(plan, live)
    assert left_over(topology, "dc1", end).empty
    again, _ = plan_for(topology, "dc1", end)
    assert (again.scenario, again.steps) == ("steady", ())


@end_topologies
@starts
def test_from_every_half_way_state_the_rest_is_planned(topology: tuple[bool, ...], start: str) -> None:
    live = begins(start, topology)
    plan, _ = plan_for(topology, "dc1", live)
    ids = [step.id for step in plan.steps]
    for place, step in enumerate(plan.steps[:-1], 1):
        live = after(live, step.moments)
        rest_of, _ = plan_for(topology, "dc1", live)
        assert (rest_of.scenario, rest_of.refused) == ("initial-deployment", False), (step.id, rest_of.findings)
        left = {item.id for item in rest_of.steps}
        assert left >= {item.id for item in plan.steps[place:] if item.action is not None}, step.id
        assert left <= {*ids[place:], *(item.id for item in plan.steps if item.action is None)}, step.id


def test_a_second_group_that_came_up_active_is_put_to_rest() -> None:
    live = changed(begins("alone", TOPOLOGIES[0]), {"dc2/cluster-activity#status": "none"})
    plan, _ = plan_for(TOPOLOGIES[0], "dc1", live)
    for step in plan.steps:
        live = after(live, step.moments)
        if step.id == "D08":
            break
    live = changed(live, {"dc2/cluster-activity#status": "ACTIVE"})
    rest_of, _ = plan_for(TOPOLOGIES[0], "dc1", live)
    assert (rest_of.scenario, rest_of.refused) == ("initial-deployment", False), rest_of.findings
    assert "D09" in {step.id for step in rest_of.steps}
    assert "S-01" in rest_of.proof.inherited


def test_what_serves_and_is_signed_is_no_deployment() -> None:
    plan, _ = plan_for(TOPOLOGIES[0], "dc1", rest(TOPOLOGIES[0], "dc1"))
    assert (plan.scenario, plan.steps) == ("steady", ())


def test_what_was_never_signed_is_checked_and_signed() -> None:
    live = changed(rest(TOPOLOGIES[0], "dc1"), {"shared/readiness#baseline": "none"})
    plan, _ = plan_for(TOPOLOGIES[0], "dc1", live)
    assert plan.scenario == "initial-deployment"
    assert [step.id for step in plan.steps] == ["D38.ready", "D38"]


def test_what_cannot_be_read_is_no_blank_estate() -> None:
    live = darkened(begins("alone", TOPOLOGIES[0]), "dc2")
    plan, _ = plan_for(TOPOLOGIES[0], "dc1", live)
    assert plan.refused
