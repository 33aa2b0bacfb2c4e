"""Every state that an estate passes through, held against the plan's invariants; and the order of what was done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import assert_never

from oceana_dr.estate.action import Action
from oceana_dr.estate.address import Address, Ref, address_of, ref
from oceana_dr.estate.estate import Estate
from oceana_dr.estate.predicate import AnyOf, Lookup, evaluate
from oceana_dr.estate.values import Unknown, effective
from oceana_dr.lab.store import Saved
from oceana_dr.lab.world import World, advance
from oceana_dr.plan.model import Step
from oceana_dr.safety.invariant import Always, AtRest, BeforeChange, Check, Exclusive, Held, NeverBoth
from tests.crash.bound import Bound, Watched


class Watch:
    """What has been seen: states, the checks that are broken now, and everything that was broken anew."""

    def __init__(self, bound: Bound) -> None:
        self._bound = bound
        self.states = 0
        self.violations: list[str] = []
        self.acts: list[str] = []
        self.by_hand: list[str] = []
        self.broken = frozenset(item.number for item in bound.watched if _is_broken(item.check, bound.planned.live.get))

    def copy(self) -> Watch:
        """One that goes on from here by itself."""
        other = Watch.__new__(Watch)
        other._bound = self._bound
        other.states = self.states
        other.violations = list(self.violations)
        other.acts = list(self.acts)
        other.by_hand = list(self.by_hand)
        other.broken = self.broken
        return other

    def passed(self, before: Saved | None, now: Saved) -> None:
        """The lab has come from one state to another: every moment between them is looked at."""
        start = World(self._bound.planned.live, now.world.at) if before is None else before.world
        here = start.estate
        for world in self._walk(start, now.world.at):
            self._look(here, world.estate)
            here = world.estate
        self._look(here, now.world.estate)

    def _walk(self, world: World, until: float) -> Iterator[World]:
        """One due moment after another, also those of one time."""
        while due := min(
            (item for item in world.pending if item.at <= until), key=lambda item: (item.at, item.order), default=None
        ):
            rest = tuple(item for item in world.pending if item is not due)
            world = advance(replace(world, pending=()), due.at, lambda: self._bound.dynamics)
            yield world
            world = replace(world, estate=world.estate.with_values(due.values), pending=rest)
            yield world
        yield advance(world, until, lambda: self._bound.dynamics)

    def _look(self, before: Estate, after: Estate) -> None:
        if before is after:
            return
        self.states += 1
        concerned = {
            item.number: item for reference in _moved(before, after) for item in self._bound.by_ref.get(reference, ())
        }
        broken = set(self.broken)
        for number, item in concerned.items():
            if isinstance(item.check, BeforeChange):
                if _breaks_change(item.check, before.get, after.get):
                    self.violations.append(f"{item.invariant}: {item.check.of} becomes {after.get(item.check.of)}")
            elif not _is_broken(item.check, after.get):
                broken.discard(number)
            elif number not in broken:
                broken.add(number)
                self.violations.append(f"{item.invariant} is broken")
        self.broken = frozenset(broken)

    def on_the_way(self, to_come: list[str]) -> list[str]:
        """Everything that was broken so far, the order of what is still to be done included."""
        whole = self.copy()
        whole.acts += to_come
        return whole.violations + [
            f"{item.invariant} is broken"
            for item in self._bound.in_order
            if isinstance(item.check, Exclusive | Held) and whole._out_of_order(item.check)
        ]

    def at_the_end(self, end: Estate) -> list[str]:
        """Everything that was broken on the way, or is at the end and need not be."""
        plan = self._bound.planned.plan
        found = list(self.violations)
        for item in self._bound.at_the_end:
            match item.check:
                case AtRest(predicate=predicate):
                    broken = evaluate(predicate, end.get) is not True
                case Always() | NeverBoth():
                    broken = _is_broken(item.check, end.get)
                case Exclusive() | Held():
                    broken = self._out_of_order(item.check)
                case BeforeChange():
                    continue
                case _:
                    assert_never(item.check)
            if broken and item.invariant not in plan.proof.inherited:
                found.append(f"{item.invariant} does not hold at the end")
        return found

    def _out_of_order(self, check: Exclusive | Held) -> bool:
        acts = self.acts
        match check:
            case Exclusive(first=first, last=last, addresses=addresses):
                if first not in acts or last not in acts:
                    return False
                between = acts[acts.index(first) + 1 : acts.index(last)]
                return any(
                    not self._bound.steps[name].touches.isdisjoint(addresses)
                    for name in between
                    if name not in {first, last}
                )
            case Held(first=first, by=by, before=before):
                if first not in acts:
                    return False
                held = acts.index(by) if by in acts else len(acts)
                return any(name in acts and acts.index(name) < held for name in before)
            case _:
                assert_never(check)


def _is_broken(check: Check, here: Lookup) -> bool:
    """Whether a state breaks the check; unknown is never good."""
    match check:
        case Always(predicate=predicate):
            return evaluate(predicate, here) is not True
        case NeverBoth(predicates=predicates, absent=absent):
            counted = zip(predicates, absent or (AnyOf(()),) * len(predicates), strict=True)
            there = [one for one, gone in counted if evaluate(gone, here) is not True]
            return sum(evaluate(one, here) is not False for one in there) > 1
        case AtRest() | BeforeChange() | Exclusive() | Held():
            return False
        case _:
            assert_never(check)


def _breaks_change(check: BeforeChange, there: Lookup, here: Lookup) -> bool:
    becomes = effective(here(check.of)) in check.to and effective(there(check.of)) not in check.to
    return becomes and evaluate(check.requires, there) is not True


def _moved(before: Estate, after: Estate) -> Iterator[Ref]:
    """The attributes that are not as they were."""
    for address, now in after.resources.items():
        was = before.resources.get(address)
        if was is now:
            continue
        if isinstance(now, Unknown) or isinstance(was, Unknown) or was is None:
            known = was if isinstance(now, Unknown) else now
            yield from (ref(address, label) for label in ({} if known is None or isinstance(known, Unknown) else known))
            continue
        yield from (ref(address, label) for label, value in now.items() if was.get(label) != value)
