"""Oceana in Data Center 1 is lost, Communication Manager and AES work on: Oceana moves alone, on every topology and
whatever else of Data Center 1 is dead."""

from itertools import product

import pytest

from oceana_dr.estate.address import Ref
from oceana_dr.estate.estate import Estate
from oceana_dr.twin.transitions import after
from tests.scenarios.estates import (
    ENDS,
    TOPOLOGIES,
    changed,
    darkened,
    end_of,
    left_over,
    name_of,
    plan_for,
    rest,
)

OCEANA = ("dc1/cluster-activity", "dc1/cluster", "dc1/service", "dc1/queues", "dc1/sessions")
PARTS = {
    "smgr": ("dc1/smgr", "dc1/inventory", "dc1/workflow", "dc1/backup"),
    "cache": ("dc1/omnichannel",),
    "oracle": ("dc1/oracle",),
    "acm": ("dc1/acm",),
}
WHOLE = TOPOLOGIES[-1]
MOVED = {
    "shared/acm/database#connected to": "dc2",
    "dc2/acm/services#Audit Log": "running",
    "dc2/acm/services#License Tracker": "running",
}
EVERY = [tuple(name for name, dead in zip(PARTS, chosen, strict=True) if dead) for chosen in product((0, 1), repeat=4)]

end_topologies = pytest.mark.parametrize("topology", ENDS, ids=name_of)
end_topologies = pytest.mark.parametrize("topology", ENDS, ids=name_of)


def outage(topology: tuple[bool, ...], dead: tuple[str, ...]) -> Estate:
    live = rest(topology, "dc1")
    if "acm" in dead and not topology[4]:
        live = changed(live, MOVED)  # the high-availability service does it by itself
    return darkened(live, *OCEANA, *(prefix for name in dead for prefix in PARTS[name]))


@end_topologies
@pytest.mark.parametrize("dead", EVERY, ids=lambda dead: "+".join(dead) or "oceana-alone")
def test_oceana_moves_alone(topology: tuple[bool, ...], dead: tuple[str, ...]) -> None:
    live = outage(topology, dead)
    plan, _ = plan_for(topology, "dc2", live)
    assert (plan.scenario, plan.refused, plan.proof.violations) == ("oceana-outage", False, 0), plan.findings
    ids = {step.id for step in plan.steps}
    ha, _, analytics, _, acm_manual = topology
    assert ("P19" in ids) is ("smgr" not in dead)
    assert ("U03.activate" in ids) is ("O02.smgr" in ids) is ("smgr" in dead)
    assert ("P24" in ids) is ("cache" not in dead)
    assert ("P22" in ids) is (ha and "cache" not in dead)
    assert ("U04" in ids) is ("O02.cache" in ids) is ("cache" in dead)
    assert ("P26" in ids) is (analytics and "oracle" not in dead)
    assert ("U05.failover" in ids) is ("O02.oracle" in ids) is (analytics and "oracle" in dead)
    assert ("U06.connection" in ids) is (acm_manual and "acm" in dead)
    assert ("O02.acm" in ids) is ("acm" in dead)
    # Communication Manager, its ESS and the web channels are left alone.
    touched = {address for step in plan.steps if step.action for address in step.touches}
    assert touched.isdisjoint({"dc1/cm", "dc2/ess", "shared/acm/CommunicationManager", "dc2/workflow/WebVoice"})
    end = end_of(plan, live)
    assert end.get(Ref("dc2/aes/endpoint#AES")) == "dc1"
    assert left_over(topology, "dc2", end).empty
    assert not [item for item in plan.findings if item.code in {"OD2004", "OD2013"}]
    nothing, _ = plan_for(topology, "dc2", end)
    assert (nothing.scenario, nothing.steps, nothing.refused) == ("steady", (), False), nothing.findings
    assert nothing.owed == plan.owed


@end_topologies
@pytest.mark.parametrize("dead", [(), ("smgr", "cache", "oracle", "acm")], ids=["oceana-alone", "all-but-telephony"])
def test_from_every_half_way_state_the_rest_is_planned(topology: tuple[bool, ...], dead: tuple[str, ...]) -> None:
    live = outage(topology, dead)
    plan, _ = plan_for(topology, "dc2", live)
    ids = [step.id for step in plan.steps]
    people = {step.id for step in plan.steps if step.action is None}
    for place, step in enumerate(plan.steps[:-1], 1):
        live = after(live, step.moments)
        rest_of, _ = plan_for(topology, "dc2", live)
        assert not rest_of.refused, (step.id, rest_of.findings)
        assert (rest_of.scenario, rest_of.proof.violations) == ("oceana-outage", 0), step.id
        left = {item.id for item in rest_of.steps}
        assert left >= {item.id for item in plan.steps[place:] if item.action is not None}, step.id
        assert left <= {*ids[place:], *people}, step.id


def test_a_fresh_backup_is_taken_where_it_can_be() -> None:
    """The cluster's database can be read, and nobody is logged in on either side."""
    live = darkened(rest(WHOLE, "dc1"), "dc1/cluster-activity")
    live = changed(live, {"dc1/sessions#agents": 0, "dc2/sessions#agents": 0})
    plan, _ = plan_for(WHOLE, "dc2", live)
    assert (plan.refused, plan.proof.violations) == (False, 0), plan.findings
    ids = [step.id for step in plan.steps]
    assert {"O08.backup", "O08.restore"} <= set(ids)
    assert "U07.restore" not in ids


def test_communication_manager_lost_afterwards_makes_it_a_whole_outage() -> None:
    live = outage(WHOLE, ())
    plan, _ = plan_for(WHOLE, "dc2", live)
    live = darkened(end_of(plan, live), "dc1")
    live = changed(live, {"dc2/ess#state": "active", "shared/phones#registered with": "ESS"})
    whole, _ = plan_for(WHOLE, "dc2", live)
    assert (whole.scenario, whole.refused, whole.proof.violations) == ("unplanned-outage", False, 0), whole.findings
    assert {"U08.aes", "U11.names", "U13.cm", "U06.connection"} <= {step.id for step in whole.steps}
    assert left_over(WHOLE, "dc2", end_of(whole, live)).empty
