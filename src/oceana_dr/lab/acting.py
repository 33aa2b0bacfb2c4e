"""What an act leads to in a lab, with its faults: moments, a refusal, a failure.

In: the catalogue, a world, an action of a gateway or a person. Out: what will happen. Pure.
Consoles' refusals are the twin's; this adds only what is broken here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from oceana_dr.catalogue.bind import BoundAttribute, BoundCatalogue
from oceana_dr.estate.action import Action, Moment, Refusal, RunProcedure, SetValues
from oceana_dr.estate.address import Address, Ref, address_of, attribute_of, below
from oceana_dr.estate.values import Override, SecretRef, Unknown, Value, effective
from oceana_dr.lab.faults import Fault, find
from oceana_dr.lab.sight import consoles, out_of_reach, touched
from oceana_dr.lab.world import World
from oceana_dr.twin.transitions import moments

_NODES = "nodes"


@dataclass(frozen=True, slots=True)
class Acting:
    """The moments or the refusal, how it ends (`done` or `failed`, and why), and the faults that struck."""

    outcome: tuple[Moment, ...] | Refusal
    verdict: str = "done"
    message: str = ""
    struck: tuple[Fault, ...] = ()


def gateway(bound: BoundCatalogue, world: World, action: Action) -> Acting:
    """A gateway's act: it cannot reach what is unreachable."""
    found = _console(bound, world, action)
    if isinstance(found, Refusal):
        return Acting(found)
    addresses = _concerned(action, found)
    if dark := out_of_reach(world, addresses):
        return Acting(Refusal(f"{dark} does not answer", "unreachable"))
    if fault := find(world.faults, "refuse", addresses):
        return Acting(Refusal("the console refuses (a fault of this lab)", "lab-fault"), struck=(fault,))
    acting = Acting(found)
    for fault in world.faults:
        if fault.strikes(addresses):
            acting = _struck(acting, fault)
    return acting


def person(bound: BoundCatalogue, world: World, action: Action) -> Acting:
    """A person's act at a console; people may confirm without doing."""
    found = _console(bound, world, action)
    addresses = _concerned(action, () if isinstance(found, Refusal) else found)
    if fault := find(world.faults, "people-confirm-without-doing", addresses):
        return Acting((), struck=(fault,))
    acting = Acting(found)
    for fault in world.faults:
        if fault.name == "stuck-node":
            acting = _struck(acting, fault)
    return acting


def edit(bound: BoundCatalogue, world: World, values: Mapping[Ref, Value], *, force: bool) -> Acting:
    """A console edit: refused as a console refuses, but what can only be observed may be set for a drill."""
    observed: dict[Ref, Value] = {}
    settable: dict[Ref, Value] = {}
    for reference, value in values.items():
        resource = bound.resources.get(address_of(reference))
        attribute = resource.attributes.get(attribute_of(reference)) if resource else None
        if attribute is None:
            return Acting(Refusal(f"{reference} does not exist", "unknown-attribute"))
        if refusal := _misfit(attribute, reference, value):
            return Acting(refusal)
        (observed if force or attribute.type.kind == "observed" else settable)[reference] = value
    found = _console(bound, world, SetValues(settable)) if settable else ()
    if isinstance(found, Refusal):
        return Acting(found)
    return Acting((*([Moment(observed)] if observed else []), *found))


def _console(bound: BoundCatalogue, world: World, action: Action) -> tuple[Moment, ...] | Refusal:
    found = moments(bound, consoles(bound, world), action)
    if isinstance(found, Refusal):
        return found
    for moment in found:
        for reference in moment.values:
            if address_of(reference) not in bound.resources:
                return Refusal(f"{address_of(reference)} does not exist", "unknown-address")
    return found


def _struck(acting: Acting, fault: Fault) -> Acting:
    if isinstance(acting.outcome, Refusal):
        return acting
    if fault.name == "fail-half-way":
        half = acting.outcome[: len(acting.outcome) // 2]
        return replace(
            acting, outcome=half, verdict="failed", message="it stopped half-way", struck=(*acting.struck, fault)
        )
    if fault.name == "stuck-node":
        mixed = tuple(_mixed(moment, fault.target) for moment in acting.outcome)
        if mixed != acting.outcome:
            return replace(acting, outcome=mixed, struck=(*acting.struck, fault))
    return acting


def _mixed(moment: Moment, target: str) -> Moment:
    stuck = {
        reference: "Mixed"
        for reference in moment.values
        if attribute_of(reference) == _NODES and below(address_of(reference), (target,))
    }
    return replace(moment, values={**moment.values, **stuck}) if stuck else moment


def concerned(bound: BoundCatalogue, world: World, action: Action) -> tuple[Address, ...]:
    """The addresses that an action names, and those it would change."""
    found = _console(bound, world, action)
    return _concerned(action, () if isinstance(found, Refusal) else found)


def _concerned(action: Action, passed: Iterable[Moment]) -> tuple[Address, ...]:
    return (*_named(action), *touched(reference for moment in passed for reference in moment.values))


def _named(action: Action) -> tuple[Address, ...]:
    match action:
        case SetValues(values=values):
            return touched(values)
        case RunProcedure():
            return ()


def _misfit(attribute: BoundAttribute, reference: Ref, value: Value) -> Refusal | None:
    """Why a value cannot stand in this attribute at all, forced or not."""
    kind = attribute.type
    fits = {
        "override": isinstance(value, Override),
        "integer": isinstance(value, int) and not isinstance(value, bool),
        "list": isinstance(value, tuple),
        "secret": isinstance(value, SecretRef),
    }.get(kind.type, isinstance(value, str))
    if isinstance(value, Unknown) or not fits:
        return Refusal(f"{reference} does not take such a value", "wrong-type")
    cleared = isinstance(value, Override) and not value.override
    if kind.allowed and not cleared and effective(value) not in kind.allowed:
        return Refusal(f"{reference} takes one of: {', '.join(map(str, kind.allowed))}", "not-allowed")
    return None
