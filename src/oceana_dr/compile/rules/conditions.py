"""What a rule may ask of a site file: a closed set of conditions, as types and as read from the catalogue.

In: JSON of a rule's `check`. Out: a typed condition, or `ValueError` for anything that is not in the set.
None of them may run code of its own, but `special`, which names one of the few functions of `special.py`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

from oceana_dr.compile.rules.paths import Pattern, pattern_from
from oceana_dr.source.durations import duration_seconds

Literal: TypeAlias = "str | int | bool"


@dataclass(frozen=True, slots=True)
class Has:
    """Something other than `null` stands at the path."""

    path: Pattern


@dataclass(frozen=True, slots=True)
class Is:
    """The value at the path is one of these."""

    path: Pattern
    values: tuple[Literal, ...]


@dataclass(frozen=True, slots=True)
class Matches:
    """The text at the path matches the expression from its beginning to its end."""

    path: Pattern
    expression: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Bounds:
    """The number at the path lies within the bounds; None for no bound."""

    path: Pattern
    least: int | None
    most: int | None


@dataclass(frozen=True, slots=True)
class Lasts:
    """The duration at the path is at least so many seconds."""

    path: Pattern
    least_s: int


@dataclass(frozen=True, slots=True)
class Times:
    """The number at the path is at least `factor` times the one at `other`."""

    path: Pattern
    factor: int
    other: Pattern


@dataclass(frozen=True, slots=True)
class Same:
    """Everything at these patterns has one value; text without regard to case."""

    patterns: tuple[Pattern, ...]


@dataclass(frozen=True, slots=True)
class Distinct:
    """No two values at these patterns are the same."""

    patterns: tuple[Pattern, ...]


@dataclass(frozen=True, slots=True)
class SameEntries:
    """The two mappings have the same keys with the same values."""

    left: Pattern
    right: Pattern


@dataclass(frozen=True, slots=True)
class Drive:
    """The Windows path at `path` lies on the drive of each of the others (`same`), or of none of them."""

    path: Pattern
    others: tuple[Pattern, ...]
    same: bool


@dataclass(frozen=True, slots=True)
class Covers:
    """The list at the path holds all of these."""

    path: Pattern
    values: tuple[Literal, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """The value at the path is one of those at the patterns."""

    path: Pattern
    among: tuple[Pattern, ...]


@dataclass(frozen=True, slots=True)
class Count:
    """At most and at least so many things stand at the pattern."""

    pattern: Pattern
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Every:
    """Every part holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """Every part holds of which anything can be told; the others count for nothing."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Some:
    """At least one part holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: Condition


@dataclass(frozen=True, slots=True)
class If:
    """Where the first holds, the second does; where it does not, nothing is said."""

    given: Condition
    then: Condition


@dataclass(frozen=True, slots=True)
class Special:
    """One of the few functions that the set has no words for."""

    name: str


Condition: TypeAlias = (
    "Has | Is | Matches | Bounds | Lasts | Times | Same | Distinct | SameEntries | Drive | Covers | Listed | Count"
    " | Every | Told | Some | Not | If | Special"
)


def condition_from(data: object) -> Condition:  # noqa: PLR0911, PLR0912, C901 - one line a condition
    """Read a condition; raises `ValueError` for one that is not in the set."""
    match data:
        case {"has": path}:
            return Has(pattern_from(path))
        case {"lacks": path}:
            return Not(Has(pattern_from(path)))
        case {"is": [path, *values]} if values:
            return Is(pattern_from(path), _literals(values))
        case {"matches": [path, str() as expression]}:
            return Matches(pattern_from(path), re.compile(expression))
        case {"at_least": [path, int() as least]}:
            return Bounds(pattern_from(path), least, None)
        case {"at_most": [path, int() as most]}:
            return Bounds(pattern_from(path), None, most)
        case {"lasts": [path, str() as least]}:
            return Lasts(pattern_from(path), duration_seconds(least))
        case {"times": [path, int() as factor, other]}:
            return Times(pattern_from(path), factor, pattern_from(other))
        case {"same": [*patterns]} if patterns:
            return Same(_patterns(patterns))
        case {"distinct": [*patterns]} if patterns:
            return Distinct(_patterns(patterns))
        case {"same_entries": [left, right]}:
            return SameEntries(pattern_from(left), pattern_from(right))
        case {"same_drive": [path, *others]} if others:
            return Drive(pattern_from(path), _patterns(others), same=True)
        case {"other_drive": [path, *others]} if others:
            return Drive(pattern_from(path), _patterns(others), same=False)
        case {"covers": [path, *values]} if values:
            return Covers(pattern_from(path), _literals(values))
        case {"listed": [path, *patterns]} if patterns:
            return Listed(pattern_from(path), _patterns(patterns))
        case {"count": [pattern, int() as least, int() as most]}:
            return Count(pattern_from(pattern), least, most)
        case {"all": [*parts]} if parts:
            return Every(tuple(condition_from(part) for part in parts))
        case {"told": [*parts]} if parts:
            return Told(tuple(condition_from(part) for part in parts))
        case {"any": [*parts]} if parts:
            return Some(tuple(condition_from(part) for part in parts))
        case {"not": part}:
            return Not(condition_from(part))
        case {"if": given, "then": then}:
            return If(condition_from(given), condition_from(then))
        case {"special": str() as name}:
            return Special(name)
        case _:
            raise ValueError(f"not a condition: {data!r}")


def _patterns(items: list[object]) -> tuple[Pattern, ...]:
    return tuple(pattern_from(item) for item in items)


def _literals(items: list[object]) -> tuple[Literal, ...]:
    found = tuple(item for item in items if isinstance(item, str | int | bool))
    if len(found) != len(items):
        raise ValueError(f"not plain values: {items!r}")
    return found
