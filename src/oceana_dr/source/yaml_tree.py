"""Text → located tree, bounded while it is read.

In: text and the name of its file. Out: a `Tree`: the root node, if there is one, and every diagnostic.
libyaml (through ruamel.yaml.clib) says only what the tokens are; meaning, duplicates and limits are
decided here, so that no input can cost more than the limits below: an alias counts what it expands to.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
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
from oceana_dr.source.node import Mapping, Node, Plain, Scalar, Sequence
from oceana_dr.source.scalars import NumberTooLong, resolve_plain, resolve_tagged
from oceana_dr.source.text import position_of

MAX_DEPTH: Final = 64
"""Deepest nesting, aliases expanded."""
MAX_NODES: Final = 50_000
"""Most keys and values of one file, aliases expanded."""

_CORE: Final = "tag:yaml.org,2002:"
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


@dataclass(slots=True)
class _Open:
    """A collection whose end has not been read: its children so far."""

    start: Any
    anchor: str | None
    children: list[Node] = field(default_factory=list)
    nodes: int = 1
    height: int = 1


class _Stop(Exception):
    """Reading cannot go on; the diagnostic says why."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


def read_tree(text: str, file: str) -> Tree:
    """Read one YAML document. Never raises for anything the text can hold."""
    builder = _Builder(file, position_of(text, len(text)))
    try:
        for event in _events(text):
            builder.take(event)
    except _Stop as stop:
        return _stopped(builder, stop.diagnostic)
    except MarkedYAMLError as error:
        return _rest(text, file) or Tree(None, (*builder.found, problem.syntax(error, text, file)))
    except YAMLError as error:
        builder.found.append(problem.unreadable(error, file))
        return Tree(None, tuple(builder.found))
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
    builder = _Builder(file, position_of(text, len(text)))
    try:
        for event in _events(rest.text):
            builder.take(event)
    except _Stop as stop:
        return Tree(None, (*rest.diagnostics, *builder.found, stop.diagnostic))
    except YAMLError:
        return None
    # What an alias repeats may stand in a part that could not be read.
    found = [item for item in builder.found if item.code != "OD1012" or "&" not in rest.lost]
    root, found = put_back(builder.root, rest.shifts), put_back_diagnostics(found, rest.shifts)
    holes = [locate(part.first, part.last, part.indent, root) for part in rest.regions]
    holes += [Hole(line, line, (), key=key) for line, key in rest.guessed.items()]
    found = [item for item in found if not unsure(holes, item.span)]
    return Tree(root, (*rest.diagnostics, *found), tuple(holes))


def _events(text: str) -> Iterator[Any]:
    parser = CParser(text)
    try:
        while (event := parser.get_event()) is not None:
            yield event
    finally:
        parser.dispose()


class _Builder:
    """Puts events together; holds the limits' counters."""

    def __init__(self, file: str, end: tuple[int, int]) -> None:
        self.file = file
        self.end = end
        self.root: Node | None = None
        self.found: list[Diagnostic] = []
        self._open: list[_Open] = []
        self._anchors: dict[str, _Anchored] = {}
        self._nodes = 0
        self._documents = 0

    def take(self, event: Any) -> None:
        """Use one event of the stream; raises `_Stop` where nothing sensible can follow."""
        if isinstance(event, ScalarEvent):
            self._count(1, 1, event)
            self._add(self._scalar(event), event.anchor, 1, 1)
        elif isinstance(event, MappingStartEvent | SequenceStartEvent):
            self._count(1, 1, event)
            self._check_collection_tag(event)
            self._open.append(_Open(event.start_mark, event.anchor))
        elif isinstance(event, MappingEndEvent | SequenceEndEvent):
            self._close(event)
        elif isinstance(event, AliasEvent):
            self._alias(event)
        elif isinstance(event, DocumentStartEvent):
            self._document(event)

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

    def _alias(self, event: Any) -> None:
        anchored = self._anchors.get(event.anchor)
        if anchored is None:
            inside = any(open_.anchor == event.anchor for open_ in self._open)
            self.found.append(problem.unknown_alias(self._span_of(event), event.anchor, inside=inside))
            self._count(1, 1, event)
            self._add(Scalar(None, self._span_of(event)), None, 1, 1)
            return
        self._count(anchored.nodes, anchored.height, event)
        self._add(anchored.node, None, anchored.nodes, anchored.height)

    def _add(self, node: Node, anchor: str | None, nodes: int, height: int) -> None:
        if anchor is not None:
            self._anchors[anchor] = _Anchored(node, nodes, height)
        if self._open:
            parent = self._open[-1]
            parent.children.append(node)
            parent.nodes += nodes
            parent.height = max(parent.height, height + 1)
        else:
            self.root = node

    def _close(self, event: Any) -> None:
        done = self._open.pop()
        span = self._span(done.start, event.end_mark)
        node: Node
        if isinstance(event, SequenceEndEvent):
            node = Sequence(tuple(done.children), span)
        else:
            node = Mapping(self._entries(done.children), span)
        self._add(node, done.anchor, done.nodes, done.height)

    def _entries(self, children: list[Node]) -> tuple[tuple[Scalar, Node], ...]:
        entries: list[tuple[Scalar, Node]] = []
        seen: dict[str, Scalar] = {}
        for key, value in zip(children[::2], children[1::2], strict=True):
            if not isinstance(key, Scalar) or not isinstance(key.value, str):
                self.found.append(problem.key_not_text(key))
            elif key.value == "<<" and not key.quoted:
                self.found.append(problem.merge_key(key.span))
            elif first := seen.get(key.value):
                self.found.append(problem.duplicate(key.value, first.span, key.span))
            else:
                seen[key.value] = key
                entries.append((key, value))
        return tuple(entries)

    def _scalar(self, event: Any) -> Scalar:
        span = self._span_of(event)
        text: str = event.value
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

    def _span_of(self, event: NodeEvent) -> Span:
        return self._span(event.start_mark, event.end_mark)

    def _span(self, start: Any, end: Any) -> Span:
        # libyaml adds a line end to a file that has none, and then points behind it.
        first = min((start.line + 1, start.column + 1), self.end)
        return Span(self.file, *first, *min((end.line + 1, end.column + 1), self.end))
