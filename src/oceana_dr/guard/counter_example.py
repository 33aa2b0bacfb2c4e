"""A counter-example in the words of who reviews the plan: the steps that lead there, what is wrong, what forbids it.

In: a violation, the plan, the order rules of its scenario. Out: a line each for steps, state, and what forbids it.
It must never name a rule that would not forbid it: whoever reads this mends the order with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from oceana_dr.catalogue.model import OrderRule, stands_for
from oceana_dr.estate.values import show
from oceana_dr.plan.model import Plan
from oceana_dr.safety.passage import close_order
from oceana_dr.safety.prove import Violation
from oceana_dr.safety.way import Leg


def in_words(violation: Violation, plan: Plan, rules: Sequence[OrderRule]) -> tuple[str, ...]:
    """The lines; the steps have the titles that the plan shows."""
    legs = violation.legs or tuple(Leg(step, (), inside=False) for step in violation.way)
    told = [f"{place}. {_leg(leg, plan)}" for place, leg in enumerate(legs, 1)]
    if violation.wrong:
        told.append(f"then {'; '.join(violation.wrong)}")
    told += _forbidden(violation, plan, rules)
    return tuple(told)


def _leg(leg: Leg, plan: Plan) -> str:
    changes = "; ".join(f"{reference} {show(old)} → {show(new)}" for reference, old, new in leg.changes)
    said = f"{leg.step}, {plan.step(leg.step).title}{f': {changes}' if changes else ''}"
    return f"crash inside {said}" if leg.inside else said


def _forbidden(violation: Violation, plan: Plan, rules: Sequence[OrderRule]) -> Iterator[str]:
    """The gate that stops a run before it, and order rules that the plan does not keep."""
    last = plan.step(violation.way[-1])
    if any(item.rule == violation.invariant for item in last.requires):
        yield f"a run stops right before {last.id}, which asks for {violation.invariant}"
    for rule, first, then in dict.fromkeys(_broken(violation.way, plan, rules)):
        yield f"the order rule {rule.id} forbids it, {first} before {then}: {rule.reason}"


def _broken(way: Sequence[str], plan: Plan, rules: Iterable[OrderRule]) -> Iterator[tuple[OrderRule, str, str]]:
    """Rules that put a step before one of the way, where the plan does not, and that is not done there."""
    before = close_order({step.id: step.after for step in plan.steps})
    for place, then in enumerate(way):
        for rule in rules:
            if any(stands_for(name, then) for name in rule.then):
                for first in before:
                    missing = first not in before[then] and first not in way[:place]
                    if missing and any(stands_for(name, first) for name in rule.first):
                        yield rule, first, then
