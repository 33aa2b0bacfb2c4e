"""Every state that an estate passes through, held against the plan's invariants; and the order of what was done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final, TypeAlias, assert_never

from oceana_dr.estate.address import Ref, ref
from oceana_dr.estate.estate import Estate
from oceana_dr.estate.predicate import AnyOf, Lookup, evaluate
from oceana_dr.estate.values import Unknown, effective
from oceana_dr.lab.store import Saved
from oceana_dr.lab.world import World, advance
from oceana_dr.safety.invariant import Always, AtRest, BeforeChange, Check, Exclusive, Held, NeverBoth
from oceana_dr.store.journal import Entry
from oceana_dr.store.records import Done, Intent
from tests.crash.bound import Bound

Course: TypeAlias = tuple[tuple[str, str], ...]
"""Steps in the order in which they were begun and done."""
BEGUN: Final = "begun"
DONE: Final = "done"


class Watch:
    """What has been seen: states, the checks that are broken now, and everything that was broken anew."""

    def __init__(self, bound: Bound, start: Estate | None = None) -> None:
        """`start`: another estate than the one that the plan was made for."""
        live = bound.planned.live if start is None else start
        self._bound = bound
        self.states = 0
        self.violations: list[str] = []
        self.acts: list[str] = []
        self.by_hand: list[str] = []
        self.broken = frozenset(item.number for item in bound.watched if is_broken(item.check, live.get))

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
            self.look(here, world.estate)
            here = world.estate
        self.look(here, now.world.estate)

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

    def look(self, before: Estate, after: Estate) -> None:
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
            elif not is_broken(item.check, after.get):
                broken.discard(number)
            elif number not in broken:
                broken.add(number)
                self.violations.append(f"{item.invariant} is broken")
        self.broken = frozenset(broken)

    def in_order(self, course: Course) -> list[str]:
        """What the order in which steps were begun and done has broken."""
        return [
            f"{item.invariant} is broken"
            for item in self._bound.in_order
            if isinstance(item.check, Exclusive | Held) and self.out_of_order(item.check, course)
        ]

    def at_the_end(self, end: Estate) -> list[str]:
        """What does not hold at the end, and did not have to be so from the start."""
        found = []
        for item in self._bound.at_the_end:
            match item.check:
                case AtRest(predicate=predicate):
                    broken = evaluate(predicate, end.get) is not True
                case Always() | NeverBoth():
                    broken = is_broken(item.check, end.get)
                case Exclusive() | Held() | BeforeChange():
                    continue
                case _:
                    assert_never(item.check)
            if broken and item.invariant not in self._bound.planned.plan.proof.inherited:
                found.append(f"{item.invariant} does not hold at the end")
        return found

    def out_of_order(self, check: Exclusive | Held, course: Course) -> bool:
        """Whether the steps were begun and done otherwise than the check allows."""
        steps = self._bound.steps
        match check:
            case Exclusive(first=first, last=last, addresses=addresses):
                if not {(DONE, first), (DONE, last)} <= set(course):
                    return False
                between = course[course.index((DONE, first)) + 1 : course.index((DONE, last))]
                others = [steps[name] for what, name in between if what == BEGUN and name not in {first, last}]
                return any(step.action is not None and not step.touches.isdisjoint(addresses) for step in others)
            case Held(first=first, by=by, before=before):
                if (BEGUN, first) not in course:
                    return False
                held = course.index((DONE, by)) if (DONE, by) in course else len(course)
                return any((BEGUN, name) in course[:held] for name in before)
            case _:
                assert_never(check)


def course_of(entries: Iterable[Entry]) -> Course:
    """What a journal says of the order in which steps were begun and done."""
    found: list[tuple[str, str]] = []
    for entry in entries:
        match entry.record:
            case Intent(step=step):
                found.append((BEGUN, step))
            case Done(step=step):
                found.append((DONE, step))
            case _:
                pass
    return tuple(found)


def is_broken(check: Check, here: Lookup) -> bool:
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
