"""A new plan after a run that was interrupted: what that run left in doubt is not done again unasked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from oceana_dr.diagnostics import WaitingForPerson
from oceana_dr.execute.ports import Options
from oceana_dr.plan.model import Kind, Plan
from oceana_dr.store import records
from tests.execute.plans import BACKUP, EMAIL, GROUP, plan_of, step
from tests.execute.world import in_world

LEFT = records.Inherited("P12", "20261125-010203-aaaaaaaa", "20261125-010203-aaaaaaaa/P12/1")
OPTIONS = Options("r2", "anna", parallel=1, inherited=(LEFT,))


def backup() -> Plan:
    return plan_of(step("P12", Kind.RUN, "N", ({BACKUP: "being written"}, {BACKUP: "current"})))


def test_it_is_asked_about_before_it_is_done() -> None:
    setting = in_world(backup())
    assert setting.run(OPTIONS).how == {"P12": "acted"}
    (question,) = setting.people.questions
    assert "was interrupted here" in question.text
    assert [record.choice for record in setting.records(records.Decision)] == ["run"]


def test_it_is_not_done_when_nobody_is_there_to_ask() -> None:
    setting = in_world(backup())
    setting.people.answers["P12"] = None
    with pytest.raises(WaitingForPerson):
        setting.run(OPTIONS)
    assert setting.world.performed["P12"] == 0


def test_it_stays_in_doubt_for_the_next_process() -> None:
    setting = in_world(backup())
    setting.people.answers["P12"] = None
    with pytest.raises(WaitingForPerson):
        setting.run(OPTIONS)
    setting = setting.again()
    del setting.people.answers["P12"]
    assert setting.run(replace(OPTIONS, inherited=())).how == {"P12": "acted"}
    assert len(setting.records(records.Inherited)) == 1
    assert setting.people.questions


def test_what_comes_before_it_is_done_first() -> None:
    first = step("P05", Kind.SET, "I", {EMAIL: "x"})
    last = step("P12", Kind.RUN, "N", ({BACKUP: "current"},), after="P05")
    setting = in_world(plan_of(first, last))
    assert list(setting.run(OPTIONS).how) == ["P05", "P12"]


@pytest.mark.parametrize("step_class", ["I", "R"])
def test_what_may_be_repeated_is_not_asked_about(step_class: str) -> None:
    setting = in_world(plan_of(step("P12", Kind.SET, step_class, {GROUP: "x"})))
    assert setting.run(OPTIONS).how == {"P12": "acted"}
    assert not setting.people.questions
