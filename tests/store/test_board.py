"""Questions at a desk: claimed by one at a time, answered once, whoever comes at the same time; on both stores."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest

from oceana_dr.diagnostics import OceanaError, Refused, StateLocked
from oceana_dr.store import board
from oceana_dr.store.board import Board, ClaimedByAnother, Person, Posted
from oceana_dr.store.state import State

ANNA, BEN, INES = (Person(name, place) for name, place in (("anna", "ops1"), ("ben", "ops2"), ("ines", "ops3")))
YES = {"outcome": "confirm", "by": "ben", "observed": "primary"}


def post(state: State, step: str = "P23", digest: str = "d1") -> Posted:
    return Board(state.database, "acme", "r1").post(step, digest, {"step": step})


def acts(state: State, number: int = 1) -> list[tuple[str, str, str, str]]:
    _, _, events = Board(state.database, "acme", "r1").look(number)
    return [(event.act, event.by, event.whom, event.place) for event in events]


def test_a_question_is_seen_and_answered_at_another_machine(make_state: Callable[[str], State]) -> None:
    here, there = make_state("ops1"), make_state("ops2")
    post(here)
    (seen,), now = board.questions(there.database, "acme", "r1")
    assert (seen.step, seen.question, seen.holder_at(now)) == ("P23", {"step": "P23"}, "")
    mine = board.claim(there.database, seen, BEN)
    assert (mine.holder, mine.place) == ("ben", "ops2")
    assert timedelta(minutes=14) < mine.until - now <= timedelta(minutes=15, seconds=5)
    board.give(there.database, seen, BEN, YES, whole=True)
    found, _, _ = Board(here.database, "acme", "r1").look(1)
    assert found is not None
    assert (found.state, found.answer) == (board.ANSWERED, YES)
    Board(here.database, "acme", "r1").close(1)
    assert board.questions(there.database, "acme", "r1")[0] == ()
    assert acts(here) == [("claimed", "ben", "", "ops2"), ("answered", "ben", "", "ops2")]


def test_what_is_claimed_is_left_alone_by_all_others_until_it_is_handed_over(state: State) -> None:
    posted = post(state)
    board.claim(state.database, posted, BEN)
    for forbidden in (
        lambda: board.claim(state.database, posted, ANNA),
        lambda: board.release(state.database, posted, ANNA),
        lambda: board.hand_over(state.database, posted, ANNA, "ines"),
        lambda: board.give(state.database, posted, ANNA, {**YES, "by": "anna"}, whole=True),
        lambda: Board(state.database, "acme", "r1").settle(1, {**YES, "by": "anna"}),
    ):
        with pytest.raises(ClaimedByAnother, match="P23 is claimed by ben at ops2 until") as caught:
            forbidden()
        assert caught.value.exit_code == 6
    assert board.claim(state.database, posted, Person("Ben ", "ops9")).place == "ops9", "who has it may go on elsewhere"
    board.hand_over(state.database, posted, BEN, "ines")
    with pytest.raises(ClaimedByAnother, match="claimed by ines"):
        board.give(state.database, posted, BEN, YES, whole=True)
    board.release(state.database, posted, INES)
    with pytest.raises(Refused, match="nobody has claimed"):
        board.release(state.database, posted, INES)
    board.give(state.database, posted, ANNA, {**YES, "by": "anna"}, whole=True)
    assert [act for act, *_ in acts(state)] == ["claimed", "claimed", "handed over", "released", "answered"]
    assert acts(state)[2] == ("handed over", "ben", "ines", "ops2")


def test_a_claim_that_has_run_out_is_anybodys(state: State) -> None:
    posted = post(state)
    board.claim(state.database, posted, BEN, timedelta(milliseconds=-1))
    (seen,), now = board.questions(state.database, "acme", "r1")
    assert (seen.holder, seen.holder_at(now)) == ("ben", "")
    assert board.claim(state.database, posted, ANNA).holder == "anna"
    assert acts(state) == [
        ("claimed", "ben", "", "ops2"),
        ("claim ran out", "ben", "", "ops2"),
        ("claimed", "anna", "", "ops1"),
    ]


def test_where_two_are_needed_the_second_is_another_person_who_signs(state: State) -> None:
    posted = post(state)
    with pytest.raises(Refused, match="no answer that waits"):
        board.sign(state.database, posted, ANNA)
    board.give(state.database, posted, BEN, YES, whole=False)
    found, _, _ = Board(state.database, "acme", "r1").look(1)
    assert found is not None
    assert found.state == board.SIGNING, "one of two has answered: that is no answer yet"
    with pytest.raises(Refused, match="somebody else than BEN"):
        board.sign(state.database, posted, Person("BEN", "ops9"))
    board.sign(state.database, posted, ANNA)
    found, _, _ = Board(state.database, "acme", "r1").look(1)
    assert found is not None
    assert (found.state, found.answer) == (board.ANSWERED, {**YES, "second": "anna"})


def test_a_question_is_answered_once_however_many_answer_at_the_same_time(make_state: Callable[[str], State]) -> None:
    states = [make_state(f"ops{number}") for number in range(4)]
    posted = post(states[0])
    start = threading.Barrier(5)
    ends: list[str] = []

    def answer(state: State, name: str) -> None:
        start.wait(10)
        try:
            board.give(state.database, posted, Person(name, name), {**YES, "by": name}, whole=True)
            ends.append(name)
        except (Refused, StateLocked):
            ends.append("")

    def answer_here() -> None:
        start.wait(10)
        given = Board(states[0].database, "acme", "r1").settle(1, {**YES, "by": "here"})
        ends.append("here" if given and given["by"] == "here" else "")

    threads = [
        *(threading.Thread(target=answer, args=(state, f"n{number}")) for number, state in enumerate(states)),
        threading.Thread(target=answer_here),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(ends) == 5
    (first,) = filter(None, ends)
    found, _, _ = Board(states[0].database, "acme", "r1").look(1)
    assert found is not None
    assert found.answer is not None
    assert found.answer["by"] == first
    with pytest.raises(Refused, match=f"answered already, by {first}"):
        board.give(states[1].database, posted, ANNA, {**YES, "by": "anna"}, whole=True)


def test_the_same_question_keeps_its_claim_and_its_answer_and_another_one_does_not(state: State) -> None:
    posted = post(state)
    board.give(state.database, posted, BEN, YES, whole=True)
    assert post(state).answer == YES, "the run was not there: it takes the answer when it asks the same again"
    other = post(state, digest="d2")
    assert (other.number, other.answer) == (2, None)
    assert ("withdrawn", "ben", "", "ops2") in acts(state)
    with pytest.raises(OceanaError, match="not asked any more"):
        board.claim(state.database, posted, BEN)
