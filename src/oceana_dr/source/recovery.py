"""What can still be read of a file with syntax errors: its text with the unreadable lines left empty.

In: a text that is no YAML. Out: the same text, line for line, with the smallest blocks blanked that let the rest be
read, and one diagnostic for each slip. It must never move a line, so that every place in the rest stays right; nor
cost more than a few readings of the file, whatever it holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from ruamel.yaml.cyaml import CParser
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from oceana_dr.diagnostics import Diagnostic
from oceana_dr.source import yaml_problems as problem
from oceana_dr.source.conflicts import explain, find_conflicts
from oceana_dr.source.text import split_lines

MOST_ERRORS: Final = 20
"""Syntax errors reported of one file; what follows is not read."""
MOST_ROUNDS: Final = 60
"""Lines that are repaired or blanked, whether they are reported or belong to a slip that was."""
MOST_CHARACTERS: Final = 4 << 20
"""Characters read again and again while looking for the rest, altogether."""
MOST_LEVELS: Final = 4
"""Columns that are tried for a line which is indented wrongly."""
_DEEPEST: Final = 200
_NEVER: Final = 1 << 40
# A block that leaves another error behind is worth so many lines more: it may only have moved this one.
_UNSURE: Final = 2
_LINES: Final = re.compile(r"(\r\n|\r|\n)")
_INDENT: Final = re.compile(r"[ \t]*")


@dataclass(frozen=True, slots=True)
class Region:
    """Lines that were blanked, from 1, and the column (from 0) where the first of them began."""

    first: int
    last: int
    indent: int


@dataclass(frozen=True, slots=True)
class Rest:
    """The text that can be read, what was blanked in it, and why.

    `shifts` says of a line (from 1) that was indented anew by how many columns it was moved to the right.
    """

    text: str
    regions: tuple[Region, ...]
    lost: str
    diagnostics: tuple[Diagnostic, ...]
    shifts: dict[int, int]

    @property
    def guessed(self) -> dict[int, str]:
        """The keys that stand in the lines which were indented anew."""
        lines = split_lines(self.text)
        found = {line: problem.ENTRY.match(lines[line - 1]) for line in self.shifts}
        return {line: ((match and match["key"]) or "") for line, match in found.items()}


class _Repair(NamedTuple):
    """A line (from 0) that is read as if it were indented by `new` columns, not by `old`."""

    line: int
    old: int
    new: int
    other: int | None = None
    """A column that is as near, and read as well: nothing but the key's meaning tells which."""

    @property
    def by(self) -> int:
        return self.new - self.old


class _Stumble(NamedTuple):
    """Where reading fails: the error, and the lines (from 0) that may be to blame."""

    error: MarkedYAMLError
    line: int
    begin: int
    scalar: int | None

    @property
    def enclosed(self) -> bool:
        """Whether it happened between quotes, brackets or braces."""
        return any(word in (self.error.context or "") for word in ("flow", "quoted"))


def read_rest(text: str, file: str) -> Rest:
    """Repair or blank what cannot be read until the rest can; the last resort is to blank everything from there on."""
    seeker = _Seeker(text)
    found = list(seeker.conflicts(file))
    least = len(found)
    rounds = 0
    stumble, same = seeker.stumble(seeker.lines), None
    while stumble is not None:
        complaint = problem.syntax(stumble.error, seeker.text(), file)
        rounds += 1
        if len(found) - least >= MOST_ERRORS or rounds > MOST_ROUNDS or seeker.spent > MOST_CHARACTERS:
            seeker.give_up(stumble)
            break
        lines = seeker.lines
        stumble, repair = seeker.step(stumble)
        if seeker.open_quote is not None:
            complaint = problem.open_quote(lines[seeker.open_quote], seeker.open_quote, complaint)
        # The lines below one that is indented wrongly are wrong beside it: one slip is one error.
        if repair is None or same != (complaint.message, repair.by):
            found.append(complaint if repair is None else problem.indented(complaint, *repair))
        same = None if repair is None else (complaint.message, repair.by)
    return Rest(seeker.text(), tuple(seeker.regions), seeker.lost(), tuple(found), seeker.shifts)


