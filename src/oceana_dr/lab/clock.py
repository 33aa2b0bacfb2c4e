"""Two clocks: ours on the wall, and the lab's, which may run faster.

In: wall time. Out: lab time, in seconds since the epoch.
The lab's time must never jump, also when its scale is changed: a store rebases it.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol


class WallClock(Protocol):
    """Our time, injected so that tests need not wait."""

    def now(self) -> float:
        """Seconds since the epoch."""
        ...

    def wait(self, seconds: float, stop: threading.Event) -> None:
        """Let so many seconds pass, or fewer when `stop` is set."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> float:
        """Seconds since the epoch."""
        return time.time()

    def wait(self, seconds: float, stop: threading.Event) -> None:
        """Sleep, interruptibly."""
        stop.wait(seconds)


class ManualClock:
    """A clock that moves only when it is told to, or when somebody waits on it."""

    def __init__(self, start: float = 1_767_492_000.0) -> None:
        self._now = start
        self._lock = threading.Lock()

    def now(self) -> float:
        """Seconds since the epoch, as far as this clock was moved."""
        with self._lock:
            return self._now

    def wait(self, seconds: float, stop: threading.Event) -> None:
        """Move on at once; not at all when `stop` is set."""
        if not stop.is_set():
            self.advance(seconds)

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        with self._lock:
            self._now += max(0.0, seconds)


@dataclass(frozen=True, slots=True)
class LabClock:
    """Lab time `lab` was at wall time `wall`; since then `scale` lab seconds pass in one of ours."""

    lab: float
    wall: float
    scale: float

    def at(self, wall: float) -> float:
        """Lab time at a wall time; a wall clock that was set back stops the lab, it does not rewind it."""
        return self.lab + max(0.0, wall - self.wall) * self.scale

    def rebased(self, wall: float, scale: float) -> LabClock:
        """The same time with another scale from now on."""
        return self if scale == self.scale else LabClock(self.at(wall), wall, scale)


def iso(seconds: float) -> str:
    """ISO 8601 in UTC, to the second."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
