"""The invariants, held against the estate as it really is after every change of a lab's world.

In: a site's invariants, the estate before the first step and after every change. Out: what breaks, and where.
What does not hold before the first step is no fault of a plan, until it has held once. Nothing unknown may count as
good.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from oceana_dr.estate.address import Ref, address_of
from oceana_dr.estate.estate import Estate
from oceana_dr.estate.predicate import AnyOf, evaluate
from oceana_dr.estate.values import Value, effective
from oceana_dr.safety.invariant import (
    Always,
    AtRest,
    BeforeChange,
    Exclusive,
    Held,
    Invariant,
    NeverBoth,
    refs_of_check,
)

_OfStates: TypeAlias = Always | NeverBoth | BeforeChange


@dataclass(frozen=True, slots=True)
class Breach:
    """An invariant that does not hold, and the values it looks at."""

    invariant: str
    title: str
    values: tuple[tuple[Ref, Value], ...]


class Watch:
    """Looks at one state after the other; `states` counts those that it has seen."""

    def __init__(self, invariants: Iterable[Invariant], start: Estate) -> None:
        self.states = 1
        self._invariants = tuple(invariants)
        self._last = start
        self._checks = [
            (invariant, check, frozenset(map(address_of, refs_of_check(check))))
            for invariant in self._invariants
            for check in invariant.checks
            if isinstance(check, Always | NeverBoth | BeforeChange)
        ]
        self._broken = {number for number, (_, check, _) in enumerate(self._checks) if not _holds(check, start, start)}

    @property
    def checked(self) -> int:
        """How many invariants have something to look at."""
        return sum(bool(invariant.checks) for invariant in self._invariants)

    def look(self, estate: Estate) -> tuple[Breach, ...]:
        """What did hold in the state before and does not in this one."""
        before, self._last = self._last, estate
        self.states += 1
        moved = {
            address
            for address in before.resources.keys() | estate.resources.keys()
            if before.resources.get(address) is not estate.resources.get(address)
        }
        found: list[Breach] = []
        for number, (invariant, check, addresses) in enumerate(self._checks):
            if addresses.isdisjoint(moved):
                continue
            if _holds(check, before, estate):
                self._broken.discard(number)
            elif number not in self._broken:
                if not isinstance(check, BeforeChange):  # it speaks of one moment, and is over with it
                    self._broken.add(number)
                found.append(_breach(invariant, check, estate))
        return tuple(found)

    def at_the_end(self) -> tuple[Breach, ...]:
        """What has to hold when a plan has ended, and does not."""
        return tuple(
            _breach(invariant, check, self._last)
            for invariant in self._invariants
            for check in invariant.checks
            if isinstance(check, AtRest) and evaluate(check.predicate, self._last.get) is not True
        )

    def in_order(self, spans: Sequence[tuple[str, bool]], touched: Mapping[str, frozenset[str]]) -> tuple[Breach, ...]:
        """What the order of a run has broken: `spans` are begins (True) and ends (False) of steps as they came."""
        found: list[Breach] = []
        for invariant in self._invariants:
            for check in invariant.checks:
                match check:
                    case Exclusive():
                        wrong = _between(check, spans, touched)
                    case Held():
                        wrong = _unheld(check, spans)
                    case _:
                        continue
                if wrong:
                    found.append(Breach(invariant.id, f"{invariant.title} ({wrong})", ()))
        return tuple(found)


def _holds(check: _OfStates, before: Estate, after: Estate) -> bool:
    match check:
        case Always(predicate=predicate):
            return evaluate(predicate, after.get) is True
        case NeverBoth(predicates=predicates, absent=absent):
            counted = zip(predicates, absent or (AnyOf(()),) * len(predicates), strict=True)
            there = (
                evaluate(gone, after.get) is not True and evaluate(one, after.get) is not False for one, gone in counted
            )
            return sum(there) <= 1
        case BeforeChange(of=of, to=to, requires=requires):
            becomes = effective(after.get(of)) in to and effective(before.get(of)) not in to
            return not becomes or evaluate(requires, before.get) is True


def _breach(invariant: Invariant, check: _OfStates | AtRest, estate: Estate) -> Breach:
    values = tuple((reference, estate.get(reference)) for reference in sorted(refs_of_check(check)))
    return Breach(invariant.id, invariant.title, values)


def _between(check: Exclusive, spans: Sequence[tuple[str, bool]], touched: Mapping[str, frozenset[str]]) -> str:
    """The step that touched the addresses between the two, if one did."""
    within = False
    for step, begins in spans:
        if step == check.first and begins:
            within = True
        elif step == check.last and not begins:
            within = False
        elif within and begins and step != check.last and not touched[step].isdisjoint(check.addresses):
            return f"{step} came between {check.first} and {check.last}"
    return ""


def _unheld(check: Held, spans: Sequence[tuple[str, bool]]) -> str:
    """The step that did not wait, if one did not."""
    begun, held = False, False
    for step, begins in spans:
        begun = begun or (step == check.first and begins)
        held = held or (step == check.by and not begins)
        if begun and not held and begins and step in check.before:
            return f"{step} did not wait for {check.by}"
    return ""
