"""One step from beginning to end: read, intend, act, read back, record.

In: a step and its past. Out: nothing, when it is done and recorded; every other end is an error.
Nothing may be sent or asked before the intent is durable, and nothing sent twice because no answer came.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, assert_never

from oceana_dr.diagnostics import OceanaError, Refused, RunStopped, Stale, SystemUnavailable
from oceana_dr.drivers.contract import ActRequest, Answer, Declined, Done, InDoubt, Writer
from oceana_dr.drivers.operator.contract import answer_to_json
from oceana_dr.drivers.operator.writer import ConsoleWriter
from oceana_dr.estate.address import Ref, address_of
from oceana_dr.estate.estate import Estate
from oceana_dr.estate.values import Json, Value
from oceana_dr.execute import events
from oceana_dr.execute.desk import Desk, Interrupted
from oceana_dr.execute.doubt import Already, ByHand, Doubts, Go
from oceana_dr.execute.log import Tools
from oceana_dr.execute.requirements import Requirements
from oceana_dr.execute.resume import Past, pasts
from oceana_dr.execute.skipping import judge_of
from oceana_dr.execute.verify import holds, listed, mismatches, read_estate, unmet
from oceana_dr.execute.waits import Sight, Waits, addresses, results
from oceana_dr.execute.witness import Witness
from oceana_dr.plan.model import Kind, Step, StepClass
from oceana_dr.store import records

_OPERATOR: Final = "operator"
_RESUME: Final = "run the same command again: it goes on from what it reads then"


@dataclass(frozen=True, slots=True)
class _Doing:
    """What one attempt has brought so far."""

    how: str
    answer: Answer | None = None
    evidence: Mapping[str, Json] | None = None


class _Lost(Exception):
    """No answer came, and the read-back does not show it done."""


class StepRunner:
    """Does steps; may be used by several threads for different steps."""

    def __init__(self, tools: Tools) -> None:
        self._ports = tools.ports
        self._options = tools.options
        self._log = tools.log
        self._writers = {_OPERATOR: ConsoleWriter(tools.ports.hands), **tools.ports.writers}
        self._desk = Desk(tools.ports, tools.log, judge_of(tools.plan))
        self._requirements = Requirements(tools, self._desk)
        self._waits = Waits(tools, self._desk)
        self._witness = Witness(tools, self._desk)
        self._doubts = Doubts(tools, self._desk, self._writers)

    def run(self, step: Step, past: Past) -> str:
        """Do the step; returns how it is known to be done. Raises `LeftOut` where people skip it."""
        began = self._log.now_s  # what let it start has just been recorded
        self._log.tell(events.StepStarted(step.id, step.title, past.attempts + 1))
        try:
            doing, found = self._attempt(step, past)
        except _Lost:
            # Once more, by the rules of doubt: what may be repeated is, everything else is asked.
            try:
                doing, found = self._attempt(step, pasts(self._log.entries)[step.id])
            except _Lost as lost:
                raise RunStopped(f"{step.id} {step.title}: {lost}, twice", hint=_RESUME) from lost
        self._record_done(step, doing, found, began)
        return doing.how

    def _attempt(self, step: Step, past: Past) -> tuple[_Doing, Estate]:
        way = self._doubts.way(step, past)
        match way:
            case Already(how=how):
                return self._attested(step, _Doing(how), self._waits.look(step).found)
            case ByHand(answer=answer):
                doing = _Doing("attested", answer)
            case Go():
                doing = self._carry_out(step, past, way)
            case _:
                assert_never(way)
        return self._attested(step, doing, self._verified(step).found)

    def _attested(self, step: Step, doing: _Doing, found: Estate) -> tuple[_Doing, Estate]:
        """What no driver can read back is known by the word of a person, and by nothing else."""
        seen = {reference: step.verify[reference] for reference in step.attested if reference in step.verify}
        if not seen or step.action is None:
            return (replace(doing, how="attested") if step.attested and doing.answer else doing), found
        answer = doing.answer
        if answer is None:
            notice = f"The driver {step.driver} cannot read this back. Look at it, and confirm what you see."
            answer = self._desk.ask(step, found, notice, clean=False)
        self._ports.attest(seen, answer.by)
        return replace(doing, how="attested", answer=answer), self._waits.look(step).found

    def _carry_out(self, step: Step, past: Past, go: Go) -> _Doing:
        looked = None
        if go.expect:
            self._check_expected(step)
            looked = self._witness.look(step, past)
            self._requirements.check(step, past)
        key = self._key(step, past)
        self._log.record(records.Intent(step.id, past.attempts + 1, key))
        match step.kind:
            case Kind.SET | Kind.RUN:
                doing = self._asked(step, past, go) if step.needs_person else _Doing("acted")
            case Kind.CONFIRM:
                doing = self._asked(step, past, go)
            case Kind.WAIT:
                doing = replace(self._waited(step, past), answer=looked) if looked else self._waited(step, past)
            case Kind.CHECK:
                doing = self._checked(step, past, go, looked)
            case _:
                assert_never(step.kind)
        if step.action is None or go.acted:
            return doing
        if doing.answer is not None and doing.answer.done_at:  # done before: what reads back decides whether it was
            return replace(doing, how="read-back" if step.proven else "attested")
        return self._acted(step, key, doing)

    def _check_expected(self, step: Step) -> None:
        """What the plan relies on here must still be so; what a wait waits for may have come already."""
        by_itself = step.kind is Kind.WAIT and step.action is None
        moving = results(step) if by_itself else frozenset()
        expected = {reference: value for reference, value in step.expect.items() if reference not in moving}
        if not expected:
            return
        found = read_estate(self._ports.reader, map(address_of, expected))
        if wrong := mismatches(expected, found):
            raise Stale(
                f"{step.id} {step.title} is not begun, its state has changed: {listed(wrong)}",
                hint="put it back as it was and run the same command again, or make a new plan",
            )

    def _asked(self, step: Step, past: Past, go: Go) -> _Doing:
        found = read_estate(self._ports.reader, step.touches) if step.verify or step.expect else Estate()
        # What may be done again may be answered by whoever was asked before the run was interrupted.
        answer = self._desk.ask(step, found, go.notice, clean=past.is_clean, plain=not go.decide)
        if go.decide:
            self._doubts.decided(step, answer)
        return _Doing("acted" if step.proven else "attested", answer)

    def _waited(self, step: Step, past: Past) -> _Doing:
        if step.condition is None:
            self._waits.hold(step, past)
            return _Doing("waited")
        if step.needs_person:
            found = read_estate(self._ports.reader, addresses(step.condition))
            if holds(step.condition, found) is None:
                return _Doing("attested", self._desk.ask(step, found, clean=True))
        self._waits.until_met(step, step.condition)
        return _Doing("waited")

    def _checked(self, step: Step, past: Past, go: Go, looked: Answer | None) -> _Doing:
        found = read_estate(self._ports.reader, {*step.touches, *addresses(step.condition)})
        wrong = listed(mismatches(step.verify, found))
        truth = True if step.condition is None else holds(step.condition, found)
        if looked is not None and truth is True and not wrong:
            return _Doing("attested", looked)
        if step.needs_person and truth is not False:
            return _Doing("attested", self._desk.ask(step, found, go.notice, clean=past.is_clean, plain=True))
        if truth is True and not wrong:
            return _Doing("checked")
        reason = wrong or (unmet(step.condition, found) if step.condition is not None else "")
        self._failed(step, reason, clean=True)
        raise Refused(f"{step.id} {step.title}: the check fails: {reason}", hint=f"mend the cause, then {_RESUME}")

    def _acted(self, step: Step, key: str, doing: _Doing) -> _Doing:
        outcome = self._sent(step, key, doing)
        match outcome:
            case Done(evidence=evidence):
                return replace(doing, evidence=evidence)
            case Declined(message=message, rule=rule):
                reason = f"refused: {message}" + (f" ({rule})" if rule else "")
                self._failed(step, reason, clean=True)
                raise RunStopped(f"{step.id} {step.title}: {reason}", hint=f"mend the cause, then {_RESUME}")
            case InDoubt(reason=reason):
                self._log.record(records.InDoubt(step.id, reason))
                sight = self._waits.until_good(step, max(step.estimate.p95, self._options.settle_s))
                if not sight.good or not step.proven:
                    raise _Lost(reason)
                return replace(doing, how="read-back")
            case _:
                assert_never(outcome)

    def _sent(self, step: Step, key: str, doing: _Doing) -> Done | Declined | InDoubt:
        assert step.action is not None
        driver = _OPERATOR if step.kind is Kind.CONFIRM else step.driver
        writer: Writer | None = self._writers.get(driver)
        try:
            if writer is None:
                raise Refused(f"{step.id}: there is no driver {driver!r}", hint="name it in oceana-dr.yaml")
            if self._ports.tenure is not None:
                self._ports.tenure.check()
        except OceanaError as error:
            self._failed(step, error.message, clean=True)
            raise
        actor = doing.answer.by if doing.answer is not None else self._options.operator
        token = None if self._ports.tenure is None else self._ports.tenure.token
        try:
            return writer.act(ActRequest(key, step.id, step.action, actor, token, step.expect))
        except SystemUnavailable as error:
            return InDoubt(error.message)

    def _verified(self, step: Step) -> Sight:
        # A wait's condition has been seen; whether it lasts is the business of what comes after.
        shown = replace(step, condition=None) if step.kind in {Kind.WAIT, Kind.CHECK} else step
        sight = self._waits.until_good(shown, self._options.settle_s)
        if sight.good:
            return sight
        if self._ports.stop.pressing.is_set():
            raise Interrupted  # it may only lag; the next run reads it again
        reason = f"it does not read back: {sight}"
        if step.step_class is StepClass.ONCE:
            self._log.record(records.InDoubt(step.id, reason))
            self._log.tell(events.StepFailed(step.id, step.title, reason, in_doubt=True))
        else:
            self._failed(step, reason, clean=False)
        raise RunStopped(f"{step.id} {step.title}: {reason}", hint=f"look at the console, then {_RESUME}")

    def _failed(self, step: Step, reason: str, *, clean: bool) -> None:
        self._log.record(records.Failed(step.id, reason, clean))
        self._log.tell(events.StepFailed(step.id, step.title, reason, in_doubt=False))

    def _record_done(self, step: Step, doing: _Doing, found: Estate, began: float) -> None:
        # What was not read now (a check has seen its condition before) is not known to be absent.
        read = [reference for reference in sorted(results(step)) if found.has(address_of(reference))]
        values: dict[Ref, Value] = {reference: found.get(reference) for reference in read}
        now = self._log.time()
        done = records.Done(
            step=step.id,
            how=doing.how,
            values=values,
            answer=None if doing.answer is None else answer_to_json(doing.answer),
            evidence=doing.evidence or {},
            duration_ms=max(0, round((now - began) * 1000)),
        )
        self._log.record(done, now)

    def _key(self, step: Step, past: Past) -> str:
        return f"{self._options.run}/{step.id}/{past.attempts + 1}"
