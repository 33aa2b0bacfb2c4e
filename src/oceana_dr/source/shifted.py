"""Places in lines that were read as if they were indented otherwise, put back to where the text stands.

In: a tree or diagnostics, and by how many columns each line was moved to the right. Out: the same with true places.
It must never walk through what aliases repeat more than once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from oceana_dr.diagnostics import Diagnostic, Fix, Label, Span
from oceana_dr.source import node as tree
from oceana_dr.source.node import Node, Scalar, Sequence

Shifts = Mapping[int, int]


def put_back(root: Node | None, shifts: Shifts) -> Node | None:
    """The tree with true places."""
    return root if root is None or not shifts else _node(root, shifts, {})


def put_back_diagnostics(found: Iterable[Diagnostic], shifts: Shifts) -> list[Diagnostic]:
    """Diagnostics with true places."""
    return [
        replace(
            item,
            labels=tuple(Label(_span(label.span, shifts), label.text) for label in item.labels),
            fix=None if item.fix is None else Fix(_span(item.fix.span, shifts), item.fix.replacement, item.fix.safe),
        )
        for item in found
    ]


def _node(node: Node, shifts: Shifts, done: dict[int, Node]) -> Node:
    if (known := done.get(id(node))) is not None:
        return known
    made: Node
    match node:
        case Scalar():
            made = _scalar(node, shifts)
        case Sequence(items=items):
            made = Sequence(tuple(_node(item, shifts, done) for item in items), _span(node.span, shifts))
        case tree.Mapping(entries=entries):
            pairs = tuple((_scalar(key, shifts), _node(value, shifts, done)) for key, value in entries)
            made = tree.Mapping(pairs, _span(node.span, shifts))
    done[id(node)] = made
    return made


def _scalar(scalar: Scalar, shifts: Shifts) -> Scalar:
    return Scalar(scalar.value, _span(scalar.span, shifts), scalar.quoted)


def _span(span: Span, shifts: Shifts) -> Span:
    column = max(span.column - shifts.get(span.line, 0), 1)
    end = max(span.end_column - shifts.get(span.end_line, 0), 1)
    return Span(span.file, span.line, column, span.end_line, end)
