"""One thing that is wrong, as data that every renderer reads.

In: a code from the registry, a message, the places it is about. Out: a `Diagnostic`.
It must never be raised one at a time where more could be found: callers collect, then show all.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from oceana_dr.diagnostics.span import Span


class Severity(StrEnum):
    """How bad it is: an `error` stops the command, a `warning` is shown and survives, an `info` is good to know."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Label:
    """A place and what to say about it; the first label of a diagnostic is the primary one."""

    span: Span
    text: str = ""


@dataclass(frozen=True, slots=True)
class Fix:
    """A replacement for one span; `safe` when it cannot change what the file means."""

    span: Span
    replacement: str
    safe: bool


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """A finding about a user's input.

    `code` is known to `explain`; `message` reads without its labels; `notes` say why it matters
    (with the manual's page where there is one); `help` says what to write instead. `rule` is the id of
    the domain rule that found it; `silenced` the reason for which the site does not want to hear of it.
    """

    code: str
    message: str
    labels: tuple[Label, ...] = ()
    notes: tuple[str, ...] = ()
    help: str | None = None
    severity: Severity = Severity.ERROR
    fix: Fix | None = None
    rule: str | None = None
    silenced: str | None = None

    @property
    def stops(self) -> bool:
        """Whether it forbids to go on: an error that nobody has silenced."""
        return self.severity is Severity.ERROR and self.silenced is None

    @property
    def span(self) -> Span | None:
        """The primary place, if there is one."""
        return self.labels[0].span if self.labels else None

    @property
    def sort_key(self) -> tuple[str, int, int, str, str]:
        """File, line, column, code, message: the order in which diagnostics are shown."""
        if self.span is None:
            return ("", 0, 0, self.code, self.message)
        return (self.span.file, self.span.line, self.span.column, self.code, self.message)
