"""A step that may or may not have been done: what is read, what is asked, what may follow.

In: a step with its past. Out: it is done, it may be done now, or a person has finished it by hand.
A step of class N must never be done a second time without a person's decision in the journal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from oceana_dr.diagnostics import Stale, SystemUnavailable
from oceana_dr.drivers.contract import Answer, Settling, Writer
from oceana_dr.estate.address import address_of
from oceana_dr.estate.estate import Estate
from oceana_dr.execute.desk import Desk, Interrupted
from oceana_dr.execute.log import Tools
from oceana_dr.execute.resume import Judgement, Past, Standing, estate_before, judge
from oceana_dr.execute.schedule import reads
from oceana_dr.execute.verify import listed, mismatches, read_estate, told
from oceana_dr.execute.waits import results
from oceana_dr.plan.model import Step, StepClass
from oceana_dr.store.records import Decision


@dataclass(frozen=True, slots=True)
class Already:
    """It is done, and that has been read."""

    how: str


@dataclass(frozen=True, slots=True)
class Go:
    """It may be done now. `decide`: the person's answer to it is also the decision to do it again."""

    notice: str = ""
    decide: bool = False
    acted: bool = False
    expect: bool = True


@dataclass(frozen=True, slots=True)
class ByHand:
    """A person says that they have finished it; only the read-back is left."""

    answer: Answer


Way: TypeAlias = Already | Go | ByHand


class Doubts:
    """Settles steps that an earlier attempt left open."""

    def __init__(self, tools: Tools, desk: Desk, writers: Mapping[str, Writer]) -> None:
        self._plan = tools.plan
        self._ports = tools.ports
        self._options = tools.options
        self._log = tools.log
        self._desk = desk
        self._writers = writers

    def way(self, step: Step, past: Past) -> Way:
        """What is to be done about the step, by its class and what reads now."""
        match past.standing:
            case Standing.FRESH:
                return Go()
            case Standing.CLEAN:
                # Nothing was changed by us; somebody may have done it since.
                _, judged = self._read(step)
                if judged.after and step.step_class in {StepClass.HUMAN, StepClass.VERIFY}:
                    return Go(acted=True, expect=False)
                return Already("already") if judged.after else Go()
            case Standing.DOUBT:
                self._let_settle(step, past)
                return self._in_doubt(step, past.doubt)
            case Standing.DONE | Standing.SKIPPED:
                return Already(past.how)

    def _in_doubt(self, step: Step, told: str) -> Way:
        match step.step_class:
            case StepClass.HUMAN | StepClass.VERIFY:
                _, judged = self._read(step) if step.action is not None else (Estate(), Judgement(False, False))
                return Go("This was asked before, and the run was interrupted.", acted=judged.after, expect=False)
            case StepClass.IDEMPOTENT | StepClass.ROLE:
                return self._repeatable(step, told)
            case StepClass.ONCE:
                return self._once(step)

    def _repeatable(self, step: Step, told: str) -> Way:
        found, judged = self._watched(step)
        if judged.after or (step.proven and not mismatches(step.proven, found)):
            return Already("read-back")
        if wrong := mismatches(step.expect, found):
            raise Stale(
                f"{step.id} {step.title} was begun, and reads neither as before nor as after it: {listed(wrong)}"
                + (f"; its driver said: {told}" if told else ""),
                hint="finish it at the console, or put it back as it was; then run the same command again",
            )
        return Go("The run was interrupted here; it reads as not done.")

    def _once(self, step: Step) -> Way:
        found, judged = self._watched(step)
        if judged.after:
            return Already("read-back")
        if judged.before and step.needs_person:
            return Go(
                "The run was interrupted here, and it reads as not done. Make sure of that, then do it.", decide=True
            )
        if judged.before:
            notice = "The run was interrupted here, and it reads as not done. Confirm to run it now."
            self._decide(step, "run", self._desk.ask(step, found, notice, clean=False), found)
            return Go()
        notice = (
            "The run was interrupted here, and what reads now proves neither that it was done nor that it was not."
            " It is not run again: finish it at the console, then confirm."
        )
        answer = self._desk.ask(step, found, notice, clean=False)
        self._decide(step, "verify", answer, found)
        return ByHand(answer)

    def _decide(self, step: Step, choice: str, answer: Answer, found: Estate) -> None:
        self._log.record(Decision(step.id, choice, answer.by, answer.second, told(step, found)))

    def decided(self, step: Step, answer: Answer) -> None:
        """The answer to the step itself was the decision to do it again."""
        self._decide(step, "run", answer, Estate())

    def _let_settle(self, step: Step, past: Past) -> None:
        """A target that still works on the earlier attempt is waited for; what it says is then read back."""
        writer = self._writers.get(step.driver)
        if step.action is not None and past.key and isinstance(writer, Settling):
            writer.settle(past.key)

    def _watched(self, step: Step) -> tuple[Estate, Judgement]:
        """Read until the state is one that we know; for as long as the step itself may take."""
        deadline = self._log.time() + max(step.estimate.p95, self._options.settle_s)
        pause = self._options.poll_first_s
        while True:
            try:
                found, judged = self._read(step)
            except SystemUnavailable:
                if self._log.time() >= deadline or self._ports.stop.pressing.is_set():
                    raise
            else:
                if judged.after or judged.before or not step.proven or self._log.time() >= deadline:
                    return found, judged
                if self._ports.stop.pressing.is_set():
                    raise Interrupted
            self._ports.clock.sleep(pause)
            pause = min(pause * 1.5, self._options.poll_longest_s)

    def _read(self, step: Step) -> tuple[Estate, Judgement]:
        found = read_estate(self._ports.reader, {*reads(step), *map(address_of, results(step))})
        return found, judge(self._plan, step, estate_before(self._plan, self._log.entries), found)
