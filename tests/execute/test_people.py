"""People in a run: what they are asked, what counts as an answer, and what is made of a no."""

from __future__ import annotations

from dataclasses import replace

import pytest

from oceana_dr.diagnostics import RunStopped, WaitingForPerson
from oceana_dr.drivers.contract import Answer
from oceana_dr.execute.events import Asking
from oceana_dr.plan.model import Kind
from oceana_dr.store import records
from tests.execute.plans import C_ROLE, plan_of, second_person, step
from tests.execute.world import SERIAL, in_world, whole


@pytest.mark.parametrize(("outcome", "said"), [("fail", "failed, says anna: red"), ("cannot", "cannot be done")])
def test_a_person_may_say_no(outcome: str, said: str) -> None:
    setting = whole()
    setting.people.answers["P14"] = Answer(outcome, "anna", None, "red")
    with pytest.raises(RunStopped, match=f"P14 .*{said}") as caught:
        setting.run()
    assert caught.value.exit_code == 4
    assert setting.world.performed["P14"] == 0
    del setting.people.answers["P14"]
    setting.again().run()
    assert setting.world.performed["P14"] == 1


def test_what_slips_into_an_answer_gets_no_further() -> None:
    setting = whole()
    setting.people.answers["P14"] = Answer("fail", "anna", None, "refused, password: hunter2, rang +49 69 5550 123")
    with pytest.raises(RunStopped, match=r"refused, password: \*{8} rang \*{3}23") as caught:
        setting.run()
    told = [str(caught.value), *map(str, setting.listener.events), *map(str, setting.records(records.Answered))]
    told += [item.reason for item in setting.records(records.Failed)]
    assert not [text for text in told if "hunter2" in text or "5550" in text]


def test_nobody_to_ask_waits_for_a_person_and_says_what_to_answer() -> None:
    setting = whole()
    setting.people.answers["P11"] = None
    with pytest.raises(WaitingForPerson, match=r"P11 the step P11 waits for a person: nobody is there") as caught:
        setting.run()
    assert caught.value.exit_code == 8
    assert '{"P11": {"outcome": "confirm", "by": "NAME", "observed": "…"}}' in (caught.value.hint or "")
    del setting.people.answers["P11"]
    assert setting.again().run().how["P11"] == "acted"


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (Answer("confirm", "anna"), "needs a second person"),
        (Answer("confirm", "anna", " Anna "), "must be somebody else"),
        (Answer("confirm", "anna b", "Anna \n B"), "must be somebody else"),
        (Answer("confirm", " ", "ben"), "does not say by whom"),
        (Answer("maybe", "anna", "ben"), "none of confirm, fail, cannot, skip"),
    ],
)
def test_an_answer_that_does_not_count_is_no_answer(answer: Answer, fault: str) -> None:
    setting = in_world(plan_of(step("P01", Kind.CONFIRM, "H", instructions=second_person())))
    setting.people.answers["P01"] = answer
    with pytest.raises(WaitingForPerson, match=fault):
        setting.run()
    assert setting.records(records.Answered) == []


def test_one_person_is_asked_one_question_at_a_time() -> None:
    steps = [step(f"P{n}", Kind.CONFIRM, "H") for n in range(4)]
    setting = in_world(plan_of(*steps))
    open_questions: list[str] = []

    def ask(_: object) -> None:
        open_questions.append("in")
        assert open_questions.count("in") - open_questions.count("out") == 1
        open_questions.append("out")

    setting.people.hook = ask
    setting.run(replace(SERIAL, parallel=4))
    assert len(setting.listener.of(Asking)) == 4


def test_without_hands_the_person_has_done_it_and_it_is_read_back() -> None:
    setting = in_world(plan_of(step("P23", Kind.RUN, "N", {C_ROLE: "primary"}, driver="operator")))
    setting.hands = False
    setting.people.hook = lambda _: setting.world.edit({C_ROLE: "primary"})
    assert setting.run().how == {"P23": "acted"}
    (question,) = setting.people.questions
    assert question.clicks == ("click", "click again")
    assert question.read_back == {C_ROLE: "async"}


def test_a_person_who_confirms_without_doing_is_found_out() -> None:
    setting = in_world(plan_of(step("P23", Kind.RUN, "N", {C_ROLE: "primary"}, driver="operator")))
    setting.hands = False
    with pytest.raises(RunStopped, match="does not read back"):
        setting.run()
    assert setting.records(records.InDoubt)[0].step == "P23"
