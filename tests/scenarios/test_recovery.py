"""Back to Data Center 1 from the end of every move that leads away from it, whatever the topology."""

import pytest

from oceana_dr.diagnostics import Refused
from oceana_dr.estate.address import Ref
from oceana_dr.estate.estate import Estate
from oceana_dr.plan.standing import owed_actions
from oceana_dr.twin.transitions import after
from tests.scenarios.chains import (
    STARTS,
    Start,
    Topology,
    cm_lost,
    lost_in_a_split,
    oceana_alone,
    oceana_and_its_servers,
    planned_switchover,
    unplanned_outage,
    without_fence,
)
from tests.scenarios.estates import (
    EACH_PAIR,
    ENDS,
    TOPOLOGIES,
    at,
    changed,
    compiled,
    darkened,
    end_of,
    left_over,
    name_of,
    plan_for,
    way_back,
)
from tests.scenarios.test_split_wan import split

SMALL, WHOLE = ENDS

topologies = pytest.mark.parametrize("topology", TOPOLOGIES, ids=name_of)
pair_topologies = pytest.mark.parametrize("topology", EACH_PAIR, ids=name_of)
end_topologies = pytest.mark.parametrize("topology", ENDS, ids=name_of)
starts = pytest.mark.parametrize("start", STARTS, ids=lambda start: start.__name__)


def check_way_home(topology: Topology, live: Estate) -> None:
    """Plan, every step done, nothing left."""
    plan, _ = plan_for(topology, "dc1", live)
    assert (plan.scenario, plan.refused, plan.proof.violations) == ("recovery", False, 0), plan.findings
    end = end_of(plan, live)
    assert left_over(topology, "dc1", end).empty
    nothing, _ = plan_for(topology, "dc1", end)
    assert (nothing.scenario, nothing.steps, nothing.findings, nothing.owed) == ("steady", (), (), ())
    assert plan.owed == ()
    ids = [step.id for step in plan.steps]
    final = [step.id for step in plan.steps if step.irreversible]
    assert final[:2] == ["R25", "R26.remove-c"]
    ha, tls, analytics, web_voice, _ = topology
    assert any(item.endswith(("-b", ".b")) for item in ids) is ha
    assert ("R26.secure-c" in ids) is tls
    assert ("R17" in ids) is analytics
    assert any("oracle" in address for step in plan.steps for address in step.touches) is analytics
    assert any(item.startswith("R21.v") for item in ids) is web_voice


@topologies
@pytest.mark.parametrize("start", [planned_switchover, unplanned_outage])
def test_data_center_1_serves_and_is_protected(topology: Topology, start: Start) -> None:
    check_way_home(topology, start(topology))


@pair_topologies
@pytest.mark.parametrize("start", [start for start in STARTS if start not in {planned_switchover, unplanned_outage}])
def test_it_does_so_after_the_other_moves(topology: Topology, start: Start) -> None:
    check_way_home(topology, start(topology))


@pair_topologies
def test_it_does_so_where_only_telephony_was_left(topology: Topology) -> None:
    check_way_home(topology, oceana_and_its_servers(topology))


@end_topologies
@pytest.mark.parametrize("start", [unplanned_outage, oceana_and_its_servers, cm_lost, lost_in_a_split])
def test_what_is_owed_is_collected_before_the_fence_comes_down(topology: Topology, start: Start) -> None:
    live = start(topology)
    owed = {item.step for item in owed_actions(compiled(topology, "dc1").bound, live)}
    plan, _ = plan_for(topology, "dc1", live)
    ids = [step.id for step in plan.steps]
    assert owed
    assert owed <= set(ids)
    over_the_network = {"R03.reinstate"}  # the new primary reinstates the old one, whose fence stands longer
    assert all(ids.index(step) < ids.index("R02") for step in owed - over_the_network)
    for step in owed & over_the_network:
        assert ids.index("R02") < ids.index(step) < ids.index("R03.unfence") < ids.index("R05")


@end_topologies
def test_without_a_fence_nothing_is_collected_from_a_data_center_that_serves(topology: Topology) -> None:
    plan, _ = plan_for(topology, "dc1", without_fence(topology))
    assert plan.refused
    assert not plan.steps
    (refusal,) = (item for item in plan.findings if item.severity == "refuse")
    assert refusal.message == "both cluster groups are ACTIVE: one has to be fenced first (S-01)"


def test_it_waits_for_the_network() -> None:
    plan, _ = plan_for(SMALL, "dc1", changed(lost_in_a_split(SMALL), {"shared/wan#state": "split"}))
    assert plan.refused
    (refusal,) = (item for item in plan.findings if item.severity == "refuse")
    assert refusal.code == "OD2002"
    assert "recovery: the network between the data centres is split" in refusal.message


@pytest.mark.parametrize("network", ["split", "whole again"])
def test_a_split_that_moved_nothing_calls_for_no_recovery(network: str) -> None:
    live = split(SMALL)
    says, instead = "the network between the data centres is split", "split-wan"
    if network == "whole again":
        plan, _ = plan_for(SMALL, "dc1", live)
        live, says, instead = end_of(plan, live), "Data Center 1 serves, and nothing has to be brought back", "steady"
    plan, _ = plan_for(SMALL, "dc1", live, scenario="recovery")
    (refusal,) = (item for item in plan.findings if item.severity == "refuse")
    assert f"call for {instead} ({says}" in refusal.message


