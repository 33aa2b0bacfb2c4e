"""Communication Manager in Data Center 1 is dead, the ESS has taken over: Oceana follows it, whatever the topology."""

import pytest

from oceana_dr.estate.address import Ref
from oceana_dr.estate.estate import Estate
from oceana_dr.twin.transitions import after
from tests.scenarios.estates import EACH_PAIR, TOPOLOGIES, changed, darkened, end_of, left_over, name_of, plan_for, rest

TAKEN_OVER = {"dc2/ess#state": "active", "shared/phones#registered with": "ESS"}

topologies = pytest.mark.parametrize("topology", TOPOLOGIES, ids=name_of)
pair_topologies = pytest.mark.parametrize("topology", EACH_PAIR, ids=name_of)


def outage(topology: tuple[bool, ...]) -> Estate:
    live = changed(rest(topology, "dc1"), {**TAKEN_OVER, "dc1/queues#voice": 3, "dc1/queues#chat": 2})
    return darkened(live, "dc1/cm")


@topologies
def test_oceana_follows_the_ess(topology: tuple[bool, ...]) -> None:
    plan, _ = plan_for(topology, "dc2", outage(topology))
    assert (plan.scenario, plan.refused, plan.proof.violations) == ("cm-outage", False, 0), plan.findings
    assert plan.steps[0].id == "C00.ess"
    end = end_of(plan, outage(topology))
    assert left_over(topology, "dc2", end).empty
    assert [item.id for item in plan.owed] == ["owed-cm"]
    # One gate for two people between the decision and STANDBY (order: C00 to P17).
    before = plan.steps[: [step.id for step in plan.steps].index("P17")]
    assert [step.id for step in before if step.instructions and step.instructions.second_person] == ["C00.decide"]


@pair_topologies
def test_from_every_half_way_state_the_rest_is_planned(topology: tuple[bool, ...]) -> None:
    live = outage(topology)
    plan, _ = plan_for(topology, "dc2", live)
    ids = [step.id for step in plan.steps]
    waits = {step.id for step in plan.steps if step.action is None}
    for place, step in enumerate(plan.steps[:-1], 1):
        live = after(live, step.moments)
        rest_of, _ = plan_for(topology, "dc2", live)
        left = {item.id for item in rest_of.steps}
        assert not rest_of.refused, (step.id, rest_of.findings)
        if rest_of.steps:
            assert rest_of.scenario == "cm-outage", step.id
        acting = {item.id for item in plan.steps[place:] if item.action is not None}
        assert left >= acting, step.id
        assert left <= {*ids[place:], *waits}, step.id


def test_where_communication_manager_answers_it_is_a_planned_switchover() -> None:
    live = changed(outage(TOPOLOGIES[0]), {"dc1/cm#state": "running"})
    plan, _ = plan_for(TOPOLOGIES[0], "dc2", live, scenario="cm-outage")
    (refusal,) = (item for item in plan.findings if item.severity == "refuse")
    assert refusal.code == "OD2002"
    assert "dc1/cm#state" in refusal.message


def test_it_may_not_come_back_while_oceana_moves() -> None:
    """Until the fence is in force, Communication Manager counts as running."""
    topology = TOPOLOGIES[0]
    plan, _ = plan_for(topology, "dc2", outage(topology))
    step = plan.step("C01")
    assert step.irreversible is not None
    assert step.moments[-1].values[Ref("shared/fence/dc1#Communication Manager")] == "in force"
