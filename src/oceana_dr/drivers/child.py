"""A program as a child process: what goes in is bytes, what comes out is bounded, in size and in time.

In: words (never a shell's line), bytes for its input, limits, an event that stops. Out: `Ended`.
It must never outlive the call, nor see our environment: whatever secrets stand there are not its own.
"""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

LARGEST: Final = 1024 * 1024
"""More bytes than any answer that is asked for has."""
_PIECE: Final = 4096
_LOOK_S: Final = 0.05
_PASSED: Final = ("HOME", "LOGNAME", "PATH", "TMPDIR", "TZ", "USER")


class End(StrEnum):
    """How it ended: by itself, or because it was stopped here."""

    ITSELF = "itself"
    LATE = "late"
    FLOOD = "flood"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Ended:
    """`exit` is negative where a signal ended it, as with `subprocess`."""

    end: End
    exit: int
    stdout: bytes
    stderr: bytes


class NotStarted(Exception):
    """The program could not be started; nothing has happened."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How long it may take in seconds, how many bytes it may say, and what ends it before."""

    timeout_s: float
    largest: int = LARGEST
    stop: threading.Event = field(default_factory=threading.Event)


def run_child(words: Sequence[str], data: bytes, bounds: Bounds, environment: Mapping[str, str]) -> Ended:
    """Run it to its end, or to that of the bounds; raises `NotStarted`.

    `environment` is added to the few names that every program needs (`PATH`, `HOME` …), in the language `C`.
    """
    known = {name: os.environ[name] for name in _PASSED if name in os.environ}
    try:
        # A session of its own: what it starts is ended with it.
        child = subprocess.Popen(
            list(words),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
            env={**known, "LC_ALL": "C", **environment},
        )
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise NotStarted(f"{words[0]} cannot be started: {why}") from None
    try:
        return _Talk(child, data, bounds).to_the_end()
    finally:
        _end(child)


class _Talk:
    """What is written to it and read from it, side by side: neither may wait for the other."""

    def __init__(self, child: subprocess.Popen[bytes], data: bytes, bounds: Bounds) -> None:
        assert child.stdin is not None
        assert child.stdout is not None
        assert child.stderr is not None
        self._child = child
        self._left = memoryview(data)
        self._bounds = bounds
        self._until = time.monotonic() + bounds.timeout_s
        self._input = child.stdin.fileno()
        self._said = {child.stdout.fileno(): bytearray(), child.stderr.fileno(): bytearray()}
        self._outputs = (child.stdout.fileno(), child.stderr.fileno())

    def to_the_end(self) -> Ended:
        with selectors.DefaultSelector() as selector:
            for handle in (self._input, *self._outputs):
                os.set_blocking(handle, False)
            selector.register(self._input, selectors.EVENT_WRITE)
            for handle in self._outputs:
                selector.register(handle, selectors.EVENT_READ)
            end = self._talk(selector)
        # Both outputs are closed: it has ended, or is about to.
        while end is End.ITSELF and self._child.poll() is None:
            end = self._over() or End.ITSELF
            with suppress(subprocess.TimeoutExpired):
                self._child.wait(_LOOK_S)
        if end is not End.ITSELF:
            _end(self._child)
        out, err = (bytes(self._said[handle]) for handle in self._outputs)
        return Ended(end, self._child.wait(), out, err)

    def _talk(self, selector: selectors.BaseSelector) -> End:
        waiting = set(self._outputs)
        while waiting:
            if over := self._over():
                return over
            for key, _ in selector.select(_LOOK_S):
                if key.fd == self._input:
                    self._write(selector)
                elif not self._read(key.fd):
                    selector.unregister(key.fd)
                    waiting.discard(key.fd)
                elif len(self._said[key.fd]) > self._bounds.largest:
                    return End.FLOOD
        return End.ITSELF

    def _over(self) -> End | None:
        if self._bounds.stop.is_set():
            return End.STOPPED
        return End.LATE if time.monotonic() >= self._until else None

    def _write(self, selector: selectors.BaseSelector) -> None:
        try:
            self._left = self._left[os.write(self._input, self._left[:_PIECE]) :] if self._left else self._left
        except BlockingIOError:
            return
        except OSError:  # it reads no more, and may well say why
            self._left = self._left[:0]
        if not self._left:
            selector.unregister(self._input)
            assert self._child.stdin is not None
            with suppress(OSError):
                self._child.stdin.close()

    def _read(self, handle: int) -> bool:
        """Whether more may follow."""
        try:
            more = os.read(handle, 65536)
        except BlockingIOError:
            return True
        self._said[handle] += more
        return bool(more)


def _end(child: subprocess.Popen[bytes]) -> None:
    """Nothing of it goes on."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    for pipe in (child.stdin, child.stdout, child.stderr):
        if pipe is not None:
            with suppress(OSError):
                pipe.close()
