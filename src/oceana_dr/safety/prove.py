"""The proof: every invariant, in every state that can be reached; and parallel steps, whichever is first.

In: bound invariants, passages, the starting estate. Out: a `Proof` with figures and counter-examples.
A violation names the shortest way to the bad state. What is broken before the first step is told apart
from what a step breaks: a plan that repairs an unsafe estate must not be refused for finding it so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import assert_never

from oceana_dr.estate.address import Ref
from oceana_dr.estate.predicate import AnyOf, Lookup, evaluate
from oceana_dr.estate.values import Value, effective
from oceana_dr.safety.breaking import breaks_words
from oceana_dr.safety.commute import ALONE, Parallel, commute
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
from oceana_dr.safety.reach import Projection, State, Transition
from oceana_dr.safety.way import Leg, steps_on, way_to


@dataclass(frozen=True, slots=True)
class Violation:
    """A way to a state in which an invariant is broken: the steps in order, the values there.

    An empty way means that the estate is so already, before the plan does anything; `lasting`, that it
    is still so when the plan has ended. `legs`: the way with what it changes of what the invariant looks at; `wrong`:
    what is so there and must not be, in words. Both are empty for what only the order of the steps breaks.
    """

    invariant: str
    title: str
    way: tuple[str, ...]
    values: tuple[tuple[Ref, Value], ...]
    lasting: bool = False
    legs: tuple[Leg, ...] = ()
    wrong: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proof:
    """`checked` invariants over `states` states; `broken` by the plan, `inherited` from the estate.

    `attested`: what no state shows and is kept otherwise. `parallel`: the pairs of steps that may run together, and
    those for which it matters which one is first.
    """

    checked: tuple[str, ...]
    not_applicable: tuple[str, ...]
    states: int
    broken: tuple[Violation, ...]
    inherited: tuple[Violation, ...]
    parallel: Parallel = ALONE
    attested: tuple[str, ...] = ()


def prove(invariants: Iterable[Invariant], passages: Sequence[Passage], start: Lookup) -> Proof:
    """Check every invariant over every reachable state, and every pair of steps that may run together."""
    checked: list[str] = []
    idle: list[str] = []
    kept: list[str] = []
    broken: list[Violation] = []
    inherited: list[Violation] = []
    states = 0
    for invariant in invariants:
        (checked if invariant.checks else kept if invariant.attested else idle).append(invariant.id)
        for check in invariant.checks:
            visited, found = prove_check(invariant, check, passages, start)
            states += visited
            if found is not None:
                (broken if found.way else inherited).append(found)
    parallel = commute(passages, start)
    return Proof(tuple(checked), tuple(idle), states, tuple(broken), tuple(inherited), parallel, tuple(kept))


def prove_check(
    invariant: Invariant, check: Check, passages: Sequence[Passage], start: Lookup
) -> tuple[int, Violation | None]:
    """One check of an invariant: the states that were looked at, and the shortest way to a bad one if there is one."""
    match check:
        case Always() | NeverBoth() | BeforeChange() | AtRest():
            return _explore(invariant, check, Projection(passages, start, refs_of_check(check)))
        case Exclusive():
            return 1, _exclusive(invariant, check, passages)
        case Held():
            return 1, _held(invariant, check, passages)
        case _:
            assert_never(check)


def _explore(
    invariant: Invariant, check: Always | NeverBoth | BeforeChange | AtRest, projection: Projection
) -> tuple[int, Violation | None]:
    came: dict[State, Transition] = {}
    bad: set[State] = set()
    found: Violation | None = None
    lasting = False
    for transition in projection.transitions():
        new = transition.after not in came
        came.setdefault(transition.after, transition)
        if not new and not isinstance(check, BeforeChange):
            continue
        if not _breaks(check, transition, projection):
            continue
        bad.add(transition.after)
        lasting = lasting or _ends(transition, projection)
        # The estate was so before and stays so: a plan is judged by what it breaks, and by how it ends.
        inherited = transition.before in bad and not _ends(transition, projection)
        if not inherited and (found is None or not found.way):
            found = _violation(invariant, check, transition, came, projection)
    return len(came), found and replace(found, lasting=lasting)


def _ends(transition: Transition, projection: Projection) -> bool:
    return transition.after.progress == projection.end_progress


def _breaks(check: Always | NeverBoth | BeforeChange | AtRest, transition: Transition, projection: Projection) -> bool:
    here = projection.lookup(transition.after)
    match check:
        case Always(predicate=predicate):
            return evaluate(predicate, here) is not True
        case NeverBoth(predicates=predicates, absent=absent):
            counted = zip(predicates, absent or (AnyOf(()),) * len(predicates), strict=True)
            return (
                sum(evaluate(gone, here) is not True and evaluate(one, here) is not False for one, gone in counted) > 1
            )
        case AtRest(predicate=predicate):
            return _ends(transition, projection) and evaluate(predicate, here) is not True
        case BeforeChange(of=of, to=to, requires=requires):
            if transition.before is None:
                return False
            there = projection.lookup(transition.before)
            becomes = effective(here(of)) in to and effective(there(of)) not in to
            return becomes and evaluate(requires, there) is not True
        case _:
            assert_never(check)


def _violation(
    invariant: Invariant,
    check: Always | NeverBoth | BeforeChange | AtRest,
    last: Transition,
    came: dict[State, Transition],
    projection: Projection,
) -> Violation:
    legs = way_to(last, came, projection)
    values = tuple(zip(projection.refs, last.after.values, strict=True))
    wrong = breaks_words(check, projection.lookup(last.after), projection.lookup(last.before or last.after))
    return Violation(invariant.id, invariant.title, steps_on(legs), values, legs=legs, wrong=wrong)


def _exclusive(invariant: Invariant, check: Exclusive, passages: Sequence[Passage]) -> Violation | None:
    by_id = {passage.id: passage for passage in passages}
    first, last = by_id.get(check.first), by_id.get(check.last)
    if last is None:
        return None
    start = first or last
    for other in passages:
        if other.id in {check.first, check.last} or other.touches.isdisjoint(check.addresses):
            continue
        if other.id not in start.before and last.id not in other.before:
            return Violation(invariant.id, invariant.title, (start.id, other.id, last.id), ())
    return None


def _held(invariant: Invariant, check: Held, passages: Sequence[Passage]) -> Violation | None:
    by_id = {passage.id: passage for passage in passages}
    if check.first not in by_id:
        return None
    held = by_id.get(check.by)
    if held is None or check.first not in held.before:
        return Violation(invariant.id, invariant.title, (check.first,), ())
    for name in check.before:
        step = by_id.get(name)
        if step is not None and check.by not in step.before:
            return Violation(invariant.id, invariant.title, (check.first, name), ())
    return None
