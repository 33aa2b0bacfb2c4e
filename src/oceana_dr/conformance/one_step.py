"""A plan of one step, run with a driver under test and a fault at its first act, and run again until it is done.

In: a bench, an attempt, a fault. Out: how it ended, what was recorded as done and was not so.
The estate's clock passes at once, but for a moment at each wait: a target that is real needs it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from oceana_dr.conformance.bench import Bench
from oceana_dr.diagnostics import OceanaError, SystemUnavailable
from oceana_dr.diff.reason import Reason
from oceana_dr.drivers.contract import ActRequest, Answer, Outcome, Question, Reading, Settling, Writer
from oceana_dr.drivers.faults import Fault, FaultyTarget
from oceana_dr.drivers.trial import Attempt
from oceana_dr.estate.action import Moment, RunProcedure, SetValues
from oceana_dr.estate.address import Address, Ref, address_of, attribute_of
from oceana_dr.estate.estate import Estate
from oceana_dr.estate.values import Unknown, Value
from oceana_dr.execute.ports import Options, Ports
from oceana_dr.execute.runner import run
from oceana_dr.plan.model import Change, Estimate, Kind, LiveRead, Phase, Plan, ProofRecord, Source, Step, StepClass
from oceana_dr.store.journal import Entry
from oceana_dr.store.records import Decision, Done, Record

MOST_COMMANDS: Final = 5

_STEP: Final = "T1"
_MOMENT_S: Final = 0.01


class OneStep:
    """The run of one attempt."""

    def __init__(self, bench: Bench, attempt: Attempt, fault: Fault) -> None:
        assert bench.writer is not None
        assert bench.reader is not None
        self._bench = bench
        self._attempt = attempt
        self._clock = _Clock()
        self._journal = _Journal(self._on_record)
        self._sent = _Counting(bench.writer)
        self._target = FaultyTarget(fault, self._sent, bench.reader, self._clock)
        self._plan = _plan(bench, attempt)
        self.lies: list[str] = []
        self.done = False
        self.how = ""
        self.last = ""

    @property
    def struck(self) -> bool:
        """Whether the fault has happened."""
        return self._target.struck

    @property
    def blind(self) -> int:
        """How often an act that may not be repeated was sent though nobody had decided it; 0 if it was not."""
        decided = sum(1 for entry in self._journal.entries if isinstance(entry.record, Decision))
        doubled = self._sent.keys > 1 + decided + self._clean
        return self._sent.keys if doubled and not self._attempt.repeatable else 0

    @property
    def _clean(self) -> int:
        """Attempts of which it is known that nothing was changed."""
        return sum(1 for entry in self._journal.entries if getattr(entry.record, "clean", False))

    def to_the_end(self) -> None:
        """The same command until the step is done, the fault in force for the first one only."""
        options = Options(run=f"conformance-{time.time_ns()}", operator="conformance", parallel=1)
        for number in range(MOST_COMMANDS):
            try:
                found = run(self._plan, self._ports(), options)
            except OceanaError as error:
                self.last = error.message
                self._clock.sleep(60.0 * 4**number)
                self._target.mend()
            else:
                self.done, self.how = True, found.how[_STEP]
                return

    def _ports(self) -> Ports:
        return Ports(
            reader=_Only(self._target, self._attempt.addresses),
            writers={self._bench.driver.name: self._target.writer},
            people=_Looking(self),
            clock=self._clock,
            wall=lambda: datetime.now(UTC),
            journal=self._journal,
        )

    def is_so(self) -> str:
        """What does not read as it should after the act, asked of the target itself; empty if all does."""
        for reference, value in self._attempt.after.items():
            if self._bench.can_verify(reference) and (found := self._bench.value(reference)) != value:
                return f"{reference} reads {found!r}"
        return ""

    def finish(self) -> None:
        """What a person does at the console who is asked to."""
        if self.is_so():
            self._bench.act(self._attempt.action, before=dict(self._attempt.before))

    def _on_record(self, record: Record) -> None:
        if isinstance(record, Done) and (wrong := self.is_so()):
            self.lies.append(wrong)


class _Looking:
    """A person who looks at the target, finishes what is not done if asked to, and says what they did."""

    def __init__(self, run: OneStep) -> None:
        self._run = run

    def ask(self, question: Question) -> Answer:
        if "finish it at the console" in question.text:
            self._run.finish()
        return Answer("confirm", "conformance: Ada", "conformance: Ben", "looked at the target")


class _Counting:
    """The acts that reach the target, by their keys."""

    def __init__(self, inner: Writer) -> None:
        self._inner = inner
        self._seen: set[str] = set()
        if isinstance(inner, Settling):
            self.settle = inner.settle

    @property
    def keys(self) -> int:
        return len(self._seen)

    def act(self, request: ActRequest) -> Outcome:
        self._seen.add(request.key)
        return self._inner.act(request)


class _Only:
    """The attempt's addresses stand for the whole site."""

    def __init__(self, target: FaultyTarget, addresses: Sequence[Address]) -> None:
        self._target = target
        self._addresses = tuple(addresses)

    def read(self, addresses: Sequence[Address] | None = None) -> tuple[Reading, ...]:
        try:
            return self._target.read(self._addresses if addresses is None else addresses)
        except SystemUnavailable as error:
            now = datetime.now(UTC).isoformat(timespec="seconds")
            dark = Unknown(f"not read: {error.message}")
            return tuple(Reading(item, dark, "conformance", now) for item in addresses or self._addresses)


