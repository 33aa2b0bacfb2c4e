"""A plan walked through by hand, also in a wrong order or with a step left out: every guard that speaks up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias, assert_never

from oceana_dr.estate.action import Action, RunProcedure, SetValues
from oceana_dr.estate.estate import Estate
from oceana_dr.estate.predicate import evaluate
from oceana_dr.estate.values import effective
from oceana_dr.execute.verify import mismatches
from oceana_dr.plan.model import Kind, Step
from oceana_dr.plan.readings import guards_of
from oceana_dr.safety.invariant import Always, AtRest, BeforeChange, Exclusive, Held, NeverBoth
from tests.crash.bound import Bound
from tests.crash.watch import BEGUN, DONE, Watch, is_broken

Guard: TypeAlias = tuple[str, str]
"""What kind of guard it is, and which."""
INVARIANT, CONSOLE, REQUIREMENT, EXPECT = "invariant", "console", "requirement", "expectation"


@dataclass
class Heard:
    """The guards that were asked and content, and those that spoke up."""

    content: set[Guard] = field(default_factory=set)
    alarmed: set[Guard] = field(default_factory=set)

    def take(self, guard: Guard, *, holds: bool) -> None:
        (self.content if holds else self.alarmed).add(guard)


def walk(bound: Bound, order: Sequence[Step], start: Estate | None = None) -> Heard:
    """Every step in this order, whatever the guards say to it: they are only listened to."""
    state = bound.planned.live if start is None else start
    heard, watch = Heard(), Watch(bound, state)
    course: list[tuple[str, str]] = []
    for step in order:
        _ask(bound, step, state, heard)
        for moment in step.moments:
            after = state.with_values(moment.values)
            _changes(bound, state, after, heard)
            watch.look(state, after)
            state = after
        course += [(BEGUN, step.id), (DONE, step.id)]
    for item in bound.watched:
        match item.check:
            case Always() | NeverBoth():
                heard.take((INVARIANT, item.invariant), holds=not is_broken(item.check, state.get))
            case AtRest(predicate=predicate):
                heard.take((INVARIANT, item.invariant), holds=evaluate(predicate, state.get) is True)
            case Exclusive(first=first, last=last) | Held(first=first, by=last):
                if (BEGUN, first) in course and last in bound.steps:
                    holds = not watch.out_of_order(item.check, tuple(course))
                    heard.take((INVARIANT, item.invariant), holds=holds)
            case BeforeChange():
                pass
            case _:
                assert_never(item.check)
    heard.alarmed |= {(INVARIANT, name.partition(":")[0].partition(" ")[0]) for name in watch.violations}
    return heard


def wrong_orders(steps: Sequence[Step]) -> Iterator[list[Step]]:
    """Each step left out, done twice, done first of all, done last; and each done before what it has to follow."""
    listed = list(steps)
    for place, step in enumerate(listed):
        others = listed[:place] + listed[place + 1 :]
        if step.moments:
            yield others
            yield [*listed[: place + 1], *listed[place:]]
            yield [step, *others]
            yield [*others, step]
        for earlier in step.after:
            before = next(item for item in listed if item.id == earlier)
            if before.moments or step.moments:
                at = others.index(before)
                yield [*others[:at], step, *others[at:]]


def names_of(action: Action) -> Iterator[str]:
    """What an action is known by in the catalogue."""
    match action:
        case SetValues(values=values):
            yield from values
        case RunProcedure(procedure=procedure):
            yield procedure
        case _:
            assert_never(action)


def _ask(bound: Bound, step: Step, state: Estate, heard: Heard) -> None:
    """What the console and the runner look at right before the step."""
    scenario = bound.planned.plan.scenario
    if step.action is not None:
        name = " ".join(names_of(step.action))
        for guard in guards_of(bound.catalogue, step.action):
            heard.take((CONSOLE, f"{name}: {guard.says}"), holds=evaluate(guard.unless, state.get) is True)
    for item in step.requires:
        guard_name = f"{scenario} {step.id}: {item.rule}"
        heard.take((REQUIREMENT, guard_name), holds=evaluate(item.condition, state.get) is True)
    if step.expect and step.kind is not Kind.WAIT:
        heard.take((EXPECT, f"{scenario} {step.id}"), holds=not mismatches(step.expect, state))


def _changes(bound: Bound, before: Estate, after: Estate, heard: Heard) -> None:
    """The invariants about a change that this moment makes."""
    for item in bound.watched:
        check = item.check
        if not isinstance(check, BeforeChange) or effective(after.get(check.of)) not in check.to:
            continue
        if effective(before.get(check.of)) not in check.to:
            heard.take((INVARIANT, item.invariant), holds=evaluate(check.requires, before.get) is True)
