"""A whole planned switchover happens in a lab, driven by nothing but the plan's steps and the drivers."""

from pathlib import Path

import pytest

from oceana_dr.drivers.contract import ActRequest, Done, Outcome
from oceana_dr.estate.estate import Estate
from oceana_dr.estate.predicate import evaluate
from oceana_dr.plan.model import Plan, Step
from tests.lab.stand import Stand, stand
from tests.planning import compared, plan_case


def in_order(plan: Plan) -> list[Step]:
    """The steps one by one, each after those it waits for."""
    left, done, ordered = list(plan.steps), set[str](), list[Step]()
    while left:
        step = next(step for step in left if set(step.after) <= done)
        left.remove(step)
        done.add(step.id)
        ordered.append(step)
    return ordered


def carry_out(one: Stand, step: Step) -> None:
    """Do a step as its driver would, and wait for what it waits for."""
    if step.action is not None:
        outcome: Outcome
        if step.needs_person:
            outcome = one.hands.perform(step.action, "lab:Ada")
        else:
            outcome = one.writer.act(ActRequest(f"run/{step.id}/1", step.id, step.action, "tester"))
        assert isinstance(outcome, Done), f"{step.id}: {outcome}"
    waited = 0
    while step.condition is not None and evaluate(step.condition, live(one).get) is not True:
        assert waited < step.timeout_s, f"{step.id} waits in vain"
        one.estate_clock.sleep(60)
        waited += 60


def live(one: Stand) -> Estate:
    return Estate({reading.address: reading.resource for reading in one.reader.read()})


@pytest.mark.parametrize("site", ["acme", "globex"])
def test_afterwards_nothing_is_left_to_do(site: str, tmp_path: Path) -> None:
    one = stand(tmp_path, site)
    case = plan_case(site, "dc2")
    assert compared(case.compiled, live(one)).changes
    for step in in_order(case.plan):
        carry_out(one, step)
    difference = compared(case.compiled, live(one))
    assert difference.changes == ()
    assert difference.deviations == ()
    assert difference.dark == {}
    acts = [event.detail["action"] for event in one.lab.events()]
    assert len(acts) == len({str(action) for action in acts})
