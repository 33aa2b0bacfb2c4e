"""Whether what reads back is what should be: agreement, conditions, and what off means.

In: expected values or conditions, and an estate just read. Out: verdicts, and differences for people.
Unknown must never count as good, but for one case: what was shut down on purpose does not answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, assert_never

from oceana_dr.catalogue.bind import BoundCatalogue
from oceana_dr.catalogue.fences import cut_off
from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.drivers.contract import Reader
from oceana_dr.estate.address import Address, Ref, address_of, below
from oceana_dr.estate.estate import Estate
from oceana_dr.estate.predicate import All, AnyOf, AtMost, Is, Not, Predicate, Same, Truth, Unread, evaluate, refs_of
from oceana_dr.estate.shortfall import leaf_text, leaves
from oceana_dr.estate.values import Unknown, Value, show
from oceana_dr.plan.model import Plan, Step

SHUT_DOWN: Final = "shut down"
_UNREACHABLE: Final = Unknown("unreachable")
_ABSENT: Final = Unknown("absent")
_MOST_SHOWN: Final = 5
_FENCES: Final = "shared/fence/"


@dataclass(frozen=True, slots=True)
class Mismatch:
    """An attribute that does not read as it should."""

    ref: Ref
    expected: Value
    found: Value

    def __str__(self) -> str:
        return f"{self.ref}: expected {show(self.expected)}, found {show(self.found)}"


def is_off(expected: Value, found: Value) -> bool:
    """The off rule: what should be shut down may be unreachable, and nothing else may."""
    return expected == SHUT_DOWN and found == _UNREACHABLE


def agrees(expected: Value, found: Value) -> bool:
    """Whether a reading is what was expected; a resource that is not there agrees with `absent` only."""
    if isinstance(found, Unknown):
        return is_off(expected, found) or expected == found == _ABSENT
    # `True == 1`, but a ticked box is not the number one.
    return expected == found and isinstance(expected, bool) == isinstance(found, bool)


def unchanged(expected: Value, found: Value) -> bool:
    """Whether a value is as it was: what was dark may still be dark, for whatever reason."""
    return agrees(expected, found) or (isinstance(expected, Unknown) and isinstance(found, Unknown))


def mismatches(expected: Mapping[Ref, Value], found: Estate) -> tuple[Mismatch, ...]:
    """Everything that does not read as expected, by reference."""
    return tuple(
        Mismatch(reference, expected[reference], found.get(reference))
        for reference in sorted(expected)
        if not agrees(expected[reference], found.get(reference))
    )


def changed(before: Mapping[Ref, Value], found: Estate) -> tuple[Mismatch, ...]:
    """Everything that does not read as it did, by reference."""
    return tuple(
        Mismatch(reference, before[reference], found.get(reference))
        for reference in sorted(before)
        if not unchanged(before[reference], found.get(reference))
    )


def since_planned(plan: Plan, found: Estate) -> tuple[Mismatch, ...]:
    """What the plan relies on and has moved since it was made; what is fenced off may come back as it died."""
    aside = fenced_off(plan, found)
    relied = (reference for reference in relied_on(plan) if address_of(reference) not in aside)
    return changed({reference: plan.initial.get(reference) for reference in relied}, found)


def fenced_off(plan: Plan, found: Estate) -> frozenset[Address]:
    """Every address behind a fence that reads as in force."""
    if not any(address.startswith(_FENCES) for address in found.resources):
        return frozenset()
    return cut_off(BoundCatalogue(load_catalogue(), plan.bindings).fences, found.resources, found.get)


def back_again(plan: Plan, found: Estate) -> tuple[Address, ...]:
    """What people declared lost for this plan, answers now, and is behind no fence in force."""
    if not plan.lost:
        return ()
    aside = fenced_off(plan, found)
    return tuple(
        address
        for address, resource in sorted(found.resources.items())
        if not isinstance(resource, Unknown) and address not in aside and below(address, plan.lost)
    )


def relied_on(plan: Plan) -> tuple[Ref, ...]:
    """The attributes that must not move by themselves; counters that waits look at are none of them."""
    named = {Ref(f"{read.address}#{label}") for read in plan.live for label in read.attributes}
    if not named:
        counters = {ref for step in plan.steps if step.condition for ref in _counters(step.condition)}
        wanted = {ref for step in plan.steps for ref in step.expect}
        named = set(plan.initial.refs()) - (counters - wanted)
    dark = {address for address, resource in plan.initial.resources.items() if isinstance(resource, Unknown)}
    known = set(plan.initial.refs())
    return tuple(sorted(ref for ref in named if ref in known or address_of(ref) in dark))


def read_estate(reader: Reader, addresses: Iterable[Address]) -> Estate:
    """These addresses as they are now; what the reader does not return is absent."""
    wanted = sorted(set(addresses))
    if not wanted:
        return Estate()
    return Estate({reading.address: reading.resource for reading in reader.read(wanted)})


def holds(condition: Predicate, found: Estate) -> Truth:
    """Whether a condition holds, by the off rule; None if that is not known."""
    return evaluate(_with_off(condition, found), found.get)


def unmet(condition: Predicate, found: Estate) -> str:
    """What is not so yet, in words: `dc1/queues#voice 12 (to 0)`."""
    parts = [leaf_text(part, found.get) for part in leaves(condition) if holds(part, found) is not True]
    return listed(parts)


def listed(parts: Sequence[object]) -> str:
    """A few of them, and how many more there are."""
    shown = "; ".join(str(part) for part in parts[:_MOST_SHOWN])
    return f"{shown}; and {len(parts) - _MOST_SHOWN} more" if len(parts) > _MOST_SHOWN else shown


def told(step: Step, found: Estate) -> dict[str, str]:
    """What a person is shown of the estate at a step."""
    return {str(reference): show(found.get(reference)) for reference in sorted({*step.verify, *step.expect})}


def is_counted(condition: Predicate) -> bool:
    """Whether the condition looks at counters, which may pass through their goal by chance."""
    return bool(_counters(condition))


def _with_off(condition: Predicate, found: Estate) -> Predicate:
    match condition:
        case Is(ref=reference, values=values):
            off = any(is_off(value, found.get(reference)) for value in values)
            return All(()) if off else condition
        case All(parts=parts):
            return All(tuple(_with_off(part, found) for part in parts))
        case AnyOf(parts=parts):
            return AnyOf(tuple(_with_off(part, found) for part in parts))
        case AtMost() | Same() | Unread() | Not():
            return condition
        case _:
            assert_never(condition)


def _counters(condition: Predicate) -> frozenset[Ref]:
    return frozenset().union(*(refs_of(leaf) for leaf in leaves(condition) if isinstance(leaf, AtMost)))
