"""A question as a terminal shows it: where, what to do, what to type, what to expect, on one screen.

In: a question, how wide and high the terminal is, whether it knows plain letters only. Out: lines that fit.
What a person must know before they act is never cut: a long screen gives up readings first, then instructions that are
not their turn yet, and says how to see them. No value makes a line of its own.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from oceana_dr.drivers.contract import Question
from oceana_dr.drivers.operator.contract import NO_WAY_BACK

WIDTH: Final = 80
HEIGHT: Final = 24
_NARROWEST: Final = 40
_LABEL: Final = 9
_SIGNS: Final = "/\\"
_PLAIN: Final = str.maketrans(
    {"…": "...", "–": "-", "—": "-", "─": "-", "→": "->", "“": '"', "”": '"', "„": '"', "’": "'", "·": "-", "ß": "ss"}
)


@dataclass(frozen=True, slots=True)
class Shape:
    """What fits on the terminal: columns, lines; `plain`: letters of ASCII only."""

    width: int = WIDTH
    height: int = HEIGHT
    plain: bool = False


def page(question: Question, shape: Shape, at: int = 0, *, copied: str = "") -> list[str]:
    """The whole question, however long; `at` is the instruction whose turn it is, `copied` what the clipboard holds."""
    parts = _parts(question, shape, at, copied)
    return [line for part in parts for line in part]


def screen(question: Question, shape: Shape, at: int = 0, *, copied: str = "", foot: int = 3) -> list[str]:
    """The question on one screen, `foot` lines left free for the keys and what is typed."""
    head, steps, values, seen, reads, end = _parts(question, shape, at, copied)
    room = shape.height - foot - len(head) - len(values) - len(seen) - len(end)
    if len(steps) + len(reads) > room and len(reads) > 1:
        reads = _labelled(_reads_label(question), f"{len(question.read_back)} values: r shows them", shape)
    if len(steps) + len(reads) > room and len(values) > 2 and len(question.clicks) > 1:
        room += len(values)
        values = _values_at(question, shape, at, copied)
        room -= len(values)
    if len(steps) + len(reads) > room:
        steps = _windowed(question, shape, at, max(3, room - len(reads)))
    return [line for part in (head, steps, values, seen, reads, end) for line in part]


def instruction(question: Question, shape: Shape, at: int) -> list[str]:
    """One instruction, marked as the one whose turn it is."""
    return _step(at, question.clicks[at], shape, marked=True)


def readings(question: Question, shape: Shape) -> list[str]:
    """Everything that reads now."""
    return _reads(question, shape)


def plain_text(text: str) -> str:
    """A text in letters of ASCII: signs by what they mean, letters without their accents, `?` for others."""
    text = unicodedata.normalize("NFKD", text.translate(_PLAIN))
    return "".join(char for char in text if not unicodedata.combining(char)).encode("ascii", "replace").decode()


def wrapped(text: str, first: str, indent: int, shape: Shape) -> list[str]:
    """A text in lines that fit: `first` before the first of them, blanks before the others."""
    text = "".join(char if char.isprintable() else "?" for char in text.strip())  # no line but ours
    text = plain_text(text) if shape.plain else text
    room = max(shape.width, _NARROWEST) - 1 - indent
    lines = [""]
    for word in text.split(" "):
        if lines[-1] and _columns(lines[-1]) + 1 + _columns(word) > room:
            lines.append("")
        for piece in _pieces(word, room):
            if _columns(lines[-1]) + _columns(piece) + 1 > room and lines[-1]:
                lines.append("")
            lines[-1] = f"{lines[-1]} {piece}" if lines[-1] and piece == word else lines[-1] + piece
    return [f"{first:{indent}}{lines[0]}".rstrip(), *(" " * indent + line for line in lines[1:])]


def _parts(question: Question, shape: Shape, at: int, copied: str) -> tuple[list[str], ...]:
    steps = [
        line
        for number, click in enumerate(question.clicks)
        for line in _step(number, click, shape, marked=number == at and len(question.clicks) > 1)
    ]
    values = [line for name, value in question.copy for line in _value(name, value, shape, copied)]
    expected = _labelled("see", question.expect, shape) if question.expect else []
    return list(_head(question, shape)), steps, values, expected, _reads(question, shape), list(_end(question, shape))


def _head(question: Question, shape: Shape) -> Iterator[str]:
    bar = "-" if shape.plain else "─"
    pages = f" manual {question.pages} {bar * 2}" if question.pages else ""
    head = f"{bar * 2} {question.step}  {question.title} "
    head = plain_text(head) if shape.plain else head
    room = shape.width - 1 - _columns(pages)
    yield ""
    if _columns(head) > room:
        yield from wrapped(question.title, f"{bar * 2} {question.step}  ", len(question.step) + 5, shape)
        yield bar * max(0, room) + pages
    else:
        yield head + bar * max(0, room - _columns(head)) + pages
    text, back, why = question.text.partition(NO_WAY_BACK)
    yield from wrapped(text, "", 2, shape)
    if back:
        yield from wrapped(f"{back}{why}", "  !", 4, shape)
    if question.away:
        yield from wrapped(
            f"The run stood still {question.away}. If this was done from the paper runbook, type w.", "", 2, shape
        )
    if question.console:
        yield from _labelled("where", question.console, shape)


def _end(question: Question, shape: Shape) -> Iterator[str]:
    if question.second_person:
        yield from wrapped("A second person looks, and has to confirm with you.", "", 2, shape)
    if question.apart_from:
        named = ", ".join(f"{name} ({step})" for step, name in question.apart_from.items())
        yield from wrapped(f"Not to be confirmed by {named}.", "", 2, shape)
    if question.unread:
        yield from wrapped("Nothing reads this back: what you say is all that will be known.", "", 2, shape)


def _step(number: int, click: str, shape: Shape, *, marked: bool) -> list[str]:
    mark = ">" if marked else " "
    return wrapped(click, f"    {mark}{number + 1:>2}. ", _LABEL, shape)


def _windowed(question: Question, shape: Shape, at: int, room: int) -> list[str]:
    """The instructions from the one whose turn it is, as many as fit, and how many are before and behind them."""
    lines: list[str] = []
    if at:
        lines += wrapped(f"{at} before: < shows the one before", "", _LABEL, shape)
    for number in range(at, len(question.clicks)):
        more = _step(number, question.clicks[number], shape, marked=number == at)
        last = number == len(question.clicks) - 1
        if number > at and len(lines) + len(more) + (0 if last else 1) > room:
            return lines + wrapped(f"{len(question.clicks) - number} more: Enter shows the next", "", _LABEL, shape)
        lines += more
    return lines


def _values_at(question: Question, shape: Shape, at: int, copied: str) -> list[str]:
    """The values of the instruction whose turn it is, and how to get the others."""
    own = [pair for pair in question.copy if pair[1] and pair[1] in question.clicks[at]]
    lines = [line for name, value in own for line in _value(name, value, shape, copied)]
    return lines + _labelled("copy", f"{len(question.copy)} values: v 1, v 2 … copies one", shape)


def _value(name: str, value: str, shape: Shape, copied: str) -> list[str]:
    return _labelled("copy", f"{name}: {value}" + ("  (on the clipboard)" if value == copied else ""), shape)


def _reads(question: Question, shape: Shape) -> list[str]:
    return [
        line
        for reference, value in question.read_back.items()
        for line in _labelled(_reads_label(question), f"{reference}: {value}", shape)
    ]


def _reads_label(question: Question) -> str:
    """What a person saw is no reading: it may be long ago."""
    return "was" if question.unread else "reads"


def _labelled(label: str, text: str, shape: Shape) -> list[str]:
    return wrapped(text, f"  {label}", _LABEL, shape)


def _pieces(word: str, room: int) -> Iterator[str]:
    """A word that is longer than a line, in parts: a path or an address behind one of its signs, where it has one."""
    piece = ""
    for char in word:
        if _columns(piece) + _columns(char) > room:
            cut = 1 + max(piece.rfind(sign) for sign in _SIGNS) or len(piece)
            yield piece[:cut]
            piece = piece[cut:]
        piece += char
    yield piece


def _columns(text: str) -> int:
    if text.isascii():
        return len(text)
    wide = sum(unicodedata.east_asian_width(char) in "WF" for char in text)
    return len(text) + wide - sum(bool(unicodedata.combining(char)) for char in text)
