"""A run's journal: one append-only file, durable record by record, checked whole when read.

In: records with their times. Out: entries; or an error that says where a file was damaged.
After any failure to write it must never be written again by this process: what the disk holds is
known only by opening and reading it anew.
"""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from oceana_dr.diagnostics import OceanaError, Unreadable
from oceana_dr.estate.canonical import canonical
from oceana_dr.store.files import FilePort, HeldElsewhere, held, trouble, write_all
from oceana_dr.store.frame import Damaged, Scan, digest_of, frame, scan
from oceana_dr.store.personal import bounded
from oceana_dr.store.records import Record, record_from_json, record_to_json


class JournalDamaged(OceanaError):
    """A journal was changed after it was written; it is not run from."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A record in its place: number from 1, UTC time, the estate's time, and the line's hash."""

    number: int
    at: str
    estate_ms: int
    record: Record
    digest: str


@dataclass(frozen=True, slots=True)
class Contents:
    """What a journal holds, and how many bytes of an incomplete last record follow."""

    entries: tuple[Entry, ...]
    end: int
    torn: int
    head: str


class Replica(Protocol):
    """Where every line goes as well. Called in the order of the lines, by one thread at a time."""

    def before(self, entry: Entry, line: bytes) -> None:
        """Before the line is written here; an error keeps it from being written."""
        ...

    def after(self, entry: Entry, line: bytes) -> None:
        """When the line is durable here; an error leaves it so."""
        ...


def read_journal(files: FilePort, path: Path) -> Contents:
    """Read and check a journal; raises `JournalDamaged` or `Unreadable`. Changes nothing."""
    return contents_of(path, _bytes(files, path))


def contents_of(path: Path, data: bytes) -> Contents:
    """The bytes of a journal, read and checked; `path` names them in errors."""
    return _contents(path, _scan(path, data))


def open_journal(files: FilePort, path: Path, replica: Replica | None = None) -> Journal:
    """Open a journal to go on writing it; created, durably, if it is not there.

    An incomplete last record is cut off. The last whole one is written once more, byte for byte: if the
    fsync behind it failed, it stands in memory only, and no later fsync would bring it to the disk.
    """
    try:
        handle = files.open(path)
    except HeldElsewhere:
        raise held(path) from None
    except OSError as error:
        raise trouble(error, path, "opened") from error
    try:
        data = _bytes(files, path)
        scanned = _scan(path, data)
        contents = _contents(path, scanned)
        if contents.torn:
            files.truncate(handle, contents.end)
        if scanned.lines:
            start = scanned.lines[-1].offset
            write_all(files, handle, data[start : contents.end], start)
        files.fsync(handle)
        files.fsync_folder(path.parent)
    except OSError as error:
        _close(files, handle)
        raise trouble(error, path, "opened") from error
    except OceanaError:
        _close(files, handle)
        raise
    return Journal(files, path, handle, contents, replica)


class Journal:
    """A journal open for writing; safe to use from several threads."""

    def __init__(
        self, files: FilePort, path: Path, handle: int, contents: Contents, replica: Replica | None = None
    ) -> None:
        self.path = path
        self._replica = replica
        self._files = files
        self._handle = handle
        self._entries = list(contents.entries)
        self._end = contents.end
        self._head = contents.head
        self._lock = threading.Lock()
        self._broken: str | None = None
        self._open = True

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Every record, in order."""
        with self._lock:
            return tuple(self._entries)

    @property
    def head(self) -> str:
        """The last record's hash, which stands for the whole journal."""
        return self._head

    def append(self, record: Record, *, at: str, estate_ms: int) -> Entry:
        """Write one record, with what people typed in bounds; it is durable when this returns."""
        with self._lock:
            if self._broken is not None:
                raise Unreadable(
                    f"{self.path} is not written any more: {self._broken}", hint="run the same command again to resume"
                )
            entry, line = self._next(bounded(record), at, estate_ms)
            if self._replica is not None:
                self._replica.before(entry, line)
            try:
                write_all(self._files, self._handle, line, self._end)
                self._files.fsync(self._handle)
            except OSError as error:
                problem = trouble(error, self.path, "written")
                self._broken = problem.message
                raise problem from error
            except BaseException:
                self._broken = "a write was interrupted"
                raise
            self._entries.append(entry)
            self._end += len(line)
            self._head = entry.digest
            if self._replica is not None:
                self._replica.after(entry, line)
            return entry

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            if self._open:
                self._open = False
                self._broken = self._broken or "it is closed"
                _close(self._files, self._handle)

    def _next(self, record: Record, at: str, estate_ms: int) -> tuple[Entry, bytes]:
        number = len(self._entries) + 1
        line = line_of(record, number, self._head, at=at, estate_ms=estate_ms)
        return Entry(number, at, estate_ms, record, digest_of(line)), line


def line_of(record: Record, number: int, previous: str, *, at: str, estate_ms: int) -> bytes:
    """A record as the line that stands in its place, behind the one with this hash."""
    return frame(canonical({**record_to_json(record), "n": number, "at": at, "estate_ms": estate_ms}), previous)


def _close(files: FilePort, handle: int) -> None:
    try:
        files.close(handle)
    except OSError:
        return  # every record was made durable before; closing adds nothing that could be lost


def _bytes(files: FilePort, path: Path) -> bytes:
    try:
        return files.read(path)
    except OSError as error:
        raise trouble(error, path, "read") from error


def _scan(path: Path, data: bytes) -> Scan:
    try:
        return scan(data)
    except Damaged as error:
        raise _damaged(path, str(error)) from error


def _contents(path: Path, scanned: Scan) -> Contents:
    entries = []
    for number, line in enumerate(scanned.lines, 1):
        try:
            entries.append(_entry(json.loads(line.payload), number, line.digest))
        except ValueError as error:
            raise _damaged(path, f"record {number} at byte {line.offset}: {error}") from error
    return Contents(tuple(entries), scanned.end, scanned.torn, scanned.head)


def _entry(data: object, number: int, digest: str) -> Entry:
    match data:
        case {"n": int() as written, "at": str() as at, "estate_ms": int() as estate_ms} if written == number:
            return Entry(number, at, estate_ms, record_from_json(data), digest)
        case _:
            raise ValueError("its number or its times are wrong")


def _damaged(path: Path, where: str) -> JournalDamaged:
    return JournalDamaged(
        f"{path} is damaged: {where}",
        hint="the run cannot be resumed from it; read the estate and make a new plan. Keep the file for the report",
    )
