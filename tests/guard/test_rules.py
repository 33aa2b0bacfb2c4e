"""Rules about plans: how steps are named, what order means, and what a finding does to a plan."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.catalogue.rules import rule_from
from oceana_dr.guard.plan_checks import check_from, select, selectors
from oceana_dr.guard.proof import judge, prove_draft
from oceana_dr.guard.rules import rule_findings, rulings
from oceana_dr.operations.planfile import verify_plan
from oceana_dr.plan.build import draft_plan
from oceana_dr.plan.model import Plan
from tests.cases.small_plans import plan_of
from tests.planning import plan_case

HERE = Path(__file__).parent
RECORD = {
    "id": "a-rule",
    "code": "OD2101",
    "severity": "error",
    "title": "a rule",
    "manual": [[291, 293]],
    "subject": "plan",
    "check": {},
    "message": "{step} is wrong",
    "silenceable": False,
}
STEPS: list[dict[str, Any]] = [
    {"id": "R01", "procedure": "stop-a", "address": "dc1/a", "driver": "operator"},
    {"id": "R02.one", "procedure": "start-b", "address": "dc1/b", "driver": "gateway", "after": ["R01"]},
    {"id": "R02.two", "procedure": "start-c", "address": "dc2/c", "driver": "operator", "timeout_s": 20},
    {"id": "R04", "address": "dc2/e", "sets": {"flag": {"override": False, "value": None}}, "clicks": ["click Commit"]},
    {"id": "R03", "address": "dc2/d", "sets": {"flag": {"override": True, "value": "true"}}, "after": ["R02.one"]},
]


def small_plan() -> Plan:
    return plan_of({"scenario": "recovery", "steps": STEPS}, HERE)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("R02", ["R02.one", "R02.two"]),
        ("R0", []),
        ({"procedure": "start-*"}, ["R02.one", "R02.two"]),
        ({"procedure": "start-*", "address": "dc2/*"}, ["R02.two"]),
        ({"sets": "flag", "address": "dc2/*"}, ["R04", "R03"]),
        ({"sets": "flag", "to": "true"}, ["R03"]),
        ({"sets": "flag", "to": "false"}, []),
        ({"kind": "set", "address": "*/d"}, ["R03"]),
        (["R01", {"driver": "gateway"}], ["R01", "R02.one"]),
        ({"override": True}, ["R03"]),
        ({"override": False}, ["R04"]),
        ({"reason": "transition"}, ["R04", "R03"]),
        ({"reason": "drift"}, []),
        ({"says": "Commit"}, ["R04"]),
    ],
    ids=str,
)
def test_steps_are_named_by_what_they_are(wanted: object, found: list[str]) -> None:
    assert [step.id for step in select(selectors(wanted), small_plan().steps)] == found


@pytest.mark.parametrize(
    ("check", "truth"),
    [
        ({"precedes": {"first": "R01", "then": "R03"}}, True),
        ({"precedes": {"first": "R01", "then": "R02"}}, False),
        ({"precedes": {"first": "R09", "then": "R02"}}, None),
        ({"needs": {"of": "R03", "before": {"procedure": "stop-*"}}}, True),
        ({"needs": {"of": "R02.two", "before": "R01"}}, False),
        ({"needs": {"of": "R01", "after": {"sets": "flag"}}}, True),
        ({"given": "R01", "operational": "dc2", "contains": "R08"}, None),
        ({"operational": "dc1", "contains": "R01"}, True),
        ({"needs": {"of": "R09", "before": "R01"}}, None),
        ({"contains": {"procedure": "start-c"}}, True),
        ({"contains": "R09"}, False),
        ({"never": "R09"}, True),
        ({"never": "R03"}, False),
        ({"between": {"start": "R01", "end": "R03", "never": "R02.one"}}, False),
        ({"between": {"start": "R02.one", "end": "R03", "never": "R01"}}, True),
        ({"between": {"start": "R09", "end": "R03", "never": "R01"}}, None),
        ({"amid": {"start": "R01", "end": "R03", "some": "R02"}}, True),
        ({"amid": {"start": "R01", "end": "R03", "some": "R02.two"}}, False),
        ({"amid": {"start": "R03", "end": "R01", "some": "R02"}}, None),
        ({"only": {"when": ["not ha"]}, "never": "R01"}, None),
        ({"only": {"scenarios": ["recovery"], "when": ["ha"]}, "never": "R01"}, False),
        ({"only": {"scenarios": ["steady"]}, "never": "R01"}, None),
        ({"each": {"of": {"procedure": "start-*"}, "are": {"driver": "operator"}}}, False),
        ({"each": {"of": {"procedure": "start-c"}, "are": {"driver": "operator"}}}, True),
        ({"each": {"of": "R02", "least_wait_s": 30}}, False),
        ({"given": "R09", "contains": "R08"}, None),
        ({"given": "R01", "contains": "R08"}, False),
        ({"all": [{"contains": "R01"}, {"contains": "R09"}]}, False),
        ({"notice": True}, False),
    ],
    ids=str,
)
def test_a_check_of_a_plan(check: dict[str, Any], truth: bool | None) -> None:
    rule = rule_from({**RECORD, "check": check})
    assert [found.truth for found in rulings((rule,), small_plan())] == (
        [] if truth is None and "given" in check else [truth]
    )


@pytest.mark.parametrize(
    "check", [{}, {"precedes": {"first": "R01"}}, {"each": {"of": "R01"}}, {"never": {"name": "R01"}}], ids=str
)
def test_what_is_not_in_the_vocabulary_is_refused(check: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="not a"):
        check_from(check)


def test_a_rule_speaks_of_its_scenarios_and_topology_only() -> None:
    check = {"contains": "R09"}
    for about, spoken in (({"scenarios": ["steady"]}, 0), ({"scenarios": ["recovery"]}, 1), ({"when": ["not ha"]}, 0)):
        assert len(rule_findings((rule_from({**RECORD, "check": check, **about}),), small_plan())) == spoken


def test_taking_a_run_back_is_not_judged_by_the_order_of_the_way_there() -> None:
    rule = rule_from({**RECORD, "check": {"contains": "R09"}})
    assert rule_findings((rule,), replace(small_plan(), undoes="R-1")) == ()


def test_an_error_refuses_the_plan_it_is_found_in() -> None:
    case = plan_case("acme", "dc2")
    draft = draft_plan(case.context, case.difference)
    rule = rule_from({**RECORD, "check": {"never": "P23"}})
    plan = judge(replace(draft, rules=(rule,)), prove_draft(draft, case.live))
    assert plan.refused
    assert [(item.id, item.severity, item.message) for item in plan.findings if item.code == "OD2101"] == [
        ("rule-a-rule", "refuse", "P23 is wrong")
    ]


@pytest.mark.parametrize("silenced", ["OD2101", "a-rule"])
def test_only_what_may_be_silenced_is_silenced_in_a_plan(silenced: str) -> None:
    record = {**RECORD, "check": {"notice": True}, "severity": "info"}
    assert rule_findings((rule_from({**record, "silenceable": True}),), small_plan(), [silenced]) == ()
    assert len(rule_findings((rule_from(record),), small_plan(), [silenced])) == 1


def test_a_plan_of_the_catalogue_s_own_order_breaks_no_rule() -> None:
    for site in ("acme", "globex"):
        told = rule_findings(load_catalogue().rules, plan_case(site, "dc2").plan)
        assert [item.message for item in told if item.severity == "refuse"] == []


def test_verify_judges_a_plan_again() -> None:
    plan = plan_case("acme", "dc2").plan
    assert verify_plan(plan).problems == ()
    spoilt = replace(plan, steps=tuple(replace(step, after=()) if step.id == "P17" else step for step in plan.steps))
    assert any("OD2184" in problem for problem in verify_plan(spoilt).problems)
