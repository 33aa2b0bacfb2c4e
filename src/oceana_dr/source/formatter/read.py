"""Text → a `Page`: libyaml's events, with every comment given to what it belongs to.

In: text (line ends are LF) that `yaml_tree` reads without a complaint. Out: a `Page`.
Every comment must be given away exactly once: one that is left over would be lost.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from ruamel.yaml.cyaml import CParser
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
)

from oceana_dr.source.formatter.nodes import BLANK, Collection, Comment, Entry, Leaf, Lines, Node, Page, plain_lines

_CORE: Final = "tag:yaml.org,2002:"
_PROPERTY: Final = re.compile(r"[&!][^ \t\n]*")
_SPACE: Final = re.compile(r"(?:[ \t\n]+|#[^\n]*)+")
# A tag may hold a `#`; everything else between two scalars is an indicator, a directive or white space.
_OUTSIDE: Final = re.compile(r"![^ \t\n]*|%TAG[^\n]*|(?P<comment>#[^\n]*)")
_HEADER: Final = re.compile(r"[|>][^ \t\n#]*[ \t]*(?P<comment>#[^\n]*)?")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the text of a scalar begins and ends."""

    start: int
    end: int


def read_page(text: str) -> Page:
    """The page of a file whose root is a mapping."""
    events = [event for event in _events(text) if isinstance(event, NodeEvent | CollectionEndEvent)]
    places = {id(event): _place(text, event) for event in events if isinstance(event, ScalarEvent)}
    reader = _Reader(text, deque(events), places, deque(_comments(text, list(places.values()))))
    return reader.page()


def comments_of(text: str) -> tuple[Comment, ...]:
    """Every comment of a text, in its order."""
    return tuple(_comments(text, [_place(text, event) for event in _events(text) if isinstance(event, ScalarEvent)]))


def _events(text: str) -> Iterator[Any]:
    parser = CParser(text)
    try:
        while (event := parser.get_event()) is not None:
            yield event
    finally:
        parser.dispose()


def _place(text: str, event: Any) -> _Place:
    """The scalar's own text, without the anchor, tag and comments before it."""
    end = event.end_mark.index
    if event.style == "" and not event.value:
        return _Place(end, end)
    return _Place(_behind_properties(text, event, end), end)


def _behind_properties(text: str, event: Any, end: int) -> int:
    here = int(event.start_mark.index)
    if event.anchor is not None or event.tag is not None:
        while here < end and (found := _PROPERTY.match(text, here, end) or _SPACE.match(text, here, end)):
            here = found.end()
    return here


def _comments(text: str, places: list[_Place]) -> Iterator[Comment]:
    """Every comment of a text: those between its scalars, and those in the first line of a block scalar."""
    here, line, line_start = 0, 0, 0
    for place in [*places, _Place(len(text), len(text))]:
        gap_end = place.start
        header = _HEADER.match(text, place.start) if text[place.start : place.start + 1] in {"|", ">"} else None
        spans = [match.span("comment") for match in _OUTSIDE.finditer(text, here, gap_end) if match["comment"]]
        if header is not None and header["comment"]:
            spans.append(header.span("comment"))
        for start, end in spans:
            line += text.count("\n", line_start, start)
            line_start = text.rfind("\n", 0, start) + 1
            before = text[line_start:start]
            code = before.rstrip(" \t")
            yield Comment(text[start:end].rstrip(" \t"), start, line, len(before), not code, len(before) - len(code))
        here = max(here, place.end)


