"""Where a desired value comes from: lines of the site, the setting, the manual.

In: the paths an expression read, and the attribute's record. Out: a chain from YAML line to manual page.
Every desired value has one; a value with no line of its own points to the line that decides it.
"""

from __future__ import annotations

from dataclasses import dataclass

from oceana_dr.catalogue.model import Lines
from oceana_dr.diagnostics.span import Span


@dataclass(frozen=True, slots=True)
class Contribution:
    """A path of the site and the places that wrote it; the winner first, what it overrode after it."""

    path: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Provenance:
    """All that a value rests on. `setting` is the catalogue's id, `manual` lines of the manual.

    `rule` is the catalogue's expression in words: all there is where a value depends on nothing in the site.
    """

    contributions: tuple[Contribution, ...]
    setting: str | None
    manual: Lines
    rule: str = ""

    @property
    def lines(self) -> tuple[tuple[str, int], ...]:
        """File and line of every winner, in the order they were read, without repetitions."""
        winners = (item.spans[0] for item in self.contributions if item.spans)
        return tuple(dict.fromkeys((span.file, span.line) for span in winners))
