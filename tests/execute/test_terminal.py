"""A person at a real pseudo-terminal: what stands on the screen, what may be typed, how it is left."""

from __future__ import annotations

import os
import pty
import select
import sys
import threading
import time
import tty
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from oceana_dr.drivers.contract import Answer, Claimed, Question, QuestionLeft
from oceana_dr.drivers.operator.terminal import Terminal, open_terminal
from oceana_dr.plan.model import Skipping

QUESTION = Question(
    "P23",
    "promote Server C",
    "Do this now, then confirm what you see. There is no way back from here: Server C takes contacts.",
    "Caché terminal on ocdb-c",
    ("Select 1) Mirror", "Select Promote"),
    (("mirror name", "AOCMIRROR"),),
    "Primary",
    second_person=False,
    read_back={"dc2/omnichannel/C#Role": "async"},
    pages="p. 41",
)


class Keyboard:
    """The other end of the terminal: reads the screen, types when it has seen what it waits for."""

    def __init__(self, *, operator: str | None = "anna", encoding: str = "utf-8", **more: Any) -> None:
        self.master, self.slave = pty.openpty()
        tty.setraw(self.master)
        self.stop = threading.Event()
        self.screen = ""
        self._out = os.fdopen(os.dup(self.slave), "w", encoding=encoding)
        self.terminal = Terminal(self.slave, self._out, operator=operator, stopped=self.stop.is_set, **more)
        self._result: list[Answer | BaseException | None] = []

    def ask(self, question: Question = QUESTION) -> None:
        self._thread = threading.Thread(target=self._ask, args=(question,), daemon=True)
        self._thread.start()

    def _ask(self, question: Question) -> None:
        try:
            self._result.append(self.terminal.ask(question))
        except QuestionLeft as error:
            self._result.append(error)

    def see(self, text: str) -> None:
        end = time.monotonic() + 5
        while text not in self.screen:
            ready, _, _ = select.select([self.master], [], [], max(0.0, end - time.monotonic()))
            assert ready, f"not on the screen: {text!r}\n{self.screen}"
            self.screen += os.read(self.master, 4096).decode("utf-8", "replace")

    def type(self, after: str, text: str) -> None:
        self.see(after)
        self.screen = self.screen.partition(after)[2]
        os.write(self.master, text.encode())

    def answer(self) -> Answer:
        found = self.end()
        assert isinstance(found, Answer), found
        return found

    def end(self) -> Answer | BaseException | None:
        self._thread.join(10)
        assert not self._thread.is_alive()
        return self._result.pop()

    def close(self) -> None:
        self.stop.set()
        self._thread.join(10)
        self._out.close()
        for handle in (self.master, self.slave):
            try:
                os.close(handle)
            except OSError:
                continue


@pytest.fixture
def keyboards() -> Iterator[Callable[..., Keyboard]]:
    made: list[Keyboard] = []

    def make(**more: object) -> Keyboard:
        made.append(Keyboard(**more))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for keyboard in made:
        keyboard.close()


def test_one_screen_says_where_what_to_click_what_to_copy_and_what_to_see(keyboards: Callable[..., Keyboard]) -> None:
    keyboard = keyboards()
    keyboard.ask()
    keyboard.see("ca[n]not:")
    lines = keyboard.screen.replace("\r", "").splitlines()
    assert lines[1].startswith("── P23  promote Server C ──")
    assert lines[1].endswith(" manual p. 41 ──")
    assert lines[2:-1] == [
        "  Do this now, then confirm what you see.",
        "  ! There is no way back from here: Server C takes contacts.",
        "  where  Caché terminal on ocdb-c",
        "    > 1. Select 1) Mirror",
        "      2. Select Promote",
        "  copy   mirror name: AOCMIRROR",
        "  see    Primary",
        "  reads  dc2/omnichannel/C#Role: async",
        "  Enter next, < back, v value, e evidence, t note, p pause, ? all keys",
    ]
    keyboard.type("ca[n]not:", "c\n")
    keyboard.type("your name [anna]:", "\n")
    keyboard.type("what do you see:", "Primary\n")
    assert keyboard.answer() == Answer("confirm", "anna", None, "Primary")


