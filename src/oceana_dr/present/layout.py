"""Words on lines of a width: wrapping, columns, rules, with colours that take no room.

In: words that must stay whole, with their paint. Out: lines.
A word must never be cut: one that is wider than the line stands alone and runs over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from oceana_dr.present.cells import display_width
from oceana_dr.present.durations import whole
from oceana_dr.present.signs import Sign
from oceana_dr.present.style import Style

_NO_BREAK = "\u00a0"
Paint = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Word:
    """A text that stays whole (it may hold blanks), and how to paint it."""

    text: str
    paint: Paint = str

    @property
    def width(self) -> int:
        """Columns on a terminal."""
        return display_width(self.text)

    def __str__(self) -> str:
        return self.paint(self.text)


def words(text: str, paint: Paint = str) -> tuple[Word, ...]:
    """A sentence, breakable at its blanks, but for those inside of a length of time or a page number."""
    return tuple(Word(part.replace(_NO_BREAK, " "), paint) for part in whole(" ".join(text.split())).split(" ") if part)


def dotted(parts: Iterable[Word], style: Style) -> tuple[Word, ...]:
    """Parts that each stay whole, a dot before every one but the first."""
    dot = style.sign(Sign.DOT)
    return tuple(part if place == 0 else Word(f"{dot} {part.text}", part.paint) for place, part in enumerate(parts))


def length(row: Sequence[Word]) -> int:
    """Columns that words take on one line."""
    return sum(word.width for word in row) + max(0, len(row) - 1)


def joined(row: Iterable[Word]) -> str:
    """Words on one line."""
    return " ".join(str(word) for word in row)


def wrapped(row: Iterable[Word], width: int, indent: int, first: int | None = None) -> list[str]:
    """Lines of at most `width` columns, all but the first behind `indent`.

    `first` is the column that a line begun already has reached; without it the first line is indented too.
    A word too long for the indent is moved left as far as it needs.
    """
    lines: list[list[Word]] = [[]]
    room = width - (indent if first is None else first)
    for word in row:
        if lines[-1] and length([*lines[-1], word]) > room:
            lines.append([])
            room = width - indent
        lines[-1].append(word)
    found = []
    for number, line in enumerate(lines):
        left = 0 if number == 0 and first is not None else max(0, min(indent, width - length(line)))
        found.append(" " * left + joined(line))
    return found


def hanging(row: Iterable[Word], width: int) -> list[str]:
    """A paragraph whose first line stands at the margin."""
    return wrapped(row, width, 2, first=0)


def paragraph(label: str, row: Iterable[Word], width: int, style: Style) -> list[str]:
    """`Label: words …`, the label in bold."""
    return hanging((*words(label, style.strong), *row), width)


def ruled(title: str, tail: str, width: int, style: Style) -> str:
    """A heading with a rule that leads to what stands at the right edge."""
    dashes = width - display_width(title) - display_width(tail) - (2 if tail else 1)
    line = style.sign(Sign.RULE) * max(2, dashes)
    return f"{style.strong(title)} {style.faint(line)}" + (f" {tail}" if tail else "")


def placed(cells: Iterable[tuple[int, Word]], gap: int = 1) -> tuple[str, int]:
    """Words at their columns, pushed right where the one before is too long; the text and its width."""
    text, here = "", 0
    for column, word in cells:
        if not word.text:
            continue
        start = max(column, here + gap if here else column)
        text += " " * (start - here) + str(word)
        here = start + word.width
    return text, here
