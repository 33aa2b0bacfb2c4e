"""The lab in memory for the matrix: its whole state can be kept at any moment, and be gone on from in another."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from oceana_dr.drivers.contract import Answer, Question, Reading
from oceana_dr.drivers.gateway.contract import Transport
from oceana_dr.drivers.gateway.reader import GatewayReader
from oceana_dr.drivers.gateway.writer import GatewayWriter
from oceana_dr.estate.action import Moment
from oceana_dr.estate.address import Address, Ref
from oceana_dr.estate.estate import Estate
from oceana_dr.estate.values import Value
from oceana_dr.execute.events import Event as RunEvent
from oceana_dr.execute.events import StepStarted
from oceana_dr.execute.ports import Ports, RunJournal
from oceana_dr.execute.signals import StopFlag
from oceana_dr.lab.clock import ManualClock
from oceana_dr.lab.crew import people_at
from oceana_dr.lab.hands import LabHands
from oceana_dr.lab.lab import Lab
from oceana_dr.lab.records import Event, Operation
from oceana_dr.lab.seed import Seed
from oceana_dr.lab.store import Saved, Store, Transaction
from oceana_dr.lab.transport import LabTransport
from oceana_dr.lab.world import schedule
from oceana_dr.plan.model import Kind, Step
from oceana_dr.store.journal import Entry
from tests.crash.bound import Bound
from tests.crash.tape import Written
from tests.crash.watch import Watch

LATER_S = 60.0
"""When what a wait waits for comes by itself, if nothing of the lab's own dynamics brings it before."""


class MemoryTransaction(Transaction):
    """A look or a change of a store that is no file."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    def saved(self) -> Saved | None:
        return self._store.kept

    def save(self, saved: Saved) -> None:
        self._store.watch.passed(self._store.kept, saved)
        self._store.kept = saved

    def operation(self, key: str) -> Operation | None:
        return self._store.operations.get(key)

    def running(self, now: float) -> tuple[Operation, ...]:
        return tuple(item for item in self._store.operations.values() if item.ends > now)

    def keep(self, operation: Operation) -> None:
        if operation.verdict != "refused":
            self._store.watch.acts.append(self._store.step)
        self._store.operations[operation.key] = operation

    def record(self, event: Event) -> None:
        """Nobody reads this lab's log."""


class MemoryStore(Store):
    """The state of a lab in memory, and what watches every state it passes through."""

    def __init__(self, kept: Saved | None, operations: dict[str, Operation], watch: Watch) -> None:
        super().__init__(Path("/memory"))
        self.kept = kept
        self.operations = operations
        self.watch = watch
        self.step = ""
        """The step in hand."""

    @contextmanager
    def reading(self) -> Iterator[Transaction | None]:
        yield MemoryTransaction(self)

    @contextmanager
    def changing(self) -> Iterator[Transaction]:
        yield MemoryTransaction(self)


@dataclass(frozen=True)
class Kept:
    """An estate as it was at a moment, what goes on there included."""

    saved: Saved | None
    operations: dict[str, Operation]
    now: float
    come: frozenset[str]
    watch: Watch
    acknowledged: tuple[Entry, ...]
    """What its run had been told to be recorded."""


@dataclass
class Staff:
    """People who confirm everything they are asked, and finish at a console what they are told to finish there."""

    place: Place
    asked: list[Question] = field(default_factory=list)

    def ask(self, question: Question) -> Answer | None:
        self.asked.append(question)
        if question.waives:
            return None
        by, second = people_at(question.step)
        if by in question.apart_from.values():
            by, second = second, by
        if "finish it at the console" in question.text:
            self.place.finish(question.step)
        return Answer("confirm", by, second if question.second_person else None, "as expected", "looked at")


