"""So many problems that nobody reads them all → the first ones, and one that says so.

In: diagnostics. Out: the same, or for each file at most `MOST` and a last one for those left out.
It must never make shown what a left-out one would have masked: the place of the last one covers them all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final

from oceana_dr.diagnostics.diagnostic import Diagnostic, Label, Severity
from oceana_dr.diagnostics.span import Span

MOST: Final = 200
"""Most problems of one file that are shown: a file of some hundred lines has fewer, a hostile one has millions."""


def bounded(found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The diagnostics, in their order; where a file has more than `MOST`, its first ones and an OD1020."""
    given = tuple(found)
    many = {file for file, number in Counter(_file(item) for item in given).items() if number > MOST}
    if not many:
        return given
    left_out = {file: sorted((item for item in given if _file(item) == file), key=_key)[MOST:] for file in many}
    dropped = {id(item) for items in left_out.values() for item in items}
    rest = [_more(file, items) for file, items in sorted(left_out.items())]
    return tuple(sorted((*(item for item in given if id(item) not in dropped), *rest), key=_key))


def _more(file: str, items: list[Diagnostic]) -> Diagnostic:
    spans = [label.span for item in items for label in item.labels if label.span.file == file]
    place: tuple[Label, ...] = ()
    if (first := items[0].span) is not None:
        line, column = max((span.end_line, span.end_column) for span in spans)
        place = (Label(Span(file, first.line, first.column, line, column), "from here on nothing is shown"),)
    worst = Severity.ERROR if any(item.severity is Severity.ERROR for item in items) else Severity.WARNING
    message = f"{file or 'the input'} has more problems than are shown"
    return Diagnostic("OD1020", message, place, (), "repair these first, then ask again", worst)


def _file(item: Diagnostic) -> str:
    return "" if item.span is None else item.span.file


def _key(item: Diagnostic) -> tuple[str, int, int, str, str]:
    return item.sort_key
