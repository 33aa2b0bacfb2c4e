"""A lab's store in memory, for a lab that one process makes and forgets.

In: transactions, as the file of a lab takes them. Out: the state, operations, events.
A change that an error interrupts must never be half made here either.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from oceana_dr.lab.records import Event, Operation
    from oceana_dr.lab.store import Saved


@dataclass
class _Kept:
    saved: Saved | None = None
    operations: dict[str, Operation] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    token: int = 0


class MemoryTransaction:
    """One look or one change; `lab.store.Transaction` without a file."""

    def __init__(self, kept: _Kept) -> None:
        self.kept = kept

    def saved(self) -> Saved | None:
        """The state, or None while the seed is the state."""
        return self.kept.saved

    def save(self, saved: Saved) -> None:
        """Keep this state."""
        self.kept.saved = saved

    def operation(self, key: str) -> Operation | None:
        """The operation of this key."""
        return self.kept.operations.get(key)

    def running(self, now: float) -> tuple[Operation, ...]:
        """Operations that have not ended at this lab time."""
        return tuple(self.kept.operations[key] for key in sorted(self.kept.operations) if self._ends(key) > now)

    def keep(self, operation: Operation) -> None:
        """Keep an operation under its key."""
        self.kept.operations[operation.key] = operation

    def greatest(self, token: int) -> int:
        """The greatest fencing token that was ever shown here, this one among them."""
        self.kept.token = max(self.kept.token, token)
        return self.kept.token

    def record(self, event: Event) -> None:
        """Add a line to the log."""
        self.kept.events.append(event)

    def events(self, limit: int) -> tuple[Event, ...]:
        """The last lines of the log, oldest first."""
        return tuple(self.kept.events[-limit:])

    def _ends(self, key: str) -> float:
        return self.kept.operations[key].ends


class MemoryStore:
    """One lab's state, in this process alone; used by one thread."""

    def __init__(self) -> None:
        self._kept = _Kept()

    @contextmanager
    def reading(self) -> Iterator[MemoryTransaction]:
        """A look."""
        yield MemoryTransaction(self._kept)

    @contextmanager
    def changing(self) -> Iterator[MemoryTransaction]:
        """A change: all of it or none."""
        kept = self._kept
        transaction = MemoryTransaction(replace(kept, operations=dict(kept.operations), events=list(kept.events)))
        yield transaction
        self._kept = transaction.kept

    def clear(self) -> None:
        """Forget everything: the seed is the state again."""
        self._kept = _Kept()
