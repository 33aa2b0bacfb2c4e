"""A clock for a lab that is played through: whoever waits on it moves it on, and nobody sits the time out.

In: waits of a run, and real time too if it is to count. Out: the lab's time.
It must never go back, and what is due on the way must happen at its own time.
"""

from __future__ import annotations

import threading
from collections.abc import Callable


def _still() -> float:
    """Real time does not count."""
    return 0.0


def _unseen() -> None:
    """Nobody wants to know that it has moved."""


class SteeredClock:
    """`lab.clock.WallClock` and `drivers.contract.EstateClock` in one.

    `real` are seconds that pass by themselves (of people who think, talk and type); `moved` is called after every
    wait, for the world to catch up.
    """

    def __init__(self, start: float, real: Callable[[], float] = _still) -> None:
        self.moved: Callable[[], None] = _unseen
        self._start = start
        self._real = real
        self._began = real()
        self._skipped = 0.0

    def now(self) -> float:
        """Seconds since the epoch, of the lab."""
        return self._start + self._skipped + self._real() - self._began

    def sleep(self, seconds: float) -> None:
        """So much later at once."""
        self._skipped += max(0.0, seconds)
        self.moved()

    def wait(self, seconds: float, stop: threading.Event) -> None:
        """The same, not at all when `stop` is set."""
        if not stop.is_set():
            self.sleep(seconds)
