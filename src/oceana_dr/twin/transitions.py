"""Actions on an estate: the moments it passes through, or a console's refusal.

In: a bound catalogue, an estate, an action. Out: `Moment`s or a `Refusal`, and the estate after them.
Pure: no clock, no chance; how long a moment takes is data of the catalogue.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import assert_never

from oceana_dr.catalogue.bind import BoundAttribute, BoundCatalogue, Guard
from oceana_dr.catalogue.template import CatalogueError
from oceana_dr.estate.action import Action, Moment, Refusal, RunProcedure, SetValues
from oceana_dr.estate.address import Ref, address_of, attribute_of
from oceana_dr.estate.estate import Estate
from oceana_dr.estate.predicate import evaluate, refs_of
from oceana_dr.estate.values import Override, Value, effective


def moments(bound: BoundCatalogue, estate: Estate, action: Action) -> tuple[Moment, ...] | Refusal:
    """The states that `action` leads through, in order, or the refusal of the console it is done at."""
    match action:
        case SetValues(values=values):
            return _set_moments(bound, estate, values)
        case RunProcedure(procedure=name, arguments=arguments):
            try:
                procedure = bound.procedure(name, arguments)
            except CatalogueError as error:
                return Refusal(str(error), "unknown-procedure")
            refusal = _refused(procedure.requires, None, estate)
            return refusal or procedure.moments
        case _:
            assert_never(action)


def step(bound: BoundCatalogue, estate: Estate, action: Action) -> Estate | Refusal:
    """The estate when the action has settled, or the refusal; never a state in between."""
    found = moments(bound, estate, action)
    return found if isinstance(found, Refusal) else after(estate, found)


def after(estate: Estate, passed: Iterable[Moment]) -> Estate:
    """The estate after these moments."""
    for moment in passed:
        estate = estate.with_values(moment.values)
    return estate


def net(passed: Iterable[Moment]) -> dict[Ref, Value]:
    """The sum of the moments: the last value of every attribute they change."""
    values: dict[Ref, Value] = {}
    for moment in passed:
        values.update(moment.values)
    return values


def looked_at(bound: BoundCatalogue, action: Action) -> frozenset[Ref]:
    """The attributes that the consoles look at before they do it."""
    match action:
        case SetValues(values=values):
            attributes = [_attribute(bound, reference) for reference in values]
            guards = [guard for attribute in attributes if attribute for guard in attribute.guards]
        case RunProcedure(procedure=name, arguments=arguments):
            guards = list(bound.procedure(name, arguments).requires)
        case _:
            assert_never(action)
    return frozenset().union(*(refs_of(guard.unless) for guard in guards))


def _set_moments(bound: BoundCatalogue, estate: Estate, values: Mapping[Ref, Value]) -> tuple[Moment, ...] | Refusal:
    leading: list[Moment] = []
    trailing: list[Moment] = []
    own: dict[Ref, Value] = {}
    own_after_s = 0
    for reference, value in values.items():
        attribute = _attribute(bound, reference)
        if attribute is None:
            return Refusal(f"{reference} does not exist", "unknown-attribute")
        refusal = _invalid(attribute, reference, value) or _refused(attribute.guards, effective(value), estate)
        if refusal is not None:
            return refusal
        own[reference] = value
        target = leading
        for coupling in attribute.couplings:
            if coupling.to is not None and coupling.to != effective(value):
                continue
            own_after_s = max(own_after_s, coupling.own_after_s)
            for moment in coupling.moments:
                if moment is None:
                    target = trailing
                else:
                    target.append(moment)
    return (*leading, Moment(own, own_after_s), *_merged(trailing))


def _merged(trailing: list[Moment]) -> Iterable[Moment]:
    """Trailing moments that come at once with the change belong to one state."""
    instant = [moment for moment in trailing if moment.after_s == 0]
    rest = [moment for moment in trailing if moment.after_s > 0]
    return ([Moment(net(instant))] if instant else []) + rest


def _attribute(bound: BoundCatalogue, reference: Ref) -> BoundAttribute | None:
    resource = bound.resources.get(address_of(reference))
    return resource.attributes.get(attribute_of(reference)) if resource else None


def _invalid(attribute: BoundAttribute, reference: Ref, value: Value) -> Refusal | None:
    if attribute.type.kind == "observed":
        return Refusal(f"{reference} can be read only", "read-only")
    if (attribute.type.type == "override") is not isinstance(value, Override):
        return Refusal(f"{reference} does not take such a value", "wrong-type")
    if isinstance(value, Override) and not value.override:
        return None
    if attribute.type.allowed and effective(value) not in attribute.type.allowed:
        return Refusal(f"{reference} takes one of: {', '.join(map(str, attribute.type.allowed))}", "not-allowed")
    return None


def _refused(guards: Iterable[Guard], value: Value, estate: Estate) -> Refusal | None:
    """The first guard that does not hold for sure; what is not known counts as not holding."""
    for guard in guards:
        concerned = guard.to is None or guard.to == value
        if concerned and evaluate(guard.unless, estate.get) is not True:
            return Refusal(guard.says, guard.rule)
    return None
