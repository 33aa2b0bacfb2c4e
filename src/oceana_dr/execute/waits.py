"""Waiting: for a condition, for a time to pass, for a read-back to show.

In: a step, the estate's clock, a reader. Out: the estate that satisfied it, or why none did.
A wait must never end well on a reading that is not known, and never outlast the wish to stop.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from oceana_dr.diagnostics import OceanaError, RunStopped, SystemUnavailable
from oceana_dr.estate.address import Address, Ref, address_of
from oceana_dr.estate.estate import Estate
from oceana_dr.estate.predicate import Predicate, refs_of
from oceana_dr.execute.desk import Desk, Interrupted
from oceana_dr.execute.events import StepFailed, StepWaiting
from oceana_dr.execute.log import Tools
from oceana_dr.execute.overrun import tell_overrun
from oceana_dr.execute.resume import Past
from oceana_dr.execute.verify import Mismatch, holds, is_counted, listed, mismatches, read_estate, unmet
from oceana_dr.plan.model import Step
from oceana_dr.store.records import Failed

_SHORTEST_HOLD_REPORT_S = 60.0


@dataclass(frozen=True, slots=True)
class Sight:
    """What was read last, and what does not read as it should."""

    found: Estate
    wrong: tuple[Mismatch, ...]
    unmet: str = ""

    @property
    def good(self) -> bool:
        """Whether everything reads as it should."""
        return not self.wrong and not self.unmet

    def __str__(self) -> str:
        return "; ".join(part for part in (listed(self.wrong), self.unmet) if part)


class Waits:
    """The waiting of one run."""

    def __init__(self, tools: Tools, desk: Desk) -> None:
        self._ports = tools.ports
        self._options = tools.options
        self._log = tools.log
        self._desk = desk

    def look(self, step: Step) -> Sight:
        """Read back once what the step should have led to."""
        found = read_estate(self._ports.reader, {*map(address_of, results(step)), *addresses(step.condition)})
        missing = "" if step.condition is None or holds(step.condition, found) is True else unmet(step.condition, found)
        return Sight(found, mismatches(step.proven, found), missing)

    def until_good(self, step: Step, patience_s: float) -> Sight:
        """Read back until it is good or patience is at its end; a stop does not shorten it: it is short."""
        deadline, pause = 0.0, self._options.poll_first_s
        while True:
            try:
                sight = self.look(step)
                if sight.good:
                    return sight
            except SystemUnavailable:
                if deadline and self._is_over(deadline):
                    raise
            else:
                if deadline and self._is_over(deadline):
                    return sight
            if not deadline:  # most acts read back at once: they never ask for the time
                deadline = self._log.time() + patience_s
            self._ports.clock.sleep(pause)
            pause = min(pause * 1.5, self._options.poll_longest_s)

    def _is_over(self, deadline: float) -> bool:
        # When waits return at once because of a stop, reading on would only be noise.
        return self._ports.stop.pressing.is_set() or self._log.time() >= deadline

    def hold(self, step: Step, past: Past) -> None:
        """Let the step's time pass, counted from its first attempt."""
        now = self._log.time()
        began = past.since_ms / 1000
        until = (began if past.attempts and began <= now else now) + step.timeout_s
        report = max(_SHORTEST_HOLD_REPORT_S, step.timeout_s / 20)
        while (left := until - self._log.time()) > 0:
            self._log.tell(StepWaiting(step.id, f"{_duration(left)} left"))
            self._ports.clock.sleep(min(left, report))
            self._leave_if_unwanted()

    def until_met(self, step: Step, condition: Predicate) -> Estate:
        """Wait for the condition; when the time is up, a person decides once whether to wait as long again."""
        shown, streak, asked = "", 0, False
        pause = self._options.poll_first_s
        deadline = self._log.time() + step.timeout_s
        while True:
            found, text = self._glance(condition)
            streak = 0 if text else streak + 1
            if streak > is_counted(condition):  # counters have to be good at two looks: they may pass by chance
                return found
            if text and text != shown:
                self._log.tell(StepWaiting(step.id, text))
                shown = text
            self._leave_if_unwanted()
            left = deadline - self._log.time()
            if left <= 0 and text:
                self._ask_to_wait_on(step, found, text, asked=asked)
                asked, deadline, pause = True, self._log.time() + step.timeout_s, self._options.poll_first_s
                continue
            self._ports.clock.sleep(pause if left <= 0 else min(pause, left))
            pause = min(pause * 1.5, self._options.poll_longest_s)

    def _glance(self, condition: Predicate) -> tuple[Estate, str]:
        """The estate, and what is not so yet; a silent endpoint is only that, until the time is up."""
        try:
            found = read_estate(self._ports.reader, addresses(condition))
        except SystemUnavailable as error:
            return Estate(), error.message
        return found, "" if holds(condition, found) is True else unmet(condition, found)

    def _ask_to_wait_on(self, step: Step, found: Estate, text: str, *, asked: bool) -> None:
        waited = f"after {_duration(step.timeout_s * (2 if asked else 1))}: {text}"
        if asked:
            self._log.record(Failed(step.id, waited, clean=True))
            self._log.tell(StepFailed(step.id, step.title, waited, in_doubt=False))
            raise RunStopped(
                f"{step.id} {step.title}: not so {waited}", hint="mend the cause, then run the same command again"
            )
        self._desk.ask(step, found, f"Not so {waited}. Confirm to wait as long again.", clean=True)

    def _leave_if_unwanted(self) -> None:
        if self._ports.stop.pressing.is_set():
            raise Interrupted
        closing: OceanaError | None = self._options.closing()
        if closing is not None and not self._ports.stop.shields:
            raise closing
        tell_overrun(self._log, self._options)


def results(step: Step) -> frozenset[Ref]:
    """Every attribute that tells what the step led to."""
    passed = {reference for moment in step.moments for reference in moment.values}
    looked_at = refs_of(step.condition) if step.condition is not None else frozenset()
    return frozenset({*step.verify, *step.effects, *passed, *looked_at})


def addresses(condition: Predicate | None) -> frozenset[Address]:
    """Every address a condition looks at."""
    refs: Iterable[Ref] = () if condition is None else refs_of(condition)
    return frozenset(address_of(reference) for reference in refs)


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min" if minutes and not rest else f"{minutes} min {rest} s" if minutes else f"{rest} s"
