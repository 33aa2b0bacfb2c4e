"""People at other terminals: a run takes their answers, writes down who did what, and takes none twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from oceana_dr.diagnostics import Refused, RunStopped, StateUnreachable, WaitingForPerson
from oceana_dr.drivers.contract import Answer, Claimed, Question, QuestionLeft
from oceana_dr.drivers.operator.people import Desk
from oceana_dr.execute.events import StepAnswered, StepClaimed, StepWaiting
from oceana_dr.execute.ports import Ports, RunJournal
from oceana_dr.execute.runner import run
from oceana_dr.plan.model import Kind
from oceana_dr.store import board, records
from oceana_dr.store.board import Board, Person
from oceana_dr.store.journal import open_journal
from oceana_dr.store.state import State, local_state
from tests.execute.plans import C_ROLE, plan_of, second_person, step
from tests.execute.world import PATH, SERIAL, Setting, in_world

BEN = Person("ben", "ops2")
YES = {"outcome": "confirm", "by": "ben", "observed": "primary"}


class AtDesk:
    """A world whose run has a desk; `elsewhere` is what others do while nobody here answers."""

    def __init__(self, folder: Path, setting: Setting) -> None:
        self.state: State = local_state(folder)
        self.setting = setting
        self.elsewhere: Callable[[Question], object] = str
        self.here: Answer | None = None
        self.refused: list[str] = []

    def ask(self, question: Question) -> Answer | None:
        there = question.elsewhere
        assert there is not None
        self.setting.people.questions.append(question)
        if (given := there.look()) is not None:
            return given
        self.elsewhere(question)
        if self.here is not None:
            try:
                return there.settle(self.here)
            except Claimed as claimed:
                self.refused.append(str(claimed))
        return there.look()

    def ports(self, journal: RunJournal) -> Ports:
        return replace(
            self.setting.ports(journal), people=self, board=Board(self.state.database, "acme", "r1"), hands=None
        )

    def run(self) -> None:
        journal = open_journal(self.setting.files, PATH)
        try:
            run(self.setting.world.plan, self.ports(journal), SERIAL)
        finally:
            journal.close()

    def posted(self) -> board.Posted:
        return board.questions(self.state.database, "acme", "r1")[0][-1]

    def give(self, answer: dict[str, str] = YES, *, whole: bool = True) -> None:
        board.give(self.state.database, self.posted(), BEN, answer, whole=whole)


@pytest.fixture
def desk(tmp_path: Path) -> AtDesk:
    return AtDesk(tmp_path, in_world(plan_of(step("P23", Kind.CONFIRM, "H", instructions=second_person()))))


def test_an_answer_from_elsewhere_counts_and_all_that_people_did_stands_in_the_journal(desk: AtDesk) -> None:
    def others(question: Question) -> None:
        board.claim(desk.state.database, desk.posted(), BEN)
        board.hand_over(desk.state.database, desk.posted(), BEN, "ines")
        ines = Person("ines", "ops3")
        board.give(desk.state.database, desk.posted(), ines, {**YES, "by": "ines"}, whole=False)
        assert question.elsewhere is not None
        assert question.elsewhere.look() is None, "it waits for its second person"
        assert question.elsewhere.claimed == "ines at ops3"
        board.sign(desk.state.database, desk.posted(), BEN)

    desk.elsewhere = others
    desk.run()
    claims = [(item.act, item.by, item.to, item.place) for item in desk.setting.records(records.Claim)]
    assert claims == [
        ("claimed", "ben", "", "ops2"),
        ("handed over", "ben", "ines", "ops2"),
        ("answered", "ines", "", "ops3"),
        ("signed", "ben", "", "ops2"),
    ]
    (answered,) = desk.setting.records(records.Answered)
    assert answered.answer == {"outcome": "confirm", "by": "ines", "second": "ben", "observed": "primary"}
    assert [event.act for event in desk.setting.listener.of(StepClaimed)] == [act for act, *_ in claims]
    (told,) = desk.setting.listener.of(StepAnswered)
    assert (told.outcome, told.by, told.second) == ("confirm", "ines", "ben")
    assert board.questions(desk.state.database, "acme", "r1")[0] == ()


def test_an_answer_given_while_nobody_ran_is_taken_when_the_same_is_asked_again(desk: AtDesk) -> None:
    with pytest.raises(WaitingForPerson, match="nobody is there") as caught:
        desk.run()
    assert "oceana-dr desk" in (caught.value.hint or "")
    desk.give({**YES, "second": "ines"})
    desk.setting.again()
    desk.run()
    assert [item.act for item in desk.setting.records(records.Claim)] == ["answered"]
    assert len(desk.setting.records(records.Answered)) == 1


def test_an_answer_given_after_the_run_was_interrupted_counts_where_the_step_may_be_done_again(desk: AtDesk) -> None:
    """The process was killed while it asked; somebody answers at the desk; the next process says it was interrupted."""

    def leave(question: Question) -> None:
        raise QuestionLeft(question.step)

    desk.elsewhere = leave
    with pytest.raises(WaitingForPerson):
        desk.run()
    board.claim(desk.state.database, desk.posted(), BEN)
    desk.setting.again()
    with pytest.raises(WaitingForPerson):
        desk.run()
    before, now = desk.setting.people.questions
    assert before.text != now.text
    assert desk.posted().holder == "ben", "it is still his"
    assert desk.posted().question["text"] == now.text
    desk.give({**YES, "second": "ines"})
    desk.setting.again()
    desk.run()
    assert len(desk.setting.records(records.Answered)) == 1


def test_an_answer_does_not_count_for_another_question_about_the_same_step(tmp_path: Path) -> None:
    """The run was interrupted in a step that may be done once: what is asked then is what became of it."""
    setting = in_world(plan_of(step("P23", Kind.RUN, "N", {C_ROLE: "primary"}, driver="operator")))
    desk = AtDesk(tmp_path, setting)

    def leave(question: Question) -> None:
        desk.give()
        raise QuestionLeft(question.step)

    desk.elsewhere = leave
    with pytest.raises(WaitingForPerson):
        desk.run()
    setting.again()
    desk.elsewhere = str
    with pytest.raises(WaitingForPerson, match="nobody is there"):
        desk.run()
    before, now = setting.people.questions
    assert before.text != now.text
    assert setting.records(records.Answered) == []
    assert desk.posted().state == board.OPEN


def test_who_sits_at_the_run_does_not_answer_what_another_has_claimed(desk: AtDesk) -> None:
    desk.here = Answer("confirm", "anna", "carl")
    desk.elsewhere = lambda _: board.claim(desk.state.database, desk.posted(), BEN)
    with pytest.raises(WaitingForPerson):
        desk.run()
    assert "P23 is claimed by ben at ops2" in desk.refused[0]
    board.release(desk.state.database, desk.posted(), BEN)
    desk.elsewhere = str
    desk.setting.again()
    desk.run()
    assert desk.setting.records(records.Answered)[0].answer["by"] == "anna"


def test_of_two_answers_at_one_time_the_first_counts_wherever_it_was_given(desk: AtDesk) -> None:
    desk.here = Answer("confirm", "anna", "carl")
    desk.elsewhere = lambda _: desk.give({**YES, "second": "ines"})
    desk.run()
    (answered,) = desk.setting.records(records.Answered)
    assert answered.answer["by"] == "ben"


def test_a_store_that_does_not_answer_keeps_nobody_here_from_answering(
    desk: AtDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object) -> None:
        raise StateUnreachable("the team's state does not answer")

    monkeypatch.setattr(Board, "post", gone)
    desk.here = Answer("confirm", "anna", "carl")
    desk.elsewhere = lambda question: question.elsewhere and question.elsewhere.look()
    desk.run()
    assert desk.setting.records(records.Answered)[0].answer["by"] == "anna"
    (told,) = desk.setting.listener.of(StepWaiting)
    assert told.text == "nobody can answer elsewhere now: the team's state does not answer"


def test_a_no_from_elsewhere_ends_the_step_as_one_from_here_does(desk: AtDesk) -> None:
    desk.elsewhere = lambda _: desk.give({"outcome": "cannot", "by": "ben", "observed": "the portal is down"})
    with pytest.raises(RunStopped, match="cannot be done, says ben: the portal is down"):
        desk.run()
    assert board.questions(desk.state.database, "acme", "r1")[0] == ()


def test_who_waits_without_a_terminal_leaves_for_a_stop(desk: AtDesk) -> None:
    people = Desk(None, desk.setting.stop.pressing.is_set, wait=True)
    desk.elsewhere = lambda _: desk.setting.stop.signal("SIGTERM")

    def ask(question: Question) -> Answer | None:
        desk.elsewhere(question)
        return people.ask(question)

    desk.ask = ask  # type: ignore[method-assign]
    with pytest.raises(RunStopped, match="stopped by SIGTERM"):
        desk.run()
    assert desk.posted().state == board.OPEN, "it can still be answered: the next process takes that"


def test_an_answer_of_this_terminal_waits_for_its_second_person_at_another_one(desk: AtDesk) -> None:
    def others(question: Question) -> None:
        there = question.elsewhere
        assert there is not None
        how = there.offer(Answer("confirm", "anna", observed="primary"))
        assert how == "oceana-dr desk sign acme P23 --operator NAME"
        assert there.look() is None
        with pytest.raises(Refused, match="somebody else than Anna"):
            board.sign(desk.state.database, desk.posted(), Person("Anna", "ops1"))
        board.sign(desk.state.database, desk.posted(), BEN)

    desk.elsewhere = others
    desk.run()
    (answered,) = desk.setting.records(records.Answered)
    assert answered.answer == {"outcome": "confirm", "by": "anna", "second": "ben", "observed": "primary"}


def test_what_somebody_else_has_claimed_takes_no_answer_from_here(desk: AtDesk) -> None:
    def others(question: Question) -> None:
        there = question.elsewhere
        assert there is not None
        board.claim(desk.state.database, desk.posted(), BEN)
        with pytest.raises(Claimed, match="claimed by ben"):
            there.offer(Answer("confirm", "anna"))
        board.give(desk.state.database, desk.posted(), BEN, {**YES, "second": "ines"}, whole=True)

    desk.elsewhere = others
    desk.run()


def test_notes_of_this_and_of_other_terminals_stand_in_the_journal_once_and_bounded(desk: AtDesk) -> None:
    def others(question: Question) -> None:
        assert question.note is not None
        assert question.elsewhere is not None
        question.note("anna", "password: hunter2 \x1b[31m" + "x" * 3000)
        board.note(desk.state.database, desk.posted(), BEN, "it took two attempts")
        assert question.elsewhere.look() is None
        assert question.elsewhere.look() is None
        board.give(desk.state.database, desk.posted(), BEN, {**YES, "second": "ines"}, whole=True)

    desk.elsewhere = others
    desk.run()
    own, other = desk.setting.records(records.Note)
    assert own.text.startswith("password: ********")
    assert len(own.text) <= 1000
    assert (other.by, other.text, other.place) == ("ben", "it took two attempts", "ops2")
    assert "noted" not in [item.act for item in desk.setting.records(records.Claim)]
