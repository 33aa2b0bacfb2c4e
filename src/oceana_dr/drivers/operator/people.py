"""Several who may answer, asked one after the other.

In: people in the order in which they are to be asked. Out: one `People`.
Who gave a wrong answer must never be passed over for the next one: the run says what is wrong with it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from oceana_dr.drivers.contract import Answer, People, Question, QuestionLeft

LOOK_S: Final = 0.5
"""How often one looks for an answer from elsewhere."""


class Nobody:
    """Nobody is there to answer."""

    def ask(self, question: Question) -> Answer | None:  # noqa: ARG002 nobody looks at it
        """Never an answer."""
        return None


class Desk:
    """Whoever is at this terminal or, while nobody has answered here, at any other one.

    Without a terminal it waits for an answer from elsewhere only if it is told to.
    """

    def __init__(self, terminal: People | None, stopped: Callable[[], bool], *, wait: bool) -> None:
        self._terminal = terminal
        self._stopped = stopped
        self._wait = wait

    def ask(self, question: Question) -> Answer | None:
        """The answer that was given elsewhere already, or that somebody gives now."""
        there = question.elsewhere
        if there is None:
            return None if self._terminal is None else self._terminal.ask(question)
        if (given := there.look()) is not None or (self._terminal is None and not self._wait):
            return given
        if self._terminal is not None:
            return self._terminal.ask(question)
        while given is None:
            if self._stopped():
                raise QuestionLeft("a stop was asked for")
            time.sleep(LOOK_S)
            given = there.look()
        return given


class _Chain:
    def __init__(self, people: tuple[People, ...]) -> None:
        self._people = people

    def ask(self, question: Question) -> Answer | None:
        """The first answer that anybody gives."""
        for person in self._people:
            answer = person.ask(question)
            if answer is not None:
                return answer
        return None


def chain(*people: People | None) -> People:
    """Everybody who is there, in this order; `None` stands for somebody who is not."""
    present = tuple(person for person in people if person is not None)
    return present[0] if len(present) == 1 else _Chain(present)
