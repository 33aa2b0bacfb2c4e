"""What the steps of a plan read of the estate: as the runner does before and after them, and as consoles do.

In: a step, and a site's catalogue for what the consoles look at. Out: readings for the proof.
Nothing that can stop a step may be missing here: what is not read cannot be shown to stay as it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import assert_never

from oceana_dr.catalogue.bind import BoundCatalogue, Guard
from oceana_dr.estate.action import Action, RunProcedure, SetValues
from oceana_dr.estate.address import Ref, address_of, attribute_of
from oceana_dr.estate.predicate import All, Is
from oceana_dr.estate.values import Value, effective
from oceana_dr.plan.model import Step
from oceana_dr.safety.reading import Reading


def readings(bound: BoundCatalogue, step: Step) -> tuple[Reading, ...]:
    """Everything the step reads; a condition and a read-back are late, all else comes before it."""
    return tuple(_readings(bound, step))


def _readings(bound: BoundCatalogue, step: Step) -> Iterator[Reading]:
    yield from _all("expect", step.expect)
    for requirement in step.requires:
        yield Reading(requirement.rule, requirement.condition)
    if step.action is not None:
        for guard in guards_of(bound, step.action):
            yield Reading(guard.rule, guard.unless)
    if step.condition is not None:
        yield Reading("condition", step.condition, late=True)
    yield from _all("verify", step.verify, late=True)


def guards_of(bound: BoundCatalogue, action: Action) -> tuple[Guard, ...]:
    """The refusals of consoles that concern the action; none for what no console has."""
    match action:
        case SetValues(values=values):
            found: list[Guard] = []
            for reference, value in values.items():
                resource = bound.resources.get(address_of(reference))
                attribute = resource.attributes.get(attribute_of(reference)) if resource else None
                concerned = attribute.guards if attribute else ()
                found += [guard for guard in concerned if guard.to is None or guard.to == effective(value)]
            return tuple(found)
        case RunProcedure(procedure=name, arguments=arguments):
            return bound.procedure(name, arguments).requires
        case _:
            assert_never(action)


def _all(source: str, values: Mapping[Ref, Value], *, late: bool = False) -> Iterator[Reading]:
    if values:
        parts = tuple(Is(reference, (effective(value),)) for reference, value in values.items())
        yield Reading(source, parts[0] if len(parts) == 1 else All(parts), late)
