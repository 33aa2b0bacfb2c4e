"""The clock on the wall: the time of every estate but a lab's.

In: an event that stops the waiting. Out: an `EstateClock`.
It must never hold anybody up when a stop was asked for.
"""

from __future__ import annotations

import threading
import time


class RealClock:
    """Seconds as they pass."""

    def __init__(self, stop: threading.Event | None = None) -> None:
        self._stop = stop or threading.Event()

    def now(self) -> float:
        """Seconds since 1970."""
        return time.time()

    def sleep(self, seconds: float) -> None:
        """Wait, or until a stop is asked for."""
        if seconds > 0:
            self._stop.wait(seconds)
