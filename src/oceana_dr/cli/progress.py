"""Where a run's events go: lines for people on stderr, and the JSON lines of `stream`.

In: events of the runner. Out: text, at once.
A terminal that went away must never stop a run: what cannot be shown is dropped.
"""

from __future__ import annotations

import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Self, TextIO

if TYPE_CHECKING:
    from datetime import tzinfo

    from oceana_dr.cli.stream import Stream
    from oceana_dr.cli.terminal import Style
    from oceana_dr.execute.events import Event
    from oceana_dr.execute.ports import EventSink
    from oceana_dr.plan.model import Plan

PATIENCE_S = 1.0
COUNTED_EVERY_S = 0.2


class Lines:
    """One line an event, on stderr."""

    def __init__(self, style: Style, zone: tzinfo) -> None:
        self._style = style
        self._zone = zone
        self._began: str | None = None

    def emit(self, event: Event) -> None:
        """Show the event."""
        from oceana_dr.present.progress import render_event

        self._began = self._began or event.at
        text = render_event(
            event, began=self._began, zone=self._zone, colour=self._style.colour, ascii=self._style.ascii
        )
        _write(sys.stderr, text)


class Both:
    """Two listeners, one after the other."""

    def __init__(self, first: EventSink, second: EventSink) -> None:
        self._sinks = (first, second)

    def emit(self, event: Event) -> None:
        """Let both know."""
        for sink in self._sinks:
            sink.emit(event)


class Counter:
    """How many of how many are done: a line on stderr that is written over, once it takes longer than a second.

    On a terminal only, and without a thread: it is called after every item.
    """

    def __init__(self, did: str, what: str) -> None:
        self._did = did
        self._what = what
        self._next = time.monotonic() + PATIENCE_S
        self._width = 0

    def __enter__(self) -> Self:
        return self

    def __call__(self, done: int, of: int) -> None:
        """Say it, if it is time."""
        now = time.monotonic()
        if now >= self._next and sys.stderr.isatty():
            self._next = now + COUNTED_EVERY_S
            self._show(f"{self._did} {done:,} of {of:,} {self._what}")

    def __exit__(self, *_: object) -> None:
        if self._width:
            self._show("")

    def _show(self, text: str) -> None:
        with suppress(OSError, ValueError):
            sys.stderr.write(f"\r{text:<{self._width}}" + ("" if text else "\r"))
            sys.stderr.flush()
        self._width = len(text)


def sink(plan: Plan, stream: Stream | None = None, *, shown: bool = True) -> EventSink:
    """Everybody who listens to this run; times are those of the site's people."""
    from oceana_dr.cli.terminal import stderr_style
    from oceana_dr.operations.runs import zone_of

    if stream is not None and not shown:
        return stream
    lines = Lines(stderr_style(), zone_of(plan))
    return lines if stream is None else Both(stream, lines)


def _write(stream: TextIO, text: str) -> None:
    with suppress(OSError, ValueError):
        stream.write(text.rstrip("\n") + "\n")
        stream.flush()
