"""A question of this run at other terminals: put there, looked at, and what people do with it written down.

In: the run's desk in the store, one question. Out: the answer that counts; records and events of claims.
An answer must never count twice, nor one that was given to another question than this. A store that does not answer
keeps nobody at this terminal from answering here.
"""

from __future__ import annotations

import shlex
from contextlib import suppress

from oceana_dr.diagnostics import OceanaError, StateLocked, StateUnreachable
from oceana_dr.drivers.contract import Answer, Claimed, Question
from oceana_dr.drivers.operator.contract import answer_from_json, answer_to_json, question_digest, question_to_json
from oceana_dr.execute.events import StepClaimed, StepWaiting
from oceana_dr.execute.log import RunLog
from oceana_dr.store.board import ANSWERED, NOTED, Board, ClaimedByAnother, DeskEvent, Posted
from oceana_dr.store.lock import iso
from oceana_dr.store.records import Claim, Note


class AtDesk:
    """One question; `drivers.contract.Elsewhere` for whoever asks it here.

    `like`: a question that may have been put there before, and whose answer counts for this one, too.
    """

    def __init__(self, board: Board, log: RunLog, step: str, question: Question, like: Question | None = None) -> None:
        self._board = board
        self._log = log
        self._step = step
        self._question = question
        self._like = () if like is None else (question_digest(like),)
        self._posted: Posted | None = None
        self._claimed = ""
        self._trouble = ""

    @property
    def claimed(self) -> str:
        """Who works on it, in words."""
        return self._claimed

    def look(self) -> Answer | None:
        """The answer that was given there."""
        try:
            posted = self._there()
            found, now, events = self._board.look(posted.number)
        except StateLocked:
            raise  # the lock is not ours any more: the run ends
        except OceanaError as error:
            self._tell_trouble(error.message)
            return None
        self._trouble = ""
        holder = "" if found is None else found.holder_at(now)
        place = f" at {found.place}" if found is not None and found.place else ""
        self._claimed = f"{holder}{place}" if holder else ""
        self._note(events, "" if found is None or not holder else iso(found.until))
        done = found is not None and found.state == ANSWERED
        return answer_from_json(found.answer) if found is not None and done and found.answer else None

    def settle(self, answer: Answer) -> Answer:
        """Let this answer count, unless one was given there before; raises `Claimed` while it is somebody else's."""
        own = answer_to_json(answer)
        try:
            given = self._board.settle(self._there().number, own)
        except ClaimedByAnother as error:
            raise Claimed(error.message) from error
        except StateLocked:
            raise
        except OceanaError:
            return answer
        return answer if given is None or given == own else answer_from_json(given)

    def offer(self, answer: Answer) -> str | None:
        """Put an answer there for its second person; how they sign it."""
        try:
            posted = self._there()
            self._board.offer(posted.number, answer_to_json(answer))
        except ClaimedByAnother as error:
            raise Claimed(error.message) from error
        except StateLocked:
            raise
        except OceanaError:
            return None
        return f"oceana-dr desk sign {posted.site} {shlex.quote(posted.step)} --operator NAME"

    def close(self) -> None:
        """The answer stands in the journal: the question is over."""
        if self._posted is not None:
            with suppress(StateUnreachable):  # it is answered there all the same, and asked no more
                self._board.close(self._posted.number)

    def _tell_trouble(self, message: str) -> None:
        """Whoever waits for an answer from elsewhere has to know that none can come; once as long as it lasts."""
        if message != self._trouble:
            self._trouble = message
            self._log.tell(StepWaiting(self._step, f"nobody can answer elsewhere now: {message}"))

    def _there(self) -> Posted:
        if self._posted is None:
            question = self._question
            shown, name = question_to_json(question), question_digest(question)
            self._posted = self._board.post(question.step, name, shown, self._like)
        return self._posted

    def _note(self, events: tuple[DeskEvent, ...], until: str) -> None:
        known = {entry.record for entry in self._log.entries if isinstance(entry.record, Claim | Note)}
        for event in events:
            if event.act == NOTED:
                noted = Note(self._step, event.by, event.whom, event.place, event.at)
                if noted not in known:
                    self._log.record(noted)
                continue
            record = Claim(self._step, event.act, event.by, event.whom, event.place, event.at)
            if record not in known:
                self._log.record(record)
                self._log.tell(StepClaimed(self._step, event.act, event.by, event.whom, event.place, until))
