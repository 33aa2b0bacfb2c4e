"""What a step does to an estate, reduced to what the proof needs: moments, and who comes before.

In: steps with their direct predecessors. Out: `Passage`s with all predecessors.
The proof must never depend on the plan's own types, so that it can check a plan from outside.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from oceana_dr.estate.address import Address, Ref
from oceana_dr.estate.values import Value
from oceana_dr.safety.reading import Reading


@dataclass(frozen=True, slots=True)
class Passage:
    """A step: the states it leads through in order, what it touches, every step that is done before, what it reads."""

    id: str
    moments: tuple[Mapping[Ref, Value], ...]
    touches: frozenset[Address]
    before: frozenset[str]
    reads: tuple[Reading, ...] = ()


def close_order(direct: Mapping[str, Iterable[str]]) -> dict[str, frozenset[str]]:
    """All predecessors of every step, from the direct ones; raises `ValueError` on a cycle."""
    closed: dict[str, frozenset[str]] = {}
    open_: set[str] = set()

    def visit(step: str) -> frozenset[str]:
        if step in closed:
            return closed[step]
        if step in open_:
            raise ValueError(f"the order has a cycle through {step}")
        open_.add(step)
        found: set[str] = set()
        for earlier in direct[step]:
            found.add(earlier)
            found |= visit(earlier)
        open_.discard(step)
        closed[step] = frozenset(found)
        return closed[step]

    for step in direct:
        visit(step)
    return closed
