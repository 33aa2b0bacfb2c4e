"""Which stretches of which lines must not be shown.

In: all diagnostics that are rendered together. Out: for a line of a file, the columns to mask.
It must never rely on one diagnostic alone: a secret that one points at may be another one's context.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from oceana_dr.diagnostics import Diagnostic, Span
from oceana_dr.diagnostics.codes import NEVER_ECHO

MASK: Final = "********"
"""Stands for any secret: its length says nothing about the secret's."""

# A value beside a key that sounds like a secret, unless it is a reference. The second guard: it also
# holds where a file could not be parsed, or the key is misspelt. Nothing in it may look at a long line
# twice: a line of a megabyte would take minutes.
_SOUNDS_SECRET: Final = re.compile(
    r"(?:pas+w|passphrase|passord|pwd|secret|credential|token_value)[\w-]{0,100}[\"']?\s*:\s+"
    r"(?P<value>\"[^\"]*\"?|'[^']*'?|[^\s,}{\[\]#][^,}]*)",
    re.IGNORECASE,
)
_REFERENCE: Final = re.compile(r"[\"']?(?:env:|file:|command:|[|>][+-]?\s*$)")


@dataclass(frozen=True, slots=True)
class Masks:
    """Places of secrets, by file."""

    spans: frozenset[Span]

    def columns(self, file: str, line: int, text: str) -> list[tuple[int, int]]:
        """Stretches of a line to mask: first index and the index behind the last, in order, disjoint."""
        found = [_within(span, line, len(text)) for span in self.spans if span.file == file]
        found += [
            (match.start("value"), match.start("value") + len(match["value"].rstrip()))
            for match in _SOUNDS_SECRET.finditer(text)
            if not _REFERENCE.match(match["value"])
        ]
        merged: list[tuple[int, int]] = []
        for start, end in sorted(part for part in found if part[0] < part[1]):
            if merged and start <= merged[-1][1]:
                merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
            else:
                merged.append((start, end))
        return merged


def masks_of(diagnostics: Iterable[Diagnostic]) -> Masks:
    """The places that diagnostics with a never-echo code point at."""
    return Masks(frozenset(label.span for item in diagnostics if item.code in NEVER_ECHO for label in item.labels))


def _within(span: Span, line: int, length: int) -> tuple[int, int]:
    if not span.line <= line <= span.end_line:
        return (0, 0)
    start = span.column - 1 if line == span.line else 0
    end = min(span.end_column - 1, length) if line == span.end_line else length
    return (start, end)
