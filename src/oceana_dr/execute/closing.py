"""When the change window that a run is in ends: asked before every step, and in waits.

In: the site's windows, the wall clock, a clock that nobody sets. Out: the error that stops the run, or None.
Both clocks must find the window open: one that is put back must not keep it open, nor one that sleeps.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

from oceana_dr.diagnostics import OutsideWindow
from oceana_dr.guard.timing import Control, opening_text, ruling_of, shown

_SET: Final = timedelta(minutes=2)
"""By so much the clocks differ when somebody has set one of them."""


def steady() -> float:
    """Seconds on a clock that is never set, and goes on while the machine sleeps where it has such a one."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


class Closing:
    """The end of the window for a plan of one scenario; `again` is the command that goes on with the run."""

    def __init__(
        self,
        control: Control,
        scenario: str,
        again: str,
        wall: Callable[[], datetime],
        steadily: Callable[[], float] = steady,
    ) -> None:
        self._control = control
        self._scenario = scenario
        self._again = again
        self._wall = wall
        self._steadily = steadily
        self._began = wall()
        self._began_s = steadily()
        found = ruling_of(control, scenario, self._began)
        self._open = found.open
        self._until = found.until

    def __call__(self) -> OutsideWindow | None:
        """None while the window is open by both clocks, and where the run may outlast it."""
        if self._control.finish:
            return None
        now = self._wall()
        counted = self._began + timedelta(seconds=self._steadily() - self._began_s)
        for at in (counted, now):
            if not self._is_open(at):
                return self._ended(at, now, counted)
        return None

    def overrun(self) -> str:
        """When the window ended, for a run that may outlast it (ISO 8601, UTC); nothing while it is open."""
        if not self._control.finish or self._until is None:
            return ""
        now = self._wall()
        return "" if self._is_open(now) else self._until.astimezone(UTC).isoformat(timespec="seconds")[:19] + "Z"

    def _is_open(self, at: datetime) -> bool:
        if self._open and self._began <= at and (self._until is None or at < self._until):
            return True
        return ruling_of(self._control, self._scenario, at).open

    def _ended(self, at: datetime, now: datetime, counted: datetime) -> OutsideWindow:
        zone = self._control.zone
        if abs(now - counted) > _SET:
            why = (
                f"the clock of this machine was set while the plan ran: it says {shown(now, zone)}, and "
                f"{shown(counted, zone)} was counted"
            )
        else:
            why = f"the change window has ended: it is {shown(now, zone)}"
        opening = opening_text(self._control, ruling_of(self._control, self._scenario, at), at)
        return OutsideWindow(
            f"{why}. The step in hand was finished. {opening}",
            hint=f'to go on before: {self._again} --outside-window --reason "..."',
        )
