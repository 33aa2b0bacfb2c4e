"""A scenario is explained from the catalogue's data: every step once, none too many, how to plan it."""

from __future__ import annotations

import json

import pytest

from oceana_dr.catalogue.bind import BoundCatalogue
from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.catalogue.observances import load_purposes
from oceana_dr.estate.values import Json
from oceana_dr.operations.effects import outspoken, scenario_steps
from oceana_dr.operations.explaining.answer import explain
from oceana_dr.operations.explaining.document import explain_to_json
from oceana_dr.operations.explaining.scenarios import explain_scenario, scenario_named
from oceana_dr.plan.model import SCENARIOS, Kind
from oceana_dr.present.explain.scenario import render_scenario
from oceana_dr.source.cache import Cache
from tests.planning import plan_case, project
from tests.scenarios.estates import ENDS, compiled

BUILT = tuple(load_catalogue().scenarios)
MOVES = [("acme", "dc2"), ("globex", "dc2")]


@pytest.mark.parametrize(("name", "topology"), list(zip(BUILT, ENDS * 4, strict=True)))
def test_every_step_is_there_once_or_left_out_with_its_reason(name: str, topology: tuple[bool, ...]) -> None:
    known = {str(step["id"]) for step in load_catalogue().scenarios[name].steps}
    told = explain_scenario(name, compiled(topology, "dc1"))
    shown = [step.id for step in told.steps]
    absent = [step for step, _ in told.absent]
    assert len(set(shown)) == len(shown)
    assert not set(shown) & set(absent)
    assert set(shown) | set(absent) == known
    assert all(reason.startswith("only where a site ") for _, reason in told.absent)
    assert not explain_scenario(name, None).absent, "where no site is at hand, nothing can be missing from it"


@pytest.mark.parametrize(("site", "operational"), MOVES)
def test_a_plan_of_the_site_has_only_steps_that_are_told(site: str, operational: str) -> None:
    case = plan_case(site, operational)
    told = {step.id: step for step in explain_scenario(case.plan.scenario, case.compiled).steps}
    for step in case.plan.steps:
        same = told[step.id]
        assert (same.kind, same.step_class, same.title) == (step.kind, step.step_class, step.title)
        assert (same.by == "operator" or step.kind is Kind.CONFIRM) == step.needs_person, step.id
        assert same.irreversible == (step.irreversible or "")
        second = step.instructions is not None and step.instructions.second_person
        assert same.people == (0 if not step.needs_person else 2 if second else 1), step.id


@pytest.mark.parametrize(("site", "operational"), MOVES)
def test_no_step_writes_anything_but_what_is_read_from_the_catalogue(site: str, operational: str) -> None:
    case = plan_case(site, operational)
    scenario = case.context.bound.catalogue.scenarios[case.plan.scenario]
    known = {item.record["id"]: item.written for item in scenario_steps(case.context.bound, scenario)}
    for step in case.plan.steps:
        for moment in step.moments:
            for ref, value in moment.values.items():
                said = [item.value for item in known[step.id] if item.ref == ref]
                assert value in said or None in said, (step.id, ref)


def test_what_a_step_takes_over_from_the_site_is_one_step_that_writes_all_of_it() -> None:
    bound = outspoken(compiled(ENDS[1], "dc1").bound)
    found = scenario_steps(bound, bound.catalogue.scenarios["initial-deployment"])
    parts = [item for item in found if item.id == "D35.resting"]
    assert len(parts) > 1
    assert all(item.written for item in parts)


def test_recovery_says_when_it_fits_where_there_is_no_way_back_and_what_it_changed() -> None:
    told = explain_scenario("recovery", compiled(ENDS[0], "dc1"))
    assert (told.from_side, told.to_side) == ("dc2", "dc1")
    assert "shared/wan#state is not split" in told.fits
    assert told.point_of_no_return is not None
    assert told.point_of_no_return.id == "R25"
    assert ("dc2-never-standby (D-51)", "It goes to STANDBY before dc1 becomes ACTIVE.") in told.changed_by
    assert ("S-01", "never two ACTIVE cluster groups") in told.proven
    assert "S-84" in dict(told.attested)
    assert "R03.mount" in dict(told.absent)
    assert "data_centers.dc1.analytics" in dict(told.absent)["R03.mount"]


