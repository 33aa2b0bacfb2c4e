"""So many problems that nobody reads them all → the first ones, and one that says so.

In: diagnostics. Out: the same, or for each file at most `MOST` and a last one for those left out.
It must never make shown what a left-out one would have masked: the place of the last one covers them all.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from oceana_dr.diagnostics.diagnostic import Diagnostic, Label, Severity
from oceana_dr.diagnostics.span import Span

_CODE: Final = "OD1020"

MOST: Final = 200
"""Most problems of one file that are shown: a file of some hundred lines has fewer, a hostile one has millions."""


def bounded(found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The diagnostics, in their order; where a file has more than `MOST`, its first ones and an OD1020.

    What was bounded before may be bounded again, with others: there is one OD1020 for a file.
    """
    given = tuple(found)
    files = {file: sorted(items, key=_key) for file, items in _by_file(given).items()}
    rest = {file: left for file, items in files.items() if (left := _left_out(items))}
    if not rest:
        return given
    dropped = {id(item) for items in rest.values() for item in items}
    kept = (item for item in given if id(item) not in dropped)
    return tuple(sorted((*kept, *(_more(file, items) for file, items in rest.items())), key=_key))


def _by_file(found: tuple[Diagnostic, ...]) -> dict[str, list[Diagnostic]]:
    files: dict[str, list[Diagnostic]] = {}
    for item in found:
        files.setdefault(_file(item), []).append(item)
    return files


def _left_out(items: list[Diagnostic]) -> list[Diagnostic]:
    told = [item for item in items if item.code == _CODE]
    others = [item for item in items if item.code != _CODE]
    return [*others[MOST:], *told] if len(others) > MOST or len(told) > 1 else []


def _more(file: str, items: list[Diagnostic]) -> Diagnostic:
    spans = [label.span for item in items for label in item.labels if label.span.file == file]
    firsts = [item.span for item in items if item.span is not None]
    place: tuple[Label, ...] = ()
    if firsts:
        line, column = min((span.line, span.column) for span in firsts)
        end_line, end_column = max((span.end_line, span.end_column) for span in spans)
        place = (Label(Span(file, line, column, end_line, end_column), "from here on nothing is shown"),)
    worst = Severity.ERROR if any(item.severity is Severity.ERROR for item in items) else Severity.WARNING
    message = f"{file or 'the input'} has more problems than are shown"
    return Diagnostic(_CODE, message, place, (), "repair these first, then ask again", worst)


def _file(item: Diagnostic) -> str:
    return "" if item.span is None else item.span.file


def _key(item: Diagnostic) -> tuple[str, int, int, str, str]:
    return item.sort_key
