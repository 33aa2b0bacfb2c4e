"""Several who may answer, asked one after the other.

In: people in the order in which they are to be asked. Out: one `People`.
Who gave a wrong answer must never be passed over for the next one: the run says what is wrong with it.
"""

from __future__ import annotations

from oceana_dr.drivers.contract import Answer, People, Question


class Nobody:
    """Nobody is there to answer."""

    def ask(self, question: Question) -> Answer | None:  # noqa: ARG002 nobody looks at it
        """Never an answer."""
        return None


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
