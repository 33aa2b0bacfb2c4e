"""What a reviewer of an older plan has not seen yet."""

import pytest

from oceana_dr.diagnostics import Refused
from oceana_dr.estate.address import Ref
from oceana_dr.operations.plan_diff import diff_plans
from tests.planning import plan_case


def test_the_same_plan_has_no_difference() -> None:
    plan = plan_case("acme", "dc2").plan
    assert diff_plans(plan, plan) == ()


def test_steps_that_went_and_came_and_values_that_moved_are_named() -> None:
    old = plan_case("acme", "dc2").plan
    moved = {
        Ref("shared/pom#campaigns"): "stopped",
        Ref("shared/acm/CommunicationManager#CM IP Address"): "10.0.0.1",
    }
    new = plan_case("acme", "dc2", live=moved).plan
    found = {(change.step, change.kind, change.path) for change in diff_plans(old, new)}
    assert ("P03", "gone", "") in found
    assert ("P38.cm", "changed", "change.before.CM IP Address") in found
    assert ("", "changed", "initial.shared/acm/CommunicationManager.CM IP Address") in found
    assert ("P03", "new", "") in {(change.step, change.kind, change.path) for change in diff_plans(new, old)}


def test_plans_of_two_sites_are_not_compared() -> None:
    with pytest.raises(Refused, match="two sites"):
        diff_plans(plan_case("acme", "dc1").plan, plan_case("globex", "dc1").plan)