class _Reader:
    """Takes events and comments from their queues, in the order of the text."""

    def __init__(self, text: str, events: deque[Any], places: dict[int, _Place], comments: deque[Comment]) -> None:
        self._text = text
        self._events = events
        self._places = places
        self._comments = comments

    def page(self) -> Page:
        """The whole file."""
        first = self._events[0]
        before = self._before(first.start_mark.index)
        root, rest = self._settle(self._node(-1), self._before(len(self._text)))
        assert isinstance(root, Collection)
        foot = root.foot + plain_lines(rest, root.end_line, None)
        # A bracket around the whole file goes, and what stood behind it is at the head.
        above = (*before, *root.opening)
        lines = plain_lines(above, above[0].line, None if root.opening else first.start_mark.line) if above else ()
        return _headed(lines, replace(root, foot=foot, opening=()))

    # ------------------------------------------------------------------------------------------------- nodes

    def _node(self, parent: int) -> Node:
        """The next node; `parent` is the column of the block collection around it."""
        event = self._events.popleft()
        if isinstance(event, AliasEvent):
            return Leaf("", f"*{event.anchor}", "", "*", event.end_mark.line, event.end_mark.line)
        if isinstance(event, ScalarEvent):
            return self._leaf(event)
        return self._collection(event, parent)

    def _leaf(self, event: Any) -> Leaf:
        place = self._places[id(event)]
        text = self._text[place.start : place.end]
        if event.style not in {"|", ">"}:
            return Leaf(_props(event), text, event.value, event.style, event.end_mark.line, event.end_mark.line)
        glued = event.value == "\n" or event.value.endswith("\n\n")
        first = event.start_mark.line + self._text.count("\n", event.start_mark.index, place.start)
        if glued:
            last = first + text.count("\n") - 1
        elif event.style == "|":
            last = first + event.value.rstrip("\n").count("\n") + 1
        else:
            last = first + text.rstrip(" \t\n").count("\n")
        return Leaf(_props(event), text, event.value, event.style, first, last, glued)

    def _collection(self, event: Any, parent: int) -> Collection:
        flow, mapping = bool(event.flow_style), isinstance(event, MappingStartEvent)
        column = parent if flow else self._column(event, parent)
        opened_line = event.start_mark.line
        opening = self._beside(opened_line) if flow or _props(event) else ()
        entries: list[Entry] = []
        while not isinstance(self._events[0], CollectionEndEvent):
            entries.append(self._entry(entries, column, opened_line, mapping=mapping))
        end = self._events.popleft()
        foot: Lines = ()
        last = entries[-1].end_line if entries else opened_line
        if flow:
            inside = self._before(end.start_mark.index)
            if entries:
                foot = plain_lines(inside, last, None)
            else:
                opening += inside
            last = end.end_mark.line
        return Collection(mapping, _props(event), flow, column, tuple(entries), foot, opening, last)

    def _column(self, event: Any, parent: int) -> int:
        """The column where entries begin; a list that is not indented counts as deeper than its key."""
        first = self._events[0]
        if isinstance(event, MappingStartEvent):
            return max(int(first.start_mark.column), parent + 1)
        dash = _behind_properties(self._text, event, first.start_mark.index)
        return max(dash - self._text.rfind("\n", 0, dash) - 1, parent + 1)

    def _entry(self, entries: list[Entry], column: int, opened: int, *, mapping: bool) -> Entry:
        start = self._events[0].start_mark
        before = self._before(start.index)
        if entries:
            value, before = self._settle(entries[-1].value, before)
            end = max(entries[-1].end_line, value.end_line)
            entries[-1] = replace(entries[-1], value=value, end_line=end)
        lead = list(plain_lines(before, entries[-1].end_line if entries else opened, start.line))
        tail: list[Comment] = []
        key = None
        if mapping:
            found = self._node(column)
            assert isinstance(found, Leaf)
            key = found
        next_ = self._events[0]
        block = isinstance(next_, CollectionStartEvent) and not next_.flow_style
        inner = self._inner(next_)
        if key is not None:
            tail += self._beside(key.line, inner)
        if not block or _props(next_):
            lead += [item.text for item in self._before(inner)]
        value = self._node(column)
        if isinstance(value, Collection):
            tail += value.opening
        end = value.end_line
        if not block:
            tail += self._beside(value.line if isinstance(value, Leaf) else end)
        end = max([end, *(item.line for item in tail)])
        return Entry(key, value, tuple(lead), tuple(tail), end)

    def _inner(self, event: Any) -> int:
        """Where the node's own text begins, behind its properties."""
        return self._places[id(event)].start if id(event) in self._places else int(event.start_mark.index)

    # ------------------------------------------------------------------------------------------------- comments

    def _before(self, index: int) -> tuple[Comment, ...]:
        """The comments up to an index."""
        found = []
        while self._comments and self._comments[0].index < index:
            found.append(self._comments.popleft())
        return tuple(found)

    def _beside(self, line: int, until: int | None = None) -> tuple[Comment, ...]:
        """The comment that ends a line, and those that go on below it in the same column."""
        if until is None:
            until = self._inner(self._events[0])
        found: list[Comment] = []
        while self._comments and self._comments[0].index < until:
            first = self._comments[0]
            same = first.line == line and not first.own
            further = bool(found) and first.own and first.line == found[-1].line + 1 and first.column == found[0].column
            if not (same or further):
                break
            found.append(self._comments.popleft())
        return tuple(found)

    def _settle(self, node: Node, comments: tuple[Comment, ...]) -> tuple[Node, tuple[Comment, ...]]:
        """Comments behind a block collection that are indented as deep as it belong to its foot, deepest first."""
        if isinstance(node, Leaf) or node.flow or not node.entries or not comments:
            return node, comments
        last = node.entries[-1]
        value, rest = self._settle(last.value, comments)
        last = replace(last, value=value, end_line=max(last.end_line, value.end_line))
        taken = 0
        while taken < len(rest) and rest[taken].column >= node.column:
            taken += 1
        foot = plain_lines(rest[:taken], last.end_line, None)
        end = rest[taken - 1].line if taken else last.end_line
        return replace(node, entries=(*node.entries[:-1], last), foot=foot, end_line=end), rest[taken:]


def _props(event: Any) -> str:
    tag = event.tag.replace(_CORE, "!!") if event.tag is not None else ""
    return " ".join(part for part in (f"&{event.anchor}" if event.anchor is not None else "", tag) if part)


def _headed(lines: Lines, root: Collection) -> Page:
    """The first paragraph of comments is the file's; one that touches the first key is the key's, if another is above.

    Thus the line for editors and the words about the file stay at its top, wherever the first key goes.
    """
    spaced = lines[-1:] == (BLANK,)
    head = lines[:-1] if spaced else lines
    if spaced or BLANK not in head or not root.entries:
        return Page(head, spaced, root)
    at = len(head) - head[::-1].index(BLANK)
    first = replace(root.entries[0], lead=head[at:])
    return Page(head[: at - 1], True, replace(root, entries=(first, *root.entries[1:])))
