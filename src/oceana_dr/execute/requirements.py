"""What must be so right before a step, read then: queues and sessions move by themselves.

In: a step with its requirements, the estate as it reads now. Out: nothing when they hold, or were waived.
What was seen when the plan was made, or at an earlier step, must never count here.
"""

from __future__ import annotations

from typing import Final

from oceana_dr.diagnostics import RunStopped
from oceana_dr.estate.address import address_of
from oceana_dr.estate.estate import Estate
from oceana_dr.estate.predicate import refs_of
from oceana_dr.estate.values import show
from oceana_dr.execute.desk import Desk, Interrupted
from oceana_dr.execute.events import StepFailed, StepWaiting
from oceana_dr.execute.log import Tools
from oceana_dr.execute.resume import Past
from oceana_dr.execute.verify import holds, read_estate, unmet
from oceana_dr.plan.model import Requirement, Step
from oceana_dr.store.records import Failed, Override

_AGAIN: Final = "when it is so, run the same command again: it goes on from what it reads then"


class Requirements:
    """The requirements of one run's steps."""

    def __init__(self, tools: Tools, desk: Desk) -> None:
        self._ports = tools.ports
        self._options = tools.options
        self._log = tools.log
        self._desk = desk

    def check(self, step: Step, past: Past) -> None:
        """Return when all of them hold; a short while is given to what comes by itself.

        Raises what a person's answer, or nobody's, comes to: the step is not begun then.
        """
        if not step.requires:
            return
        found, missing = self._look(step)
        deadline, shown = self._log.time() + self._options.settle_s, ""
        while missing and self._log.time() < deadline:
            text = _said(missing, found)
            if text != shown:
                self._log.tell(StepWaiting(step.id, text))
                shown = text
            self._ports.clock.sleep(self._options.poll_first_s)
            if self._ports.stop.pressing.is_set():
                raise Interrupted
            found, missing = self._look(step)
        if missing:
            self._waive(step, found, missing, past)

    def _look(self, step: Step) -> tuple[Estate, tuple[Requirement, ...]]:
        addresses = {address_of(reference) for item in step.requires for reference in refs_of(item.condition)}
        found = read_estate(self._ports.reader, addresses)
        return found, tuple(item for item in step.requires if holds(item.condition, found) is not True)

    def _waive(self, step: Step, found: Estate, missing: tuple[Requirement, ...], past: Past) -> None:
        text = _said(missing, found)
        if not all(item.waivable for item in missing):
            self._log.record(Failed(step.id, text, past.is_clean))
            self._log.tell(StepFailed(step.id, step.title, text, in_doubt=False))
            raise RunStopped(f"{step.id} {step.title} is not begun: {text}", hint=_AGAIN)
        rules = tuple(item.rule for item in missing)
        looked_at = sorted(reference for item in missing for reference in refs_of(item.condition))
        read_back = {str(reference): show(found.get(reference)) for reference in looked_at}
        answer = self._desk.waive(step, read_back, rules, text, clean=past.is_clean)
        # Who looked on stands in the answer itself, which is recorded before.
        self._log.record(Override(f"{', '.join(rules)} before {step.id}", answer.by, f"{answer.observed} ({text})"))


def _said(missing: tuple[Requirement, ...], found: Estate) -> str:
    return "; ".join(f"{unmet(item.condition, found)} ({item.rule})" for item in missing)
