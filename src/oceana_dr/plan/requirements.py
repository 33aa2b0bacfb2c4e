"""What must be so right before a step: derived from the invariants about changes, so that it is written once.

In: invariants, the states a step leads through, the state before it. Out: its requirements.
A condition that the step itself brings about must never be asked for before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from oceana_dr.estate.action import Moment
from oceana_dr.estate.address import Ref
from oceana_dr.estate.estate import Estate
from oceana_dr.estate.predicate import All, Predicate, parts_of, refs_of
from oceana_dr.estate.values import effective
from oceana_dr.plan.model import Requirement
from oceana_dr.safety.invariant import BeforeChange, Invariant


def requirements(invariants: Iterable[Invariant], passed: Sequence[Moment], state: Estate) -> tuple[Requirement, ...]:
    """One for every invariant that speaks of a change which this step makes."""
    found: list[Requirement] = []
    changed = {reference for moment in passed for reference in moment.values}
    for invariant in invariants:
        parts = [
            part
            for check in invariant.checks
            if isinstance(check, BeforeChange) and check.of in changed
            for part in _asked(check, passed, state)
        ]
        if parts:
            once = tuple(dict.fromkeys(parts))
            found.append(Requirement(invariant.id, once[0] if len(once) == 1 else All(once), invariant.waivable))
    return tuple(found)


def _asked(check: BeforeChange, passed: Sequence[Moment], state: Estate) -> tuple[Predicate, ...]:
    """The parts of the check's condition that must hold before the step, if the step makes the change at all."""
    if effective(state.get(check.of)) in check.to:
        return ()
    own: set[Ref] = set()
    for moment in passed:
        if check.of in moment.values and effective(moment.values[check.of]) in check.to:
            return tuple(part for part in parts_of(check.requires) if own.isdisjoint(refs_of(part)))
        own |= set(moment.values)
    return ()
