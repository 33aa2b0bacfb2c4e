"""The three-way comparison.

In: the desired estate with its catalogue, the live one, the baseline if there is one. Out: a `Difference`.
Values are canonical on both sides, so comparing is `==`; what cannot be compared must never count as equal.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from oceana_dr.catalogue.bind import BoundCatalogue
from oceana_dr.diff.reason import Reason
from oceana_dr.estate.address import Address, Ref, address_of, below, ref
from oceana_dr.estate.estate import Estate
from oceana_dr.estate.predicate import evaluate
from oceana_dr.estate.values import Unknown, Value

_UNREACHABLE: Final = Unknown("unreachable")


@dataclass(frozen=True, slots=True)
class AttributeChange:
    """One attribute that a steady plan can set."""

    ref: Ref
    before: Value
    after: Value
    reason: Reason


@dataclass(frozen=True, slots=True)
class Deviation:
    """One attribute that differs and that no setting mends: a role, or something only observed."""

    ref: Ref
    desired: Value
    live: Value
    kind: str


@dataclass(frozen=True, slots=True)
class Difference:
    """All that differs, sorted; `dark` resources could not be read and should have been."""

    changes: tuple[AttributeChange, ...]
    deviations: tuple[Deviation, ...]
    dark: Mapping[Address, str]

    @property
    def empty(self) -> bool:
        """Whether nothing differs and nothing is dark."""
        return not (self.changes or self.deviations or self.dark)


def compare(
    desired: Estate,
    live: Estate,
    baseline: Estate | None,
    bound: BoundCatalogue,
) -> Difference:
    """Compare every managed, readable attribute; `live` is settled: what is off on purpose reads so (`settle_off`).

    What lies behind a fence in force is left out: it counts as absent, what has to be done there is owed. So is what
    the scenario that holds leaves as it is.
    """
    changes: list[AttributeChange] = []
    deviations: list[Deviation] = []
    dark: dict[Address, str] = {}
    aside = bound.cut_off(live.get)
    left = bound.left_alone(live.get)
    for address in sorted(desired.resources):
        if address in aside:
            continue
        found = live.resources.get(address, Unknown("absent"))
        if isinstance(found, Unknown):
            dark[address] = found.reason
            continue
        for label, wanted in desired.attributes(address).items():
            kind = bound.resources[address].attributes[label].type
            value = found.get(label, Unknown("absent"))
            if not kind.readable or value == wanted or ref(address, label) in left:
                continue
            if kind.kind in {"role", "observed"} or isinstance(value, Unknown):
                deviations.append(Deviation(ref(address, label), wanted, value, kind.kind))
            else:
                reference = ref(address, label)
                changes.append(AttributeChange(reference, value, wanted, _reason(reference, wanted, value, baseline)))
    return Difference(tuple(changes), tuple(deviations), dark)


def narrow(difference: Difference, targets: Collection[Address]) -> Difference:
    """Only the changes at these addresses, or below them; what no change mends is still said."""
    changes = tuple(change for change in difference.changes if below(address_of(change.ref), targets))
    return Difference(changes, difference.deviations, difference.dark)


def settle_off(live: Estate, bound: BoundCatalogue, expected_off: frozenset[Address]) -> Estate:
    """The live estate in which what is off on purpose, and unreachable, reads as off.

    That a system should be off is no evidence that somebody has switched it off: it may have died. Where the catalogue
    names what makes it off (a record, replication disabled), that decides, whatever is desired and behind a fence as
    well; elsewhere it has to be expected, and not fenced off.
    """
    resources = dict(live.resources)
    expected = expected_off - bound.cut_off(live.get)
    for address, resource in bound.resources.items():
        off = resource.type.off
        if off is None or live.resources.get(address) != _UNREACHABLE:
            continue
        attribute, value, condition = off
        on_purpose = (
            address in expected if condition is None else evaluate(bound.predicate(condition), live.get) is True
        )
        if on_purpose:
            resources[address] = {attribute: value}
    return Estate(resources)


def _reason(reference: Ref, wanted: Value, live: Value, baseline: Estate | None) -> Reason:
    if baseline is None:
        return Reason.ADOPT
    last = baseline.get(reference)
    if last == live:
        return Reason.CONFIG
    return Reason.DRIFT if last == wanted else Reason.BOTH
