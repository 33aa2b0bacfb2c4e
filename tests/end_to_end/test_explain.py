"""`explain` knows every id that a plan, a finding or a refusal names, and says all there is to say."""

import json
import shutil
from functools import cache
from pathlib import Path

import pytest

from oceana_dr.catalogue.bind import BoundCatalogue
from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.compile.bindings import bind_site
from oceana_dr.operations.explaining.rules import Told, catalogue_ids, tell
from oceana_dr.safety.invariant import bind_invariants, refs_of_check
from tests.end_to_end.program import Program
from tests.planning import SITES, loaded, plan_case


@cache
def bound_sites() -> tuple[BoundCatalogue, ...]:
    return tuple(BoundCatalogue(load_catalogue(), bind_site(loaded(site))) for site in SITES)


def told(asked: str) -> Told:
    found = tell(load_catalogue(), asked, bound_sites())
    assert found is not None, asked
    return found


def test_every_id_of_the_catalogue_is_told_with_something_to_say() -> None:
    for name in catalogue_ids(load_catalogue()):
        found = told(name)
        assert found.heading.startswith(f"{name}: ")
        assert found.rows, name


@pytest.mark.parametrize("site", SITES)
def test_every_id_that_a_plan_names_is_known(site: str) -> None:
    known = set(catalogue_ids(load_catalogue()))
    for step in plan_case(site, "dc2").plan.steps:
        assert {*step.rules, *(item.rule for item in step.requires)} <= known, step.id
        assert step.procedure is None or step.procedure in known, step.id


def test_what_is_said_of_some_scenarios_only_stands_under_their_names() -> None:
    labels = [label for label, _ in told("S-57").rows]
    assert labels[:4] == ["before", "must hold", "in", "at rest"]
    assert ("in", "recovery, split-wan:") in told("S-57").rows
    # Nothing is proven of it in a planned switchover, and no site here names a version to upgrade to.
    assert told("S-50").rows[0] == told("S-32").rows[0] == ("in", "recovery:")


def test_an_invariant_is_said_in_full() -> None:
    mail = "smgr/cluster3/EmailService#Deployment status of emailmanager is true"
    assert told("S-64").rows == (
        ("at most 1", f"dc1/{mail}"),
        ("", f"dc2/{mail}"),
        ("but for", "what is cut off: shared/fence/dc1#Oceana clusters is in force"),
        ("shown by", "proven over every state that a plan can reach, before it runs"),
        ("where", "in every scenario"),
        *told("S-64").rows[5:-1],
        ("source", "the manual"),
    )
    assert told("S-84").rows[0] == ("asked", "Do fallback VDNs, vectors and skills exist, and was one called?")
    assert ("before", "checked before anything moves: P00") in told("S-106").rows
    assert ("before", "dc1/cluster-activity#status becomes STANDBY:") in told("s-60").rows
    assert ("", "dc1/queues#chat is at most 0") in told("S-60").rows
    assert "two people" in dict(told("S-60").rows)["waived"]


def under(asked: str, label: str) -> list[str]:
    """Every text of a row and of those without a label behind it."""
    found: list[str] = []
    here = ""
    for name, text in told(asked).rows:
        here = name or here
        found += [text] if here == label else []
    return found


def test_an_invariant_names_the_steps_that_could_break_it_and_those_it_guards() -> None:
    assert "P31 cluster group to ACTIVE (cm-outage, planned-switchover)" in under("S-01", "broken by")
    assert under("S-60", "guards") == [
        "P17 cluster group to STANDBY (planned-switchover)",
        "R01.standby inside the fence: cluster group to STANDBY (recovery)",
        "R08 cluster group to STANDBY (recovery)",
    ]
    assert "R06 queued contacts reach 0 (recovery)" in under("S-60", "broken by")
    assert not any(text.startswith(("P23", "P24")) for text in under("S-22", "broken by")), "the pair itself is meant"
    assert any(text.startswith("R14.restore ") for text in under("S-22", "broken by"))
    assert under("S-106", "at") == ["P00 everything the move relies on is healthy (planned-switchover)"]
    assert not under("S-84", "broken by"), "no state shows it"


