"""A plain terminal: one screen a step, keys to go through it, an answer typed, a name behind it.

In: questions, a terminal's two ends, a way to ask whether a stop was asked for. Out: answers.
Nothing is written over: what stood on the screen can be scrolled back to, and read to somebody on the phone. No answer
counts before its last line is typed: until then every line of it can be gone back to.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final, TextIO

from oceana_dr.diagnostics import OceanaError
from oceana_dr.drivers.contract import Answer, Claimed, Elsewhere, Question, QuestionLeft
from oceana_dr.drivers.operator.clipboard import is_known, may_be_copied, sequence
from oceana_dr.drivers.operator.contract import CANNOT, CONFIRM, FAIL, SKIP, fault_of
from oceana_dr.drivers.operator.form import BACK, Draft, Evidence, fields_of
from oceana_dr.drivers.operator.keyboard import Keyboard
from oceana_dr.drivers.operator.people import LOOK_S
from oceana_dr.drivers.operator.screen import Shape, instruction, readings, screen

_OUTCOMES: Final = {"c": CONFIRM, "f": FAIL, "n": CANNOT, "s": SKIP}
_WORDS: Final = {
    **{word: word[0] for word in ("confirm", "fail", "skip", "value", "evidence", "pause", "readings")},
    "cannot": "n",
    "note": "t",
    "help": "?",
    "b": BACK,
    "back": BACK,
}
_KEYS: Final = "Enter next, < back, v value, e evidence, t note, p pause, ? all keys"
_SOMEBODY: Final = "somebody else than that"
_HELP: Final = (
    ("Enter, <", "the next instruction, the one before"),
    ("v, v 2", "put the value, or the second one, on the clipboard again"),
    ("e", "evidence: a file (its SHA-256 is kept, not what stands in it), or words"),
    ("t TEXT", "a note, kept with your name and the time"),
    ("r", "everything that reads now"),
    ("w", "it was done before you were asked, from the paper runbook: by whom, when"),
    ("p", "pause: the run stops here and goes on from here (exit code 8)"),
    ("c, f, n, s", "you did it and see it; it went wrong; it cannot be done; two leave it out"),
    ("<", "in an answer: back to the line before it; nothing is recorded until the last"),
)


class Terminal:
    """A person at the terminal that this process has; `None` from `open_terminal` if it has none.

    `clipboard`: whether values are put on it; None where that is left to what the terminal is. `later`: a second
    person may sign the answer after it is given.
    """

    def __init__(
        self,
        keys: int,
        screen: TextIO,
        *,
        operator: str | None,
        stopped: Callable[[], bool],
        clipboard: bool | None = False,
        environment: Mapping[str, str] | None = None,
        later: bool = False,
    ) -> None:
        self._environment = os.environ if environment is None else environment
        self._keyboard = Keyboard(keys, screen, stopped, self._environment)
        self._operator = operator
        self._later = later
        self._copies = is_known(self._environment) if clipboard is None else clipboard
        self._elsewhere: Elsewhere | None = None
        self._claimed = ""
        self._look_at = 0.0
        self._at = 0
        self._copied = ""
        self._evidence = Evidence()

    def ask(self, question: Question) -> Answer | None:
        """Show the step and read the answer; a wrong answer is asked again. One from elsewhere ends the question."""
        self._keyboard.forget()
        self._at, self._copied, self._evidence = 0, "", Evidence()
        if question.copy:
            self._copy(question.copy[0][1])
        self._show_screen(question)
        self._elsewhere, self._claimed = question.elsewhere, ""
        try:
            return self._asked(question)
        except _GivenElsewhere as given:
            answer = given.answer
            self._show(f"\n  {answer.outcome}: answered elsewhere by {answer.by}.\n")
            return answer
        finally:
            self._elsewhere = None

    def _asked(self, question: Question) -> Answer:
        while True:
            answer = self._draft(question)
            if answer is None:
                continue
            alone = answer.outcome == CONFIRM and question.second_person and not answer.second
            try:
                if alone and question.elsewhere is not None:
                    answer = self._signed(question.elsewhere, answer)
                fault = fault_of(replace(answer, second=_SOMEBODY) if alone and self._later else answer, question)
                if fault is None:
                    return answer if question.elsewhere is None else question.elsewhere.settle(answer)
            except Claimed as claimed:
                fault = str(claimed)
            self._show(f"  {fault}.\n")

    def _signed(self, elsewhere: Elsewhere, answer: Answer) -> Answer:
        """The answer with its second person, who signs elsewhere (`_GivenElsewhere` then) or says their name here."""
        how = elsewhere.offer(answer)
        if how is None:
            return answer
        self._show(f"  The second person looks for themselves and signs, from any terminal:\n    {how}\n")
        typed = self._line("  or is here after all, name: ")
        second = "" if typed == BACK else typed
        return Draft(CONFIRM, {**Draft.of(answer), "second": second}).answer(self._evidence)

    def _draft(self, question: Question) -> Answer | None:
        """An answer, line by line; None where somebody went back to the instructions."""
        outcome, paper = self._choice(question)
        fields = fields_of(question, outcome, paper=paper)
        draft = Draft(outcome, {"by": self._operator or ""})
        place = 0
        while place < len(fields):
            one = fields[place]
            kept = draft.said.get(one.name, "")
            typed = self._line(one.prompt(kept))
            if typed == BACK:
                if place == 0:
                    return None
                place -= 1
                continue
            typed = typed or kept
            if one.name == "evidence":
                if typed and (fault := self._evidence.add(typed)):
                    self._show(f"  {fault}.\n")
                    continue
            elif one.needed and not typed:
                self._show(f"  {one.needed}.\n")
                continue
            else:
                draft.said[one.name] = typed
            place += 1
        self._operator = draft.said["by"] or self._operator
        return draft.answer(self._evidence)

    def _choice(self, question: Question) -> tuple[str, bool]:
        """What a person wants to say of the step, and whether it was done before; every other key is served here."""
        skippable = question.skip is not None
        more, keys = ("   [s]kip", "c, f, n or s") if skippable else ("", "c, f or n")
        while True:
            typed = self._line(f"  [c]onfirm   [f]ail   ca[n]not{more}: ")
            key, _, rest = typed.partition(" ")
            key = _WORDS.get(key.lower(), key.lower())
            outcome = _OUTCOMES.get(key)
            if outcome == SKIP and (question.skip is None or not self._may_skip(question)):
                if question.skip is None:
                    self._show(f"  type {keys}.\n")
                continue
            if outcome is not None:
                return outcome, False
            if key == "w":
                return CONFIRM, True
            if not self._served(question, key, rest.strip()):
                self._show(f"  type {keys}.\n")

    def _served(self, question: Question, key: str, rest: str) -> bool:
        """Do what a key asks for; False where it is none."""
        match key:
            case "":
                self._go(question, 1)
            case _ if key == BACK:
                self._go(question, -1)
            case "v":
                self._copy_again(question, rest)
            case "e":
                self._take_evidence(rest)
            case "t":
                self._take_note(question, rest)
            case "r":
                self._show("\n".join(readings(question, self._shape) or ["  Nothing of it can be read."]) + "\n")
            case "p":
                raise QuestionLeft(f"{self._operator} paused it" if self._operator else "it was paused")
            case "?":
                self._show_screen(question)
                self._show("".join(f"  {name:<11} {text}\n" for name, text in _HELP))
            case _:
                return False
        return True

    def _may_skip(self, question: Question) -> bool:
        assert question.skip is not None
        found = question.skip()
        if found.barred:
            self._show(f"  It cannot be skipped: {found.barred}.\n")
            return False
        self._show("  It is not done then, and counts as skipped wherever this run is reported.\n")
        self._show("".join(f"  It gives up {name}: {title}\n" for name, title in found.touches.items()))
        return True

    def _go(self, question: Question, by: int) -> None:
        there = self._at + by
        if not question.clicks or there >= len(question.clicks):
            self._show("  That is all there is to do: c if you see it done, f or n if not.\n")
            return
        self._at = max(0, there)
        click = question.clicks[self._at]
        value = next((value for _, value in question.copy if value and value in click), "")
        if value and value != self._copied:
            self._copy(value)
        self._show("\n".join(instruction(question, self._shape, self._at)) + "\n")

    def _copy(self, value: str) -> None:
        if self._copies and may_be_copied(value):
            self._keyboard.send(sequence(value, self._environment))
            self._copied = value

    def _copy_again(self, question: Question, rest: str) -> None:
        number = int(rest) if rest.isascii() and rest.isdigit() and len(rest) < 4 else 1
        if not 1 <= number <= len(question.copy):
            self._show("  There is no such value here.\n")
            return
        name, value = question.copy[number - 1]
        if not self._copies:
            self._show("  This terminal is not known to take a clipboard: --clipboard sends it all the same.\n")
        elif not may_be_copied(value):
            self._show(f"  {name} is nothing for a clipboard.\n")
        else:
            self._copy(value)
            self._show(f"  On the clipboard: {name}: {value}\n")

    def _take_evidence(self, rest: str) -> None:
        typed = rest or self._line("  evidence, a file or words: ")
        if typed and typed != BACK:
            fault = self._evidence.add(typed)
            self._show(f"  {fault}.\n" if fault else f"  {self._evidence.last}\n")

    def _take_note(self, question: Question, rest: str) -> None:
        if question.note is None:
            self._show("  No run is there to keep a note.\n")
            return
        by = self._operator or self._line("  your name: ")
        text = rest or self._line("  note: ")
        if by and by != BACK and text and text != BACK:
            self._operator = by
            try:
                question.note(by, text)
            except OceanaError as error:
                self._show(f"  It is not noted: {error.message}.\n")
                return
            self._show("  Noted.\n")

    def _look_elsewhere(self) -> bool:
        """Whether the prompt has to be shown again; raises `_GivenElsewhere`."""
        if self._elsewhere is None or time.monotonic() < self._look_at:
            return False
        self._look_at = time.monotonic() + LOOK_S
        if (given := self._elsewhere.look()) is not None:
            raise _GivenElsewhere(given)
        before, self._claimed = self._claimed, self._elsewhere.claimed
        if before == self._claimed:
            return False
        self._show(f"\n  {self._claimed} has claimed this step and answers it.\n" if self._claimed else "\n")
        return True

    @property
    def _shape(self) -> Shape:
        return self._keyboard.shape

    def _show_screen(self, question: Question) -> None:
        shown = screen(question, self._shape, self._at, copied=self._copied)
        self._show("\n".join(shown) + f"\n  {_KEYS}\n")

    def _show(self, text: str) -> None:
        self._keyboard.show(text)

    def _line(self, prompt: str) -> str:
        return self._keyboard.line(prompt, self._look_elsewhere)


class _GivenElsewhere(Exception):
    """Somebody answered at another terminal."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.outcome)
        self.answer = answer


def open_terminal(
    *, operator: str | None, stopped: Callable[[], bool], clipboard: bool | None = None, later: bool = False
) -> Terminal | None:
    """The terminal on standard input, with questions on standard error; None without one."""
    try:
        keys = sys.stdin.fileno()
        usable = os.isatty(keys) and sys.stderr.isatty()
    except (AttributeError, OSError, ValueError):
        return None
    if not usable:
        return None
    return Terminal(keys, sys.stderr, operator=operator, stopped=stopped, clipboard=clipboard, later=later)
