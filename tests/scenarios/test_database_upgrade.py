"""A newer Omnichannel Database on every server: drained, saved, proven on A, the mirror whole again before service."""

import pytest

from oceana_dr.estate.address import Ref
from oceana_dr.estate.estate import Estate
from oceana_dr.estate.values import Value
from oceana_dr.twin.transitions import after
from tests.scenarios.estates import ENDS, TOPOLOGIES, changed, darkened, end_of, left_over, name_of, plan_for, rest

OLD, NEW = "3.5.0.1", "3.5.0.2"
SERVERS = ("dc1/omnichannel/A", "dc1/omnichannel/B", "dc2/omnichannel/C")
EVERY = TOPOLOGIES[-1]

topologies = pytest.mark.parametrize("topology", TOPOLOGIES, ids=name_of)
end_topologies = pytest.mark.parametrize("topology", ENDS, ids=name_of)


def at_work(topology: tuple[bool, ...], *outdated: str) -> Estate:
    """A working day; these servers run the old version, all of them if none is named."""
    servers = [server for server in outdated or SERVERS if topology[0] or not server.endswith("/B")]
    values: dict[str, Value] = {f"{server}#Version": OLD for server in servers}
    values |= {"dc1/sessions#agents": 40, "dc1/sessions#supervisors": 4, "dc1/queues#voice": 3, "dc1/queues#chat": 2}
    values |= {"shared/pom#campaigns": "running"}
    return changed(rest(topology, "dc1", NEW), values)


@topologies
def test_every_server_runs_the_new_version_and_the_mirror_is_whole(topology: tuple[bool, ...]) -> None:
    live = at_work(topology)
    plan, _ = plan_for(topology, "dc1", live, version=NEW)
    assert (plan.scenario, plan.refused, plan.proof.violations) == ("database-upgrade", False, 0), plan.findings
    assert [item for item in plan.findings if item.severity != "info"] == []
    assert (plan.from_side, plan.to_side) == ("dc1", "dc1")
    end = end_of(plan, live)
    assert left_over(topology, "dc1", end, NEW).empty
    again, _ = plan_for(topology, "dc1", end, version=NEW)
    assert (again.scenario, again.steps) == ("steady", ())


@end_topologies
def test_from_every_half_way_state_the_rest_is_planned(topology: tuple[bool, ...]) -> None:
    live = at_work(topology)
    plan, _ = plan_for(topology, "dc1", live, version=NEW)
    acting = [step.id for step in plan.steps if step.action is not None]
    for step in plan.steps[:-1]:
        live = after(live, step.moments)
        acting = [item for item in acting if item != step.id]
        rest_of, _ = plan_for(topology, "dc1", live, version=NEW)
        assert (rest_of.scenario, rest_of.refused) == ("database-upgrade", False), (step.id, rest_of.findings)
        assert {item.id for item in rest_of.steps if item.action is not None} == set(acting), step.id
        assert rest_of.proof.violations == 0, step.id


@pytest.mark.parametrize("topology", [TOPOLOGIES[0], EVERY], ids=name_of)
def test_from_the_middle_of_every_step_it_ends_as_it_should(topology: tuple[bool, ...]) -> None:
    live = at_work(topology)
    plan, _ = plan_for(topology, "dc1", live, version=NEW)
    for step in plan.steps[:-1]:
        for passed in range(1, len(step.moments)):
            torn = after(live, step.moments[:passed])
            rest_of, _ = plan_for(topology, "dc1", torn, version=NEW)
            where = f"{step.id} after {passed} of {len(step.moments)}"
            found = (rest_of.scenario, rest_of.refused, rest_of.proof.violations)
            assert found == ("database-upgrade", False, 0), (where, rest_of.findings)
            end = end_of(rest_of, torn)
            assert left_over(topology, "dc1", end, NEW).empty, where
            assert end.get(Ref("dc1/omnichannel/A#Databases")) == "in sync", where
            assert end.get(Ref("dc2/omnichannel/C#Databases")) == "in sync", where
        live = after(live, step.moments)


@topologies
def test_a_site_that_names_no_version_plans_no_upgrade(topology: tuple[bool, ...]) -> None:
    plan, _ = plan_for(topology, "dc1", changed(rest(topology, "dc1"), {"dc1/omnichannel/A#Version": OLD}))
    assert (plan.scenario, plan.steps, plan.refused) == ("steady", (), False)


@topologies
def test_what_a_topology_lacks_is_not_in_its_plan(topology: tuple[bool, ...]) -> None:
    ha, tls, _, web_voice, _ = topology
    plan, _ = plan_for(topology, "dc1", at_work(topology), version=NEW)
    ids = {step.id for step in plan.steps}
    assert ("V04" in ids, "V13.b" in ids, "V15.authorize-b" in ids) == (ha, ha, ha)
    assert ("V15.secure-a" in ids, "V15.secure-b" in ids) == (tls, tls and ha)
    assert ("V01.web-voice" in ids, "P33.voice" in ids) == (web_voice, web_voice)