def test_an_invariant_says_how_it_is_observed_and_in_which_phases_it_matters() -> None:
    assert under("S-105", "shown by") == ["proven of the state in which a plan ends"]
    assert under("S-22", "shown by") == ["proven of the order of the steps"]
    assert under("S-60", "shown by") == [
        "proven before a plan runs, and read again right before each step that it guards"
    ]
    assert under("S-84", "shown by") == ["people answer for it: no state shows it"]
    assert "planned-switchover: Drain, Stop Data Center 1, Start Data Center 2" in under("S-60", "phases")
    assert not any(text.startswith("cm-outage") for text in under("S-60", "phases")), "it does not apply there"


def test_every_step_of_a_plan_that_moves_what_an_invariant_reads_is_named() -> None:
    case = plan_case("acme", "dc2")
    for invariant in bind_invariants(case.context.bound, case.plan.scenario)[::6]:
        looked_at = frozenset().union(*(refs_of_check(check) for check in invariant.checks))
        moving = {
            step.id
            for step in case.plan.steps
            if any(not looked_at.isdisjoint(moment.values) for moment in step.moments)
        }
        named = {text.partition(" ")[0] for label in ("guards", "broken by") for text in under(invariant.id, label)}
        assert moving <= named, invariant.id


def test_a_rule_about_what_one_site_does_not_have_is_told_of_the_other() -> None:
    assert told("S-77").site == "globex"
    assert any("P34.ttl" in text for _, text in told("S-77").rows)


def test_all_parts_of_a_step_are_explained(tmp_path: Path) -> None:
    text = Program(tmp_path).run("explain", "P12").stdout
    assert "P12 became 4 steps: P12.ucm, P12.uca, P12.ocp, P12.acm" in text
    for title in ("back up UCMService", "back up UCAStoreService", "back up the Omnichannel Database"):
        assert title in text
    assert text.count("Why here") == 4


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ("reversible-first", "P23 promote Server C"),
        ("demote-to-async", "Server C is not primary yet (S-21)"),
        ("close-maintenance-window", "steps takes R05 back (recovery)"),
        ("S-57", "shared/geographic-redundancy#replication is disabled"),
        ("S-27", "dc2/omnichannel/C#Databases is in sync"),
    ],
)
def test_rules_procedures_and_refusals_are_explained(asked: str, says: str, tmp_path: Path) -> None:
    assert says in " ".join(Program(tmp_path).run("explain", asked).stdout.split())


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ("D-33", "reinstate-place (D-33): The old primary is to reinstate itself"),
        ("d-39", "cm-ip-return (D-39)"),
        ("show-database-wrong-name", "Each database is asked by its own name."),
        ("dc2-never-standby", "R08"),
        ("no-active-active", "OD2115: while the link between the data centres is down, dc1 carries on alone"),
        ("planned-maintenance-overview", "kind section"),
    ],
)
def test_mistakes_limits_and_sections_are_explained(asked: str, says: str, tmp_path: Path) -> None:
    assert says in " ".join(Program(tmp_path).run("explain", asked).stdout.split())


def test_a_slip_in_the_name_of_a_mistake_is_answered_with_the_nearest(tmp_path: Path) -> None:
    assert "did you mean reinstate-place?" in Program(tmp_path).run("explain", "reinstate-plce", code=1).stderr


def test_a_scenario_is_explained_for_a_site_and_for_none(tmp_path: Path) -> None:
    program = Program(tmp_path)
    acme = program.run("explain", "recovery")
    assert acme.stdout.startswith("recovery · dc2 → dc1\nGo back from Data Center 2 to Data Center 1")
    assert "R03.mount, R03.reinstate, R03.unfence, R17: only where a site has this" in acme.stdout
    assert "oceana-dr plan acme --operational dc1 --scenario recovery -o plan.json" in acme.stdout
    assert "of the site acme" in acme.stderr
    data = json.loads(program.run("explain", "recovery", "--site", "globex", "--format", "json").stdout)
    assert (data["kind"], data["site"], data["point_of_no_return"]) == ("scenario", "globex", "R25")
    assert "did you mean recovery?" in program.run("explain", "recovry", code=1).stderr


def test_an_empty_project_is_told_of_scenarios_and_invariants(tmp_path: Path) -> None:
    program = Program(tmp_path)
    shutil.rmtree(program.root / "sites")
    (program.root / "sites").mkdir()
    assert "oceana-dr plan SITE --operational dc1" in program.run("explain", "recovery").stdout
    assert "dc1/cluster-activity#status is ACTIVE" in program.run("explain", "S-01").stdout
