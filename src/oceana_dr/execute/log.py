"""What a run writes down and what it tells, with the times of both clocks.

In: records and events of the runner's threads. Out: durable records, events in their order.
An event must never be told of something that is not yet recorded.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC

from oceana_dr.diagnostics import RunStopped, Unreadable
from oceana_dr.execute.events import Event
from oceana_dr.execute.ports import Options, Ports
from oceana_dr.plan.model import Plan
from oceana_dr.store.journal import Entry
from oceana_dr.store.records import Intent, Record


@dataclass(frozen=True, slots=True)
class Tools:
    """What everything that takes part in one run works with."""

    plan: Plan
    ports: Ports
    options: Options
    log: RunLog


class RunLog:
    """The journal and the listener of one run."""

    def __init__(self, ports: Ports) -> None:
        self._ports = ports
        self._telling = threading.Lock()
        self.left: Callable[[], int] = lambda: 0
        self.now_s = 0.0
        """The estate's time as last asked for: good enough for an estimate."""

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Everything recorded so far."""
        return self._ports.journal.entries

    def time(self) -> float:
        """The estate's time now."""
        self.now_s = self._ports.clock.now()
        return self.now_s

    def record(self, record: Record, now_s: float | None = None) -> Entry:
        """Write it down; it is durable when this returns. What cannot be written down stops the run."""
        estate_ms = round((self.time() if now_s is None else now_s) * 1000)
        try:
            return self._ports.journal.append(record, at=self._at(), estate_ms=estate_ms)
        except Unreadable as error:
            if not any(isinstance(entry.record, Intent) for entry in self.entries):
                raise
            raise RunStopped(f"the run cannot be written down: {error.message}", hint=error.hint) from error

    def tell(self, event: Event) -> None:
        """Let the listener know."""
        left = self.left()
        with self._telling:
            self._ports.events.emit(replace(event, at=self._at(), left_s=left))

    def _at(self) -> str:
        return self._ports.wall().astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
