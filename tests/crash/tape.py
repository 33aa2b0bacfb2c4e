"""A process that may be taken away at any file operation and around any call: at each, somebody is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from oceana_dr.drivers.gateway.contract import Query, Transport
from oceana_dr.store.journal import Entry, Journal
from oceana_dr.store.records import Record
from tests.store.memory_files import Blob, MemoryFiles, apply

BEFORE: Final = "before"
TORN: Final = "torn"
WRITTEN: Final = "written, not synced"
SYNCED: Final = "synced"
NOT_DELIVERED: Final = "not delivered"
ANSWER_LOST: Final = "answer lost"
UNDER_WAY: Final = "under way"
LOOKS: Final = (1, 5, 15)
"""At which looks at an act under way: a minute lies between two."""


@dataclass(frozen=True)
class Point:
    """A place where the process can die: at which step, in writing which record or in a call, and where in it."""

    step: str
    what: str
    place: str

    def __str__(self) -> str:
        return f"{self.step or 'the run'}/{self.what}/{self.place}"


class Tape(MemoryFiles):
    """Files in memory; `told` hears of every point, with a function that gives what the next process would find."""

    def __init__(self) -> None:
        super().__init__()
        self.step = ""
        self.what = "opening"
        self.told: Callable[[Point, Callable[[], Tape]], None] = lambda *_: None

    @staticmethod
    def of(files: MemoryFiles) -> Tape:
        """The same files, before a new process."""
        tape = Tape()
        tape.blobs, tape.folders = files.blobs, files.folders
        return tape

    def point(self, place: str, left: Callable[[], Tape]) -> None:
        self.told(Point(self.step, self.what, place), left)

    @property
    def content(self) -> tuple[tuple[bytes, bytes, bool], ...]:
        """Every file: what is seen of it, what is durable, whether its name is."""
        return tuple((bytes(blob.seen), bytes(blob.disk), blob.entry_durable) for blob in self.blobs.values())

    def cut(self) -> Tape:
        """The power is gone, and with it all that was not synced."""
        return Tape.of(self.after_power_cut("lost"))

    def killed(self) -> Tape:
        """The process is gone: what it wrote is to be seen, and not all of it durable."""
        return Tape.of(self.after_kill())

    def write_at(self, handle: int, data: bytes, offset: int) -> int:
        path = self.handles[handle]

        def torn() -> Tape:
            left = self.killed()
            blob = left.blobs[path]
            half = len(data) // 2
            apply(blob.seen, bytearray(offset) + bytearray(data), [(offset, offset + half)])
            blob.flush()
            left.blobs[path] = Blob(bytearray(blob.seen), bytearray(blob.seen), [], entry_durable=True)
            return left

        self.point(BEFORE, self.cut)
        self.point(TORN, torn)
        size = super().write_at(handle, data, offset)
        self.point(WRITTEN, self.killed)
        return size

    def fsync(self, handle: int) -> None:
        super().fsync(handle)
        self.point(SYNCED, self.cut)

    def truncate(self, handle: int, size: int) -> None:
        self.point(BEFORE, self.cut)
        super().truncate(handle, size)
        self.point(WRITTEN, self.killed)

    def fsync_folder(self, path: Path) -> None:
        super().fsync_folder(path)
        self.point(SYNCED, self.cut)


@dataclass
class Written:
    """The journal of a run, which says of each record what it is before it is written."""

    inner: Journal
    tape: Tape
    told: list[Entry] = field(default_factory=list)
    """What the run was told to be recorded."""

    def __post_init__(self) -> None:
        self.told += self.inner.entries

    @property
    def entries(self) -> tuple[Entry, ...]:
        return self.inner.entries

    def append(self, record: Record, *, at: str, estate_ms: int) -> Entry:
        self.tape.step, self.tape.what = str(getattr(record, "step", "")), type(record).__name__
        entry = self.inner.append(record, at=at, estate_ms=estate_ms)
        self.told.append(entry)
        return entry


@dataclass
class Line:
    """The way to the gateway: acts may not arrive, or their answer may not."""

    inner: Transport
    tape: Tape
    step: Callable[[], str]
    looks: int = 0

    def request(self, method: str, path: str, query: Query | None = None, body: Any = None) -> tuple[int, Any]:
        if "/operations/" in path:
            self.looks += 1
            if self.looks in LOOKS:
                self.tape.point(UNDER_WAY, self.tape.killed)
        if method != "POST":
            return self.inner.request(method, path, query, body)
        self.looks = 0
        self.tape.step, self.tape.what = self.step(), "call"
        self.tape.point(NOT_DELIVERED, self.tape.killed)
        answer = self.inner.request(method, path, query, body)
        self.tape.point(ANSWER_LOST, self.tape.killed)
        return answer
