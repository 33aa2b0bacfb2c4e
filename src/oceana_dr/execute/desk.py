"""Asking people: one question at a time, recorded before it is shown, with an answer that counts.

In: a step, what reads now, a notice. Out: a confirming answer; everything else ends the step.
An answer must never be taken from somebody who may not give it, nor asked for while a stop is wished.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import replace
from typing import NoReturn

from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.diagnostics import RunStopped, WaitingForPerson
from oceana_dr.drivers.contract import Answer, Question, QuestionLeft
from oceana_dr.drivers.operator.contract import (
    CANNOT,
    CONFIRM,
    SKIP,
    answer_to_json,
    fault_of,
    question_digest,
    question_for,
    question_to_waive,
)
from oceana_dr.estate.estate import Estate
from oceana_dr.execute.elsewhere import AtDesk
from oceana_dr.execute.events import Asking, StepAnswered, StepFailed, StepSkipped
from oceana_dr.execute.log import RunLog
from oceana_dr.execute.ports import Ports
from oceana_dr.execute.skipping import Judge
from oceana_dr.execute.verify import told
from oceana_dr.plan.model import Step
from oceana_dr.store.personal import FILES_MOST, name_of, text_of
from oceana_dr.store.records import Answered, Asked, Failed, Note, Resumed, Skipped, Waiting


class Interrupted(Exception):
    """A stop is wished for; the step is left as it stands, and the journal shows how that is."""


class LeftOut(Exception):
    """Two people left the step out; the journal says so, and why."""


class Desk:
    """Where the run's questions are asked."""

    def __init__(self, ports: Ports, log: RunLog, judge: Judge) -> None:
        self._ports = ports
        self._log = log
        self._judge = judge
        self._catalogue = load_catalogue()
        self._one = threading.Lock()

    def ask(self, step: Step, found: Estate, notice: str = "", *, clean: bool, plain: bool = False) -> Answer:
        """The confirming answer. `clean` tells whether nothing can have been done before this question.

        `plain`: an answer counts, too, that somebody gave elsewhere to this question without its notice.

        Raises `LeftOut` where people skip the step.
        """
        page, away = self._catalogue.page, self._stood_still()
        question = question_for(step, told(step, found), notice, self._confirmed(), page, away)
        question = replace(question, skip=lambda: self._judge(step, self._log.entries, clean=clean))
        like = question_for(step, told(step, found), "", self._confirmed()) if plain and notice else None
        answer = self._asked(step, question, like, clean=clean)
        if answer.outcome == SKIP:
            self._leave_out(step, question, answer)
        if answer.outcome != CONFIRM:
            said = "cannot be done" if answer.outcome == CANNOT else "failed"
            why = f": {told_why}" if (told_why := answer.observed or answer.reason) else ""
            reason = f"{said}, says {answer.by}{why}"
            self._log.record(Failed(step.id, reason, clean=False))
            self._log.tell(StepFailed(step.id, step.title, reason, in_doubt=False))
            raise RunStopped(
                f"{step.id} {step.title}: {reason}",
                hint="when the cause is mended, run the same command again: it goes on from what it reads then",
            )
        return answer

    def _leave_out(self, step: Step, question: Question, answer: Answer) -> NoReturn:
        assert question.skip is not None
        waived = tuple(question.skip().touches)
        by, second, reason = answer.by.strip(), (answer.second or "").strip(), answer.reason.strip()
        self._log.record(Skipped(step.id, by, second, reason, waived))
        self._log.tell(StepSkipped(step.id, step.title, by, second, reason, waived))
        raise LeftOut(step.id)

    def waive(
        self, step: Step, read_back: Mapping[str, str], rules: tuple[str, ...], unmet: str, *, clean: bool
    ) -> Answer:
        """The confirming answer of two people that the step is done although `unmet` is not so.

        `clean` tells whether nothing of the step can have been done before.
        """
        answer = self._asked(step, question_to_waive(step, read_back, rules, unmet), clean=clean)
        if answer.outcome != CONFIRM:
            why = f": {answer.observed}" if answer.observed else ""
            reason = f"{unmet}; {answer.by} does not waive it{why}"
            self._log.record(Failed(step.id, reason, clean=clean))
            self._log.tell(StepFailed(step.id, step.title, reason, in_doubt=False))
            raise RunStopped(
                f"{step.id} {step.title} is not begun: {reason}",
                hint="when it is so, run the same command again: it goes on from what it reads then",
            )
        return answer

    def _asked(self, step: Step, question: Question, like: Question | None = None, *, clean: bool) -> Answer:
        with self._one:
            self._leave_if_stopping()
            elsewhere = None
            question = replace(question, note=lambda by, text: self._note(step, by, text))
            if self._ports.board is not None:
                elsewhere = AtDesk(self._ports.board, self._log, step.id, question, like)
                question = replace(question, elsewhere=elsewhere)
            self._log.record(Asked(step.id, question_digest(question)))
            self._log.tell(Asking(step.id, question.title, question.console, question.text, question.second_person))
            try:
                answer = self._ports.people.ask(question)
            except QuestionLeft as left:
                self._leave_if_stopping()
                raise self._waiting(step, question, str(left)) from left
        if answer is None:
            self._leave_if_stopping()
            return self._unanswered(step, question, "nobody is there to answer", clean=clean)
        answer = _bounded(answer)
        fault = fault_of(answer, question)
        if fault is None:
            self._log.record(Answered(step.id, answer_to_json(answer)))
            self._log.tell(StepAnswered(step.id, answer.outcome, answer.by.strip(), (answer.second or "").strip()))
        if elsewhere is not None:
            elsewhere.close()
        if fault is not None:
            return self._unanswered(step, question, f"the answer does not count: {fault}", clean=clean)
        return answer

    def _note(self, step: Step, by: str, text: str) -> None:
        self._log.record(Note(step.id, name_of(by), text_of(text)))

    def _stood_still(self) -> str:
        """When the run stood still last, if nobody has said since that they did a step now: in UTC, in words."""
        before, span = "", ""
        for entry in self._log.entries:
            match entry.record:
                case Resumed() if before:
                    span = f"from {before[:16].replace('T', ' ')} to {entry.at[:16].replace('T', ' ')} UTC"
                case Answered(answer=answer) if not answer.get("done_at"):
                    span = ""
                case _:
                    pass
            before = entry.at
        return span

    def _confirmed(self) -> dict[str, str]:
        """By step, who confirmed it last in this run."""
        answers = (entry.record for entry in self._log.entries if isinstance(entry.record, Answered))
        return {item.step: str(item.answer.get("by", "")) for item in answers if item.answer.get("outcome") == CONFIRM}

    def _unanswered(self, step: Step, question: Question, reason: str, *, clean: bool) -> Answer:
        self._log.record(Waiting(step.id, reason, clean))
        raise self._waiting(step, question, reason)

    def _waiting(self, step: Step, question: Question, reason: str) -> WaitingForPerson:
        second = ', "second": "OTHER NAME"' if question.second_person else ""
        seen = "WHY" if question.waives else "…"
        return WaitingForPerson(
            f"{step.id} {step.title} waits for a person: {reason}. {question.text}",
            hint="run the same command on a terminal, answer it with `oceana-dr desk`, or run it with --answers FILE"
            f' holding {{"{question.step}": {{"outcome": "confirm", "by": "NAME"{second}, "observed": "{seen}"}}}}',
        )

    def _leave_if_stopping(self) -> None:
        if self._ports.stop.pressing.is_set():
            raise Interrupted


def _bounded(answer: Answer) -> Answer:
    """As the journal keeps it, before names are compared, or it gets into a reason, an event or a message."""
    return replace(
        answer,
        by=name_of(answer.by),
        second=None if answer.second is None else name_of(answer.second),
        observed=text_of(answer.observed),
        evidence=text_of(answer.evidence),
        reason=text_of(answer.reason),
        files=tuple(replace(one, path=text_of(one.path)) for one in answer.files[:FILES_MOST]),
        done_by=name_of(answer.done_by),
        done_at=name_of(answer.done_at),
    )
