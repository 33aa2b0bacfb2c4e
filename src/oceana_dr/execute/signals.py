"""The wish to stop: from a signal, from a failed step; held back while a supervised pair is in hand.

In: SIGINT, SIGTERM, or a call. Out: events that waits and questions watch.
It must never end a call in hand: only a second signal makes the process leave without it.
"""

from __future__ import annotations

import queue
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


class StopFlag:
    """`pressing` ends waits and questions; `forced` is the second signal, which ends everything."""

    def __init__(self) -> None:
        self.pressing = threading.Event()
        self.forced = threading.Event()
        self._lock = threading.Lock()
        self._reason: str | None = None
        self._signalled = False
        self._shields = 0
        self._listeners: list[Callable[[], None]] = []

    @property
    def reason(self) -> str | None:
        """Why a stop is wished for; None if it is not."""
        return self._reason

    @property
    def shields(self) -> bool:
        """Whether a supervised pair is in hand."""
        return self._shields > 0

    @property
    def signalled(self) -> bool:
        """Whether the wish came from outside."""
        return self._signalled

    def signal(self, reason: str) -> None:
        """A person or the system wants the run to stop; at the second time, at once."""
        with self._lock:
            if self._signalled:
                self.forced.set()
            self._signalled = True
        self.halt(reason)

    def halt(self, reason: str) -> None:
        """Start nothing more; repeated calls change nothing."""
        with self._lock:
            self._reason = self._reason or reason
            if not self._shields or self.forced.is_set():
                self.pressing.set()
            listeners = tuple(self._listeners)
        for listener in listeners:
            listener()

    @contextmanager
    def shielded(self) -> Iterator[None]:
        """While this lasts, a first signal does not end waits and questions."""
        with self._lock:
            self._shields += 1
        try:
            yield
        finally:
            with self._lock:
                self._shields -= 1
                if self._reason is not None and not self._shields:
                    self.pressing.set()

    @contextmanager
    def listened_by(self, listener: Callable[[], None]) -> Iterator[None]:
        """Call this whenever a stop is wished for."""
        with self._lock:
            self._listeners.append(listener)
        try:
            yield
        finally:
            with self._lock:
                self._listeners.remove(listener)


@contextmanager
def stopped_by_signals(stop: StopFlag) -> Iterator[None]:
    """SIGINT and SIGTERM wish for a stop; outside the main thread, where none arrive, nothing happens.

    A handler may interrupt any line of the main thread, one that holds a lock included. It therefore only
    puts the signal in a queue (which is safe there); a thread of its own passes it on.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    arrived: queue.SimpleQueue[int | None] = queue.SimpleQueue()

    def put(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 the form of a handler
        arrived.put(number)

    def pass_on() -> None:
        while (number := arrived.get()) is not None:
            stop.signal(signal.Signals(number).name)

    thread = threading.Thread(target=pass_on, name="signals", daemon=True)
    thread.start()
    before = {number: signal.signal(number, put) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        arrived.put(None)
        thread.join()
