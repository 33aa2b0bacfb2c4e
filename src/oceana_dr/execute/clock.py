"""The clock of a real estate: ours.

In: an event that interrupts waiting. Out: seconds, counted on a clock that nobody sets.
A jump of the machine's wall clock must never shorten or lengthen a wait.
"""

from __future__ import annotations

import threading
import time


class RealClock:
    """Seconds since the epoch when this was made, counted monotonically from there."""

    def __init__(self, stop: threading.Event) -> None:
        self._stop = stop
        self._offset = time.time() - time.monotonic()

    def now(self) -> float:
        """Seconds of the estate's clock."""
        return self._offset + time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait, or less when the stop comes."""
        self._stop.wait(max(0.0, seconds))
