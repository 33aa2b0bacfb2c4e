"""Readings that are not met: a step that would find its console, its expectation or its gate otherwise.

In: a passage, something it reads, all passages, the starting estate. Out: the shortest way there, or nothing.
What is not known to hold does not hold.
"""

from __future__ import annotations

from collections.abc import Sequence

from oceana_dr.estate.predicate import Lookup
from oceana_dr.safety.commute import may_read
from oceana_dr.safety.passage import Passage
from oceana_dr.safety.reach import Projection, State, Transition
from oceana_dr.safety.reading import Reading
from oceana_dr.safety.way import steps_on, way_to


def unmet(passage: Passage, reading: Reading, passages: Sequence[Passage], start: Lookup) -> tuple[str, ...] | None:
    """The fewest steps after which the step reads what it must not, itself the last one; None if it never does."""
    projection = Projection(passages, start, reading.refs)
    after = frozenset(other.id for other in passages if passage.id in other.before)
    came: dict[State, Transition] = {}
    for transition in projection.transitions():
        if transition.after in came:
            continue
        came[transition.after] = transition
        if not may_read(projection, transition.after.progress, passage, after):
            continue
        if reading.truth(projection.lookup(transition.after), passage.moments) is not True:
            return (*steps_on(way_to(transition, came, projection)), passage.id)
    return None
