"""The order of steps: pair rules, what follows from them, and the fewest edges that say it.

In: ids of steps and rules of the catalogue. Out: direct predecessors, and the rules behind each step.
No sequence is written anywhere: two steps without a path between them may run together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from oceana_dr.catalogue.model import OrderRule, stands_for
from oceana_dr.safety.passage import close_order


def pairs(step_ids: Sequence[str], rules: Iterable[OrderRule]) -> dict[str, dict[str, list[str]]]:
    """For every step: the steps that a rule puts before it, and the ids of those rules."""
    found: dict[str, dict[str, list[str]]] = {step: {} for step in step_ids}
    for rule in rules:
        earlier = [step for step in step_ids if any(stands_for(name, step) for name in rule.first)]
        later = [step for step in step_ids if any(stands_for(name, step) for name in rule.then)]
        for step in later:
            for other in earlier:
                if other != step:
                    found[step].setdefault(other, []).append(rule.id)
    return found


def sort_steps(closed: Mapping[str, frozenset[str]], listed: Sequence[str]) -> list[str]:
    """A linear order that the closed order allows; among those free to come next, the one listed first."""
    rest = list(listed)
    done: set[str] = set()
    ordered: list[str] = []
    while rest:
        step = next(item for item in rest if closed[item] <= done)
        rest.remove(step)
        done.add(step)
        ordered.append(step)
    return ordered


def reduce_order(closed: Mapping[str, frozenset[str]], kept: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Direct predecessors among the steps kept: the transitive reduction, contracted across gaps.

    Sorted as `kept` is.
    """
    stay = set(kept)
    place = {step: index for index, step in enumerate(kept)}
    reduced: dict[str, tuple[str, ...]] = {}
    for step in kept:
        before = closed[step] & stay
        implied = frozenset().union(*(closed[other] for other in before))
        reduced[step] = tuple(sorted(before - implied, key=place.__getitem__))
    return reduced


def close_rules(found: Mapping[str, Mapping[str, Sequence[str]]]) -> dict[str, frozenset[str]]:
    """All predecessors of every step; raises `ValueError` on a cycle."""
    return close_order(found)
