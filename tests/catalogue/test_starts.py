"""The estates that scenarios begin on: one for every scenario, nothing named that no site has, the scenario fits."""

import pytest

from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.catalogue.starts import Start, load_starts, starts_of
from oceana_dr.catalogue.template import expand_data, prune
from oceana_dr.estate.address import SIDES, Ref, address_of, below
from oceana_dr.estate.estate import Estate
from oceana_dr.estate.values import Unknown
from tests.scenarios.estates import ENDS, TOPOLOGIES, begins, compiled, plan_for, rest

EVERY = TOPOLOGIES[-1]
starts = pytest.mark.parametrize("start", load_starts().starts, ids=lambda start: start.id)


def values(start: str, topology: tuple[bool, ...] = EVERY) -> Estate:
    return begins(start, topology)


def test_every_scenario_has_a_start_and_every_start_its_own_name() -> None:
    assert {item.scenario for item in load_starts().starts} == set(load_catalogue().scenarios)
    ids = [item.id for item in load_starts().starts]
    assert len(ids) == len(set(ids))
    assert starts_of("planned") == ()


@starts
def test_its_scenario_is_the_one_that_fits(start: Start) -> None:
    scenario = load_catalogue().scenarios[start.scenario]
    for topology in ENDS:
        plan, _ = plan_for(
            topology, scenario.to_side, values(start.id, topology), version=start.site.get("mirror.omnichannel_version")
        )
        assert (plan.scenario, plan.refused, plan.proof.violations) == (start.scenario, False, 0), plan.findings


@starts
def test_it_names_nothing_that_no_site_has(start: Start) -> None:
    known = set(rest(EVERY, "dc1").refs()) | set(rest(TOPOLOGIES[0], "dc1").refs())
    for item in (dict(group) for group in start.values):
        item.pop("when", None)
        assert {Ref(name) for name in item} <= known
    places = [*start.dark, *(start.installed or ()), *(place for part in start.died.values() for place in part)]
    addresses = {address_of(name) for name in known}
    assert [place for place in places if not any(below(address, (place,)) for address in addresses)] == []


def test_what_a_blank_console_shows_is_of_resources_that_there_are() -> None:
    made = compiled(EVERY, "dc1")
    known = set(rest(EVERY, "dc1").refs())
    pruned = prune(dict(load_starts().blank), made.bound.bindings)
    for address, shown in pruned.items() if isinstance(pruned, dict) else ():
        filled = {str(expand_data(address, {"dc": side}, made.bound.bindings)) for side in SIDES}
        assert isinstance(shown, dict)
        missing = [label for label in shown if not any(Ref(f"{name}#{label}") in known for name in filled)]
        assert missing == [], address


def test_what_is_dark_has_no_values_and_what_died_is_as_it_served() -> None:
    lost = values("lost")
    assert all(isinstance(found, Unknown) for address, found in lost.resources.items() if address.startswith("dc1/"))
    assert lost.get(Ref("dc2/ess#state")) == "active"
    back = values("after-an-outage")
    assert back.get(Ref("dc1/cluster-activity#status")) == back.get(Ref("dc2/cluster-activity#status")) == "ACTIVE"


def test_a_working_day_has_contacts_on_one_side_only() -> None:
    day = values("working-day")
    assert (day.get(Ref("dc1/queues#voice")), day.get(Ref("dc2/queues#voice"))) == (1, 0)
    assert day.get(Ref("dc1/backup/UCMService#content")) == "outdated"
    assert values("after-a-planned-move").get(Ref("dc2/queues#voice")) == 1


def test_a_group_of_values_is_left_out_where_the_topology_lacks_it() -> None:
    blank = values("alone", TOPOLOGIES[0])
    assert blank.get(Ref("dc1/omnichannel/B#Role")) == Unknown("absent")
    assert values("alone").get(Ref("dc1/omnichannel/B#Role")) == "not a member"
