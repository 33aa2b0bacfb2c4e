"""Text → located tree, bounded while it is read.

In: text and the name of its file. Out: a `Tree`: the root node, if there is one, and every diagnostic.
libyaml (through ruamel.yaml.clib) says only what the tokens are; meaning, duplicates and limits are
decided here, so that no input can cost more than the limits below: an alias counts what it expands to.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from ruamel.yaml.cyaml import CParser
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from oceana_dr.diagnostics import Diagnostic, Span
from oceana_dr.source import yaml_problems as problem
from oceana_dr.source.holes import Hole, locate, unsure
from oceana_dr.source.node import Mapping, Node, Plain, Scalar, Sequence, same_data
from oceana_dr.source.scalars import CONSTANTS, NumberTooLong, may_be_number, resolve_plain, resolve_tagged
from oceana_dr.source.text import position_of, split_lines

MAX_DEPTH: Final = 64
"""Deepest nesting, aliases expanded."""
MAX_NODES: Final = 50_000
"""Most keys and values of one file, aliases expanded."""

_CORE: Final = "tag:yaml.org,2002:"
_PROPERTY: Final = re.compile(r"[&!][^\s,\[\]{}]*|[ \t]+|#.*|$")
_SCALAR_TAGS: Final = frozenset({"str", "int", "float", "bool", "null"})


@dataclass(frozen=True, slots=True)
class Tree:
    """What a file says (`root` is None if nothing can be made of it) and what is wrong with it.

    `holes` are the lines that could not be read: `root` is what the others say.
    """

    root: Node | None
    diagnostics: tuple[Diagnostic, ...]
    holes: tuple[Hole, ...] = ()


@dataclass(frozen=True, slots=True)
class _Anchored:
    """A node that aliases may repeat: how many nodes it expands to, and how deep it is."""

    node: Node
    nodes: int
    height: int


class _Open:
    """A collection whose end has not been read: its children so far.

    `nodes` is the reader's count before it. Not a dataclass: a file has hundreds, and this one is made faster.
    """

    __slots__ = ("anchor", "children", "height", "nodes", "start")

    def __init__(self, start: Any, anchor: str | None, nodes: int) -> None:
        self.start = start
        self.anchor = anchor
        self.children: list[Node] = []
        self.nodes = nodes
        self.height = 1


class _Stop(Exception):
    """Reading cannot go on; the diagnostic says why."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


def read_tree(text: str, file: str) -> Tree:
    """Read one YAML document. Never raises for anything the text can hold."""
    if (tags := problem.too_many_tags(text, file)) is not None:
        return Tree(None, (tags,))
    builder = _Builder(file, position_of(text, len(text)), text)
    parser = CParser(text)
    try:
        builder.read(parser.get_event)
    except _Stop as stop:
        return _stopped(builder, stop.diagnostic)
    except MarkedYAMLError as error:
        return _rest(text, file) or Tree(None, (*builder.found, problem.syntax(error, text, file)))
    except YAMLError as error:
        builder.found.append(problem.unreadable(error, file))
        return Tree(None, tuple(builder.found))
    finally:
        parser.dispose()
    return Tree(builder.root, tuple(builder.found))


def _stopped(builder: _Builder, why: Diagnostic) -> Tree:
    found = (*builder.found, why)
    if why.code == "OD1010" and why.span is not None:  # the first document is whole
        return Tree(builder.root, found, (locate(why.span.line, builder.end[0], 0, builder.root),))
    return Tree(None, found)


def _rest(text: str, file: str) -> Tree | None:
    """What can be read beside the syntax errors; None if nothing can."""
    from oceana_dr.source.recovery import read_rest  # most files need none
    from oceana_dr.source.shifted import put_back, put_back_diagnostics

    rest = read_rest(text, file)
    builder = _Builder(file, position_of(rest.text, len(rest.text)), text)
    parser = CParser(rest.text)
    try:
        builder.read(parser.get_event)
    except _Stop as stop:
        return Tree(None, (*rest.diagnostics, *builder.found, stop.diagnostic))
    except YAMLError:
        return None
    finally:
        parser.dispose()
    # What an alias repeats may stand in a part that could not be read.
    found = [item for item in builder.found if item.code != "OD1012" or "&" not in rest.lost]
    root, found = put_back(builder.root, rest.shifts), put_back_diagnostics(found, rest.shifts)
    holes = [locate(part.first, part.last, part.indent, root) for part in rest.regions]
    holes += [Hole(line, line, (), key=key) for line, key in rest.guessed.items()]
    found = [item for item in found if not unsure(holes, item.span)]
    return Tree(root, (*rest.diagnostics, *found), tuple(holes))


