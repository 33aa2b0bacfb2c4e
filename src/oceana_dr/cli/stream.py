"""The events of one call as JSON lines: on stdout, appended to a file, or both.

In: events of a run, and how the call began and ended. Out: numbered lines, each at once.
A reader that is slow or gone, a full disk and a file that vanished must never hold up or stop a run: that is told on
stderr, and what could not be written is tried again with the next line.
"""

from __future__ import annotations

import json
import os
import stat
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from errno import EEXIST, EIO
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

import click

from oceana_dr.diagnostics import OceanaError, Unreadable

if TYPE_CHECKING:
    from oceana_dr.execute.events import Event

MOST_WAITING: Final = 10_000
"""Lines kept for an outlet that takes none; later ones are lost there, and `seq` shows the gap."""
PATIENCE_S: Final = 5.0
"""How long the end of a call waits for a file that does not take its lines."""


class Outlet(Protocol):
    """Where lines go."""

    name: str

    def write(self, line: bytes) -> None:
        """Write one whole line; raises `OSError` where it does not arrive."""
        ...


class Stdout:
    """This process's standard output."""

    name = "standard output"

    def write(self, line: bytes) -> None:
        """One line, flushed."""
        try:
            sys.stdout.write(line.decode("ascii"))
            sys.stdout.flush()
        except ValueError as error:  # it was closed
            raise OSError(EIO, str(error)) from error


class Tee:
    """A file that lines are appended to, each by one call of the system. Moved or removed, it is made anew.

    Nothing is synced to the disk: the journal is what a run goes on from, this is for who watches.
    """

    def __init__(self, path: Path) -> None:
        self.name = str(path)
        self._path = path
        self._torn = False
        try:
            self._handle = self._open()
        except OSError as error:
            why = "it is no file to append to" if error.errno == EEXIST else error.strerror
            raise Unreadable(f"events cannot be written to {path}: {why}", hint="name a file: --events FILE") from error

    def write(self, line: bytes) -> None:
        """One line; half a line that a full disk left stays alone on its own."""
        if self._is_gone():
            os.close(self._handle)
            self._handle = os.open(os.devnull, os.O_WRONLY | os.O_CLOEXEC)
            self._handle = self._open(instead_of=self._handle)
        data = b"\n" + line if self._torn else line
        count = os.write(self._handle, data)
        self._torn = count < len(data)
        if self._torn:
            raise OSError(EIO, "the disk is full")

    def _open(self, instead_of: int | None = None) -> int:
        # Never a pipe or a device: the first waits for a reader, and a run must not.
        flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NONBLOCK
        handle = os.open(self._path, flags, 0o600)
        about = os.fstat(handle)
        if not stat.S_ISREG(about.st_mode):
            os.close(handle)
            raise OSError(EEXIST, "no regular file")
        self._torn = about.st_size > 0 and os.pread(handle, 1, about.st_size - 1) != b"\n"
        if instead_of is not None:
            os.close(instead_of)
        return handle

    def _is_gone(self) -> bool:
        try:
            there = self._path.stat()
        except OSError:
            return True
        return not os.path.samestat(there, os.fstat(self._handle))


class _Pump:
    """Lines on their way to an outlet, in a thread of their own: whoever tells something does not wait."""

    def __init__(self, outlet: Outlet, say: Callable[[str], None]) -> None:
        self._outlet = outlet
        self._say = say
        self._lines: deque[bytes] = deque()
        self._changed = threading.Condition()
        self._closed = self._failing = False
        self._lost = 0
        self._thread = threading.Thread(target=self._work, name=f"events to {outlet.name}", daemon=True)
        self._thread.start()

    def put(self, line: bytes) -> None:
        """Let it go out; it is lost where too many wait already."""
        with self._changed:
            if len(self._lines) < MOST_WAITING:
                self._lines.append(line)
            else:
                self._lost += 1
            self._changed.notify()

    def close(self, patience_s: float | None) -> None:
        """Wait until all is written, or as long as patience lasts; say what was not."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        self._thread.join(patience_s)
        missing = len(self._lines) + self._lost
        if missing:
            self._say(f"Note: {missing} of this call's events are not in {self._outlet.name}.")

    def _work(self) -> None:
        tried = 0
        while True:
            with self._changed:
                # What failed is tried again when something new comes, and once more at the end.
                self._changed.wait_for(lambda: self._closed or len(self._lines) > tried)  # noqa: B023 - called here
                ending, waiting = self._closed, len(self._lines)
            while waiting and self._sent(self._lines[0]):
                self._lines.popleft()
                waiting -= 1
            tried = waiting
            if ending and (not self._lines or waiting):
                return

    def _sent(self, line: bytes) -> bool:
        try:
            self._outlet.write(line)
        except OSError as error:
            if not self._failing:
                self._failing = True
                self._say(f"Note: events are not written to {self._outlet.name}: {error.strerror}. The run goes on.")
            return False
        if self._failing:
            self._failing = False
            self._say(f"Note: events are written to {self._outlet.name} again.")
        return True


class Stream:
    """The lines of one call. `emit` is called by one thread at a time."""

    def __init__(self, outlets: tuple[Outlet, ...] = ()) -> None:
        self._pumps = tuple((_Pump(item, _say), item) for item in outlets)
        self._seq = 0
        self._run: str | None = None
        self.plan: str | None = None
        """The plan of the call, once it is known."""
        self.ended = False

    def emit(self, event: Event) -> None:
        """Number the event and let it go out."""
        if not self._pumps:
            return
        from dataclasses import replace

        from oceana_dr.execute.events import LAST, RunStarted, line_to_json

        if isinstance(event, RunStarted):
            self._run, self.plan = event.run, event.plan
        self.ended = self.ended or isinstance(event, LAST)
        self._seq += 1
        line = line_to_json(event if event.at else replace(event, at=_now()), self._seq, run=self._run, plan=self.plan)
        data = json.dumps(line).encode("ascii") + b"\n"  # escaped: a value drives no terminal, in any locale
        for pump, _ in self._pumps:
            pump.put(data)

    @contextmanager
    def call(self, target: str, operator: str) -> Iterator[None]:
        """From the first line, at once, to the last one, which says how it ended whatever comes."""
        try:
            if self._pumps:
                from oceana_dr import __version__
                from oceana_dr.execute.events import Called

                self.emit(Called(target, operator, __version__))
            yield
        except OceanaError as error:
            self._not_begun(error)
            raise
        except (click.Abort, KeyboardInterrupt):
            self._not_begun(OceanaError("nobody said that this plan is to be run"), 4)
            raise
        finally:
            for pump, outlet in self._pumps:
                # Who reads slowly gets everything; a disk that hangs is not waited for.
                pump.close(PATIENCE_S if isinstance(outlet, Tee) else None)

    def _not_begun(self, error: OceanaError, code: int | None = None) -> None:
        if self._pumps and not self.ended:
            from oceana_dr.execute.events import NotBegun

            findings = {item.id: f"{item.code} {item.message}" for item in getattr(error, "findings", ())}
            self.emit(NotBegun(error.message, error.hint or "", code or error.exit_code, findings))


def open_stream(path: Path | None, *, to_stdout: bool) -> Stream:
    """The lines that were asked for; raises `Unreadable` for a file that cannot be appended to."""
    tees: tuple[Outlet, ...] = () if path is None else (Tee(path),)
    return Stream((*((Stdout(),) if to_stdout else ()), *tees))


def _say(text: str) -> None:
    with suppress(OSError, ValueError):
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
