"""Steps that were done while the run stood still: from the paper runbook, by whoever was there.

In: a plan, its journal, the estate as it reads now. Out: the steps that nobody here has begun and that read as done.
A step must never be taken for done because of a chance: every step before it that leaves a trace must show its own.
What leaves none is asked about when its turn comes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from oceana_dr.estate.estate import Estate
from oceana_dr.execute.resume import Past, Standing, estate_before, judge, pasts, told_by
from oceana_dr.plan.model import Plan, Step
from oceana_dr.store.journal import Entry

_OVER = frozenset({Standing.DONE, Standing.SKIPPED})


def done_meanwhile(plan: Plan, entries: Iterable[Entry], found: Estate) -> frozenset[str]:
    """The steps that were done by other hands since the run stopped, as far as that can be read."""
    entries = tuple(entries)
    past, before = pasts(entries), estate_before(plan, entries)
    shows = {step.id: _shows(plan, step, past, before, found) for step in plan.steps}
    done: set[str] = set()
    passable: dict[str, bool] = {}
    for step in _in_order(plan):
        ready = all(passable[name] for name in step.after)
        fresh = past.get(step.id, Past()).standing is Standing.FRESH
        if ready and fresh and shows[step.id]:
            done.add(step.id)
        passable[step.id] = ready and shows[step.id] is not False
    return frozenset(done)


def _shows(plan: Plan, step: Step, past: Mapping[str, Past], before: Estate, found: Estate) -> bool | None:
    """Whether it reads as done; None where nothing can tell."""
    if past.get(step.id, Past()).standing in _OVER:
        return True
    if step.action is None or not told_by(step, before):
        return None
    return judge(plan, step, before, found).after


def _in_order(plan: Plan) -> Iterable[Step]:
    """Every step behind those that it comes after."""
    steps = {step.id: step for step in plan.steps}
    placed: dict[str, Step] = {}
    waiting = list(steps)
    while waiting:
        ready = [name for name in waiting if all(one in placed for one in steps[name].after)]
        if not ready:
            return placed.values()
        placed |= {name: steps[name] for name in ready}
        waiting = [name for name in waiting if name not in placed]
    return placed.values()
