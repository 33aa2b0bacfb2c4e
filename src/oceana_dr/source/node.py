"""The located tree: every key and value of a YAML file with its place.

In: nothing. Out: three frozen node types and their union.
A node must never lose its span, nor hold a value that YAML 1.2's core schema does not have.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from oceana_dr.diagnostics import Span

Plain: TypeAlias = "str | int | float | bool | None"


class Scalar(NamedTuple):
    """A single value, resolved by the core schema; `quoted` if it was written in quotes or as a block.

    Where an alias repeats it, `span` is the alias, and `anchored` the value itself.
    A named tuple, as spans are: nine of ten nodes are scalars.
    """

    value: Plain
    span: Span
    quoted: bool = False
    anchored: Span | None = None


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list, in block or flow style."""

    items: tuple[Node, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys in the order of the file; keys are text and unique."""

    entries: tuple[tuple[Scalar, Node], ...]
    span: Span


Node: TypeAlias = "Scalar | Sequence | Mapping"


def same_data(one: Node, other: Node) -> bool:
    """Whether two nodes say the same, wherever they stand; `1` and `true` are not the same."""
    match one, other:
        case Scalar(), Scalar():
            return type(one.value) is type(other.value) and one.value == other.value
        case Sequence(), Sequence():
            return len(one.items) == len(other.items) and all(map(same_data, one.items, other.items))
        case Mapping(), Mapping():
            left, right = ({str(key.value): value for key, value in node.entries} for node in (one, other))
            return left.keys() == right.keys() and all(same_data(left[key], right[key]) for key in left)
        case _:
            return False