@pytest.mark.parametrize(("typed", "outcome"), [("f", "fail"), ("N", "cannot"), ("cannot", "cannot")])
def test_a_person_may_say_no_and_why(keyboards: Callable[..., Keyboard], typed: str, outcome: str) -> None:
    keyboard = keyboards()
    keyboard.ask()
    keyboard.type("ca[n]not:", f"{typed}\n")
    keyboard.type("your name [anna]:", "carl\n")
    keyboard.type("why:", "it is red\n")
    assert keyboard.answer() == Answer(outcome, "carl", None, "it is red")


def test_who_skips_sees_what_it_gives_up_and_signs_for_it(keyboards: Callable[..., Keyboard]) -> None:
    keyboard = keyboards()
    keyboard.ask(replace(QUESTION, skip=lambda: Skipping({"S-62": "no campaign runs"})))
    keyboard.type("ca[n]not   [s]kip:", "s\n")
    keyboard.see("It is not done then, and counts as skipped")
    keyboard.type("It gives up S-62: no campaign runs", "")
    keyboard.type("your name [anna]:", "\n")
    keyboard.type("second person:", "ben\n")
    keyboard.type("why:", "none is configured\n")
    keyboard.type("waived, by id:", "\n")
    keyboard.type("it is skipped only by who waives what it touches", "")
    for after, typed in (("[s]kip:", "skip"), ("anna]:", ""), ("person:", "ben"), ("why:", "none"), ("id:", "s-62,")):
        keyboard.type(after, f"{typed}\n")
    assert keyboard.answer() == Answer("skip", "anna", "ben", reason="none", waiver=("S-62",))


def test_what_cannot_be_skipped_says_why_and_is_asked_again(keyboards: Callable[..., Keyboard]) -> None:
    keyboard = keyboards()
    keyboard.ask(replace(QUESTION, skip=lambda: Skipping({}, "it belongs to P24")))
    keyboard.type("[s]kip:", "s\n")
    keyboard.type("It cannot be skipped: it belongs to P24.", "")
    keyboard.type("[s]kip:", "x\n")
    keyboard.type("type c, f, n or s.", "")
    keyboard.type("[s]kip:", "f\n")
    keyboard.type("anna]:", "\n")
    keyboard.type("why:", "\n")
    assert keyboard.answer().outcome == "fail"


def test_where_nothing_can_be_skipped_the_key_is_none(keyboards: Callable[..., Keyboard]) -> None:
    keyboard = keyboards()
    keyboard.ask()
    keyboard.type("ca[n]not:", "s\n")
    keyboard.type("type c, f or n.", "")
    keyboard.type("ca[n]not:", "n\n")
    keyboard.type("anna]:", "\n")
    keyboard.type("why:", "\n")
    keyboard.type("say why.", "")
    keyboard.type("why:", "the console is locked\n")
    assert keyboard.answer() == Answer("cannot", "anna", observed="the console is locked")


def test_a_wrong_key_is_asked_again_and_the_name_is_remembered(keyboards: Callable[..., Keyboard]) -> None:
    keyboard = keyboards(operator=None)
    keyboard.ask()
    keyboard.type("ca[n]not:", "yes\n")
    keyboard.type("type c, f or n.", "")
    keyboard.type("ca[n]not:", "c\n")
    keyboard.type("your name:", "\n")
    keyboard.type("what do you see:", "\n")
    keyboard.type("does not say by whom", "")
    keyboard.type("ca[n]not:", "c\n")
    keyboard.type("your name:", "dora\n")
    keyboard.type("what do you see:", "\n")
    assert keyboard.answer().by == "dora"
    keyboard.ask()
    keyboard.see("ca[n]not:")
    keyboard.type("ca[n]not:", "c\n")
    keyboard.type("your name [dora]:", "\n")
    keyboard.type("what do you see:", "\n")
    assert keyboard.answer().by == "dora"


def test_a_second_person_must_be_somebody_else(keyboards: Callable[..., Keyboard]) -> None:
    keyboard = keyboards()
    keyboard.ask(Question("P01", "window", "t", "", (), (), "", second_person=True))
    for second in ("Anna", "ben"):
        keyboard.type("ca[n]not:", "c\n")
        keyboard.type("your name [anna]:", "\n")
        keyboard.type("second person:", f"{second}\n")
        keyboard.type("what do you see:", "open\n")
    assert keyboard.answer() == Answer("confirm", "anna", "ben", "open")


