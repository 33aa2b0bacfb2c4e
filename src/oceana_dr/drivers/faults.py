"""Eight faults of whatever a driver speaks to, put around any writer and its reader.

In: a writer, a reader, one fault, a clock. Out: the same two, with the fault at the first act.
A fault must be met as in the field: what was delivered has happened, and nobody is told that it was a test.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Final

from oceana_dr.diagnostics import SystemUnavailable
from oceana_dr.drivers.contract import (
    ActRequest,
    Declined,
    Done,
    EstateClock,
    InDoubt,
    Outcome,
    Reader,
    Reading,
    Settling,
    Writer,
)
from oceana_dr.estate.address import Address


class Fault(StrEnum):
    """What goes wrong with one call."""

    REFUSED = "refused"
    NOT_DELIVERED = "timeout, not delivered"
    DELIVERED = "timeout, delivered"
    DUPLICATE = "duplicate answer"
    STALE = "stale read"
    SLOW = "slow"
    WRONG_STATE = "wrong state"
    LOCKED_OUT = "auth lost"


STALE_READS: Final = 3
LATE_S: Final = 120.0


class FaultyTarget:
    """Strikes the first act that it is asked for; `struck` tells whether it has. `mend` ends what lasts."""

    def __init__(self, fault: Fault, writer: Writer, reader: Reader | None, clock: EstateClock) -> None:
        self.struck = False
        self._fault = fault
        self._writer = writer
        self._reader = reader
        self._clock = clock
        self._old: tuple[Reading, ...] = ()
        self._old_reads = 0
        self._locked = False

    @property
    def writer(self) -> Writer:
        """The writer with the fault; it can settle if the one inside can."""
        return _SettlingWriter(self, self._writer) if isinstance(self._writer, Settling) else _Writer(self)

    @property
    def reader(self) -> Reader:
        """The reader with what the fault does to readings."""
        return _Reader(self)

    def mend(self) -> None:
        """Whoever was locked out is let in again."""
        self._locked = False

    def act(self, request: ActRequest) -> Outcome:  # noqa: PLR0911 - each fault has an end of its own
        """Carry it out, or fail at it."""
        if self._locked:
            return Declined("log in again", "auth")
        if self.struck:
            return self._writer.act(request)
        self.struck = True
        match self._fault:
            case Fault.REFUSED:
                return Declined("the console is busy", "busy")
            case Fault.NOT_DELIVERED:
                return InDoubt("no answer in time")
            case Fault.DELIVERED:
                self._writer.act(request)
                return InDoubt("no answer in time")
            case Fault.DUPLICATE:
                first = self._writer.act(request)
                self._writer.act(request)  # the same, over the line a second time
                return first
            case Fault.STALE:
                self._old = self._reader.read() if self._reader is not None else ()
                self._old_reads = STALE_READS
                return self._writer.act(request)
            case Fault.SLOW:
                outcome = self._writer.act(request)
                self._clock.sleep(LATE_S)
                return outcome
            case Fault.WRONG_STATE:
                return Done()  # it says so, and has done nothing
            case Fault.LOCKED_OUT:
                self._locked = True
                return Declined("log in again", "auth")

    def read(self, addresses: Sequence[Address] | None) -> tuple[Reading, ...]:
        """What reads now, or read before."""
        if self._reader is None:
            return ()
        if self._locked:
            raise SystemUnavailable("the target lets nobody in: log in again")
        if self._old_reads:
            self._old_reads -= 1
            return tuple(item for item in self._old if addresses is None or item.address in addresses)
        return self._reader.read(addresses)


class _Writer:
    def __init__(self, target: FaultyTarget) -> None:
        self._target = target

    def act(self, request: ActRequest) -> Outcome:
        return self._target.act(request)


class _SettlingWriter(_Writer):
    def __init__(self, target: FaultyTarget, inner: Settling) -> None:
        super().__init__(target)
        self._inner = inner

    def settle(self, key: str) -> Outcome | None:
        return self._inner.settle(key)


class _Reader:
    def __init__(self, target: FaultyTarget) -> None:
        self._target = target

    def read(self, addresses: Sequence[Address] | None = None) -> tuple[Reading, ...]:
        return self._target.read(addresses)
