"""The lines of a file that a diagnostic is about, with marks below them.

In: labels in one file, its text, the masks. Out: numbered lines with carets, in the contract's form.
It must never show a masked stretch, nor more of a long line than fits around its label.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from oceana_dr.diagnostics import Label, Span
from oceana_dr.present.cells import Line, lay_out, show_text
from oceana_dr.present.masking import Masks
from oceana_dr.present.style import Style

_LINE_END: Final = re.compile(r"\r\n|\r|\n")
_LONGEST: Final = 160
_SHORTEST: Final = 30
_BEFORE: Final = 60


@dataclass(frozen=True, slots=True)
class Marked:
    """A label, and whether it is the diagnostic's first."""

    label: Label
    primary: bool


def split_lines(text: str) -> list[str]:
    """Lines as YAML 1.2 ends them: CR LF, CR or LF."""
    return _LINE_END.split(text.removeprefix("\ufeff"))


def lines_shown(marks: Sequence[Marked], lines: Sequence[str]) -> list[int]:
    """Numbers of the lines to show: every label's, and the one before the primary label's."""
    numbers = {mark.label.span.line for mark in marks if mark.label.span.line <= len(lines)}
    for mark in marks:
        before = mark.label.span.line - 1
        if mark.primary and 1 <= before <= len(lines) and lines[before - 1].strip():
            numbers.add(before)
    return sorted(numbers)


def draw_snippet(
    marks: Sequence[Marked], lines: Sequence[str], masks: Masks, style: Style, gutter: int
) -> Iterator[str]:
    """The lines of one file, with carets under the primary label and dashes under the others."""
    previous = None
    for number in lines_shown(marks, lines):
        if previous is not None and number > previous + 1:
            yield style.dim(f"{'':>{gutter}} {style.gap}")
        previous = number
        here = [mark for mark in marks if mark.label.span.line == number]
        text, offset = _crop(lines[number - 1], here, _room(style, gutter))
        file = marks[0].label.span.file
        masked = [
            (max(start - offset, 0), end - offset)
            for start, end in masks.columns(file, number, lines[number - 1])
            if end > offset and start - offset < len(text)
        ]
        line = lay_out(text, masked, ascii_only=style.ascii)
        yield f"{style.dim(f'{number:>{gutter}} {style.bar}')} {line.text}".rstrip()
        for mark in sorted(here, key=lambda item: not item.primary):
            yield _underline(mark, line, offset, style, gutter)


def _room(style: Style, gutter: int) -> int:
    """How much of a line is shown: what fits beside its number, but never less than makes sense."""
    return min(_LONGEST, max(style.columns - gutter - 3, _SHORTEST)) if style.columns else _LONGEST


def _crop(text: str, marks: Sequence[Marked], room: int) -> tuple[str, int]:
    """A stretch of a long line around its first label, and how many characters were left out before."""
    if len(text) <= room:
        return text, 0
    first = min((mark.label.span.column for mark in marks), default=1)
    last = max((mark.label.span.end_column for mark in marks), default=1)
    # From the beginning if the marks are seen so; else from somewhat before the first.
    offset = 0 if last <= room else max(0, first - 1 - room * _BEFORE // _LONGEST)
    return text[offset : offset + room], offset


def _underline(mark: Marked, line: Line, offset: int, style: Style, gutter: int) -> str:
    span = mark.label.span
    start = line.column(max(span.column - 1 - offset, 0))
    end = line.column(max(_end_index(span) - offset, 0)) if span.end_line == span.line else line.columns[-1]
    sign = "^" if mark.primary else "-"
    signs = sign * max(end - start, 1)
    said = show_text(mark.label.text, ascii_only=style.ascii)
    paint = style.bad if mark.primary else style.dim
    return f"{style.dim(' ' * gutter + f' {style.bar}')} {' ' * start}{paint(f'{signs} {said}'.rstrip())}"


def _end_index(span: Span) -> int:
    return span.end_column - 1
