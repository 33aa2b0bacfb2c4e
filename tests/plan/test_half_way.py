"""A plan made half-way tells what is behind it: what cannot be undone any more, and which channels are closed."""

from pathlib import Path

import pytest

from oceana_dr.diagnostics import Refused
from oceana_dr.estate.address import Ref
from oceana_dr.execute.rollback import undo
from oceana_dr.plan.codec import read_plan, write_text
from oceana_dr.plan.model import Plan
from oceana_dr.present.plan_text import render_plan
from oceana_dr.source.cache import Cache
from oceana_dr.source.prepared import prepare_site
from oceana_dr.source.project import open_project
from oceana_dr.twin.transitions import after
from tests.planning import SITES, copy_project, edit, plan_case, seed


def after_steps(site: str, last: str) -> Plan:
    """The plan made when a run has stopped behind this step."""
    live = seed(site)
    for step in plan_case(site, "dc2").plan.steps:
        live = after(live, step.moments)
        if step.id == last:
            return plan_case(site, "dc2", live=live).plan
    raise AssertionError(f"{site} has no step {last}")


def flat(plan: Plan) -> str:
    return " ".join(render_plan(plan).split())


@pytest.mark.parametrize(("site", "first"), [("acme", "P23"), ("globex", "P22")])
def test_a_promotion_that_is_done_is_behind_the_point_of_no_return(site: str, first: str) -> None:
    plan = after_steps(site, "P23")
    assert plan.behind[0].step == first
    assert "P24" in {step.id for step in plan.steps}
    assert f"Back: there is none: {first} is done already" in flat(plan)
    assert f"no way back: {first} is done already" in flat(plan)
    assert "until P24 begins" not in flat(plan)
    assert "no way back from here" not in flat(plan)
    with pytest.raises(Refused, match=f"{first} was done before this run"):
        undo(plan, {plan.steps[0].id})
    assert undo(plan, set()) == ()
    assert read_plan(write_text(plan).encode(), "plan.json") == plan


@pytest.mark.parametrize("site", SITES)
def test_what_reads_as_done_at_rest_is_not_behind(site: str) -> None:
    """UCMService is installed, and no restart is owed, before anything has begun."""
    assert plan_case(site, "dc2").plan.behind == ()
    assert after_steps(site, "P20.nodes").behind == ()


@pytest.mark.parametrize("site", SITES)
def test_channels_that_are_closed_already_cost_callers_from_the_start(site: str) -> None:
    whole, plan = plan_case(site, "dc2").plan, after_steps(site, "P23")
    assert plan.outage.keys() == whole.outage.keys()
    assert {item.closed_by for item in plan.outage.values()} == {None}
    assert 0 < plan.contacts_rejected_s < whole.contacts_rejected_s
    assert "(closed already)" in flat(plan)


def test_a_steady_plan_that_drains_a_channel_says_what_it_costs(tmp_path: Path) -> None:
    line = "operational: dc1                 #"
    edit(copy_project(tmp_path) / "sites/acme/site.yaml", (line, f"channels: {{chat: draining}}\n{line}"))
    site = prepare_site(open_project(tmp_path), "acme", None, Cache(None))
    plan = plan_case("acme", "dc1", site_files=site).plan
    (chat,) = plan.outage.values()
    assert chat.closed_by in {step.id for step in plan.steps}
    assert (chat.opened_by, plan.contacts_rejected_s) == (None, chat.p50_s)
    assert f"callers turned away: chat from {chat.closed_by} on" in flat(plan)
    assert "until another plan opens it" in flat(plan)


def test_a_steady_plan_that_opens_a_channel_says_how_long_it_stays_closed() -> None:
    plan = plan_case("acme", "dc1", live={Ref("dc1/workflow/Chat#MaintenanceMode"): "true"}).plan
    assert (plan.outage["chat"].closed_by, plan.outage["chat"].opened_by) == (None, "A01")
    assert plan.contacts_rejected_s == plan.steps[0].estimate.p50


def test_mail_that_waits_turns_nobody_away() -> None:
    key = Ref("dc1/smgr/cluster3/EmailService#Deployment status of emailmanager")
    assert plan_case("acme", "dc1", live={key: seed("acme").get(Ref(str(key).replace("dc1", "dc2")))}).plan.outage == {}


def test_names_never_split_in_a_plan_that_is_made_when_everything_else_has_moved() -> None:
    """Roles fit again, so the plan is steady; the three names still move in one transaction (S-75)."""
    live = seed("globex")
    for step in plan_case("globex", "dc2").plan.steps:
        live = live if step.id in {"P34.names", "dns-restore-ttl"} else after(live, step.moments)
    plan = plan_case("globex", "dc2", live=live).plan
    (names,) = [step for step in plan.steps if step.address is not None and step.address.startswith("shared/dns/")]
    assert plan.scenario == "steady"
    assert len({reference.partition("#")[0] for reference in names.verify}) == 3
    assert (plan.refused, plan.proof.violations) == (False, 0)
