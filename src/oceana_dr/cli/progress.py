"""Where a run's events go: lines for people on stderr, or JSON lines on stdout.

In: events of the runner. Out: text, at once.
A terminal that went away must never stop a run: what cannot be shown is dropped.
"""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from datetime import tzinfo

    from oceana_dr.cli.terminal import Style
    from oceana_dr.execute.events import Event
    from oceana_dr.execute.ports import EventSink
    from oceana_dr.plan.model import Plan


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


class JsonLines:
    """One JSON object an event, on stdout; `ascii_only` where the locale has not all letters."""

    def __init__(self, *, ascii_only: bool) -> None:
        self._ascii = ascii_only

    def emit(self, event: Event) -> None:
        """Write the event."""
        from oceana_dr.execute.events import event_to_json

        _write(sys.stdout, json.dumps(event_to_json(event), ensure_ascii=self._ascii))


def sink(plan: Plan, *, json_events: bool) -> EventSink:
    """The listener for this run; times are those of the site's people."""
    from oceana_dr.cli.terminal import stderr_style, stdout_style
    from oceana_dr.operations.runs import zone_of

    return JsonLines(ascii_only=stdout_style().ascii) if json_events else Lines(stderr_style(), zone_of(plan))


def _write(stream: TextIO, text: str) -> None:
    with suppress(OSError, ValueError):
        stream.write(text.rstrip("\n") + "\n")
        stream.flush()
