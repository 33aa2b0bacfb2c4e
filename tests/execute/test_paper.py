"""The tool was away, and people went on with the paper runbook: what reads as done is recognised, the rest is asked."""

from __future__ import annotations

import pytest

from oceana_dr.diagnostics import Stale, WaitingForPerson
from oceana_dr.drivers.contract import Answer
from oceana_dr.estate.address import Ref
from oceana_dr.estate.values import Override, Value
from oceana_dr.plan.model import Kind, Plan
from oceana_dr.store import records
from tests.execute.plans import AGENTS, BACKUP, C_ROLE, CHAT, CM, EMAIL, plan_of, step
from tests.execute.test_attested import Blind, blind
from tests.execute.world import Setting, in_world

OFF = Override(True, "false")


def moving() -> Plan:
    return plan_of(
        step("P01", Kind.CONFIRM, "H"),
        step("P05", Kind.SET, "I", {EMAIL: OFF}, "P01"),
        step("P11", Kind.CONFIRM, "H", {AGENTS: "blocked"}, "P05"),
        step("P12", Kind.RUN, "N", {BACKUP: "current"}, "P11"),
        step("P23", Kind.SET, "R", {C_ROLE: "primary"}, "P12"),
    )


def away(plan: Plan, done: dict[Ref, Value]) -> Setting:
    """A run that nobody answered at its first step; then people did what the estate reads now."""
    setting = in_world(plan)
    setting.people.answers["P01"] = None
    with pytest.raises(WaitingForPerson):
        setting.run()
    setting.people.answers.clear()
    setting.world.edit(done)
    return setting.again()


def test_what_reads_as_done_is_not_done_again_and_the_run_goes_on_behind_it() -> None:
    setting = away(moving(), {EMAIL: OFF, AGENTS: "blocked", BACKUP: "current"})
    how = setting.run().how
    assert (how["P05"], how["P12"], how["P23"]) == ("already", "already", "acted")
    assert setting.world.performed == {"P23": 1}


def test_a_person_confirms_what_reads_as_done_and_says_who_did_it() -> None:
    setting = away(moving(), {EMAIL: OFF, AGENTS: "blocked", BACKUP: "current"})
    setting.people.answers["P11"] = Answer("confirm", "anna", observed="nobody", done_by="ben", done_at="02:40")
    assert setting.run().how["P11"] == "acted"
    question = next(item for item in setting.people.questions if item.step == "P11")
    assert question.text.startswith("It reads as done already.")
    assert setting.world.performed["P11"] == 0
    done = next(item for item in setting.records(records.Done) if item.step == "P11")
    assert done.answer is not None
    assert (done.answer["done_by"], done.answer["done_at"]) == ("ben", "02:40")


def test_the_first_question_after_the_pause_says_how_long_the_run_stood_still() -> None:
    setting = away(moving(), {EMAIL: OFF})
    setting.run()
    asked = {item.step: item for item in setting.people.questions}
    first, later = asked["P01"], asked["P11"]
    assert first.away.startswith("from 2026-")
    assert later.away == "", "somebody has answered since: the tool is back"


def test_a_step_whose_forerunner_does_not_read_as_done_is_no_work_from_paper() -> None:
    setting = away(moving(), {EMAIL: OFF, C_ROLE: "primary"})
    with pytest.raises(Stale, match="the estate has changed since this run stopped"):
        setting.run()


def test_what_reads_as_neither_is_no_work_from_paper() -> None:
    setting = away(moving(), {EMAIL: Override(False, "x")})
    with pytest.raises(Stale, match="the estate has changed since this run stopped"):
        setting.run()


def unread() -> Plan:
    return plan_of(
        step("P01", Kind.CONFIRM, "H"),
        step("P14", Kind.RUN, "R", {CM: "shut down"}, "P01", driver="operator", attested=(CM,)),
        step("P15", Kind.SET, "I", {CHAT: "true"}, "P14"),
    )


def test_what_nothing_reads_is_asked_about_and_attested_with_the_time_given() -> None:
    setting: Blind = blind(unread())
    setting.people.answers["P01"] = None
    with pytest.raises(WaitingForPerson):
        setting.run()
    setting.people.answers = {
        "P14": Answer("confirm", "anna", observed="it is off", done_by="ben", done_at="02:40, by his watch"),
    }
    resumed = setting.again()
    assert resumed.run().how["P14"] == "attested"
    question = next(item for item in resumed.people.questions if item.step == "P14")
    assert question.unread
    assert resumed.world.performed["P14"] == 0, "nobody does it twice because it was done on paper"
    done = next(item for item in resumed.records(records.Done) if item.step == "P14")
    assert done.answer is not None
    assert (done.answer["done_by"], done.answer["done_at"]) == ("ben", "02:40, by his watch")


def test_what_is_said_to_be_done_and_does_not_read_so_is_not_done() -> None:
    setting = away(moving(), {EMAIL: OFF})
    setting.people.answers["P11"] = Answer("confirm", "anna", done_by="ben", done_at="02:40")
    with pytest.raises(Exception, match="does not read back"):
        setting.run()
    assert setting.records(records.Done)[-1].step == "P05"


def test_a_run_goes_on_from_paper_a_second_time_as_well() -> None:
    plan = moving()
    setting = away(plan, {EMAIL: OFF})
    setting.people.answers["P11"] = None
    with pytest.raises(WaitingForPerson):
        setting.run()
    setting.people.answers.clear()
    setting.world.edit({AGENTS: "blocked", BACKUP: "current", C_ROLE: "primary"})
    again = setting.again()
    assert set(again.run().how) == {item.id for item in plan.steps}
    assert again.world.performed == {}
