"""What must be so right before a step is read right before it: a drain that was seen an hour ago is no drain."""

from __future__ import annotations

import pytest

from oceana_dr.diagnostics import OceanaError, RunStopped, WaitingForPerson
from oceana_dr.drivers.contract import Answer, Question
from oceana_dr.drivers.operator.answers import AnswersFile
from oceana_dr.drivers.operator.contract import WAIVE
from oceana_dr.estate.predicate import AtMost, Is
from oceana_dr.execute.events import StepWaiting
from oceana_dr.plan.model import Kind, Plan, Requirement, Step
from oceana_dr.store import records
from tests.execute.plans import A_ROLE, C_ROLE, CM, GROUP, QUEUE, plan_of, step
from tests.execute.world import Setting, in_world

EMPTY = Requirement("S-80", AtMost(QUEUE, 0), waivable=True)
SIGNED = Answer("confirm", "anna", "ben", "two calls are told to call again")


def drained_and_stopped(*requires: Requirement) -> Plan:
    """A drain, something that takes its time, and the act that relies on the drain."""
    return plan_of(
        step("P10", Kind.WAIT, "V", {QUEUE: 0}, condition=AtMost(QUEUE, 0)),
        step("P12", Kind.RUN, "N", {C_ROLE: "primary"}, "P10"),
        step("P14", Kind.RUN, "R", {CM: "shut down"}, "P12", requires=requires or (EMPTY,)),
    )


def with_a_late_call(*requires: Requirement) -> Setting:
    """Two calls come in while P12 runs; nobody answers a waiver unless a test says so."""
    setting = in_world(drained_and_stopped(*requires))
    setting.world.edit({QUEUE: 0})

    def late(one: Step) -> None:
        if one.id == "P12":
            setting.world.edit({QUEUE: 2})

    setting.gateway.hook = late
    setting.people.answers[f"{WAIVE}P14"] = None
    return setting


def stopped(setting: Setting, kind: type[OceanaError]) -> OceanaError:
    with pytest.raises(kind) as caught:
        setting.run()
    assert setting.world.performed["P14"] == 0
    assert not [entry for entry in setting.records(records.Intent) if entry.step == "P14"], "nothing was intended"
    return caught.value


def test_it_is_not_begun_while_it_is_not_so_and_goes_on_when_it_is() -> None:
    setting = with_a_late_call()
    error = stopped(setting, WaitingForPerson)
    assert error.exit_code == 8
    assert "dc1/queues#voice 2 (to 0) (S-80)" in error.message
    assert f'"{WAIVE}P14"' in (error.hint or "")
    setting.again()
    setting.world.edit({QUEUE: 0})
    setting.run()
    assert setting.world.performed == {"P12": 1, "P14": 1}


def test_what_comes_by_itself_is_waited_for() -> None:
    setting = with_a_late_call()
    setting.world.reactions = {"P12": ((20, {QUEUE: 2}), (50, {QUEUE: 0}))}
    setting.run()
    assert setting.people.questions == []
    assert setting.world.performed["P14"] == 1


def test_two_people_may_waive_it_with_a_reason_and_that_is_recorded() -> None:
    setting = with_a_late_call()
    setting.people.answers[f"{WAIVE}P14"] = SIGNED
    setting.run()
    (question,) = setting.people.questions
    assert (question.second_person, question.waives) == (True, ("S-80",))
    assert question.read_back == {QUEUE: "2"}
    assert setting.world.performed["P14"] == 1
    (waiver,) = setting.records(records.Override)
    assert waiver.finding == "S-80 before P14"
    assert (waiver.by, "two calls are told to call again" in waiver.reason, "2 (to 0)" in waiver.reason) == (
        "anna",
        True,
        True,
    )


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (Answer("confirm", "anna", None, "because"), WaitingForPerson),
        (Answer("confirm", "anna", "Anna", "because"), WaitingForPerson),
        (Answer("confirm", "anna", "ben", "  "), WaitingForPerson),
        (Answer("cannot", "anna", observed="the calls go on"), RunStopped),
        (Answer("fail", "anna"), RunStopped),
    ],
)
def test_an_answer_that_does_not_waive_leaves_it_undone(answer: Answer, kind: type[OceanaError]) -> None:
    setting = with_a_late_call()
    setting.people.answers[f"{WAIVE}P14"] = answer
    stopped(setting, kind)
    setting.again()
    setting.people.answers[f"{WAIVE}P14"] = SIGNED
    setting.run()
    assert setting.world.performed == {"P12": 1, "P14": 1}


def test_what_nobody_may_waive_is_not_asked() -> None:
    setting = with_a_late_call(Requirement("S-21", Is(A_ROLE, ("async",))))
    error = stopped(setting, RunStopped)
    assert error.exit_code == 4
    assert "S-21" in error.message
    assert setting.people.questions == []


def test_unknown_is_not_so() -> None:
    setting = with_a_late_call(Requirement("S-01", Is(GROUP, ("ACTIVE",))))
    assert "S-01" in stopped(setting, RunStopped).message


def test_a_wait_is_told_of() -> None:
    setting = with_a_late_call()
    stopped(setting, WaitingForPerson)
    assert "dc1/queues#voice 2 (to 0) (S-80)" in {event.text for event in setting.listener.of(StepWaiting)}


def test_whoever_confirms_the_step_beforehand_has_waived_nothing() -> None:
    """`P12` also answers for its parts; it must not answer for giving up what protects them."""
    file = AnswersFile({"P12": Answer("confirm", "anna", "ben", "done")})
    question = Question(f"{WAIVE}P12.ucm", "", "", "", (), (), "", second_person=True, waives=("S-46",))
    assert file.ask(question) is None
    signed = AnswersFile({f"{WAIVE}P12": SIGNED})
    assert signed.ask(question) is SIGNED