@pytest.mark.parametrize(
    ("topology", "start"), [(SMALL, planned_switchover), (WHOLE, unplanned_outage)], ids=["planned", "unplanned"]
)
def test_from_every_half_way_state_the_rest_is_planned(topology: Topology, start: Start) -> None:
    live = start(topology)
    plan, _ = plan_for(topology, "dc1", live)
    ids = [step.id for step in plan.steps]
    again = {step.id for step in plan.steps if step.action is None}
    for place, step in enumerate(plan.steps[:-1], 1):
        live = after(live, step.moments)
        rest_of, _ = plan_for(topology, "dc1", live)
        assert (rest_of.scenario, rest_of.refused) == ("recovery", False), (step.id, rest_of.findings)
        left = {item.id for item in rest_of.steps}
        assert left >= {item.id for item in plan.steps[place:] if item.action is not None}, step.id
        assert left <= {*ids[place:], *again}, step.id


@pytest.mark.parametrize(("topology", "start"), [(WHOLE, oceana_alone), (SMALL, cm_lost)], ids=["oceana", "cm"])
def test_from_some_half_way_states_of_other_moves_it_ends_as_it_should(topology: Topology, start: Start) -> None:
    live = start(topology)
    plan, _ = plan_for(topology, "dc1", live)
    for place, step in enumerate(plan.steps[:-1]):
        live = after(live, step.moments)
        if place % 7 == 0:
            rest_of, _ = plan_for(topology, "dc1", live)
            assert (rest_of.scenario, rest_of.refused) == ("recovery", False), (step.id, rest_of.findings)
            assert left_over(topology, "dc1", end_of(rest_of, live)).empty, step.id


@end_topologies
@starts
def test_before_the_sign_off_it_is_taken_back_through_the_same_gates(topology: Topology, start: Start) -> None:
    """At every boundary after one planned and one unplanned move, at some after the others."""
    live = begun = end = start(topology)
    plan, _ = plan_for(topology, "dc1", live)
    ids = [step.id for step in plan.steps]
    every = (topology, start) in {(SMALL, planned_switchover), (WHOLE, unplanned_outage)}
    for place, step in enumerate(plan.steps[: ids.index("R25")], 1):
        live = after(live, step.moments)
        if not every and step.id not in {"R02", "R08", "R14.restore", "R19", "R23b"}:
            continue
        back = way_back(topology, plan, live, ids[:place])
        assert (back.refused, back.proof.violations) == (False, 0), (step.id, back.findings)
        end = end_of(back, live)
        served = [name for name in begun.resources if name.startswith("dc2/") and "/backup/" not in name]
        assert all(end.attributes(name) == begun.attributes(name) for name in served), step.id
        freeze = "shared/change-freeze"
        assert end.resources[at(freeze)] == begun.resources[at(freeze)], step.id
    # Data Center 2 has everything back, but the copy on Server A; and recovery begins anew, with another signature.
    missing = left_over(topology, "dc2", end)
    assert not missing.changes
    assert {item.ref for item in missing.deviations} == {"dc1/omnichannel/A#Cache", "dc1/omnichannel/A#Role"}
    assert {"R05", "R07.ocp", "R14.restore", "R25"} <= {step.id for step in plan_for(topology, "dc1", end)[0].steps}
    check_way_home(topology, end)


@end_topologies
def test_after_the_sign_off_nothing_is_taken_back(topology: Topology) -> None:
    live = planned_switchover(topology)
    plan, _ = plan_for(topology, "dc1", live)
    ids = [step.id for step in plan.steps]
    for place, step in enumerate(plan.steps, 1):
        live = after(live, step.moments)
        if ids.index("R25") < place:
            with pytest.raises(Refused, match=r"R25 .* cannot be undone: people have signed"):
                way_back(topology, plan, live, ids[:place])
    signed = planned_switchover(topology)
    for step in plan.steps[: ids.index("R25") + 1]:
        signed = after(signed, step.moments)
    rest_of, _ = plan_for(topology, "dc1", signed)
    assert [item.step for item in rest_of.behind] == ["R25"], "a plan from here knows it, too"


def test_the_signature_of_the_move_before_signs_nothing_of_recovery() -> None:
    live = planned_switchover(SMALL)
    assert live.get(Ref("shared/change-freeze#sign-off")) == "given"
    plan, _ = plan_for(SMALL, "dc1", live)
    for step in plan.steps:
        live = after(live, step.moments)
        if step.id == "R05":
            break
    assert live.get(Ref("shared/change-freeze#sign-off")) == "pending"
    rest_of, _ = plan_for(SMALL, "dc1", live)
    assert (rest_of.scenario, "R25" in {step.id for step in rest_of.steps}) == ("recovery", True)


MACHINES = ("dc1/smgr", "dc1/cm")


@pytest.mark.parametrize("topology", ENDS, ids=name_of)
def test_what_people_switched_off_is_on_record_until_it_is_on_again(topology: Topology) -> None:
    """A machine that is off does not answer: it is the record that tells it from a dead one."""
    live = planned_switchover(topology)
    record = [Ref(f"shared/switched-off#{name}") for name in ("System Manager", "Communication Manager")]
    assert [live.get(item) for item in record] == ["on record", "on record"]
    silent = Estate({**live.resources, **{at(name): darkened(live, name).resources[at(name)] for name in MACHINES}})
    plan, _ = plan_for(topology, "dc1", silent)
    assert (plan.scenario, plan.refused, plan.proof.violations) == ("recovery", False, 0), plan.findings
    on_again = {"R09b.restore": record[0], "R10": record[1]}
    for step in plan.steps:
        live = after(live, step.moments)
        if step.id in on_again:
            assert live.get(on_again[step.id]) == "none", step.id
    assert [live.get(item) for item in record] == ["none", "none"]
    unknown, _ = plan_for(topology, "dc1", changed(silent, dict.fromkeys(record, "none")))
    assert unknown.refused
    assert {"OD2006"} <= {item.code for item in unknown.findings}
