"""The way back is a plan like any other: ordered by what a side needs to be in service, staffed, proven."""

from functools import cache

import pytest

from oceana_dr.estate.address import Ref
from oceana_dr.execute.rollback import undo
from oceana_dr.guard.proof import prove_plan
from oceana_dr.plan.build import draft_rollback
from oceana_dr.plan.model import Plan
from oceana_dr.plan.order import close_rules
from oceana_dr.twin.transitions import after
from tests.planning import SITES, Case, plan_case


@cache
def case_of(site: str) -> Case:
    return plan_case(site, "dc2")


def rollback_after(site: str, count: int) -> Plan:
    """The plan that takes back the first `count` steps of the whole switchover."""
    case = case_of(site)
    done = case.plan.steps[:count]
    live = case.live
    for step in done:
        live = after(live, step.moments)
    context = type(case.context)(**{**case.context.__dict__, "live": live})
    undoing = [(item.step, item.actions) for item in undo(case.plan, {step.id for step in done})]
    return prove_plan(draft_rollback(context, case.plan, undoing, "r1"), live)


def before_no_return(site: str) -> int:
    return next(place for place, step in enumerate(case_of(site).plan.steps) if step.irreversible)


def last(site: str) -> Plan:
    return rollback_after(site, before_no_return(site))


@pytest.mark.parametrize("site", SITES)
def test_wherever_it_turns_back_it_is_proven_and_leads_to_where_it_began(site: str) -> None:
    start = case_of(site)
    for count in range(before_no_return(site) + 1):
        plan = rollback_after(site, count)
        assert (plan.refused, plan.proof.violations) == (False, 0), f"after {count} steps: {plan.findings}"
        end = plan.initial
        for step in plan.steps:
            end = after(end, step.moments)
        undone = {reference for step in plan.steps for reference in step.verify}
        counted = {ref for ref in undone if start.live.get(ref) != end.get(ref)}
        assert not counted, f"after {count} steps"


@pytest.mark.parametrize("site", SITES)
def test_a_side_takes_contacts_again_when_all_it_needs_is_there(site: str) -> None:
    """Reversed alone, CallServerConnector and ACTIVE would be free to come before Communication Manager."""
    plan = last(site)
    closed = close_rules({step.id: dict.fromkeys(step.after, ()) for step in plan.steps})
    needed = {"undo.P14.shutdown", "undo.P16", "undo.P20.activate", "undo.P19", "undo.P18", "undo.P27.sql"}
    assert needed <= closed["undo.P17"]
    assert {"undo.P14.shutdown", "undo.P20.activate"} <= closed["undo.P16"]
    opening = {"undo.P05", "undo.P06.ed", "undo.P06.smgr", "undo.P07", "undo.P08", "undo.P11"}
    assert all("undo.P17" in closed[step] for step in opening)
    assert "undo.P11" in closed["undo.P04"], "voice opens when agents are there"
    assert "undo.P04" in closed["undo.P01"], "the freeze is lifted last"
    if site == "globex":
        assert "undo.P26" in closed["undo.P17"]
        assert "undo.P17" in closed["undo.P13"]


@pytest.mark.parametrize("site", SITES)
def test_a_side_is_made_active_by_two_people_on_the_way_back_too(site: str) -> None:
    there, back = case_of(site).plan.step("P31"), last(site).step("undo.P17")
    assert back.driver == there.driver == "operator"
    assert back.instructions is not None
    assert back.instructions.second_person
    assert back.instructions.console == case_of(site).plan.step("P17").instructions.console  # type: ignore[union-attr]  # it has some
    assert {item.rule for item in back.requires} == {"S-04", "S-06"}


def test_a_steady_plan_is_taken_back_too() -> None:
    chat = Ref("dc1/workflow/Chat#MaintenanceMode")
    case = plan_case("acme", "dc1", live={chat: "true"})
    live = after(case.live, case.plan.steps[0].moments)
    context = type(case.context)(**{**case.context.__dict__, "live": live})
    undoing = [(item.step, item.actions) for item in undo(case.plan, {"A01"})]
    plan = prove_plan(draft_rollback(context, case.plan, undoing, "r1"), live)
    assert [step.id for step in plan.steps] == ["undo.A01"]
    assert plan.steps[0].verify == {chat: "true"}
    assert (plan.refused, plan.outage["chat"].closed_by) == (False, "undo.A01")


def test_rules_behind_an_undoing_are_the_mirrored_ones() -> None:
    assert "all-before-active" in last("acme").step("undo.P17").rules
