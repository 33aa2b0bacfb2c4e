"""The first deployment, from nothing and beside a data centre that serves, whatever the topology."""

import pytest

from oceana_dr.twin.transitions import after
from tests.scenarios.estates import (
    EACH_PAIR,
    ENDS,
    TOPOLOGIES,
    begin,
    begins,
    changed,
    compiled,
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
NEW = "3.5.0.2"
SERVERS = ("dc1/omnichannel/A", "dc1/omnichannel/B", "dc2/omnichannel/C")


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


@pytest.mark.parametrize("topology", EACH_PAIR, ids=name_of)
@starts
def test_the_version_that_the_site_names_is_installed(topology: tuple[bool, ...], start: str) -> None:
    """Servers without it call for no upgrade as long as nobody has signed the deployment."""
    live = begin(start, lambda side: compiled(topology, side, NEW))
    plan, _ = plan_for(topology, "dc1", live, version=NEW)
    assert (plan.scenario, plan.refused, plan.proof.violations) == ("initial-deployment", False, 0), plan.findings
    assert left_over(topology, "dc1", end_of(plan, live), NEW).empty


@pytest.mark.parametrize("topology", ENDS, ids=name_of)
def test_what_is_unsigned_is_signed_before_it_is_upgraded(topology: tuple[bool, ...]) -> None:
    old = {f"{server}#Version": "3.5.0.1" for server in SERVERS if topology[0] or not server.endswith("/B")}
    live = changed(rest(topology, "dc1", NEW), {**old, "shared/readiness#baseline": "none"})
    plan, _ = plan_for(topology, "dc1", live, version=NEW)
    assert (plan.scenario, plan.refused) == ("initial-deployment", False), plan.findings
    assert [step.id for step in plan.steps] == ["D38.ready", "D38"]
    assert {item.message.partition("#")[2] for item in plan.findings} == {
        f"Version is 3.5.0.1 also after the move, should be {NEW}"
    }
    asked, _ = plan_for(topology, "dc1", live, version=NEW, scenario="database-upgrade")
    assert asked.refused
    assert any("shared/readiness#baseline" in item.message for item in asked.findings)
    signed, _ = plan_for(topology, "dc1", end_of(plan, live), version=NEW)
    assert (signed.scenario, signed.refused) == ("database-upgrade", False), signed.findings


def test_a_second_data_centre_takes_the_version_of_the_first() -> None:
    beside = begin("alone", lambda side: compiled(TOPOLOGIES[0], side, NEW))
    live = changed(beside, {"dc1/omnichannel/A#Version": "3.5.0.1"})
    plan, _ = plan_for(TOPOLOGIES[0], "dc1", live, version=NEW)
    assert plan.refused
    assert any("Server A and Server C run different versions (S-35)" in item.message for item in plan.findings)
    named, _ = plan_for(TOPOLOGIES[0], "dc1", live, version="3.5.0.1")
    assert (named.scenario, named.refused) == ("initial-deployment", False), named.findings
