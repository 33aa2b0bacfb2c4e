"""A disk in memory for one journal, which fails or takes the process with it at an operation somebody names.

In: the operations of `store.files.FilePort`. Out: what a disk would answer, an `OSError`, or `ProcessDied`.
What a dead process leaves must never be more than what it wrote, nor less than what it had synced.
"""

from __future__ import annotations

import errno
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

Doing: TypeAlias = Callable[[], None]


def _nothing() -> None:
    """Nothing is done on the way."""


class ProcessDied(BaseException):
    """The process is gone here: nothing that it would have done may happen any more."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """What happens at the operation of this number, counted from 1 since it was armed.

    `how`: `before`, `torn` or `after` (the process dies there), or an errno's name. `survives`: of the bytes that were
    not synced, the share in percent that the next process finds.
    """

    at: int
    how: str
    survives: int = 100


class JournalDisk:
    """A `FilePort` for one file."""

    def __init__(self) -> None:
        self._seen = bytearray()
        self._durable = b""
        self._trouble: Trouble | None = None
        self._count = 0
        self._dead = False
        self._survives = 100

    @property
    def data(self) -> bytes:
        """The file as the system shows it."""
        return bytes(self._seen)

    def arm(self, trouble: Trouble | None) -> None:
        """From now on this strikes, once; None: nothing does."""
        self._trouble, self._count = trouble, 0

    @property
    def armed(self) -> bool:
        """Whether it has yet to strike."""
        return self._trouble is not None

    def restart(self) -> None:
        """After a process has died here: the next one finds what was synced and its share of the rest."""
        written = bytes(self._seen[len(self._durable) :])
        if self._survives < 100:
            self._seen[:] = self._durable + written[: len(written) * self._survives // 100]
        self._sync()
        self._dead = False

    def make_folder(self, path: Path) -> None:
        """There is one."""

    def names(self, path: Path) -> tuple[str, ...]:
        """What lies in a folder."""
        return (path.name,) if self._seen else ()

    def create(self, path: Path) -> int:  # noqa: ARG002 - there is one file
        """Create the file."""
        return 3

    def open(self, path: Path) -> int:  # noqa: ARG002 - there is one file
        """Open the file."""
        self._strike()
        return 3

    def read(self, path: Path) -> bytes:  # noqa: ARG002 - there is one file
        """All bytes."""
        return bytes(self._seen)

    def write_at(self, handle: int, data: bytes, offset: int) -> int:  # noqa: ARG002 - there is one file
        """Write at an offset; a process that dies in it has written half."""

        def write(length: int) -> None:
            self._seen[offset : offset + length] = data[:length]

        self._strike(lambda: write(len(data) // 2), lambda: write(len(data)))
        write(len(data))
        return len(data)

    def truncate(self, handle: int, size: int) -> None:  # noqa: ARG002 - there is one file
        """Cut the file."""
        self._strike()
        del self._seen[size:]

    def fsync(self, handle: int) -> None:  # noqa: ARG002 - there is one file
        """Make it durable."""
        self._strike(after=self._sync)
        self._sync()

    def fsync_folder(self, path: Path) -> None:
        """There is nothing to it."""

    def close(self, handle: int) -> None:
        """Close the file."""

    def _sync(self) -> None:
        self._durable = bytes(self._seen)

    def _strike(self, torn: Doing = _nothing, after: Doing = _nothing) -> None:
        if self._dead:
            raise ProcessDied
        trouble = self._trouble
        if trouble is None:
            return
        self._count += 1
        if self._count != trouble.at:
            return
        self._trouble, self._survives = None, trouble.survives
        match trouble.how:
            case "before":
                pass
            case "torn":
                torn()
            case "after":
                after()
            case name:
                raise OSError(getattr(errno, name), "a fault of this drill")
        self._dead = True
        raise ProcessDied
