"""Everything a run acts through, and what it was told; nothing else reaches the world.

In: drivers, people, clocks, a journal, a listener. Out: one bundle, and the result of a run.
A port must never be reached around: tests put fakes in these places, and that is the whole world then.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from oceana_dr.diagnostics import OceanaError
from oceana_dr.drivers.contract import EstateClock, Hands, People, Reader, Reading, Writer
from oceana_dr.estate.estate import Estate
from oceana_dr.execute.events import Event
from oceana_dr.execute.signals import StopFlag
from oceana_dr.store.board import Board
from oceana_dr.store.journal import Entry
from oceana_dr.store.records import Inherited, Override, Record


class EventSink(Protocol):
    """Whoever listens to a run. Called by one thread at a time; must return soon."""

    def emit(self, event: Event) -> None:
        """Take one event."""
        ...


class Silent:
    """Nobody listens."""

    def emit(self, event: Event) -> None:
        """Let it pass."""


class RunJournal(Protocol):
    """The journal of this run; `store.journal.Journal` is one."""

    @property
    def entries(self) -> tuple[Entry, ...]:
        """What stands in it."""
        ...

    def append(self, record: Record, *, at: str, estate_ms: int) -> Entry:
        """Add a record; it is durable when this returns."""
        ...


class Tenure(Protocol):
    """The right to act on a site; `store.lease.Lease` is one."""

    @property
    def token(self) -> int:
        """The fencing token: greater than that of everybody who had the right before."""
        ...

    def check(self) -> None:
        """Raises `StateLocked` when it was lost."""
        ...


def never_closing() -> OceanaError | None:
    """No window ends."""
    return None


def never_overrunning() -> str:
    """No window ends that the run may outlast."""
    return ""


@dataclass(frozen=True, slots=True)
class Ports:
    """`writers` by a driver's name; `operator` is made from `hands` if it is not among them. `board` is the desk at
    which people of other terminals answer; None where there is none.

    `clock` and every wait must end early when `stop.pressing` is set; writers may only at `stop.forced`.
    """

    reader: Reader
    writers: Mapping[str, Writer]
    people: People
    clock: EstateClock
    wall: Callable[[], datetime]
    journal: RunJournal
    events: EventSink = field(default_factory=Silent)
    hands: Hands | None = None
    board: Board | None = None
    tenure: Tenure | None = None
    stop: StopFlag = field(default_factory=StopFlag)


@dataclass(frozen=True, slots=True)
class Options:
    """How to run: under which name, by whom, how many acts at a time (1 also makes it deterministic).

    `closing` is asked before every step but the second of a pair, and in waits: an error it returns stops
    the run with it (the window ends). `overrun` is asked there too: when a window has ended that the run may outlast,
    as ISO 8601 in UTC, else nothing. `settle_s` is how long a read-back may lag behind an act. `inherited`
    is what earlier runs of the site left in doubt, and may not be done again without a person's decision.
    """

    run: str
    operator: str
    parallel: int = 4
    overrides: tuple[Override, ...] = ()
    inherited: tuple[Inherited, ...] = ()
    plan_copy: str = ""
    closing: Callable[[], OceanaError | None] = never_closing
    overrun: Callable[[], str] = never_overrunning
    settle_s: int = 60
    poll_first_s: float = 2.0
    poll_longest_s: float = 30.0


@dataclass(frozen=True, slots=True)
class RunResult:
    """A finished run: the estate as read at its end, how each step came to be done, and the steps that were skipped."""

    run: str
    readings: tuple[Reading, ...]
    how: Mapping[str, str]
    duration_s: int
    skipped: tuple[str, ...] = ()

    @property
    def estate(self) -> Estate:
        """The whole estate at the end: what the caller may keep as last applied."""
        return Estate({reading.address: reading.resource for reading in self.readings})