class _Builder:
    """Puts events together; holds the limits' counters.

    A site has a thousand events and a fleet a million: what happens for each scalar is written out in one place,
    and a limit is a comparison there, not a call.
    """

    def __init__(self, file: str, end: tuple[int, int], text: str) -> None:
        self.file = file
        self._text = text
        self._lines: list[str] = []
        self.end = end
        self.root: Node | None = None
        self.found: list[Diagnostic] = []
        self._open: list[_Open] = []
        self._anchors: dict[str, _Anchored] = {}
        self._nodes = 0
        self._documents = 0

    def read(self, next_event: Callable[[], Any]) -> None:
        """Use all events of the stream; raises `_Stop` where nothing sensible can follow."""
        takers: dict[type, Callable[[Any], None]] = {
            ScalarEvent: self._scalar,
            MappingStartEvent: self._begin,
            SequenceStartEvent: self._begin,
            MappingEndEvent: self._close,
            SequenceEndEvent: self._close,
            AliasEvent: self._alias,
            DocumentStartEvent: self._document,
        }
        take = takers.get
        while (event := next_event()) is not None:
            taker = take(type(event))
            if taker is not None:
                taker(event)

    def _document(self, event: Any) -> None:
        self._documents += 1
        span = self._span(event.start_mark, event.end_mark)
        if self._documents > 1:
            raise _Stop(problem.several_documents(span))
        if event.version and tuple(event.version) != (1, 2):
            self.found.append(problem.version(span, tuple(event.version)))

    def _count(self, nodes: int, height: int, event: Any) -> None:
        self._nodes += nodes
        if len(self._open) + height > MAX_DEPTH:
            raise _Stop(problem.too_deep(self._span_of(event), MAX_DEPTH))
        if self._nodes > MAX_NODES:
            raise _Stop(problem.too_many(self._span_of(event), MAX_NODES, alias=isinstance(event, AliasEvent)))

    def _scalar(self, event: Any) -> None:
        self._nodes += 1
        if self._nodes > MAX_NODES or len(self._open) >= MAX_DEPTH:
            self._count(0, 1, event)  # says which limit it is
        start, end = event.start_mark, event.end_mark
        if end.line + 1 < self.end[0]:
            span = Span(self.file, start.line + 1, start.column + 1, end.line + 1, end.column + 1)
        else:
            span = self._span(start, end)
        if event.anchor is not None:
            span = self._behind_anchor(span)
        text: str = event.value
        plain, quoted = event.implicit
        node: Scalar
        if quoted:
            node = Scalar(text, span, quoted=bool(event.style))
        elif plain and event.tag is None and not may_be_number(text):
            node = Scalar(CONSTANTS.get(text, text), span)
        else:
            node = self._resolved(event, text, span)
        if event.anchor is not None:
            self._anchors[event.anchor] = _Anchored(node, 1, 1)
        if self._open:
            self._open[-1].children.append(node)
        else:
            self.root = node

    def _begin(self, event: Any) -> None:
        self._count(1, 1, event)
        self._check_collection_tag(event)
        self._open.append(_Open(event.start_mark, event.anchor, self._nodes - 1))

    def _alias(self, event: Any) -> None:
        anchored = self._anchors.get(event.anchor)
        if anchored is None:
            inside = any(open_.anchor == event.anchor for open_ in self._open)
            self.found.append(problem.unknown_alias(self._span_of(event), inside=inside))
            self._count(1, 1, event)
            self._add(Scalar(None, self._span_of(event)), 1)
            return
        self._count(anchored.nodes, anchored.height, event)
        span = self._span_of(event)
        match anchored.node:
            case Scalar() as scalar:
                self._add(scalar._replace(span=span, anchored=scalar.span), anchored.height)
            case collection:
                self._add(replace(collection, span=span), anchored.height)  # what stands in it keeps its places

    def _add(self, node: Node, height: int) -> None:
        if self._open:
            parent = self._open[-1]
            parent.children.append(node)
            if parent.height <= height:
                parent.height = height + 1
        else:
            self.root = node

    def _close(self, event: Any) -> None:
        done = self._open.pop()
        span = self._span(done.start, event.end_mark)
        node: Node
        if type(event) is SequenceEndEvent:
            node = Sequence(tuple(done.children), span)
        else:
            node = Mapping(self._entries(done.children, span), span)
        height = max(done.height, 2) if done.children else 1  # scalars below do not count themselves
        if done.anchor is not None:
            self._anchors[done.anchor] = _Anchored(node, self._nodes - done.nodes, height)
        self._add(node, height)

    def _entries(self, children: list[Node], span: Span) -> tuple[tuple[Scalar, Node], ...]:
        entries: list[tuple[Scalar, Node]] = []
        seen: dict[str, tuple[Scalar, Node]] = {}
        for key, value in zip(children[::2], children[1::2], strict=True):
            if not isinstance(key, Scalar) or not isinstance(key.value, str):
                self.found.append(problem.key_not_text(key))
            elif key.value == "<<" and not key.quoted:
                self.found.append(problem.merge_key(key.span))
            elif first := seen.get(key.value):
                again = self._again(first[1], key, value, span)
                self.found.append(problem.duplicate(key.value, first[0].span, key.span, again))
            else:
                seen[key.value] = key, value
                entries.append((key, value))
        return tuple(entries)

    def _again(self, first: Node, key: Scalar, value: Node, around: Span) -> Span | None:
        """The lines of a key that says once more what it said before; None if it does not, or shares a line."""
        from oceana_dr.source.removal import KEY, in_brackets, whole_lines  # files without a slip need none of it

        self._lines = self._lines or split_lines(self._text)
        if not same_data(first, value) or in_brackets(Mapping((), around), self._lines):
            return None
        return whole_lines(self._lines, key.span, value, KEY)

    def _resolved(self, event: Any, text: str, span: Span) -> Scalar:
        try:
            return Scalar(self._resolve(event, text, span), span, bool(event.style))
        except NumberTooLong:
            self.found.append(problem.number_too_long(span))
        except ValueError as error:
            self.found.append(problem.bad_tag(span, str(event.tag), str(error)))
        return Scalar(text, span)

    def _resolve(self, event: Any, text: str, span: Span) -> Plain:
        if event.tag is None:
            return resolve_plain(text) if event.implicit[0] else text
        if event.tag == "!":
            return text
        name = event.tag.removeprefix(_CORE)
        if event.tag.startswith(_CORE) and name in _SCALAR_TAGS:
            return resolve_tagged(name, text)
        self.found.append(problem.bad_tag(span, event.tag, None))
        return text

    def _check_collection_tag(self, event: Any) -> None:
        wanted = "map" if isinstance(event, MappingStartEvent) else "seq"
        if event.tag not in (None, "!", _CORE + wanted):
            self.found.append(problem.bad_tag(self._span_of(event), event.tag, None))

    def _behind_anchor(self, span: Span) -> Span:
        """The value alone: libyaml begins it at its `&anchor` or `!tag`."""
        lines = split_lines(self._text)
        line, column = span.line, span.column
        while (line, column) < (span.end_line, span.end_column):
            found = _PROPERTY.match(lines[line - 1], column - 1)
            if found is None:
                return Span(self.file, line, column, span.end_line, span.end_column)
            column = found.end() + 1
            if found.end() == len(lines[line - 1]):
                line, column = line + 1, 1
        return span

    def _span_of(self, event: NodeEvent) -> Span:
        return self._span(event.start_mark, event.end_mark)

    def _span(self, start: Any, end: Any) -> Span:
        # libyaml adds a line end to a file that has none, and then points behind it.
        first = min((start.line + 1, start.column + 1), self.end)
        return Span(self.file, *first, *min((end.line + 1, end.column + 1), self.end))