def test_a_stop_leaves_the_question_at_once(keyboards: Callable[..., Keyboard]) -> None:
    keyboard = keyboards()
    keyboard.ask()
    keyboard.see("ca[n]not:")
    keyboard.stop.set()
    assert isinstance(keyboard.end(), QuestionLeft)


def test_a_terminal_that_hangs_up_leaves_the_question(keyboards: Callable[..., Keyboard]) -> None:
    keyboard = keyboards()
    keyboard.ask()
    keyboard.see("ca[n]not:")
    os.close(keyboard.master)
    assert isinstance(keyboard.end(), QuestionLeft)


def test_what_was_typed_before_the_question_is_no_answer_to_it(keyboards: Callable[..., Keyboard]) -> None:
    keyboard = keyboards()
    os.write(keyboard.master, b"c\n\n\nc\n")
    time.sleep(0.01)
    keyboard.ask()
    keyboard.type("ca[n]not:", "f\n")
    keyboard.type("your name [anna]:", "\n")
    keyboard.type("why:", "no\n")
    assert keyboard.answer().outcome == "fail"


def test_no_value_may_move_the_cursor_or_clear_the_screen(keyboards: Callable[..., Keyboard]) -> None:
    keyboard = keyboards()
    keyboard.ask(Question("P1", "a\x1b[2Jb", "t", "", (), (("x", "\x07\u202e1"),), "", second_person=False))
    keyboard.see("ca[n]not:")
    assert not {"\x1b", "\x07", "\u202e"} & set(keyboard.screen)


def test_a_terminal_without_utf8_gets_plain_letters(keyboards: Callable[..., Keyboard]) -> None:
    keyboard = keyboards(encoding="ascii")
    keyboard.ask()
    keyboard.see("ca[n]not:")
    assert "-- P23  promote Server C --" in keyboard.screen
    assert "Cache terminal" in keyboard.screen


def test_without_a_terminal_there_is_nobody_to_ask(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with (tmp_path / "empty").open("w+") as nothing:
        monkeypatch.setattr(sys, "stdin", nothing)
        assert open_terminal(operator="anna", stopped=lambda: False) is None
    monkeypatch.setattr(sys, "stdin", None)
    assert open_terminal(operator="anna", stopped=lambda: False) is None


@dataclass
class Others:
    """People at other terminals, as the desk shows them."""

    given: Answer | None = None
    claimed: str = ""
    settled: list[Answer] = field(default_factory=list)
    offered: list[Answer] = field(default_factory=list)

    def look(self) -> Answer | None:
        return self.given

    def offer(self, answer: Answer) -> str | None:
        self.offered.append(answer)
        return "oceana-dr desk sign acme P23"

    def settle(self, answer: Answer) -> Answer:
        if self.claimed:
            raise Claimed(f"P23 is claimed by {self.claimed}")
        self.settled.append(answer)
        return answer


def test_an_answer_from_elsewhere_ends_the_question_here(keyboards: Callable[..., Keyboard]) -> None:
    keyboard, others = keyboards(), Others()
    keyboard.ask(replace(QUESTION, elsewhere=others))
    keyboard.type("ca[n]not:", "c\n")
    keyboard.see("your name [anna]:")
    others.given = Answer("fail", "ben", None, "it is red")
    keyboard.see("fail: answered elsewhere by ben.")
    assert keyboard.answer() == others.given
    assert others.settled == []


def test_who_is_asked_here_sees_that_somebody_else_has_claimed_it_and_cannot_answer_then(
    keyboards: Callable[..., Keyboard],
) -> None:
    keyboard, others = keyboards(), Others()
    keyboard.ask(replace(QUESTION, elsewhere=others))
    keyboard.see("ca[n]not:")
    others.claimed = "ben at ops2"
    keyboard.see("ben at ops2 has claimed this step and answers it.")
    keyboard.type("claimed this step and answers it.\n  [c]onfirm   [f]ail   ca[n]not:", "c\n")
    keyboard.type("your name [anna]:", "\n")
    keyboard.type("what do you see:", "Primary\n")
    keyboard.see("P23 is claimed by ben at ops2.")
    others.claimed = ""
    keyboard.type("ca[n]not:", "c\n")
    keyboard.type("your name [anna]:", "\n")
    keyboard.type("what do you see:", "Primary\n")
    assert keyboard.answer() == Answer("confirm", "anna", None, "Primary")
    assert len(others.settled) == 1