class _Seeker:
    """The lines that are left, and what reading has cost so far."""

    def __init__(self, text: str) -> None:
        parts = _LINES.split(text)
        self.lines = parts[::2]
        self._ends = [*parts[1::2], ""]
        self._before = tuple(self.lines)
        self.regions: list[Region] = []
        self.shifts: dict[int, int] = {}
        self.open_quote: int | None = None
        """The line (from 0) with a quote that was not closed, if that was what the last step blanked."""
        self.spent = 0

    def text(self, lines: list[str] | None = None) -> str:
        """The text of these lines, or of those that are left."""
        return "".join(line + end for line, end in zip(lines or self.lines, self._ends, strict=True))

    def conflicts(self, file: str) -> Iterator[Diagnostic]:
        """Blank what git left between its markers, and say so: what is read beside it must not be blamed for it."""
        lines = self._before
        for conflict in find_conflicts(lines):
            self.regions.append(Region(conflict.first + 1, conflict.last + 1, conflict.indent(lines)))
            self.lines = self._blanked(conflict.first, conflict.last)
            yield explain(conflict, lines, file)

    def lost(self) -> str:
        """All that was blanked."""
        return "\n".join(old for old, new in zip(self._before, self.lines, strict=True) if old != new)

    def stumble(self, lines: list[str]) -> _Stumble | None:
        """Where reading these lines fails; None if it does not, or if a limit will stop it."""
        text = self.text(lines)
        self.spent += len(text)
        parser, depth, scalar = CParser(text), 0, None
        try:
            while (event := parser.get_event()) is not None:
                if isinstance(event, ScalarEvent):
                    if event.end_mark.line > event.start_mark.line and event.style not in ("|", ">"):
                        scalar = event.start_mark.line
                elif isinstance(event, MappingStartEvent | SequenceStartEvent):
                    depth += 1
                    if depth > _DEEPEST:
                        return None
                elif isinstance(event, MappingEndEvent | SequenceEndEvent):
                    depth -= 1
        except MarkedYAMLError as error:
            place, begin = error.problem_mark or error.context_mark, error.context_mark or error.problem_mark
            return _Stumble(error, self._line(place, lines), self._line(begin, lines), scalar)
        except YAMLError:
            return None
        finally:
            parser.dispose()
        return None

    def step(self, stumble: _Stumble) -> tuple[_Stumble | None, _Repair | None]:
        """Let reading go on as cheaply as possible, and say where it fails next."""
        self.open_quote = None
        culprit = problem.key_without_colon(stumble.error, self.lines)
        if culprit is not None:
            with_colon = list(self.lines)
            with_colon[culprit] = with_colon[culprit].partition("#")[0].rstrip() + ":"
            following = self.stumble(with_colon)
            if following is None or following.line > stumble.line:
                self.lines = with_colon
                return following, None
        repairs = (*self._sibling(stumble), *self._repairs(stumble))
        for repair in repairs:
            lines = list(self.lines)
            lines[repair.line] = " " * repair.new + lines[repair.line].lstrip()
            following = self.stumble(lines)
            if following is None or following.line > stumble.line:
                self.lines = lines
                self.shifts[repair.line + 1] = repair.by
                return following, repair._replace(other=self._as_near(repair, repairs, stumble))
        return self._cut(stumble), None

    def _as_near(self, repair: _Repair, repairs: tuple[_Repair, ...], stumble: _Stumble) -> int | None:
        """The column on the other side of a line that stands between two, if it can be read there, too."""
        other = repair.old - repair.by
        if abs(repair.by) != 1 or _Repair(repair.line, repair.old, other) not in repairs:
            return None
        lines = list(self.lines)
        lines[repair.line] = " " * other + lines[repair.line].lstrip()
        following = self.stumble(lines)
        return other if following is None or following.line > stumble.line else None

    def _sibling(self, stumble: _Stumble) -> Iterator[_Repair]:
        """The line above of the same mapping, if it is that one which stands a column beside its place.

        libyaml takes the first key of a mapping for right, and complains about the second. Which of the two is wrong
        is told by the others: nearly every file indents by two or four, so that an odd column is the slip.
        """
        here = stumble.line
        wanted = self._indent(here)
        if stumble.enclosed or wanted % 2 or not self._is_entry(here) or "\t" in self._lead(here):
            return
        for line in range(here - 1, -1, -1):
            if not self.lines[line].strip() or not self._says(line):
                continue
            indent = self._indent(line)
            if abs(indent - wanted) == 1 and self._is_entry(line) and line + 1 not in self.shifts:
                yield _Repair(line, indent, wanted)
            if indent <= wanted + 1:
                return

    def _repairs(self, stumble: _Stumble) -> Iterator[_Repair]:
        """Other columns in which the line may have been meant to begin, the likeliest first."""
        here, above = stumble.line, self._above(stumble.line)
        if stumble.enclosed:
            return  # columns mean nothing there
        if above is None or here + 1 in self.shifts or not all(map(self._is_entry, (above, here))):
            return
        below = next((n for n in range(here + 1, len(self.lines)) if self.lines[n].strip()), None)
        old, tabs = self._indent(here), "\t" in self._lead(here)
        levels, line = {self._indent(above)}, above
        while (parent := self._parent(line)) is not None:
            levels.add(self._indent(parent))
            line = parent
        likely = [self._indent(above)]
        if self._opens(above):
            likely = [self._indent(above) + 2]
            levels.add(likely[0])
        if below is not None and self._opens(here):
            levels = {level for level in levels if level < self._indent(below)}
            likely = [max(levels, default=0)]
        elif below is not None:
            likely.insert(0, self._indent(below))
        rank = {level: place for place, level in reversed(list(enumerate(likely)))}
        order = sorted(
            levels - {old}, key=lambda level: (0 if tabs else abs(level - old), rank.get(level, len(rank)), -level)
        )
        for level in order[:MOST_LEVELS]:
            yield _Repair(here, old, level)

    def _leaves_open(self, line: int) -> bool:
        return any(self.lines[line].count(quote) % 2 for quote in "\"'")

    def _opens(self, line: int) -> bool:
        return self.lines[line].partition(" #")[0].rstrip().endswith(":")

    def _is_entry(self, line: int) -> bool:
        return problem.ENTRY.match(self.lines[line]) is not None

    def _cut(self, stumble: _Stumble) -> _Stumble | None:
        """Blank the cheapest block that lets reading go on."""
        best: tuple[int, int, int, int, _Stumble | None] | None = None
        for first, last in dict.fromkeys(self._blocks(stumble)):
            if self.spent > MOST_CHARACTERS:
                break
            following = self.stumble(self._blanked(first, last))
            reached = _NEVER if following is None else following.line
            still = stumble.enclosed and following is not None and following.begin == stumble.begin
            open_quote = first == last == stumble.scalar and self._leaves_open(first)
            if reached <= (last if open_quote else max(stumble.line, last)) or still:
                continue
            cost = sum(bool(line.strip()) for line in self.lines[first : last + 1])
            cost = 0 if open_quote else cost + (0 if following is None else _UNSURE)
            if best is None or (cost, -reached) < best[:2]:
                best = (cost, -reached, first, last, following)
        if best is None:
            self.give_up(stumble)
            return None
        cost, _, first, last, following = best
        self.open_quote = first if cost == 0 else None
        self._blank(first, last)
        return following

    def give_up(self, stumble: _Stumble) -> None:
        """Blank everything from the top-level key on that the error lies in."""
        places = [stumble.line, stumble.begin, *([] if stumble.scalar is None else [stumble.scalar])]
        for first in [*sorted({self._top(line) for line in places}, reverse=True), 0]:
            if self.stumble(self._blanked(first, len(self.lines) - 1)) is None or first == 0:
                self._blank(first, len(self.lines) - 1)
                return

    def _blocks(self, stumble: _Stumble) -> Iterator[tuple[int, int]]:
        here, begin, above = stumble.line, stumble.begin, self._above(stumble.line)
        if above is not None and not self._is_entry(above):
            yield self._block(above)
        for line in (here, begin, stumble.scalar, above):
            if line is not None:
                yield self._block(line)
        if begin < here and (end := self._block(here)[1]) >= self._block(begin)[1]:
            yield begin, end
        line = here
        while (parent := self._parent(line)) is not None:
            yield self._block(parent)
            line = parent

    def _block(self, line: int) -> tuple[int, int]:
        """A line with all that is indented below it; a list may stand in its key's own column."""
        indent, last = self._indent(line), line
        listed = not self.lines[line].lstrip().startswith("-")
        for number in range(line + 1, len(self.lines)):
            text = self.lines[number].strip()
            if not text:
                continue
            own = self._indent(number)
            closes = text[0] in "]}" and own == indent
            if own < indent or (own == indent and not closes and not (listed and text.startswith(("- ", "-\t")))):
                break
            last = number
        return line, last

    def _above(self, line: int) -> int | None:
        return next((number for number in range(line - 1, -1, -1) if self.lines[number].strip()), None)

    def _parent(self, line: int) -> int | None:
        indent = self._indent(line)
        return next(
            (
                number
                for number in range(line - 1, -1, -1)
                if self.lines[number].strip() and self._indent(number) < indent and self._says(number)
            ),
            None,
        )

    def _top(self, line: int) -> int:
        while (parent := self._parent(line)) is not None:
            line = parent
        return line

    def _says(self, line: int) -> bool:
        return not self.lines[line].lstrip().startswith("#")

    def _lead(self, line: int) -> str:
        found = _INDENT.match(self.lines[line])
        return found[0] if found else ""

    def _indent(self, line: int) -> int:
        return len(self._lead(line))

    def _blanked(self, first: int, last: int) -> list[str]:
        # A space, not nothing: a CR before and an LF behind would become one line end.
        return [*self.lines[:first], *[" "] * (last + 1 - first), *self.lines[last + 1 :]]

    def _blank(self, first: int, last: int) -> None:
        self.regions.append(Region(first + 1, last + 1, self._indent(first)))
        self.lines = self._blanked(first, last)

    @staticmethod
    def _line(mark: Any, lines: list[str]) -> int:
        """A mark's line; at the end of the file the last one that says something."""
        line = min(int(mark.line), len(lines) - 1)
        while line > 0 and not lines[line].strip():
            line -= 1
        return line