@pytest.mark.parametrize("server", SERVERS)
def test_one_server_alone_is_brought_to_the_version_of_the_others(server: str) -> None:
    """A server that runs it already keeps its software; a new A needs its members to join it anew."""
    live = at_work(EVERY, server)
    plan, _ = plan_for(EVERY, "dc1", live, version=NEW)
    assert (plan.scenario, plan.refused, plan.proof.violations) == ("database-upgrade", False, 0), plan.findings
    assert left_over(EVERY, "dc1", end_of(plan, live), NEW).empty
    ids = {step.id for step in plan.steps}
    upgraded = {"V08": "dc1/omnichannel/A", "V12.install-b": "dc1/omnichannel/B", "V12.install-c": "dc2/omnichannel/C"}
    assert [upgraded[step] for step in upgraded if step in ids] == [server]
    rejoined = {"V14.b": "dc1/omnichannel/B", "V14.c": "dc2/omnichannel/C"}
    assert {rejoined[step] for step in rejoined if step in ids} == (
        set(rejoined.values()) if server.endswith("/A") else {server}
    )


def test_members_keep_the_old_software_until_server_a_is_proven() -> None:
    plan, _ = plan_for(EVERY, "dc1", at_work(EVERY), version=NEW)
    for member in ("V12.uninstall-b", "V12.uninstall-c"):
        assert "V09" in plan.step(member).after
    proven = plan.step("V09").instructions
    assert proven is not None
    assert proven.second_person
    assert "V15.mirror" in plan.step("V16.nodes").after


def test_it_says_that_no_other_data_center_could_take_over_until_the_mirror_is_whole() -> None:
    plan, _ = plan_for(EVERY, "dc1", at_work(EVERY), version=NEW)
    timers = {item.id: item for item in plan.timers}
    assert (timers["not-protected"].started_by, timers["not-protected"].stopped_by[-1]) == ("V03", "V15.mirror")
    assert "administration-freeze" in timers


def test_the_first_step_without_a_way_back_is_the_one_that_takes_the_mirror_apart() -> None:
    plan, _ = plan_for(EVERY, "dc1", at_work(EVERY), version=NEW)
    assert next(step.id for step in plan.steps if step.irreversible) == "V03"


def test_with_data_center_2_in_service_it_is_refused_and_said() -> None:
    live = changed(rest(EVERY, "dc2", NEW), {f"{server}#Version": OLD for server in SERVERS})
    plan, _ = plan_for(EVERY, "dc2", live, version=NEW)
    assert (plan.scenario, {item.code for item in plan.findings}) == ("steady", {"OD2005"})
    asked, _ = plan_for(EVERY, "dc2", live, version=NEW, scenario="database-upgrade")
    assert asked.refused
    assert any("it ends with dc1 operational" in item.message for item in asked.findings)


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"dc1/omnichannel/B#Role": "primary", "dc1/omnichannel/A#Role": "backup"}, "Server B is primary"),
        ({"shared/wan#state": "split"}, "shared/wan#state"),
    ],
)
def test_it_is_not_for(values: dict[str, Value], why: str) -> None:
    plan, _ = plan_for(EVERY, "dc1", changed(at_work(EVERY), values), version=NEW, scenario="database-upgrade")
    assert plan.refused
    assert any(why in item.message for item in plan.findings), plan.findings


def test_without_a_version_the_scenario_says_what_is_missing() -> None:
    plan, _ = plan_for(EVERY, "dc1", rest(EVERY, "dc1"), scenario="database-upgrade")
    assert any("the site names no mirror.omnichannel_version" in item.message for item in plan.findings)


@pytest.mark.parametrize("topology", [TOPOLOGIES[0], EVERY], ids=name_of)
def test_data_center_2_takes_over_in_the_middle_of_it_only_with_a_copy_of_the_data(topology: tuple[bool, ...]) -> None:
    live = at_work(topology)
    plan, _ = plan_for(topology, "dc1", live, version=NEW)
    ids = [step.id for step in plan.steps]
    for step in plan.steps[:-1]:
        live = after(live, step.moments)
        lost = changed(live, {"dc2/ess#state": "active", "shared/phones#registered with": "ESS"})
        taken, _ = plan_for(topology, "dc2", darkened(lost, "dc1"), version=NEW)
        whole = not ids.index("V03") <= ids.index(step.id) < ids.index("V14.c")
        assert taken.scenario == "unplanned-outage", (step.id, taken.findings)
        assert taken.refused is not whole, (step.id, taken.findings)
        if not whole:
            said = [item.message for item in taken.findings if item.severity == "refuse"]
            assert any("Server C is not an async member" in text or "holds no data yet" in text for text in said), said