class _Clock:
    def __init__(self) -> None:
        self._now = 0.0

    def now(self) -> float:
        return self._now

    def sleep(self, seconds: float) -> None:
        self._now += max(0.0, seconds)
        time.sleep(min(_MOMENT_S, max(0.0, seconds)))


class _Journal:
    """A journal in memory: what a run leaves behind is looked at here, and is not kept."""

    def __init__(self, told: Callable[[Record], None]) -> None:
        self._entries: list[Entry] = []
        self._told = told

    @property
    def entries(self) -> tuple[Entry, ...]:
        return tuple(self._entries)

    def append(self, record: Record, *, at: str, estate_ms: int) -> Entry:
        entry = Entry(len(self._entries) + 1, at, estate_ms, record, "")
        self._entries.append(entry)
        self._told(record)
        return entry


def _plan(bench: Bench, attempt: Attempt) -> Plan:
    """One step; what may be repeated is of class I, everything else of class N."""
    kind = Kind.SET if isinstance(attempt.action, SetValues) else Kind.RUN
    own = attempt.addresses[0]
    verify = {name: value for name, value in attempt.after.items() if bench.can_verify(name)}
    step = Step(
        id=_STEP,
        kind=kind,
        step_class=StepClass.IDEMPOTENT if attempt.repeatable else StepClass.ONCE,
        title=attempt.name,
        address=own,
        driver=bench.driver.name,
        estimate=Estimate(5, 20),
        change=_change(attempt, own) if kind is Kind.SET else None,
        action=attempt.action,
        procedure=attempt.action.procedure if isinstance(attempt.action, RunProcedure) else None,
        expect=dict(attempt.before),
        verify=verify,
        moments=(Moment(dict(attempt.after)),),
    )
    site, bindings = bench.trial.setting.site, bench.trial.setting.bound.bindings
    return Plan(
        id="conformance",
        catalogue="conformance",
        source=Source(None, dirty=False, digest=""),
        site=site,
        scenario="steady",
        from_side="dc1",
        to_side="dc1",
        desired_digest="",
        bindings=bindings,
        initial=Estate(_resources(attempt.before)),
        live=tuple(LiveRead(item, "", bench.driver.name) for item in attempt.addresses),
        phases=(Phase("data", "Test", (_STEP,)),),
        steps=(step,),
        findings=(),
        outage={},
        contacts_rejected_s=0,
        proof=ProofRecord(0, (), (), 0, 0),
    )


def _change(attempt: Attempt, own: Address) -> Change:
    def of(values: Mapping[Ref, Value]) -> dict[str, Value]:
        return {attribute_of(name): value for name, value in values.items() if address_of(name) == own}

    return Change(of(attempt.before), of(attempt.after), Reason.CONFIG)


def _resources(values: Mapping[Ref, Value]) -> dict[Address, dict[str, Value]]:
    found: dict[Address, dict[str, Value]] = {}
    for reference, value in values.items():
        found.setdefault(address_of(reference), {})[attribute_of(reference)] = value
    return found
