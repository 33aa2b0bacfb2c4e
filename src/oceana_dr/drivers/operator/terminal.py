"""A plain terminal: one screen a step, an answer typed, a name behind it.

In: questions, a terminal's two ends, and a way to ask whether a stop was asked for. Out: answers.
It must never wait where a stop cannot reach it, and never print control characters that a value carries.
"""

from __future__ import annotations

import os
import select
import sys
import time
from collections.abc import Callable, Iterator
from typing import Final, TextIO

from oceana_dr.drivers.contract import Answer, Claimed, Elsewhere, Question, QuestionLeft
from oceana_dr.drivers.operator.contract import CANNOT, CONFIRM, FAIL, SKIP, fault_of
from oceana_dr.drivers.operator.people import LOOK_S

_POLL_S: Final = 0.1
_LONGEST_LINE: Final = 4000
_WIDTH: Final = 78
_CHOICES: Final = {
    "c": CONFIRM,
    "confirm": CONFIRM,
    "f": FAIL,
    "fail": FAIL,
    "n": CANNOT,
    "cannot": CANNOT,
    "s": SKIP,
    "skip": SKIP,
}


class Terminal:
    """A person at the terminal that this process has; `None` from `open_terminal` if it has none."""

    def __init__(self, keys: int, screen: TextIO, *, operator: str | None, stopped: Callable[[], bool]) -> None:
        self._keys = keys
        self._screen = screen
        self._operator = operator
        self._stopped = stopped
        self._typed = b""
        self._plain = "utf" not in (screen.encoding or "").lower()
        self._elsewhere: Elsewhere | None = None
        self._claimed = ""
        self._look_at = 0.0

    def ask(self, question: Question) -> Answer | None:
        """Show the step and read the answer; a wrong answer is asked again. One from elsewhere ends the question."""
        self._forget_typed_ahead()
        self._show("\n".join(page(question, plain=self._plain)) + "\n")
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
            answer = self._read_answer(question)
            fault = fault_of(answer, question)
            if fault is None:
                try:
                    return answer if question.elsewhere is None else question.elsewhere.settle(answer)
                except Claimed as claimed:
                    fault = str(claimed)
            self._show(f"  {fault}.\n")

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

    def _read_answer(self, question: Question) -> Answer:
        outcome = self._choice(question)
        by = self._line(f"  your name [{self._operator}]: " if self._operator else "  your name: ") or self._operator
        asks_two = outcome == SKIP or (question.second_person and outcome == CONFIRM)
        second = self._line("  second person: ") if asks_two else ""
        observed = self._line("  what do you see: " if outcome == CONFIRM and not question.waives else "  why: ")
        self._operator = by or self._operator
        if outcome == SKIP:
            signed = self._line("  waived, by id: ") if question.skip is not None and question.skip().touches else ""
            waiver = tuple(signed.replace(",", " ").upper().split())
            return Answer(outcome=outcome, by=by or "", second=second or None, reason=observed, waiver=waiver)
        return Answer(outcome=outcome, by=by or "", second=second or None, observed=observed)

    def _choice(self, question: Question) -> str:
        more, keys = ("   [s]kip", "c, f, n or s") if question.skip is not None else ("", "c, f or n")
        while True:
            outcome = _CHOICES.get(self._line(f"  [c]onfirm   [f]ail   ca[n]not{more}: ").lower())
            if outcome == SKIP and question.skip is not None:
                found = question.skip()
                if found.barred:
                    self._show(f"  It cannot be skipped: {found.barred}.\n")
                    continue
                self._show("  It is not done then, and counts as skipped wherever this run is reported.\n")
                self._show("".join(f"  It gives up {name}: {title}\n" for name, title in found.touches.items()))
            if outcome is not None and (outcome != SKIP or question.skip is not None):
                return outcome
            self._show(f"  type {keys}.\n")

    def _show(self, text: str) -> None:
        clean = "".join(char if char == "\n" or char.isprintable() else "?" for char in text)
        encoding = self._screen.encoding or "ascii"
        self._screen.write(clean.encode(encoding, "replace").decode(encoding))
        self._screen.flush()

    def _line(self, prompt: str) -> str:
        self._show(prompt)
        while b"\n" not in self._typed:
            if self._stopped():
                self._show("\n")
                raise QuestionLeft("a stop was asked for")
            if self._look_elsewhere():
                self._show(prompt)
            ready, _, _ = select.select([self._keys], [], [], _POLL_S)
            if ready:
                self._typed += self._take()
        line, _, self._typed = self._typed.partition(b"\n")
        return line.decode("utf-8", "replace").strip()

    def _take(self) -> bytes:
        try:
            found = os.read(self._keys, 1024)
        except OSError:
            found = b""  # the terminal hung up
        if not found or len(self._typed) > _LONGEST_LINE:
            raise QuestionLeft("the terminal is gone")
        return found

    def _forget_typed_ahead(self) -> None:
        """What was typed before the question stood on the screen is no answer to it."""
        self._typed = b""
        while select.select([self._keys], [], [], 0)[0]:
            self._take()


def page(question: Question, *, plain: bool) -> Iterator[str]:
    """The lines that a person is shown for a question; control characters are left to who prints them."""
    bar = "-" if plain else "─"
    head = f"{bar * 2} {question.step}  {question.title} "
    yield ""
    yield head + bar * max(0, _WIDTH - len(head))
    yield f"  {question.text}"
    if question.console:
        yield f"  where  {question.console}"
    for number, click in enumerate(question.clicks, 1):
        yield f"  {number:>5}. {click}"
    for name, value in question.copy:
        yield f"  copy   {name}: {value}"
    if question.expect:
        yield f"  see    {question.expect}"
    for reference, value in question.read_back.items():
        yield f"  reads  {reference}: {value}"
    if question.second_person:
        yield "  A second person has to confirm with you."


class _GivenElsewhere(Exception):
    """Somebody answered at another terminal."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.outcome)
        self.answer = answer


def open_terminal(*, operator: str | None, stopped: Callable[[], bool]) -> Terminal | None:
    """The terminal on standard input, with questions on standard error; None without one."""
    try:
        keys = sys.stdin.fileno()
        usable = os.isatty(keys) and sys.stderr.isatty()
    except (AttributeError, OSError, ValueError):
        return None
    return Terminal(keys, sys.stderr, operator=operator, stopped=stopped) if usable else None
