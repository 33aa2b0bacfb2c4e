"""Fixes put into a text: the stretches they name are replaced, every other byte stays.

In: a file's text and fixes for it. Out: the text with as many of them as do not overlap, and which those are.
It must never touch a byte outside of a replaced stretch: line ends, comments and byte order mark stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from oceana_dr.diagnostics import Diagnostic, Fix

_LINE: Final = re.compile(r"\r\n|\r|\n")
_BOM: Final = "\ufeff"


def apply_fixes(text: str, found: Iterable[Diagnostic]) -> tuple[str, tuple[Diagnostic, ...]]:
    """The text with the diagnostics' fixes in it, from the first on; of two that overlap the earlier one counts.

    The same text twice in one stretch (a value that two sites complain of) is one fix.
    """
    starts = _line_starts(text)
    parts: list[str] = []
    done: list[Diagnostic] = []
    end = 0
    last: Fix | None = None
    for item in sorted((item for item in found if item.fix is not None), key=_place):
        fix = item.fix
        assert fix is not None
        first, behind = (_offset(starts, text, *where) for where in _ends(fix))
        if fix == last:
            done.append(item)
        elif first >= end and behind >= first and (last is None or first > end or first > _start(starts, text, last)):
            parts += [text[end:first], fix.replacement]
            end, last = behind, fix
            done.append(item)
    return "".join((*parts, text[end:])), tuple(done)


def _place(item: Diagnostic) -> tuple[int, int, int, int]:
    assert item.fix is not None
    span = item.fix.span
    return span.line, span.column, span.end_line, span.end_column


def _ends(fix: Fix) -> tuple[tuple[int, int], tuple[int, int]]:
    return (fix.span.line, fix.span.column), (fix.span.end_line, fix.span.end_column)


def _start(starts: list[int], text: str, fix: Fix) -> int:
    return _offset(starts, text, fix.span.line, fix.span.column)


def _line_starts(text: str) -> list[int]:
    lengths = [match.end() for match in _LINE.finditer(text)]
    return [1 if text.startswith(_BOM) else 0, *lengths]


def _offset(starts: list[int], text: str, line: int, column: int) -> int:
    """The index of a place; columns count characters from 1, the byte order mark is none."""
    if line > len(starts):
        return len(text)
    return min(starts[line - 1] + column - 1, len(text))