def test_an_outage_says_what_it_loses_leaves_and_owes_and_how_it_is_planned() -> None:
    told = explain_scenario("oceana-outage", compiled(ENDS[1], "dc2"))
    assert "dc1/cm#state" in told.leaves
    assert dict(told.losses)["Omnichannel Database"].endswith("(dc2/omnichannel/C#Lag seconds)")
    assert "R01.standby" in dict(told.owed)
    assert "R01.cm" not in dict(told.owed), "no fence goes around Communication Manager here"
    assert dict(told.timers)["oracle-reinstate"].startswith("the old Oracle primary is reinstated: within 24h")
    site = told.site
    assert told.commands == (
        f"oceana-dr precheck {site} --scenario oceana-outage --lost dc1",
        f"oceana-dr plan {site} --operational dc2 --scenario oceana-outage --lost dc1 -o plan.json",
        "oceana-dr apply plan.json",
    )
    assert "--lost" not in explain_scenario("split-wan", None).commands[0], "what was declared lost is no split network"


def test_what_a_scenario_must_not_be_under_is_said_with_its_rule() -> None:
    without, having = (compiled(ENDS[1], "dc1", version) for version in (None, "3.5.1"))
    barred = dict(explain_scenario("database-upgrade", without).barred)
    assert barred["S-35"] == "the site names no mirror.omnichannel_version"
    assert "where dc1/omnichannel/B#Role is primary" in barred["S-31"]
    assert "S-35" not in dict(explain_scenario("database-upgrade", having).barred)
    assert "S-35" in dict(explain_scenario("database-upgrade", None).barred)


def test_what_the_site_does_not_say_is_told_by_its_key() -> None:
    bound = outspoken(compiled(ENDS[0], "dc1").bound)
    assert isinstance(bound, BoundCatalogue)
    assert bound.bindings["site.omnichannel_version"] == "<mirror.omnichannel_version>"
    assert bound.bindings["topology.ha"] == "no", "what the site says is never replaced"


def test_every_scenario_has_a_purpose_and_is_found_however_it_is_written() -> None:
    assert set(load_purposes()) == set(SCENARIOS)
    assert scenario_named("Planned Switchover") == "planned-switchover"
    assert scenario_named("cm_outage") == "cm-outage"
    assert scenario_named("switchover") is None
    assert explain_scenario("steady", None).commands[0] == "oceana-dr plan SITE -o plan.json"


@pytest.mark.parametrize(("name", "width"), list(zip(SCENARIOS, [80, 100] * 5, strict=False)))
def test_it_fits_the_screen_and_says_everything(name: str, width: int) -> None:
    told = explain_scenario(name, compiled(ENDS[0], "dc1"))
    text = render_scenario(told, width=width, page=load_catalogue().page, ascii=True)
    assert text.isascii()
    commands = {f"  {command}" for command in told.commands}  # they are copied, and stay whole
    assert all(len(line) <= width for line in text.splitlines() if line not in commands)
    flat = " ".join(text.split())
    for words in (told.purpose, *told.fits, *told.commands, *(text for _, text in (*told.changed_by, *told.timers))):
        assert " ".join(words.split()) in flat
    assert all(step.id in flat for step in told.steps)


@pytest.mark.parametrize(
    ("asked", "kind", "holds"),
    [
        ("recovery", "scenario", {"point_of_no_return": "R25", "site": "acme"}),
        ("steady", "scenario", {"point_of_no_return": None}),
        ("S-84", "entry", {"site": "acme"}),
        ("P23", "step", {"scenario": "planned-switchover", "site": "acme"}),
        ("dc1/cm", "address", {"address": "dc1/cm", "operational": "dc1"}),
        ("OD2002", "code", {"code": "OD2002", "severity": "error"}),
        ("OD2115", "rule", {}),
        ("aaep.active-data-center", "setting", {"id": "aaep.active-data-center"}),
        ("D-33", "errata", {}),
        ("no-active-active", "limitation", {}),
    ],
)
def test_whatever_is_explained_is_also_data(asked: str, kind: str, holds: dict[str, Json]) -> None:
    plan = plan_case("acme", "dc2").plan if kind == "step" else None
    data = explain_to_json(explain(project(), asked, None, plan, Cache(None)))
    assert isinstance(data, dict)
    assert json.loads(json.dumps(data)) == data
    assert (data["format_version"], data["kind"]) == ("1.0", kind)
    assert data | holds == data


def test_lines_of_the_manual_come_with_their_pages() -> None:
    data = json.loads(json.dumps(explain_to_json(explain_scenario("recovery", None))))
    (step,) = (item for item in data["steps"] if item["id"] == "R25")
    assert step["manual"] == []
    (step,) = (item for item in data["steps"] if item["id"] == "R19")
    assert step["manual"] == [[2152, 2172]]
    assert step["pages"] == [66]
