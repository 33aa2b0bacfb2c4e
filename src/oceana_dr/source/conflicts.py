"""Conflicts that git left in a file: two versions of some lines, between markers.

In: the lines of a text that is no YAML. Out: each whole conflict, and the diagnostic for it.
It must never choose a side, nor take a line of text for a marker that has no partners.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from oceana_dr.diagnostics import Diagnostic, Label, Span
from oceana_dr.source.yaml_problems import short

_MARKER: Final = re.compile(r"(?P<sign><{7}|\|{7}|={7}|>{7})(?: (?P<name>.*))?")
_AFTER: Final = {"<<<<<<<": "|||||||=======", "|||||||": "=======", "=======": ">>>>>>>"}


class Conflict(NamedTuple):
    """The lines (from 0) of the first marker, of the one that ends the first side, of the one that begins the second,
    and of the last; the names that git gave to the sides."""

    first: int
    end: int
    middle: int
    last: int
    ours: str
    theirs: str

    def indent(self, lines: Sequence[str]) -> int:
        """The column (from 0) in which what is between the markers begins."""
        marks = {self.first, self.end, self.middle, self.last}
        inside = (lines[number] for number in range(self.first, self.last) if number not in marks)
        return min((len(line) - len(line.lstrip(" ")) for line in inside if line.strip()), default=0)


def find_conflicts(lines: Sequence[str]) -> Iterator[Conflict]:
    """Every conflict whose markers stand in their order; a marker alone is no conflict."""
    seen: list[tuple[int, str, str]] = []
    for number, line in enumerate(lines):
        found = _MARKER.fullmatch(line) if line[:1] in {"<", "|", "=", ">"} else None
        if found is None:
            continue
        mark = (number, found["sign"], (found["name"] or "").strip())
        if mark[1] == "<<<<<<<":
            seen = [mark]
        elif seen and mark[1] in _AFTER[seen[-1][1]]:
            seen.append(mark)
            if mark[1] == ">>>>>>>":
                yield Conflict(seen[0][0], seen[1][0], seen[-2][0], number, seen[0][2], mark[2])
                seen = []
        else:
            seen = []


def explain(conflict: Conflict, lines: Sequence[str], file: str) -> Diagnostic:
    """What is to be done about a conflict: the sides by their names, and where each stands."""

    def marker(line: int) -> Span:
        return Span(file, line + 1, 1, line + 1, len(lines[line]) + 1)

    ours, theirs = _side(conflict.ours, "the first side"), _side(conflict.theirs, "the second side")
    one, two = _where(conflict.first, conflict.end), _where(conflict.middle, conflict.last)
    return Diagnostic(
        "OD1023",
        f"git left a conflict here, between {ours} and {theirs}",
        (
            Label(marker(conflict.first), f"{ours}: {one}"),
            Label(marker(conflict.last), f"{theirs}: {two}"),
        ),
        ("nothing between the markers is read: nobody but a person can say which side is meant",),
        f"keep what {ours} says or what {theirs} says, and remove the lines with the markers",
    )


def _side(name: str, otherwise: str) -> str:
    return f"`{short(name)}`" if name else otherwise


def _where(above: int, below: int) -> str:
    """The lines between two markers (from 0), as people count them."""
    first, last = above + 2, below
    if first > last:
        return "no lines"
    return f"line {first}" if first == last else f"lines {first} to {last}"
