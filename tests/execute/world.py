"""An estate in memory with a clock, people and hands: what plans act on in these tests."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from oceana_dr.diagnostics import SystemUnavailable
from oceana_dr.drivers.contract import ActRequest, Answer, Declined, Done, InDoubt, Outcome, Question, Reading
from oceana_dr.estate.action import Action
from oceana_dr.estate.address import Address, Ref
from oceana_dr.estate.estate import ABSENT, Estate
from oceana_dr.estate.values import Unknown, Value
from oceana_dr.execute.events import Event
from oceana_dr.execute.ports import Options, Ports, RunJournal, RunResult
from oceana_dr.execute.runner import run
from oceana_dr.execute.signals import StopFlag
from oceana_dr.plan.model import Plan, Step
from oceana_dr.store.journal import Journal, open_journal
from tests.execute.plans import DARK, REACTIONS, switchover
from tests.store.memory_files import MemoryFiles

T = TypeVar("T")
PATH = Path("/state/runs/acme/r1.journal")
SERIAL = Options("r1", "anna", parallel=1)
START = 1_767_492_000.0


@dataclass
class World:
    """The estate, whatever process looks at it. `reactions`: what follows a step by itself, after seconds."""

    plan: Plan
    estate: Estate
    reactions: Mapping[str, Sequence[tuple[int, Mapping[Ref, Value]]]] = field(default_factory=dict)
    dark_when_off: frozenset[Address] = frozenset()
    now: float = START
    performed: Counter[str] = field(default_factory=Counter)
    silent: bool = False
    """Nothing answers."""

    def __post_init__(self) -> None:
        self._lock = threading.RLock()
        self._due: list[tuple[float, Mapping[Ref, Value]]] = []

    def advance(self, seconds: float) -> None:
        with self._lock:
            self.now += max(0.0, seconds)
            for when, values in sorted(self._due, key=lambda item: item[0]):
                if when <= self.now:
                    self.estate = self.estate.with_values(values)
            self._due = [item for item in self._due if item[0] > self.now]

    def edit(self, values: Mapping[Ref, Value]) -> None:
        with self._lock:
            self.estate = self.estate.with_values(values)

    def perform(self, step: Step) -> None:
        with self._lock:
            self.performed[step.id] += 1
            for moment in step.moments:
                self.advance(moment.after_s)
                self.estate = self.estate.with_values(moment.values)
            self._due += [(self.now + after, values) for after, values in self.reactions.get(step.id, ())]

    def read(self, addresses: Sequence[Address] | None = None) -> tuple[Reading, ...]:
        if self.silent:
            raise SystemUnavailable("the gateway does not answer")
        with self._lock:
            wanted = sorted(self.estate.resources) if addresses is None else addresses
            return tuple(Reading(address, self._seen(address), "gateway", "now") for address in wanted)

    def _seen(self, address: Address) -> Mapping[str, Value] | Unknown:
        found = self.estate.resources.get(address, ABSENT)
        off = address in self.dark_when_off and self.estate.get(Ref(f"{address}#state")) == "shut down"
        return Unknown("unreachable") if off else found


@dataclass
class Gateway:
    """Acts on the world. `faults` by step, one a call: `lost`, `not-arrived`, `refused`, `nothing`."""

    world: World
    faults: dict[str, list[str]] = field(default_factory=dict)
    requests: list[ActRequest] = field(default_factory=list)
    hook: Callable[[Step], object] = str

    def act(self, request: ActRequest) -> Outcome:
        self.requests.append(request)
        step = self.world.plan.step(request.step)
        assert step.action == request.action
        self.hook(step)
        return self.carry_out(step)

    def carry_out(self, step: Step) -> Outcome:
        fault = (self.faults.get(step.id) or [""]).pop(0)
        match fault:
            case "refused":
                return Declined("the console is busy", "S-04")
            case "not-arrived":
                return InDoubt("no answer")
            case "nothing":
                return Done()
        self.world.perform(step)
        return InDoubt("no answer") if fault == "lost" else Done({"operation": step.id})


@dataclass
class Crew:
    """The hands of the lab."""

    gateway: Gateway

    def perform(self, action: Action, by: str) -> Outcome:
        assert by
        step = next(step for step in self.gateway.world.plan.steps if step.action == action)
        self.gateway.hook(step)
        return self.gateway.carry_out(step)


@dataclass
class Someone:
    """Confirms everything, but for what `answers` says; None there: nobody answers."""

    answers: dict[str, Answer | None] = field(default_factory=dict)
    questions: list[Question] = field(default_factory=list)
    hook: Callable[[Question], object] = str

    def ask(self, question: Question) -> Answer | None:
        self.questions.append(question)
        self.hook(question)
        if question.step in self.answers:
            return self.answers[question.step]
        return Answer("confirm", "anna", "ben" if question.second_person else None, "as expected")


@dataclass
class Clock:
    """The world's time, as a process sees it."""

    world: World
    stop: StopFlag

    def now(self) -> float:
        return self.world.now

    def sleep(self, seconds: float) -> None:
        if not self.stop.pressing.is_set():
            self.world.advance(seconds)


@dataclass
class Listener:
    events: list[Event] = field(default_factory=list)

    def emit(self, event: Event) -> None:
        self.events.append(event)

    def of(self, kind: type[T]) -> list[T]:
        return [event for event in self.events if isinstance(event, kind)]


@dataclass
class Setting:
    """A world and a process in it; `again` is the next process."""

    world: World
    gateway: Gateway
    people: Someone = field(default_factory=Someone)
    listener: Listener = field(default_factory=Listener)
    stop: StopFlag = field(default_factory=StopFlag)
    files: MemoryFiles = field(default_factory=MemoryFiles)
    hands: bool = True

    def ports(self, journal: RunJournal) -> Ports:
        return Ports(
            reader=self.world,
            writers={"gateway": self.gateway},
            people=self.people,
            clock=Clock(self.world, self.stop),
            wall=lambda: datetime.fromtimestamp(self.world.now, UTC),
            journal=journal,
            events=self.listener,
            hands=Crew(self.gateway) if self.hands else None,
            stop=self.stop,
        )

    def run(self, options: Options | None = None) -> RunResult:
        journal = open_journal(self.files, PATH)
        try:
            return run(self.world.plan, self.ports(journal), options or SERIAL)
        finally:
            if not self.files.dead:
                journal.close()

    def again(self) -> Setting:
        self.listener, self.stop, self.files = Listener(), StopFlag(), self.files.after_kill()
        return self

    def journal(self) -> Journal:
        return open_journal(self.files.after_kill(), PATH)

    def records(self, kind: type[T]) -> list[T]:
        return [entry.record for entry in self.journal().entries if isinstance(entry.record, kind)]


def in_world(
    plan: Plan,
    reactions: Mapping[str, Sequence[tuple[int, Mapping[Ref, Value]]]] | None = None,
    dark_when_off: frozenset[Address] = frozenset(),
) -> Setting:
    """A fresh world in the state the plan was made for."""
    world = World(plan, plan.initial, reactions or {}, dark_when_off)
    return Setting(world, Gateway(world))


def whole() -> Setting:
    """The small switchover in its world, before the first step."""
    return in_world(switchover(), REACTIONS, DARK)
