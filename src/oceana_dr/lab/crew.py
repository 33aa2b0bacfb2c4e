"""People for a lab: they answer questions when their crew is on, each step by the same two people.

In: a question at a step. Out: an answer that names `lab:NAME`, or None when no crew is on.
A crew is for labs alone: anything that does not call itself a lab is refused.
"""

from __future__ import annotations

from typing import Final

from oceana_dr.diagnostics import Refused
from oceana_dr.drivers.contract import Answer, Question
from oceana_dr.drivers.gateway.contract import Transport, site_path
from oceana_dr.drivers.gateway.reader import ask

NAMES: Final = ("Ada", "Barbara", "Edsger", "Grace", "Katherine", "Linus", "Margaret", "Radia")


class Crew:
    """A lab's crew as `drivers.contract.People`."""

    def __init__(self, transport: Transport, site: str) -> None:
        self._transport = transport
        self._site = site
        only_a_lab(transport, site)

    def ask(self, question: Question) -> Answer | None:
        """Confirm, if the crew is on; a crew does what is to be done, and gives nothing up."""
        if question.waives:
            return None
        status = ask(self._transport, f"/v1/lab/{self._site}/status")
        if not isinstance(status, dict) or status.get("crew") is not True:
            return None
        by, second = people_at(question.step)
        return Answer(
            "confirm",
            by,
            second if question.second_person else None,
            observed=question.expect,
            evidence="the lab's crew",
        )


def people_at(step: str) -> tuple[str, str]:
    """Who works at a step, and who looks over their shoulder: the same at every run."""
    turn = sum(step.encode()) % len(NAMES)
    return f"lab:{NAMES[turn]}", f"lab:{NAMES[(turn + 1) % len(NAMES)]}"


def only_a_lab(transport: Transport, site: str) -> None:
    """Raise `Refused` unless the endpoint says that it is a lab."""
    about = ask(transport, site_path(site))
    if not isinstance(about, dict) or about.get("lab") is not True:
        raise Refused(
            f"the estate of {site} is not a lab: people there do their work themselves",
            hint="a crew works in a lab only",
        )
