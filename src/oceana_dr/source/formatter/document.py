"""Plain data → a YAML file as a person would write it: every key with its description, laid out.

In: data, the model of the file, words for its head, notes behind some values. Out: its canonical text.
Descriptions come from the models: what an editor shows on hover is what stands in a new file.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping
from typing import Final

from pydantic import BaseModel

from oceana_dr.source.formatter.nodes import BLANK, Collection, Comment, Entry, Leaf, Lines, Node, Page
from oceana_dr.source.formatter.order import order_page
from oceana_dr.source.formatter.scalar_text import quoted
from oceana_dr.source.formatter.write import write_page
from oceana_dr.source.merge import Path
from oceana_dr.source.scalars import resolve_plain
from oceana_dr.source.site.shape import field_at

COMMENT_WIDTH: Final = 100
_BRACKETED_FROM: Final = 3
"""From this depth on a mapping of single values stands in brackets."""
_PLAIN: Final = re.compile(r"[A-Za-z/][\w./\\@+=;-]*(?: [\w./@+=;-]+)*|https?://[^\s#]+|env:\w+|[A-Za-z]:\\\S+")
_NUMERIC: Final = re.compile(r"[0-9]{1,3}(\.[0-9]{1,3}){3}(/[0-9]+)?|([1-9][0-9]*[dhms])+")
# Words that readers of YAML 1.1 take for true or false.
_WORDS: Final = frozenset({"y", "n", "yes", "no", "on", "off"})


def write_document(
    data: Mapping[str, object], model: type[BaseModel], head: Lines, notes: Mapping[Path, str] | None = None
) -> str:
    """The text of a file with this data. `notes` stand behind what they are about, by path."""
    root = _Author(model, notes or {}).collection(data, ())
    assert isinstance(root, Collection)
    return write_page(order_page(Page(head, True, root), model))


class _Author:
    """Writes each description once, where it is first needed."""

    def __init__(self, model: type[BaseModel], notes: Mapping[Path, str]) -> None:
        self._model = model
        self._notes = notes
        self._said: set[str] = set()
        self._noted = 0

    def collection(self, value: object, path: Path, *, flow: bool = False) -> Node:
        """A value of any kind."""
        match value:
            case Mapping():
                inside = flow or self._bracketed(value, path)
                entries = [self._entry(str(key), item, (*path, str(key)), flow=inside) for key, item in value.items()]
                return Collection(True, "", inside, 0, tuple(entries), (), (), 0)
            case list() | tuple():
                inside = flow or not any(isinstance(item, Mapping | list | tuple) for item in value)
                items = [self._item(item, (*path, number), flow=inside) for number, item in enumerate(value)]
                return Collection(False, "", inside, 0, tuple(items), (), (), 0)
            case _:
                text = _scalar(value, flow=flow)
                return Leaf("", text, text, '"' if text.startswith('"') else "", 0, 0)

    def _entry(self, key: str, value: object, path: Path, *, flow: bool) -> Entry:
        lead = () if flow else self._description(path)
        name = _scalar(key, flow=flow)
        leaf = Leaf("", name, key, '"' if name.startswith('"') else "", 0, 0)
        return Entry(leaf, self.collection(value, path, flow=flow), lead, self._note(path), 0)

    def _item(self, value: object, path: Path, *, flow: bool) -> Entry:
        plain = isinstance(value, Mapping) and not any(
            isinstance(part, Mapping | list | tuple) for part in value.values()
        )
        return Entry(None, self.collection(value, path, flow=flow or plain), (), self._note(path), 0)

    def _bracketed(self, value: Mapping[str, object], path: Path) -> bool:
        single = not any(isinstance(part, Mapping | list | tuple) for part in value.values())
        noted = any(where[: len(path)] == path and len(where) > len(path) for where in self._notes)
        return single and not noted and len(path) >= _BRACKETED_FROM

    def _description(self, path: Path) -> Lines:
        field = field_at(self._model, path)
        text = field.description if field is not None else None
        if text is None or text in self._said or path == ("schema",):
            return ()
        self._said.add(text)
        width = COMMENT_WIDTH - 2 * len(path)
        return ((BLANK,) if len(path) == 1 else ()) + tuple(f"# {line}" for line in textwrap.wrap(text, width))

    def _note(self, path: Path) -> tuple[Comment, ...]:
        note = self._notes.get(path)
        if note is None:
            return ()
        self._noted += 1  # each in a column of its own: none is aligned with another
        return (Comment(f"# {note}", 0, 0, -self._noted, own=False, apart=0),)


def _scalar(value: object, *, flow: bool) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int() | float():
            return str(value)
        case _:
            return _text(str(value), flow=flow)


def _text(text: str, *, flow: bool) -> str:
    known = _PLAIN.fullmatch(text) or _NUMERIC.fullmatch(text)
    plain = bool(known) and resolve_plain(text) == text and text.lower() not in _WORDS
    if plain and flow and re.search(r"[:,\[\]{}]", text):
        plain = False
    return text if plain else quoted(text)
