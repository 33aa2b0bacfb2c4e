"""A page → its canonical text.

In: a page whose entries stand in their final order. Out: text with LF, at most `WIDTH` columns where it can be.
It must never look at a value: brackets stay where they fit, a comment keeps its column where there is room.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from oceana_dr.source.formatter.nodes import BLANK, Collection, Comment, Entry, Leaf, Lines, Page
from oceana_dr.source.formatter.scalar_text import in_line, in_lines

WIDTH: Final = 120
"""Columns of a line; a mapping or list in brackets that would be longer stands one entry a line."""
STEP: Final = 2
GAP: Final = 2
"""Fewest spaces before a comment behind a value (yamllint asks for as many)."""


@dataclass(slots=True)
class _Line:
    """A line: code, and the comment behind it with the column it had; `near` if it had no more than `GAP` spaces."""

    code: str
    comment: str = ""
    column: int = 0
    near: bool = False

    @property
    def wanted(self) -> int:
        """The column for the comment: its own, or as near as it was."""
        if not self.code:
            return 0
        least = len(self.code) + GAP
        return least if self.near else max(self.column, least)


def write_page(page: Page) -> str:
    """The text of a page."""
    writer = _Writer()
    writer.comments(page.head, 0)
    first = page.root.entries[0].lead if page.root.entries else ()
    if page.head and (page.spaced or any(first)):
        writer.blank()
    writer.block(page.root, 0)
    return "\n".join(_aligned(writer.lines)) + "\n"


class _Writer:
    """Collects lines."""

    def __init__(self) -> None:
        self.lines: list[_Line] = []
        self._glued = False
        self._texts: dict[int, str | None] = {}

    def block(self, node: Collection, indent: int, start: str | None = None) -> None:
        """A collection with one entry a line; `start` is what stands before its first entry (`- `, compact)."""
        if not node.entries:
            self._put(f"{start or ' ' * indent}{'{}' if node.mapping else '[]'}")
        for number, entry in enumerate(node.entries):
            if number or start is None:
                lead = (*entry.lead, *self._hoisted(entry, indent))
                self.comments(_unspaced(lead) if number == 0 else lead, indent)
            self._entry(entry, indent, start if start is not None and number == 0 else " " * indent)
        self.comments(node.foot, indent)

    def comments(self, lines: Lines, indent: int) -> None:
        """Comment lines, with their blank lines."""
        for line in lines:
            if line == BLANK:
                self.blank()
            else:
                self._put(" " * indent + line)

    def blank(self) -> None:
        """A blank line, where it cannot become part of a value."""
        if not self._glued:
            self._put("")

    def _entry(self, entry: Entry, indent: int, start: str) -> None:
        head = f"{start}-" if entry.key is None else f"{start}{_key(entry.key)}:"
        value = entry.value
        if isinstance(value, Leaf):
            lines = in_lines(value)
            if lines is not None:
                self._scalar(f"{head} {lines[0]}", lines[1:], indent, entry)
                return
            text = in_line(value)
        elif (fitting := self._fitting(entry, indent)) is not None:
            text = fitting
        elif self._compact(entry, indent):
            self.block(value, indent + STEP, f"{head} ")
            return
        else:
            text = value.props
        self._put(f"{head} {text}" if text else head, self._tail(entry, indent))
        if isinstance(value, Collection) and self._fitting(entry, indent) is None:
            self.block(value, indent + STEP)

    def _scalar(self, first: str, rest: Lines, indent: int, entry: Entry) -> None:
        """A scalar of several lines; the comment of a block stands behind its header, others behind the end."""
        assert isinstance(entry.value, Leaf)
        block = entry.value.style in {"|", ">"}
        self._put(first, self._tail(entry, indent) if block else ())
        for number, line in enumerate(rest, start=1):
            last = number == len(rest)
            self._put(
                f"{' ' * (indent + STEP)}{line}" if line else "",
                self._tail(entry, indent) if last and not block else (),
            )
        self._glued = entry.value.glued

    def _put(self, code: str, tail: tuple[Comment, ...] = ()) -> None:
        if tail:
            first = tail[0]
            self.lines.append(_Line(code, first.text, first.column, first.apart <= GAP))
            self.lines += [_Line("", item.text, first.column) for item in tail[1:]]
        else:
            self.lines.append(_Line(code))
        self._glued = False

    # ------------------------------------------------------------------------------------------------- where things go

    def _tail(self, entry: Entry, indent: int) -> tuple[Comment, ...]:
        """The comments behind an entry; what is hoisted above it is not among them."""
        if self._compact(entry, indent):
            return ()
        if isinstance(entry.value, Leaf) and entry.value.style in {"|", ">"}:
            return entry.tail[:1]
        return entry.tail

    def _hoisted(self, entry: Entry, indent: int) -> Lines:
        """Comments that stand above an entry, since behind it or inside its first line there is no place."""
        if self._compact(entry, indent):
            assert isinstance(entry.value, Collection)
            first = entry.value.entries[0]
            return (
                *(item.text for item in entry.tail),
                *_unspaced(first.lead),
                *self._hoisted(first, indent + STEP),
            )
        if isinstance(entry.value, Leaf) and entry.value.style in {"|", ">"}:
            return tuple(item.text for item in entry.tail[1:])
        return ()

    def _compact(self, entry: Entry, indent: int) -> bool:
        """Whether the value begins on the line of its dash, with one entry a line."""
        value = entry.value
        if entry.key is not None or not isinstance(value, Collection) or value.props:
            return False
        return self._fitting(entry, indent) is None

    def _fitting(self, entry: Entry, indent: int) -> str | None:
        """A collection in brackets, if it stands so behind its key or dash."""
        assert isinstance(entry.value, Collection)
        text = self._brackets(entry.value)
        room = WIDTH - indent - (STEP if entry.key is None else len(_key(entry.key)) + 2)
        return text if text is not None and (not entry.value.entries or len(text) <= room) else None

    def _brackets(self, node: Collection) -> str | None:
        """A collection on one line; None if it does not stand in brackets, or a comment is inside."""
        if id(node) not in self._texts:  # the page keeps every node alive
            self._texts[id(node)] = self._bracketed(node) if node.flow or not node.entries else None
        return self._texts[id(node)]

    def _bracketed(self, node: Collection) -> str | None:
        parts = []
        for entry in node.entries:
            value = entry.value
            text = self._brackets(value) if isinstance(value, Collection) else in_line(value, flow=True)
            if text is None or entry.lead or entry.tail:
                return None
            if entry.key is not None:
                key = in_line(entry.key, flow=True)
                text = f"{key} : {text}" if entry.key.style == "*" else f"{key}: {text}"
            parts.append(text)
        inside = ", ".join(parts)
        text = f"{{{inside}}}" if node.mapping else f"[{inside}]"
        return None if node.foot else f"{node.props} {text}" if node.props else text


def _unspaced(lead: Lines) -> Lines:
    return lead[1:] if lead[:1] == (BLANK,) else lead


def _key(key: Leaf) -> str:
    text = in_line(key)
    return f"{text} " if key.style == "*" else text


def _aligned(lines: list[_Line]) -> Iterator[str]:
    """Comments behind values: those that stood in one column on lines below one another stay in one column."""
    start = 0
    while start < len(lines):
        end = start + 1
        if lines[start].comment:
            while end < len(lines) and lines[end].comment and lines[end].column == lines[start].column:
                end += 1
        group = lines[start:end]
        column = max(item.wanted for item in group)
        for item in group:
            yield f"{item.code.ljust(column)}{item.comment}" if item.comment else item.code
        start = end