class Place:
    """One estate, one clock, and the ports of a process onto them."""

    def __init__(self, bound: Bound, kept: Kept | None = None) -> None:
        self.bound = bound
        watch = Watch(bound) if kept is None else kept.watch.copy()
        self.clock = ManualClock() if kept is None else ManualClock(kept.now)
        operations = {} if kept is None else dict(kept.operations)
        self.store = MemoryStore(kept.saved if kept else None, operations, watch)
        self.come = set() if kept is None else set(kept.come)
        live = bound.planned.live
        seed = Seed(bound.planned.plan.site, bound.planned.plan.bindings, live)
        self.lab = Lab(seed.site, self.store, lambda: seed, scale=1, wall=self.clock, known=bound.catalogue)
        self.lab._moving = bound.dynamics
        self.staff = Staff(self)
        self.through_gateway = False
        """Whether readings come the long way, for faults that strike them."""
        self.journal: Written | None = None
        """Of the last process here."""
        self.acknowledged = () if kept is None else kept.acknowledged

    @property
    def watch(self) -> Watch:
        """What was seen of every state so far."""
        return self.store.watch

    def keep(self) -> Kept:
        """The state of this moment."""
        operations = dict(self.store.operations)
        told = () if self.journal is None else tuple(self.journal.told)
        return Kept(self.store.kept, operations, self.clock.now(), frozenset(self.come), self.watch.copy(), told)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """What the last process here has written, and what it found."""
        return () if self.journal is None else self.journal.entries

    @property
    def standing(self) -> tuple[object, ...]:
        """What tells two moments apart."""
        return (id(self.store.kept), self.clock.now(), len(self.store.operations), frozenset(self.come))

    def ports(
        self,
        journal: RunJournal,
        between: Callable[[Transport], Transport],
        told: Callable[[RunEvent], None] = lambda _: None,
    ) -> Ports:
        """A new process's ports; `between` may put something between it and the gateway."""
        site, stop = self.lab.site, StopFlag()
        transport = between(LabTransport(self.lab))
        clock = _Clock(self.clock, stop)
        return Ports(
            reader=GatewayReader(transport, site, self.bound.catalogue) if self.through_gateway else _Eyes(self.lab),
            writers={"gateway": GatewayWriter(transport, site, clock, stop.forced)},
            people=self.staff,
            clock=clock,
            wall=lambda: datetime.fromtimestamp(self.clock.now(), UTC),
            journal=journal,
            events=_Listener(self, told),
            hands=LabHands(transport, site, clock, stop.forced),
            stop=stop,
        )

    def comes_by_itself(self, step: Step) -> None:
        """What the world does while a run waits for it: once, and whether the run lives or not."""
        if step.kind is Kind.WAIT and step.action is None and step.moments and step.id not in self.come:
            self.come.add(step.id)
            self.lab.change("world", "turn", {}, lambda world: schedule(world, step.moments, LATER_S)[0])

    def finish(self, step_id: str) -> None:
        """Somebody brings at the console what the step should have brought."""
        step = self.bound.planned.plan.step(step_id)
        values: dict[Ref, Value] = {ref: value for moment in step.moments for ref, value in moment.values.items()}
        self.lab.change("console", "edit", {}, lambda world: schedule(world, (Moment(values, 0),), 0)[0])
        self.watch.by_hand.append(step_id)

    def settled(self) -> Estate:
        """The estate when all that is under way has ended."""
        self.clock.advance(max([0.0, *(item.ends - self.clock.now() for item in self.store.operations.values())]))
        world = self.lab.change("test", "look", {}, lambda world: world)
        return world.estate


@dataclass
class _Eyes:
    """Reads the lab without a gateway between."""

    lab: Lab

    def read(self, addresses: Sequence[Address] | None = None) -> tuple[Reading, ...]:
        return tuple(Reading(address, found, "lab", "now") for address, found in self.lab.read(addresses).items())


@dataclass
class _Clock:
    clock: ManualClock
    stop: StopFlag

    def now(self) -> float:
        return self.clock.now()

    def sleep(self, seconds: float) -> None:
        if not self.stop.pressing.is_set():
            self.clock.advance(seconds)


@dataclass
class _Listener:
    place: Place
    told: Callable[[RunEvent], None]

    def emit(self, event: RunEvent) -> None:
        self.told(event)
        if isinstance(event, StepStarted):
            self.place.store.step = event.step
            self.place.comes_by_itself(self.place.bound.steps[event.step])
