"""Data Center 1 is lost: people fence it, Data Center 2 takes over, whatever the topology and whatever comes back."""

from collections.abc import Mapping

import pytest

from oceana_dr.estate.address import Ref
from oceana_dr.estate.estate import Estate
from oceana_dr.estate.values import Unknown, Value
from oceana_dr.plan.model import Plan
from oceana_dr.twin.transitions import after
from tests.scenarios.estates import (
    ENDS,
    TOPOLOGIES,
    at,
    begins,
    changed,
    darkened,
    end_of,
    left_over,
    name_of,
    plan_for,
    rest,
)

TAKEN_OVER: Mapping[str, Value] = {"dc2/ess#state": "active", "shared/phones#registered with": "ESS"}
WHOLE = TOPOLOGIES[-1]
SMALL = TOPOLOGIES[0]

topologies = pytest.mark.parametrize("topology", TOPOLOGIES, ids=name_of)
end_topologies = pytest.mark.parametrize("topology", ENDS, ids=name_of)


def outage(topology: tuple[bool, ...]) -> Estate:
    return begins("lost", topology)


def returned(topology: tuple[bool, ...], live: Estate) -> Estate:
    """Data Center 1 answers again, as it died."""
    died = rest(topology, "dc1").resources
    back = {address: died[address] for address in live.resources if address.startswith("dc1/")}
    return Estate({**live.resources, **back})


@topologies
def test_data_center_2_takes_over_behind_the_fence(topology: tuple[bool, ...]) -> None:
    live = outage(topology)
    plan, _ = plan_for(topology, "dc2", live)
    assert (plan.scenario, plan.refused, plan.proof.violations) == ("unplanned-outage", False, 0), plan.findings
    ids = [step.id for step in plan.steps]
    acting = [step.id for step in plan.steps if step.action is not None and step.id not in {"U00.wan", "U00.freeze"}]
    assert acting[0] == "U01"
    end = end_of(plan, live)
    assert left_over(topology, "dc2", end).empty
    assert not [item for item in plan.findings if item.code in {"OD2004", "OD2013"}]
    ha, _, analytics, web_voice, acm_manual = topology
    assert ("U05.failover" in ids) is analytics
    assert ("U11.names" in ids) is web_voice
    assert ("U06.connection" in ids) is acm_manual
    assert ("owed-mirror-b" in {item.id for item in plan.owed}) is ha
    nothing, _ = plan_for(topology, "dc2", end)
    assert (nothing.scenario, nothing.steps, nothing.refused) == ("steady", (), False), nothing.findings
    assert nothing.owed == plan.owed
    back, _ = plan_for(topology, "dc2", returned(topology, end))
    assert (back.scenario, back.steps, back.refused) == ("steady", (), False), back.findings
    assert {item.id for item in back.owed} == {item.id for item in plan.owed}


@end_topologies
@pytest.mark.parametrize("comes_back", [False, True], ids=["dark", "as-it-died"])
def test_from_every_half_way_state_the_rest_is_planned(topology: tuple[bool, ...], comes_back: bool) -> None:
    """Also where Data Center 1 comes back behind its fence, still ACTIVE, primary and fetching mail."""
    live = outage(topology)
    plan, _ = plan_for(topology, "dc2", live)
    ids = [step.id for step in plan.steps]
    people = {step.id for step in plan.steps if step.action is None}
    for place, step in enumerate(plan.steps[:-1], 1):
        live = after(live, step.moments)
        fenced = ids.index("U01") < place
        found = returned(topology, live) if comes_back and fenced else live
        rest_of, _ = plan_for(topology, "dc2", found)
        assert not rest_of.refused, (step.id, rest_of.findings)
        assert (rest_of.scenario, rest_of.proof.violations) == ("unplanned-outage", 0), step.id
        left = {item.id for item in rest_of.steps}
        wanted = {item.id for item in plan.steps[place:] if item.action is not None}
        assert left >= wanted, step.id
        assert left <= {*ids[place:], *people}, step.id


@pytest.mark.parametrize("step", ["U01", "U04", "U09", "U16"])
def test_back_without_a_fence_it_is_broken_and_said_to_be(step: str) -> None:
    live = outage(WHOLE)
    plan, _ = plan_for(WHOLE, "dc2", live)
    for item in plan.steps[: [one.id for one in plan.steps].index(step)]:
        live = after(live, item.moments)
    unfenced = {Ref(f"shared/fence/dc1#{label}"): "none" for label in live.attributes(at("shared/fence/dc1"))}
    found, _ = plan_for(WHOLE, "dc2", returned(WHOLE, live).with_values(unfenced))
    assert found.refused
    assert "OD2002" in {item.code for item in found.findings}


