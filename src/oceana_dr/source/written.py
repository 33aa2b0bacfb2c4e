"""How a single value is written in its file, and how another one is written in its place.

In: the text of a file, a place in it, a value. Out: the characters that stand there; YAML for the value that keeps
the quotes of the old one. It must never give YAML that reads as anything else than the value.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from oceana_dr.diagnostics import Span
from oceana_dr.source.scalars import NumberTooLong, resolve_plain
from oceana_dr.source.text import split_lines

# Plain in every context, between brackets too: no sign that begins or ends anything, no colon or hash after a space.
_PLAIN: Final = re.compile(r"[A-Za-z0-9/](?:[A-Za-z0-9_./\\+;=@()-]|:(?=\S)| (?=[^\s#:]))*", re.ASCII)


def raw_text(text: str | None, span: Span) -> str | None:
    """The characters at a place of one line; None if it has several, or the text is not known."""
    if text is None or span.line != span.end_line:
        return None
    lines = _lines(text)
    if span.line > len(lines):
        return None
    found = lines[span.line - 1][span.column - 1 : span.end_column - 1]
    return found if len(found) == span.end_column - span.column else None


@lru_cache(maxsize=4)
def _lines(text: str) -> tuple[str, ...]:
    """A text is asked once for each thing that is wrong in it; a project has few files open at a time."""
    return tuple(split_lines(text))


def write_text(value: str, instead_of: str) -> str:
    """YAML for a text that takes the place of a value written as `instead_of`."""
    quote = instead_of[:1]
    if quote == '"' and value.isprintable() and not {'"', "\\"} & set(value):
        return f'"{value}"'
    if quote == "'" or (quote == '"' and "\\" in value):
        return _single(value)
    if _PLAIN.fullmatch(value) and "," not in value and _is_text(value):
        return value
    return f'"{value}"' if value.isprintable() and not {'"', "\\"} & set(value) else _single(value)


def quoted(raw: str) -> str:
    """The same characters as text: in double quotes, or in single ones where they hold a backslash."""
    return _single(raw) if {'"', "\\"} & set(raw) else f'"{raw}"'


def _single(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _is_text(value: str) -> bool:
    try:
        return isinstance(resolve_plain(value), str)
    except NumberTooLong:
        return False
