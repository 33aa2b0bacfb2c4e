"""Why an edge of the order is there: it is taken out, the order closed anew, and the plan proven again.

In: a plan's steps as the proof sees them, the order rules, the estate it starts from. Out: every edge and every
rule with its class and what breaks without it. An edge must never be called a convenience because nobody looked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeAlias, assert_never

from oceana_dr.catalogue.model import OrderRule
from oceana_dr.estate.predicate import Lookup, conjuncts
from oceana_dr.plan.order import close_rules, pairs
from oceana_dr.safety.commute import disagreements
from oceana_dr.safety.invariant import (
    Always,
    AtRest,
    BeforeChange,
    Check,
    Exclusive,
    Held,
    Invariant,
    NeverBoth,
    refs_of_check,
)
from oceana_dr.safety.passage import Passage
from oceana_dr.safety.prove import prove_check
from oceana_dr.safety.reading import Reading
from oceana_dr.safety.unmet import unmet

Pair: TypeAlias = tuple[str, str]
Lost: TypeAlias = Mapping[str, frozenset[str]]
"""By step: what came before it and need not any more."""


class EdgeClass(StrEnum):
    """What an edge is there for, the strongest first.

    Guarding: without it the proof fails. Convenience: nothing the proof sees needs it, its reason is why it stays.
    Implied: what else is ordered says it too.
    """

    GUARDING = "guarding"
    CONVENIENCE = "convenience"
    IMPLIED = "implied"


@dataclass(frozen=True, slots=True)
class Breach:
    """What breaks: an invariant (`step` is none), or what a step reads; and the fewest steps that lead there."""

    source: str
    step: str | None
    way: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """A class, and for a guarding edge or rule what breaks without it."""

    kind: EdgeClass
    breaches: tuple[Breach, ...] = ()


@dataclass(frozen=True, slots=True)
class Edges:
    """Every pair that a rule names, (first, then), and every rule that speaks of a step of the plan, judged."""

    pairs: Mapping[Pair, Judged]
    rules: Mapping[str, Judged]


@dataclass(frozen=True, slots=True)
class Proven:
    """A plan to be judged: `listed` are all steps of its scenario, `passages` those that it has."""

    listed: tuple[str, ...]
    rules: tuple[OrderRule, ...]
    passages: tuple[Passage, ...]
    invariants: tuple[Invariant, ...]
    start: Lookup


def judge_edges(plan: Proven) -> Edges:
    """Take every edge out, and then every rule as a whole."""
    judge = _Judge(plan)
    kept = {passage.id for passage in plan.passages}
    edges = {
        (first, then): judge.without(frozenset({(first, then)}))
        for then, earlier in judge.named.items()
        for first in earlier
        if first in kept and then in kept
    }
    rules = {rule.id: judge.without(_only(judge.named, rule.id)) for rule in plan.rules if _speaks(rule, judge, kept)}
    return Edges(edges, rules)


def _only(named: Mapping[str, Mapping[str, Sequence[str]]], rule: str) -> frozenset[Pair]:
    """The pairs that no other rule names."""
    return frozenset(
        (first, then) for then, earlier in named.items() for first, rules in earlier.items() if set(rules) == {rule}
    )


def _speaks(rule: OrderRule, judge: _Judge, kept: set[str]) -> bool:
    """Whether the rule orders anything in the plan, be it across a step that the plan does not need."""
    ends = [(first, then) for then, earlier in judge.named.items() for first, ids in earlier.items() if rule.id in ids]
    return any(
        then in kept or any(then in judge.closed[step] for step in kept)
        for first, then in ends
        if first in kept or judge.closed[first] & kept
    )


class _Judge:
    """One plan with its order; every loosened order is judged against the whole one."""

    def __init__(self, plan: Proven) -> None:
        self._plan = plan
        self.named = pairs(plan.listed, plan.rules)
        self.closed = close_rules(self.named)
        whole = self._passages(self.closed)
        self._checks = [
            (item, part, _movers(whole, part))
            for item in plan.invariants
            for check in item.checks
            for part in _split(check)
        ]
        self._reads = [
            (passage, part, _writing(whole, part) | {passage.id})
            for passage in whole
            for reading in passage.reads
            for part in _split_reading(reading)
        ]
        # What is broken with the whole order says nothing about an edge of it.
        self._broken = {breach.source for breach in self._invariants(whole, None)}
        self._judged: dict[frozenset[Pair], Judged] = {}
        self._unmet = {(breach.step, breach.source) for breach in self._readings(whole, None)}

    def without(self, gone: frozenset[Pair]) -> Judged:
        """The class of these pairs taken together; many a rule is one pair."""
        if gone not in self._judged:
            self._judged[gone] = self._judge(gone)
        return self._judged[gone]

    def _judge(self, gone: frozenset[Pair]) -> Judged:
        if not gone:
            return Judged(EdgeClass.IMPLIED)
        named = {
            then: {first: rules for first, rules in earlier.items() if (first, then) not in gone}
            for then, earlier in self.named.items()
        }
        loose = close_rules(named)
        fewer = {passage.id: passage.before - loose[passage.id] for passage in self._plan.passages}
        lost = {step: earlier for step, earlier in fewer.items() if earlier}
        if not lost:
            return Judged(EdgeClass.IMPLIED)
        breaches = tuple(self._breaches(self._passages(loose), lost))
        return Judged(EdgeClass.GUARDING if breaches else EdgeClass.CONVENIENCE, breaches)

    def _passages(self, closed: Mapping[str, frozenset[str]]) -> tuple[Passage, ...]:
        kept = {passage.id for passage in self._plan.passages}
        orders = ((passage, closed[passage.id] & kept) for passage in self._plan.passages)
        return tuple(
            passage if passage.before == before else replace(passage, before=before) for passage, before in orders
        )

    def _breaches(self, passages: Sequence[Passage], lost: Lost) -> Iterator[Breach]:
        invariants = _shortest(item for item in self._invariants(passages, lost) if item.source not in self._broken)
        told = {breach.source for breach in invariants}
        # What an invariant asks for right before a step is the invariant once more.
        readings = _shortest(
            item
            for item in self._readings(passages, lost)
            if item.source not in told and (item.step, item.source) not in self._unmet
        )
        yield from invariants
        yield from readings
        if invariants or readings:  # who writes what another one writes expects another value, too
            return
        for conflict in disagreements(passages):
            one, other = conflict.first, conflict.second
            if one in lost.get(other, ()) or other in lost.get(one, ()):
                yield Breach(str(conflict.ref), conflict.second, (conflict.second, conflict.first))

    def _invariants(self, passages: Sequence[Passage], lost: Lost | None) -> Iterator[Breach]:
        for invariant, check, movers in self._checks:
            if movers is not None and not _concerns(lost, movers):
                continue
            concerned = passages if movers is None else _these(passages, movers)
            found = prove_check(invariant, check, concerned, self._plan.start)[1]
            if found is not None:
                yield Breach(invariant.id, None, found.way)

    def _readings(self, passages: Sequence[Passage], lost: Lost | None) -> Iterator[Breach]:
        by_id = {passage.id: passage for passage in passages}
        for passage, reading, movers in self._reads:
            if not _concerns(lost, movers):
                continue
            way = unmet(by_id[passage.id], reading, _these(passages, movers), self._plan.start)
            if way is not None:
                yield Breach(reading.source, passage.id, way)


def _split(check: Check) -> tuple[Check, ...]:
    """Checks that hold together where this one does; each looks at few attributes, and so at few states."""
    match check:
        case Always(predicate=predicate):
            return tuple(Always(part) for part in conjuncts(predicate))
        case AtRest(predicate=predicate):
            return tuple(AtRest(part) for part in conjuncts(predicate))
        case BeforeChange(requires=requires):
            return tuple(replace(check, requires=part) for part in conjuncts(requires))
        case NeverBoth() | Exclusive() | Held():
            return (check,)
        case _:
            assert_never(check)


def _split_reading(reading: Reading) -> tuple[Reading, ...]:
    return tuple(replace(reading, condition=part) for part in conjuncts(reading.condition))


def _shortest(breaches: Iterable[Breach]) -> tuple[Breach, ...]:
    """The shortest way to everything that breaks, in the order in which it was found."""
    found: dict[tuple[str, str | None], Breach] = {}
    for breach in breaches:
        key = (breach.source, breach.step)
        if key not in found or len(breach.way) < len(found[key].way):
            found[key] = breach
    return tuple(found.values())


def _concerns(lost: Lost | None, movers: frozenset[str]) -> bool:
    """Whether an order between two of these was lost; none given, everything is looked at."""
    return lost is None or any(step in movers and not movers.isdisjoint(earlier) for step, earlier in lost.items())


def _these(passages: Sequence[Passage], movers: frozenset[str]) -> list[Passage]:
    """All that a projection onto what they move would keep anyway."""
    return [passage for passage in passages if passage.id in movers]


def _movers(passages: Iterable[Passage], check: Check) -> frozenset[str] | None:
    """The steps whose order the check depends on; None for a check of the order itself."""
    if isinstance(check, Exclusive | Held):
        return None
    refs = refs_of_check(check)
    return frozenset(item.id for item in passages if any(not refs.isdisjoint(moment) for moment in item.moments))


def _writing(passages: Iterable[Passage], reading: Reading) -> frozenset[str]:
    refs = reading.refs
    return frozenset(item.id for item in passages if any(not refs.isdisjoint(moment) for moment in item.moments))
