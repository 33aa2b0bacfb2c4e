"""A process that may be taken away at any file operation and around any call: at each, somebody is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
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

    @property
    def entries(self) -> tuple[Entry, ...]:
        return self.inner.entries

    def append(self, record: Record, *, at: str, estate_ms: int) -> Entry:
        self.tape.step, self.tape.what = str(getattr(record, "step", "")), type(record).__name__
        return self.inner.append(record, at=at, estate_ms=estate_ms)


@dataclass
class Line:
    """The way to the gateway: acts may not arrive, or their answer may not."""

    inner: Transport
    tape: Tape
    acted: Callable[[int], str]
    """Told with the status of an answer; gives the step in hand."""

    def request(self, method: str, path: str, query: Query | None = None, body: Any = None) -> tuple[int, Any]:
        if method != "POST":
            return self.inner.request(method, path, query, body)
        self.tape.step, self.tape.what = self.acted(0), "call"
        self.tape.point(NOT_DELIVERED, self.tape.killed)
        status, answer = self.inner.request(method, path, query, body)
        self.acted(status)
        self.tape.point(ANSWER_LOST, self.tape.killed)
        return status, answer
