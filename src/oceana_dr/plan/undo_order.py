"""In which order steps are taken back: the reverse, and what holds for putting a side into service.

In: the steps of a plan, the ids to take back, the rules of the scenario and its mirror. Out: the closed order.
Reversing alone would put a side into service before what it needs is there: order between a shutdown and a
standby is nobody's business on the way out, and everybody's on the way back.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from oceana_dr.catalogue.model import OrderRule, stands_for
from oceana_dr.plan.model import Step
from oceana_dr.safety.passage import close_order


@dataclass(frozen=True, slots=True)
class UndoOrder:
    """By the id of the step that is taken back: all that is taken back before it, and mirrored rules behind that."""

    before: Mapping[str, frozenset[str]]
    rules: Mapping[str, tuple[str, ...]]


def undo_order(
    steps: Sequence[Step], names: Collection[str], rules: Iterable[OrderRule], mirror: Mapping[str, str]
) -> UndoOrder:
    """What was done last is taken back first, unless a mirrored rule says otherwise."""
    forward = close_order({step.id: step.after for step in steps})
    mirrored, named = _mirrored(names, rules, mirror)
    settled = close_order(mirrored)
    direct = {
        name: mirrored[name] | {later for later in names if name in forward[later] and name not in settled[later]}
        for name in names
    }
    return UndoOrder(close_order(direct), {name: tuple(dict.fromkeys(found)) for name, found in named.items()})


def _mirrored(
    names: Collection[str], rules: Iterable[OrderRule], mirror: Mapping[str, str]
) -> tuple[dict[str, set[str]], dict[str, list[str]]]:
    """The rules about steps that have a counterpart among the names, as pairs of counterparts."""
    before: dict[str, set[str]] = {name: set() for name in names}
    named: dict[str, list[str]] = {name: [] for name in names}
    for rule in rules:
        targets = {mirror[step] for step in mirror if any(stands_for(name, step) for name in rule.then)} & before.keys()
        if not targets:
            continue
        counterparts = {mirror[step] for step in mirror if any(stands_for(name, step) for name in rule.first)}
        same = {step for step in names if any(stands_for(name, step) for name in rule.first)}
        for target in targets:
            if earlier := ((counterparts | same) & before.keys()) - {target}:
                before[target] |= earlier
                named[target].append(rule.id)
    return before, named
