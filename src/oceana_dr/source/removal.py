"""The lines that a key or an item of a list fills by itself, to be taken out as a whole.

In: the lines of a file, where something begins, the node it ends with. Out: whole lines, or None for any other layout.
It must never name a line on which something else stands, nor one that another place may refer to (`&`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from oceana_dr.diagnostics import Span
from oceana_dr.source import node as tree
from oceana_dr.source.node import Mapping, Node, Scalar

KEY: Final = re.compile(r"\s*")
"""What may stand before a key in its line."""
ITEM: Final = re.compile(r"\s*-\s+")
"""What may stand before an item of a list."""
_BEHIND: Final = re.compile(r"\s*(?:\s#.*)?")
_OPEN: Final = frozenset("{[")
_UNSURE: Final = frozenset("&!*|>")


def whole_lines(lines: Sequence[str], begin: Span, last: Node, lead: re.Pattern[str]) -> Span | None:
    """The lines from `begin` to the end of `last`, if `lead` is all that stands before and a comment all behind."""
    end = _end(last, lines)
    if end is None or end[0] > len(lines) or end < (begin.line, begin.column):
        return None
    before, behind = lines[begin.line - 1][: begin.column - 1], lines[end[0] - 1][end[1] - 1 :]
    if not lead.fullmatch(before) or not _BEHIND.fullmatch(behind):
        return None
    if any("&" in line for line in lines[begin.line - 1 : end[0]]):
        return None
    return Span(begin.file, begin.line, 1, end[0] + 1, 1)


def in_brackets(node: Node, lines: Sequence[str]) -> bool:
    """Whether a list or mapping is written in brackets or braces; also where that cannot be told."""
    sign = _first(node.span, lines)
    return sign in _OPEN or sign in _UNSURE


def _end(node: Node, lines: Sequence[str]) -> tuple[int, int] | None:
    """Where the text of a node ends; a block ends with the last thing in it, not with the blank lines below."""
    span = node.span
    sign = _first(span, lines)
    match node:
        case Scalar():
            return None if sign in _UNSURE else (span.end_line, span.end_column)
        case tree.Sequence(items=items) if sign not in _OPEN:
            return None if sign in _UNSURE or not items else _end(items[-1], lines)
        case Mapping(entries=entries) if sign not in _OPEN:
            return None if sign in _UNSURE or not entries else _end(entries[-1][1], lines)
        case _:
            return span.end_line, span.end_column


def _first(span: Span, lines: Sequence[str]) -> str:
    return lines[span.line - 1][span.column - 1 : span.column] if span.line <= len(lines) else ""
