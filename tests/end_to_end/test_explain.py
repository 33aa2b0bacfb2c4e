"""`explain` knows every id that a plan, a finding or a refusal names, and says all there is to say."""

from pathlib import Path

import pytest

from oceana_dr.catalogue.bind import BoundCatalogue
from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.compile.bindings import bind_site
from oceana_dr.operations.explaining_rules import Told, catalogue_ids, tell
from tests.end_to_end.program import Program
from tests.planning import SITES, loaded, plan_case


def told(asked: str) -> Told:
    catalogue = load_catalogue()
    found = tell(catalogue, asked, [BoundCatalogue(catalogue, bind_site(loaded(site))) for site in SITES])
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
        ("where", "in every scenario"),
        ("source", "the manual"),
    )
    assert told("S-84").rows[0] == ("asked", "Do fallback VDNs, vectors and skills exist, and was one called?")
    assert ("before", "checked before anything moves: P00") in told("S-106").rows
    assert ("before", "dc1/cluster-activity#status becomes STANDBY:") in told("s-60").rows
    assert ("", "dc1/queues#chat is at most 0") in told("S-60").rows
    assert "two people" in dict(told("S-60").rows)["waived"]


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