@topologies
def test_nothing_is_promoted_across_a_split_network(topology: tuple[bool, ...]) -> None:
    live = changed(outage(topology), {"shared/wan#state": "split"})
    plan, _ = plan_for(topology, "dc2", live)
    assert plan.refused
    assert plan.scenario != "unplanned-outage"
    assert any("nothing is promoted" in item.message and "(S-113)" in item.message for item in plan.findings)
    forced, _ = plan_for(topology, "dc2", live, scenario="unplanned-outage")
    assert forced.refused
    assert "OD2002" in {item.code for item in forced.findings}


@pytest.mark.parametrize("known_by", ["declared", "seen from outside", "fenced"])
def test_behind_a_split_network_people_know_more(known_by: str) -> None:
    live = changed(outage(WHOLE), {"shared/wan#state": "split"})
    if known_by == "seen from outside":
        live = changed(live, {"shared/wan#Data Center 1 seen from outside": "dead"})
    if known_by == "fenced":
        live = changed(
            live, {f"shared/fence/dc1#{label}": "in force" for label in live.attributes(at("shared/fence/dc1"))}
        )
    plan, _ = plan_for(WHOLE, "dc2", live, lost=("dc1",) if known_by == "declared" else ())
    assert (plan.scenario, plan.refused, plan.proof.violations) == ("unplanned-outage", False, 0), plan.findings
    assert [step.id for step in plan.steps if step.id == "U00.wan"] == (
        [] if known_by == "seen from outside" else ["U00.wan"]
    )


def test_two_observers_are_two_people() -> None:
    plan, _ = plan_for(SMALL, "dc2", outage(SMALL))
    one, two = (plan.step(f"U00.observer-{number}").instructions for number in (1, 2))
    assert one
    assert two
    assert (one.apart_from, two.apart_from) == (("U00.observer-2",), ("U00.observer-1",))


def test_what_is_lost_is_signed_for_and_what_is_unknown_is_said_to_be() -> None:
    live = changed(
        outage(WHOLE), {"dc2/omnichannel/C#Lag seconds": 40, "dc2/oracle#Lag seconds": Unknown("unreachable")}
    )
    plan, _ = plan_for(WHOLE, "dc2", live)
    gate = plan.step("U00.decide").instructions
    assert gate
    assert gate.second_person
    said = "\n".join(gate.clicks)
    assert "Lost of Omnichannel Database: 40 s of contacts" in said
    assert "Lost of Oracle (Avaya Analytics): an unknown amount" in said
    assert [item.id for item in plan.losses] == ["omnichannel", "oracle", "ucm", "contexts"]


def owed(plan: Plan) -> set[str]:
    return {item.id for item in plan.owed}


def test_what_data_center_1_owes_is_complete() -> None:
    """Order, section 5.3: everything that has to be so there before the fence is lifted."""
    plan, _ = plan_for(WHOLE, "dc2", outage(WHOLE))
    assert owed(plan) == {
        "owed-standby", "owed-email", "owed-csc", "owed-chat-ed", "owed-chat-smgr", "owed-sms", "owed-social",
        "owed-web-voice", "owed-web-video", "owed-amc", "owed-smgr", "owed-mirror", "owed-mirror-b", "owed-oracle",
        "owed-acm", "owed-client", "owed-cm", "owed-pom",
    }  # fmt: skip


@pytest.mark.parametrize("step", ["P10", "P17", "P20.activate", "P24", "P31"])
def test_a_planned_switchover_goes_on_as_an_outage(step: str) -> None:
    """Data Center 1 is lost while it is being left."""
    live = rest(WHOLE, "dc1")
    planned, _ = plan_for(WHOLE, "dc2", live)
    for item in planned.steps[: [one.id for one in planned.steps].index(step) + 1]:
        live = after(live, item.moments)
    live = darkened(changed(live, TAKEN_OVER), "dc1")
    # What was switched off in order counts as off, and Communication Manager may have been.
    plan, _ = plan_for(WHOLE, "dc2", live, lost=("dc1",))
    assert (plan.scenario, plan.refused, plan.proof.violations) == ("unplanned-outage", False, 0), plan.findings
    assert left_over(WHOLE, "dc2", end_of(plan, live)).empty
