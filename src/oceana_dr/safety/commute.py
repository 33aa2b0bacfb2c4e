"""Steps that may run together: whether it makes a difference which of them is first.

In: passages with what they read, the starting estate. Out: how many pairs commute, and those that do not.
Two steps commute if they leave the same values in either order, their moments interleaved too, and neither
changes what the other one reads. A pair with no path between them must never be left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from oceana_dr.estate.address import Ref
from oceana_dr.estate.predicate import Lookup, Truth
from oceana_dr.estate.values import Value, show
from oceana_dr.safety.passage import Passage
from oceana_dr.safety.reach import Projection
from oceana_dr.safety.reading import Reading


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two steps without a path between them, the attribute they meet at, and what comes of either order.

    `results` belong to `first` before `second`, and to `second` before `first`; of a value that both write, the
    value that stays, of something that `second` reads (`source`), whether it holds.
    """

    first: str
    second: str
    ref: Ref
    results: tuple[str, str]
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Parallel:
    """`pairs` of steps without a path between them, and the conflicts among them: one a pair at most."""

    pairs: int
    conflicts: tuple[Conflict, ...] = ()


ALONE: Final = Parallel(0)
"""A plan in which no two steps may run together."""


def commute(passages: Sequence[Passage], start: Lookup) -> Parallel:
    """Every pair of steps that may run together, with those that do not commute."""
    writers = _writers(passages)
    found: dict[frozenset[str], Conflict] = {}
    for conflict in (*disagreements(passages), *_read(passages, writers, start)):
        found.setdefault(frozenset({conflict.first, conflict.second}), conflict)
    ordered = sum(len(passage.before) for passage in passages)
    return Parallel(len(passages) * (len(passages) - 1) // 2 - ordered, tuple(found.values()))


def may_read(projection: Projection, progress: Sequence[int], passage: Passage, after: frozenset[str]) -> bool:
    """Whether the step may be reading in a state: all that is before it is done, nothing behind it has begun."""
    for step, done, end in zip(projection.steps, progress, projection.end_progress, strict=True):
        if step in passage.before:
            if done < end:
                return False
        elif done and (step == passage.id or step in after):
            return False
    return True


def _writers(passages: Sequence[Passage]) -> Mapping[Ref, dict[str, Value]]:
    """For every attribute: the steps that change it, and the last value that each gives it."""
    writers: dict[Ref, dict[str, Value]] = {}
    for passage in passages:
        for moment in passage.moments:
            for reference, value in moment.items():
                writers.setdefault(reference, {})[passage.id] = value
    return writers


def disagreements(passages: Sequence[Passage]) -> Iterator[Conflict]:
    """Values that two steps write and do not agree on: whoever is last wins."""
    writers = _writers(passages)
    before = {passage.id: passage.before for passage in passages}
    for reference, by_step in writers.items():
        listed = list(by_step)
        for place, second in enumerate(listed):
            for first in listed[:place]:
                together = first not in before[second] and second not in before[first]
                if together and by_step[first] != by_step[second]:
                    yield Conflict(first, second, reference, (show(by_step[second]), show(by_step[first])))


def _read(passages: Sequence[Passage], writers: Mapping[Ref, dict[str, Value]], start: Lookup) -> Iterator[Conflict]:
    """Readings whose truth another step changes, in any state in which the two may meet."""
    for passage in passages:
        for reading in passage.reads:
            names = {name for reference in reading.refs for name in writers.get(reference, ())}
            names -= {passage.id, *passage.before}
            if not names:  # before looking for all that comes after: most readings are of what others leave alone
                continue
            after = frozenset(other.id for other in passages if passage.id in other.before)
            if not names <= after:
                yield from _changed(passage, reading, after, Projection(passages, start, reading.refs))


def _changed(passage: Passage, reading: Reading, after: frozenset[str], projection: Projection) -> Iterator[Conflict]:
    others = set(projection.steps) - {passage.id} - passage.before - after
    for transition in projection.transitions():
        if transition.before is None or transition.step not in others:
            continue
        if not may_read(projection, transition.before.progress, passage, after):
            continue
        here = reading.truth(projection.lookup(transition.before), passage.moments)
        there = reading.truth(projection.lookup(transition.after), passage.moments)
        if here is not there:
            moved = zip(projection.refs, transition.before.values, transition.after.values, strict=True)
            reference = next(reference for reference, old, new in moved if old != new)
            results = (_in_words(there), _in_words(here))
            yield Conflict(str(transition.step), passage.id, reference, results, reading.source)


def _in_words(truth: Truth) -> str:
    return {True: "holds", False: "does not hold", None: "cannot be told"}[truth]
