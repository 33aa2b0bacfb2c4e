"""Which stretches of which lines must not be shown.

In: all diagnostics that are rendered together, and the lines of the files they are about. Out: for a
line of a file, the columns to mask.
It must never rely on one diagnostic alone: a secret that one points at may be another one's context.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from oceana_dr.diagnostics import Diagnostic, Span
from oceana_dr.diagnostics.codes import NEVER_ECHO

MASK: Final = "********"
"""Stands for any secret: its length says nothing about the secret's."""

# A key that sounds like a secret. What stands beside it and, further in, below it is masked unless it is a
# reference. The second guard: it also holds where a file could not be parsed, or the key is misspelt.
# Nothing in it may look at a long line twice: a line of a megabyte would take minutes.
_SOUNDS_SECRET: Final = re.compile(
    r"(?:pas+w|passphrase|passord|pwd|secret|credential|token_value|kennwort|api[_-]?key|access[_-]?key|bearer"
    r"|(?<![a-z0-9_-])(?:(?:access|api|auth|backup|bearer|refresh)[_-])?token(?=[\"']?\s{0,20}:)"
    r"|(?<![a-z0-9_-])(?:auth|pass|pin)(?=[\"']?\s{0,20}:))[\w-]{0,100}[\"']?\s{0,20}:",
    re.IGNORECASE,
)
_REFERENCE: Final = re.compile(
    r"\s*+(?P<quote>[\"']?)(?:env:[A-Za-z_]\w*+|(?:file|command):[^,}\]#\"']++)(?P=quote)\s*+(?=[,}\]#]|$)"
)
# The name and password in front of a host, whatever the key: https://name:password@host.
_USER_INFO: Final = re.compile(r"://(?P<all>[^/@\s:]{0,100}:[^@\s]{1,200})@")
_KEY_LETTERS: Final = 100

Stretch = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Masks:
    """Places of secrets: spans that diagnostics point at, and by file and line what a key makes suspect."""

    spans: frozenset[Span]
    suspect: Mapping[str, Mapping[int, tuple[Stretch, ...]]] = field(default_factory=dict)

    def columns(self, file: str, line: int, text: str) -> list[Stretch]:
        """Stretches of a line to mask: first index and the index behind the last, in order, disjoint."""
        found = [_within(span, line, len(text)) for span in self.spans if span.file == file]
        found += self.suspect.get(file, {}).get(line, ())
        merged: list[Stretch] = []
        for start, end in sorted(part for part in found if part[0] < part[1]):
            if merged and start <= merged[-1][1]:
                merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
            else:
                merged.append((start, end))
        return merged


def masks_of(diagnostics: Iterable[Diagnostic], lines_of: Callable[[str], Sequence[str]]) -> Masks:
    """What diagnostics with a never-echo code point at, and what their files hold beside keys that sound secret."""
    labels = [(item.code, label.span) for item in diagnostics for label in item.labels]
    spans = frozenset(span for code, span in labels if code in NEVER_ECHO)
    return Masks(spans, {file: _suspect(lines_of(file)) for file in {span.file for _, span in labels}})


def mask_suspect(lines: Sequence[str]) -> list[str]:
    """The lines of one file with what sounds secret masked, for text that no diagnostic is about."""
    suspect, shown = _suspect(lines), list(lines)
    for number in suspect:
        line = lines[number - 1]
        for start, end in reversed(Masks(frozenset(), {"": suspect}).columns("", number, line)):
            line = line[:start] + MASK + line[end:]
        shown[number - 1] = line
    return shown


def _suspect(lines: Sequence[str]) -> dict[int, tuple[Stretch, ...]]:
    found: dict[int, tuple[Stretch, ...]] = {}
    inside: int | None = None
    for number, line in enumerate(lines, start=1):
        indent = len(line) - len(line.lstrip())
        if inside is not None and indent < len(line):
            if indent > inside:
                found[number] = ((indent, len(line)),)
                continue
            inside = None
        stretches, goes_on = _in_line(line)
        if "://" in line:
            stretches += tuple(match.span("all") for match in _USER_INFO.finditer(line))
        if stretches:
            found[number] = stretches
        inside = goes_on if goes_on is not None else inside
    return found


def _in_line(line: str) -> tuple[tuple[Stretch, ...], int | None]:
    """Stretches of a line, and the column below whose indentation the value goes on; None where it is complete."""
    found: list[Stretch] = []
    here = 0
    while match := _SOUNDS_SECRET.search(line, here):
        reference = _REFERENCE.match(line, match.end())
        if reference is None:
            start = match.end() + len(line[match.end() :]) - len(line[match.end() :].lstrip())
            return (*found, (start, len(line))), _indentation(line, match.start())
        here = reference.end()
        if line[here : here + 1] == "#":
            found.append((here, len(line)))
    return tuple(found), None


def _indentation(line: str, key: int) -> int:
    """Where the mapping of a key begins: the key's own column, or the line's where brackets are open."""
    start = key
    while start > 0 and key - start < _KEY_LETTERS and (line[start - 1].isalnum() or line[start - 1] in "_-\"'"):
        start -= 1
    before = line[:start]
    return start if not before.strip("-? ") else len(line) - len(line.lstrip())


def _within(span: Span, line: int, length: int) -> Stretch:
    if not span.line <= line <= span.end_line:
        return (0, 0)
    start = span.column - 1 if line == span.line else 0
    end = min(span.end_column - 1, length) if line == span.end_line else length
    return (start, end)
