"""The estate's clock, asked of the gateway: a lab's runs faster than ours.

In: a transport, something that waits, an event that stops the waiting. Out: the estate's time.
It must never hold anybody up when a stop was asked for.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from oceana_dr.diagnostics import SystemUnavailable
from oceana_dr.drivers.gateway.contract import Transport, site_path
from oceana_dr.drivers.gateway.reader import HINT, ask

Waiting = Callable[[float, threading.Event], None]
"""Lets so many of our seconds pass, or fewer when the event is set."""


def wait(seconds: float, stop: threading.Event) -> None:
    """Wait in real time."""
    stop.wait(seconds)


class GatewayClock:
    """The clock of one site's estate; `stop` interrupts every sleep."""

    def __init__(
        self, transport: Transport, site: str, stop: threading.Event | None = None, waiting: Waiting = wait
    ) -> None:
        self._transport = transport
        self._site = site
        self._stop = stop or threading.Event()
        self._waiting = waiting
        self._last: tuple[float, float, float] | None = None

    def now(self) -> float:
        """Seconds of the estate's clock; while the gateway is silent, what it must be by now."""
        try:
            self._last = self._asked()
        except SystemUnavailable:
            if self._last is None:
                raise
            now, scale, asked = self._last
            return now + (time.monotonic() - asked) * scale
        return self._last[0]

    @property
    def scale(self) -> float:
        """How many of the estate's seconds pass in one of ours; 1 as long as nobody tells."""
        if self._last is None:
            with suppress(SystemUnavailable):
                self.now()
        return self._last[1] if self._last else 1.0

    def sleep(self, seconds: float) -> None:
        """Wait so many seconds of the estate's clock, or until a stop is asked for."""
        if seconds > 0 and not self._stop.is_set():
            self._waiting(seconds / self.scale, self._stop)

    def _asked(self) -> tuple[float, float, float]:
        body: Any = ask(self._transport, site_path(self._site))
        match body:
            case {"clock": {"now": int() | float() as now, "scale": int() | float() as scale}} if scale > 0:
                return float(now), float(scale), time.monotonic()
            case _:
                raise SystemUnavailable(
                    "the gateway's answer has no clock",
                    hint=HINT,
                )
