"""Parts of a file that could not be read: where they are, and what may therefore not be called missing.

In: line numbers and the tree of the rest. Out: `Hole`s, each with the key it lies below, and what they excuse.
It must never excuse what is wrong with a value that was read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from oceana_dr.diagnostics import Diagnostic, Span
from oceana_dr.source.node import Mapping, Node, Scalar, Sequence

KeyPath: TypeAlias = tuple[str | int, ...]

# What these say follows from something not being there: it may stand in the part that could not be read.
_FROM_ABSENCE: Final = frozenset({"OD1126", "OD1128", "OD1129", "OD1134", "OD1135", "OD1138", "OD1150", "OD1152"})


@dataclass(frozen=True, slots=True)
class Hole:
    """Lines from `first` to `last` say nothing that could be read; they stand below `path`.

    `beside` are the keys below that path which the same file has elsewhere: those are not in the hole.
    `key` is what the line sets that was read as if it were indented otherwise: it may belong somewhere else.
    """

    first: int
    last: int
    path: KeyPath
    beside: frozenset[str] = frozenset()
    key: str | None = None


def locate(first: int, last: int, indent: int, root: Node | None) -> Hole:
    """The hole of these lines: it lies below the last key before it that begins further left."""
    path: KeyPath = ()
    keys = list(_keys(root, ()))
    for where, key in keys:
        if key.line >= first:
            break
        if key.column - 1 < indent:
            path = where
    beside = frozenset(str(where[-1]) for where, _ in keys if where[:-1] == path)
    return Hole(first, last, path, beside)


def excused(holes: Iterable[Hole], path: KeyPath, *, absent: bool, empty: bool) -> bool:
    """Whether what is wrong at a path may only be that a hole is there.

    `absent` for a key that is missing, `empty` for a key without a value, or with too few items.
    """
    for hole in holes:
        if hole.key is not None:
            if empty or (absent and path[-1] == hole.key):
                return True
            continue
        if empty and hole.path == path:
            return True
        inside = path[len(hole.path) :] if path[: len(hole.path)] == hole.path else ()
        # The key itself may stand in the hole, or the mapping around it; in a list, any item may.
        if absent and inside and (isinstance(inside[0], int) or inside[0] not in hole.beside):
            return True
    return False


def unsure(holes: Iterable[Hole], span: Span | None) -> bool:
    """Whether a place is in a line of which nobody knows where it belongs: it has been complained of already."""
    return span is not None and any(hole.first <= span.line <= hole.last for hole in holes)


def without_absence(found: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """The findings that hold whatever else a file says."""
    return (item for item in found if item.code not in _FROM_ABSENCE)


def _keys(node: Node | None, path: KeyPath) -> Iterator[tuple[KeyPath, Span]]:
    match node:
        case Mapping(entries=entries):
            for key, value in entries:
                yield (*path, str(key.value)), key.span
                yield from _keys(value, (*path, str(key.value)))
        case Sequence(items=items):
            for index, item in enumerate(items):
                yield from _keys(item, (*path, index))
        case Scalar() | None:
            return
