"""One of pydantic's errors, with what is known about its place in the files.

In: an error's details and the located data. Out: a `Misfit`, which the wordings of `model_errors` read.
It must never hand out the text of a value whose field holds a secret.
"""

from __future__ import annotations

from collections.abc import Container
from collections.abc import Mapping as MappingType
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from oceana_dr.diagnostics import Diagnostic, Fix, Label, Span
from oceana_dr.source.merge import Data, Located, Path
from oceana_dr.source.node import Mapping
from oceana_dr.source.site.shape import field_at, holds_secret
from oceana_dr.source.written import raw_text, write_text


@dataclass(frozen=True, slots=True)
class Misfit:
    """What does not fit the model: where, and pydantic's name (`kind`) and context for it.

    `is_key` when the key itself is wrong, not its value. `texts` are the files as they were read, by name.
    """

    model: type[BaseModel]
    located: Located
    path: Path
    kind: str
    context: MappingType[str, Any]
    is_key: bool
    texts: MappingType[str, str]

    @property
    def value(self) -> Data:
        """The value as it was read; None if there is none."""
        return self.located.at(self.path)

    @property
    def name(self) -> str:
        """The key, or `item 3` for the third item of a list."""
        last = self.path[-1] if self.path else "the file"
        return f"item {last + 1}" if isinstance(last, int) else last

    @property
    def field(self) -> FieldInfo | None:
        """The field of the model, if the path ends in one."""
        return field_at(self.model, self.path)

    @property
    def is_secret(self) -> bool:
        """Whether a value stands where a reference to a secret belongs."""
        if self.is_key or self.value is None or self.kind in {"missing", "extra_forbidden"}:
            return False
        return self.field is not None and holds_secret(self.field)

    @property
    def span(self) -> Span:
        """The value; the key where the key is wrong, or where the value is a whole block or nothing."""
        place = self.located.place(self.path)
        if place is None:
            return self.parent_span
        written = place.value.span
        empty = (written.line, written.column) == (written.end_line, written.end_column)
        if place.key is not None and (self.is_key or empty or written.line != written.end_line):
            return place.key
        return written

    @property
    def value_span(self) -> Span:
        """The value, however long it is."""
        place = self.located.place(self.path)
        return self.span if place is None else place.value.span

    @property
    def raw(self) -> str | None:
        """What is wrong (the value, or the key) as it is written, quotes and all; None if it has several lines."""
        return raw_text(self.texts.get(self.span.file), self.span)

    @property
    def whole_line(self) -> Span | None:
        """The line with its end, if the key and its value are all that stands there; None for any other layout."""
        place = self.located.place(self.path)
        if place is None or place.key is None or place.key.line != place.value.span.end_line:
            return None
        file, line = place.key.file, place.key.line
        indent = raw_text(self.texts.get(file), Span(file, line, 1, line, place.key.column))
        return Span(file, line, 1, line + 1, 1) if indent is not None and not indent.strip() else None

    @property
    def siblings(self) -> Container[str]:
        """The keys of the mapping that the path's last part stands in; not copied, there may be many thousands."""
        around = self.located.at(self.path[:-1])
        return around if isinstance(around, dict) else ()

    def fix(self, value: str, *, safe: bool) -> Fix | None:
        """Text in the place of what is written there; never where a secret may be meant."""
        raw = self.raw
        return Fix(self.span, write_text(value, raw), safe) if raw and self._may_be_replaced(raw) else None

    def fix_as_written(self, yaml: str) -> Fix | None:
        """The same, for a safe fix that is YAML already: `true`, or a text with its quotes."""
        raw = self.raw
        return Fix(self.span, yaml, safe=True) if raw and self._may_be_replaced(raw) else None

    def _may_be_replaced(self, raw: str) -> bool:
        # An anchor may be used further down, an alias has its value from further up.
        return not self.is_secret and raw[0] not in "&!*"

    @property
    def key_span(self) -> Span:
        """The key, or the nearest one around it."""
        place = self.located.place(self.path)
        return self.parent_span if place is None or place.key is None else place.key

    @property
    def parent_span(self) -> Span:
        """The key of the nearest mapping that is written; in the file itself, its first key."""
        path = self.path[:-1]
        while path and path not in self.located.places:
            path = path[:-1]
        place = self.located.places[path][0]
        if place.key is not None:
            return place.key
        if isinstance(place.value, Mapping) and place.value.entries:
            return place.value.entries[0][0].span
        return place.value.span

    def diagnostic(self, code: str, message: str, label: str = "", *, advice: str | None = None) -> Diagnostic:
        """A diagnostic at this place, with what the field means as its note."""
        field = self.field
        notes = (f"`{self.name}`: {field.description}",) if field is not None and field.description else ()
        return Diagnostic(code, message, (Label(self.span, label), *self._anchor()), notes, advice)

    def _anchor(self) -> tuple[Label, ...]:
        """Where an alias has its value from; a secret has to be hidden there, too."""
        place = self.located.place(self.path)
        anchored = getattr(place.value, "anchored", None) if place is not None and not self.is_key else None
        return () if anchored is None else (Label(anchored, "the alias repeats this"),)
