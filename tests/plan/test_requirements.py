"""What must be so right before a step: from the invariants, in the plan file, foreseen when planning."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from oceana_dr.estate.address import Ref
from oceana_dr.estate.predicate import AnyOf, AtMost, Is, evaluate, refs_of
from oceana_dr.estate.values import Override, Value
from oceana_dr.operations.planfile import verify_plan
from oceana_dr.plan.model import Plan
from oceana_dr.safety.invariant import BeforeChange, bind_invariants
from tests.planning import SITES, plan_case, seed

FENCED = Ref("shared/fence/dc1#Oceana clusters")
CM_FENCED = Ref("shared/fence/dc1#Communication Manager")


def rules(plan: Plan, step: str) -> set[str]:
    return {item.rule for item in plan.step(step).requires}


@pytest.mark.parametrize("site", SITES)
def test_drain_and_logout_are_asked_for_again_where_a_step_relies_on_them(site: str) -> None:
    plan = plan_case(site, "dc2").plan
    assert rules(plan, "P12.ucm") == {"S-46"}
    assert rules(plan, "P14.shutdown") == {"S-80"}
    assert rules(plan, "P17") == {"S-06", "S-60", "S-61", "S-62", "S-63"}
    asked_of_cm = plan.step("P14.shutdown").requires[0].condition
    fences = (Is(ref, ("in force",)) for ref in (FENCED, CM_FENCED))
    assert asked_of_cm == AnyOf((AtMost(Ref("dc1/queues#voice"), 0), *fences))
    asked = {reference for item in plan.step("P17").requires for reference in refs_of(item.condition)}
    assert {Ref(f"dc1/queues#{name}") for name in ("voice", "email", "chat", "sms", "social")} < asked


@pytest.mark.parametrize("site", SITES)
def test_every_invariant_about_a_change_is_a_requirement_of_the_step_that_makes_it(site: str) -> None:
    case = plan_case(site, "dc2")
    about = {
        item.id
        for item in bind_invariants(case.compiled.bound, "planned-switchover")
        if any(isinstance(check, BeforeChange) for check in item.checks)
    }
    met_by_itself = {"S-79"}  # one act stops Communication Manager and lets the ESS take over
    asked = {item.rule for step in case.plan.steps for item in step.requires}
    assert asked & about == about - met_by_itself


def test_no_step_asks_for_what_it_brings_about_itself() -> None:
    """P14.shutdown stops Communication Manager and then sees the ESS take over, which S-79 allows only after that."""
    assert "S-79" not in rules(plan_case("acme", "dc2").plan, "P14.shutdown")


WRONG: Mapping[str, Value] = {
    "shared/health#UCA replication": "broken",
    "shared/geographic-redundancy#replication": "disabled",
    "dc2/omnichannel/C#Databases": "catching up",
    "dc1/omnichannel/A#Databases": "catching up",
    "dc2/oracle#Lag seconds": 900,
    "dc2/oracle#Intended State": "APPLY-OFF",
    "dc2/smgr/cluster3/EmailService#Deployment status of emailmanager": Override(True, "true"),
    "dc2/smgr/cluster1/CallServerConnector#Deploy CSC": Override(True, "true"),
    "dc2/smgr/cluster1/ContextStoreManager#EDM: Enable Persistence to database": Override(True, "false"),
    "dc2/workflow/Chat#MaintenanceMode": "false",
    "dc2/workflow/WebVideo#MaintenanceMode": "false",
    "dc2/smgr/cluster3/WebTextConnector#MaintenanceMode": Override(True, "false"),
    "dc2/cluster/2/state#nodes": "Mixed",
    "dc2/cluster/AvayaMobileCommunications/state#state": "Accepting",
    "shared/health#WAN delay ms": 80,
}


@pytest.mark.parametrize("name", WRONG)
def test_the_precheck_looks_at_what_the_move_relies_on(name: str) -> None:
    """Mirror, Oracle, External Data Mart and the resting flags, beside the replications (order: P00)."""
    live = seed("globex").with_values({Ref(name): WRONG[name]})
    plan = plan_case("globex", "dc2", live=live).plan
    condition = plan.step("P00").condition
    assert condition is not None
    assert evaluate(condition, live.get) is False
    assert evaluate(condition, seed("globex").get) is True
    (finding,) = [item for item in plan.findings if item.id == "check-P00"]
    assert (finding.code, finding.severity) == ("OD2008", "warning")
    assert name in finding.message


def test_a_promotion_waits_for_databases_that_are_in_sync() -> None:
    plan = plan_case("acme", "dc2", live={Ref("dc2/omnichannel/C#Databases"): "catching up"}).plan
    (needed,) = [item for item in plan.step("P23").requires if item.rule == "S-27"]
    assert refs_of(needed.condition) == {Ref("dc1/omnichannel/A#Databases"), Ref("dc2/omnichannel/C#Databases")}
    assert {item.id for item in plan.findings if item.severity != "info"} == {"check-P00", "check-P23"}
    assert not plan.refused, "it may have caught up when the plan is run"


@pytest.mark.parametrize("site", SITES)
def test_a_plan_that_does_not_ask_for_them_is_not_run(site: str) -> None:
    """Whoever can write a plan file can compute its id: `verify`, and `apply` before step 1, derive them again."""
    plan = plan_case(site, "dc2").plan
    assert verify_plan(plan).problems == ()
    careless = replace(plan, steps=tuple(replace(step, requires=()) for step in plan.steps))
    problems = " ".join(verify_plan(careless).problems)
    assert "P17 does not ask for what must be so right before it (S-06, S-60, S-61, S-62, S-63)" in problems
    waived = tuple(replace(item, waivable=True) for item in plan.step("P31").requires)
    steps = tuple(replace(step, requires=waived) if step.id == "P31" else step for step in plan.steps)
    assert "(S-04, " in " ".join(verify_plan(replace(plan, steps=steps)).problems)


def test_nothing_is_foreseen_on_a_healthy_estate() -> None:
    findings = [finding for site in SITES for finding in plan_case(site, "dc2").plan.findings]
    assert [finding for finding in findings if finding.code == "OD2008"] == []
