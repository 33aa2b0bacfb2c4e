"""A move is silent about nothing: what else differs is refused before it begins, and said once it has."""

from pathlib import Path

from oceana_dr.estate.address import Ref
from oceana_dr.estate.estate import Estate
from oceana_dr.plan.model import Plan
from oceana_dr.source.cache import Cache
from oceana_dr.source.prepared import PreparedSite, prepare_site
from oceana_dr.source.project import open_project
from oceana_dr.twin.transitions import after
from tests.planning import SITES, copy_project, edit, plan_case, seed

OLD, NEW = "ocdb-c.acme.example, address: 10.12.4.10}", "ocdb-c.acme.example, address: 10.12.4.99}"


def site_with(folder: Path, operational: str, *edits: tuple[str, str]) -> PreparedSite:
    if not (folder / "sites").exists():
        copy_project(folder)
        edit(folder / "sites/acme/site.yaml", *edits)
    return prepare_site(open_project(folder), "acme", operational, Cache(None))


def beside(plan: Plan) -> dict[str, str]:
    return {item.id: item.severity for item in plan.findings if item.code == "OD2013"}


def test_another_address_in_the_pull_request_is_refused_by_name(tmp_path: Path) -> None:
    plan = plan_case("acme", "dc2", site_files=site_with(tmp_path, "dc2", (OLD, NEW)), baseline=seed("acme")).plan
    assert plan.refused
    chat = next(item for item in plan.findings if item.id == "beside-dc2/workflow/Chat")
    assert "OmniChannelDataServiceIP 10.12.4.10 → 10.12.4.99 (config)" in chat.message
    assert "--operational dc1 --target dc2/workflow/Chat" in chat.message


def test_the_two_plans_it_asks_for_lead_to_what_the_site_says(tmp_path: Path) -> None:
    live: Estate = seed("acme")
    steady = plan_case("acme", "dc1", site_files=site_with(tmp_path, "dc1", (OLD, NEW)), live=live).plan
    move = site_with(tmp_path, "dc2")
    for plan in (steady, plan_case("acme", "dc2", site_files=move, live=end_of(steady, live)).plan):
        assert not plan.refused
        live = end_of(plan, live)
    assert plan_case("acme", "dc2", site_files=move, live=live).plan.steps == ()


def end_of(plan: Plan, live: Estate) -> Estate:
    for step in plan.steps:
        live = after(live, step.moments)
    return live


def test_drift_beside_a_move_is_not_hidden() -> None:
    drifted = {Ref("shared/mirror/AOCMIRROR#Port"): 2189}
    plan = plan_case("acme", "dc2", live=drifted, baseline=seed("acme")).plan
    assert beside(plan) == {"beside-shared/mirror/AOCMIRROR": "refuse"}
    assert any("(drift)" in item.message for item in plan.findings)


def test_a_role_that_the_move_leaves_wrong_is_refused() -> None:
    plan = plan_case("acme", "dc2", live={Ref("dc2/acm/sql-server#state"): "shut down"}).plan
    assert {item.code for item in plan.findings if item.severity == "refuse"} == {"OD2004"}


def test_a_move_that_has_begun_goes_on_and_says_what_it_leaves() -> None:
    whole = plan_case("acme", "dc2").plan
    live = seed("acme")
    for step in whole.steps:
        if step.id == "P23":
            break
        live = after(live, step.moments)
    plan = plan_case("acme", "dc2", live=live.with_values({Ref("shared/mirror/AOCMIRROR#Port"): 2189})).plan
    assert beside(plan) == {"beside-shared/mirror/AOCMIRROR": "warning"}
    assert not plan.refused


def test_a_switchover_of_the_examples_leaves_nothing() -> None:
    for site in SITES:
        assert beside(plan_case(site, "dc2").plan) == {}
