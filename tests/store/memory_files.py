"""Files in memory that fail, or die, at the operation a test names; and what a power cut leaves of them."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from oceana_dr.store.files import HeldElsewhere


class Crash(BaseException):
    """The process is gone. Nothing in the program may catch this and go on."""


@dataclass(frozen=True)
class Fault:
    """What happens at the operation of this number (from 1), and, if persistent, at every later one.

    `how`: an errno's name; `short` (half of a write, no error); `before`, `torn` or `after` (a crash).
    """

    at: int
    how: str
    persistent: bool = False

    def strikes(self, number: int) -> bool:
        return number == self.at or (self.persistent and number > self.at)


@dataclass
class Blob:
    """A file: what the system shows, what is on the disk, and which bytes are only in memory."""

    seen: bytearray = field(default_factory=bytearray)
    disk: bytearray = field(default_factory=bytearray)
    dirty: list[tuple[int, int]] = field(default_factory=list)
    entry_durable: bool = False

    def flush(self) -> None:
        del self.disk[len(self.seen) :]
        apply(self.disk, self.seen, self.dirty)
        self.dirty.clear()


def apply(target: bytearray, source: bytearray, ranges: Iterable[tuple[int, int]]) -> None:
    for start, end in ranges:
        if len(target) < end:
            target.extend(bytes(end - len(target)))
        target[start:end] = source[start:end]


class MemoryFiles:
    """A `FilePort`; `operations` names every operation so far."""

    def __init__(self, fault: Fault | None = None) -> None:
        self.fault = fault
        self.operations: list[str] = []
        self.blobs: dict[Path, Blob] = {}
        self.folders: set[Path] = set()
        self.handles: dict[int, Path] = {}
        self.dead = False
        self._next = 3

    def after_power_cut(self, survives: str) -> MemoryFiles:
        """What the next process finds: unsynced bytes are `lost`, `kept`, or half of them (`half`)."""
        left = MemoryFiles()
        left.folders = set(self.folders)
        for path, blob in self.blobs.items():
            if not blob.entry_durable and survives == "lost":
                continue
            content = bytearray(blob.seen if survives == "kept" else blob.disk)
            if survives == "half":
                apply(content, blob.seen, ((start, start + (end - start) // 2) for start, end in blob.dirty))
            left.blobs[path] = Blob(bytearray(content), bytearray(content), [], entry_durable=True)
        return left

    def after_kill(self) -> MemoryFiles:
        """What the next process finds when only the process died: all that the system showed, not all of it durable."""
        left = MemoryFiles()
        left.folders = set(self.folders)
        for path, blob in self.blobs.items():
            left.blobs[path] = Blob(bytearray(blob.seen), bytearray(blob.disk), list(blob.dirty), blob.entry_durable)
        return left

    def make_folder(self, path: Path) -> None:
        self._before("make_folder")
        self.folders |= {path, *path.parents}
        self._after()

    def names(self, path: Path) -> tuple[str, ...]:
        self._before("names")
        self._after()
        return tuple(sorted(found.name for found in self.blobs if found.parent == path))

    def create(self, path: Path) -> int:
        self._before("create")
        if path in self.blobs:
            raise FileExistsError(errno.EEXIST, "exists", str(path))
        self.blobs[path] = Blob()
        self._after()
        return self._handle(path)

    def open(self, path: Path) -> int:
        self._before("open")
        if path in self.handles.values():
            raise HeldElsewhere(str(path))
        self.blobs.setdefault(path, Blob())
        self._after()
        return self._handle(path)

    def read(self, path: Path) -> bytes:
        self._before("read")
        if path not in self.blobs:
            raise FileNotFoundError(errno.ENOENT, "missing", str(path))
        self._after()
        return bytes(self.blobs[path].seen)

    def write_at(self, handle: int, data: bytes, offset: int) -> int:
        how = self._before("write_at")
        blob = self.blobs[self.handles[handle]]
        size = len(data) // 2 if how in {"torn", "short"} else len(data)
        size = max(size, 1) if how == "short" else size
        apply(blob.seen, bytearray(offset) + bytearray(data), [(offset, offset + size)])
        blob.dirty.append((offset, offset + size))
        self._after()
        return size

    def truncate(self, handle: int, size: int) -> None:
        self._before("truncate")
        del self.blobs[self.handles[handle]].seen[size:]
        self._after()

    def fsync(self, handle: int) -> None:
        blob = self.blobs[self.handles[handle]]
        try:
            self._before("fsync")
        except OSError:
            blob.dirty.clear()  # as Linux does: the pages count as clean, and never reach the disk
            raise
        blob.flush()
        self._after()

    def fsync_folder(self, path: Path) -> None:
        self._before("fsync_folder")
        for found, blob in self.blobs.items():
            blob.entry_durable = blob.entry_durable or found.parent == path
        self._after()

    def close(self, handle: int) -> None:
        self.handles.pop(handle, None)

    def _handle(self, path: Path) -> int:
        self._next += 1
        self.handles[self._next] = path
        return self._next

    def _before(self, name: str) -> str:
        if self.dead:
            raise Crash
        self.operations.append(name)
        how = self._striking()
        if how == "before" or (how == "torn" and name != "write_at"):
            self._die()
        if how not in {"", "before", "torn", "after", "short"}:
            code = getattr(errno, how)
            raise OSError(code, os.strerror(code))
        return how

    def _after(self) -> None:
        if self._striking() in {"torn", "after"}:
            self._die()

    def _striking(self) -> str:
        return self.fault.how if self.fault and self.fault.strikes(len(self.operations)) else ""

    def _die(self) -> None:
        self.dead = True
        raise Crash
