"""Every guard taken out, and turned round: whether anything would notice, and which of them nothing would."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.estate.estate import Estate
from oceana_dr.plan.build import passages
from oceana_dr.plan.edges import EdgeClass, Proven, judge_edges
from oceana_dr.safety.invariant import bind_invariants
from tests.crash.bound import Bound
from tests.crash.walks import Guard, walk, wrong_orders

ORDER: Final = "order rule"
REMOVED, TURNED = "removed", "turned round"
CONVENIENCE: Final = "a declared convenience"


@dataclass(frozen=True)
class Mutant:
    """A guard and what was done to it."""

    guard: Guard
    how: str


@dataclass
class Judged:
    """What one plan says: mutants that it meets at all, those that are noticed, and words on some of the others."""

    met: set[Mutant]
    killed: set[Mutant]
    words: dict[Mutant, str]


def judge(bound: Bound, elsewhere: Iterable[Estate] = (), *, order: bool = True) -> Judged:
    """Every guard of one plan. Turned round, a guard has to speak up in the plan as it is; taken out, it has to be
    missed where the steps come in a wrong order, one is left out or done twice, or on an estate of another plan.

    `order`: the order rules, too.
    """
    steps = bound.planned.plan.steps
    sound = walk(bound, steps)
    wrong = [walk(bound, other) for other in wrong_orders(steps)] + [walk(bound, steps, live) for live in elsewhere]
    missed = {guard for heard in wrong for guard in heard.alarmed - sound.alarmed}
    guards = sound.content | sound.alarmed | missed | {guard for heard in wrong for guard in heard.content}
    met = {Mutant(guard, how) for guard in guards for how in (REMOVED, TURNED)}
    killed = {Mutant(guard, TURNED) for guard in sound.content} | {Mutant(guard, REMOVED) for guard in missed}
    rules = _order_rules(bound) if order else Judged(set(), set(), {})
    return Judged(met | rules.met, killed | rules.killed, rules.words)


def _order_rules(bound: Bound) -> Judged:
    """Without a guarding rule the proof fails; turned round, it goes against the rest of the order, or the proof."""
    plan, catalogue = bound.planned.plan, load_catalogue()
    invariants = bind_invariants(bound.catalogue, plan.scenario)
    steps = passages(bound.catalogue, plan.steps)
    rules = catalogue.orders[plan.scenario]
    edges = judge_edges(Proven(bound.planned.listed, rules, steps, invariants, plan.initial.get))
    found = Judged(set(), set(), {})
    for name, judged in edges.rules.items():
        removed, turned = (Mutant((ORDER, f"{plan.scenario} {name}"), how) for how in (REMOVED, TURNED))
        match judged.kind:
            case EdgeClass.GUARDING:
                found.met |= {removed, turned}
                found.killed |= {removed, turned}
            case EdgeClass.CONVENIENCE:
                found.met |= {removed, turned}
                found.words |= {removed: CONVENIENCE, turned: CONVENIENCE}
            case EdgeClass.IMPLIED:
                # Without it the order is the same: no mutant. Turned round, it goes round in a circle with the others.
                found.met.add(turned)
                found.killed.add(turned)
    return found


def together(judged: Iterable[Judged]) -> Judged:
    """What all plans say: one that notices is enough."""
    found = Judged(set(), set(), {})
    for item in judged:
        found.met |= item.met
        found.killed |= item.killed
        found.words |= item.words
    return found
