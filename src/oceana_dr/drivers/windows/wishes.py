"""What a step wants of which services, held against what they are: what has to be changed, if it may be.

In: an action, what the plan found, what the servers have now. Out: changes by host, in the order of the action.
Nothing must be changed that is neither as the plan found it nor as it shall be, nor what only people may.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from oceana_dr.drivers.contract import Denied
from oceana_dr.drivers.windows.contract import Place, Raw, Service, Sight, Silent
from oceana_dr.drivers.windows.fields import NotTold, service_fields, state_number, the_one
from oceana_dr.drivers.windows.recovery import FIELDS, Unclear, Unit, failure_words
from oceana_dr.estate.action import Action, RunProcedure, SetValues
from oceana_dr.estate.address import Address, Ref, address_of, attribute_of
from oceana_dr.estate.values import Json, Value, show

if TYPE_CHECKING:
    from oceana_dr.catalogue.bind import BoundCatalogue

PROCEDURES: Final = frozenset(
    {"acm-manual-switchover-workaround", "acm-ha-service-start", "acm-start-services", "switch-off-fenced-acm"}
)
"""Procedures of the catalogue that are nothing but services to start, to stop or to set: their moments say which."""
_SET_BY_PROCEDURE_ONLY: Final = "/acm/sql-server"
_STARTS: Final = ("Automatic", "Manual", "Disabled")


@dataclass(frozen=True, slots=True)
class Wish:
    """A service, the fields that it shall have, and those that the plan found."""

    place: Service
    wanted: Mapping[str, Value]
    expected: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Change:
    """A service as it was found, and what is to be done to it; `wish` is what shall read back."""

    wish: Wish
    found: Raw
    wanted: Mapping[str, Json]


def wishes_of(
    action: Action, before: Mapping[Ref, Value], places: Mapping[Address, tuple[Place, ...]], bound: BoundCatalogue
) -> tuple[Wish, ...]:
    """What the action wants, service by service; raises `Denied`."""
    wanted = _wanted(action, bound)
    wishes: dict[Service, dict[str, Value]] = {}
    for reference, value in wanted.items():
        wishes.setdefault(_place(reference, places), {})[attribute_of(reference)] = value
    return tuple(
        Wish(
            place,
            fields,
            {label: before[ref] for label in fields if (ref := Ref(f"{place.address}#{label}")) in before},
        )
        for place, fields in wishes.items()
    )


def change_of(wish: Wish, sight: Sight, unit: Unit) -> Change | None:
    """What has to be done for it, or None where it is so already; raises `Denied`."""
    if isinstance(sight, Silent):
        raise Denied(f"nothing was sent: {sight.why}", "not-sent")
    place = wish.place
    try:
        raw = the_one(place, sight)
        found = service_fields(place, raw, unit)
        if raw is None:
            raise Denied(f"{place.match.text} is not installed on {place.host}", "missing")
        changing = {label: value for label, value in wish.wanted.items() if found.get(label) != value}
        for label in changing:
            if label in wish.expected and found.get(label) != wish.expected[label]:
                now, then = show(found[label]), show(wish.expected[label])
                raise Denied(f"{place.address}#{label} is {now} by now, and was {then} when it was planned", "moved")
        return Change(wish, raw, _words(place, changing, found, unit)) if changing else None
    except (NotTold, Unclear) as error:
        raise Denied(f"nothing was sent: {error}", "unclear") from None


def stands(wish: Wish, sight: Sight, unit: Unit) -> bool:
    """Whether it is as it shall be."""
    try:
        return not isinstance(sight, Silent) and change_of(Wish(wish.place, wish.wanted, {}), sight, unit) is None
    except Denied:
        return False


def _wanted(action: Action, bound: BoundCatalogue) -> Mapping[Ref, Value]:
    match action:
        case SetValues(values=values):
            if closed := [ref for ref in values if address_of(ref).endswith(_SET_BY_PROCEDURE_ONLY)]:
                raise Denied(f"{closed[0]}: stopping a database server is a step of people", "people")
            return values
        case RunProcedure(procedure=procedure, arguments=arguments):
            if procedure not in PROCEDURES:
                raise Denied(f"`{procedure}` is more than services to start and stop: people do it", "people")
            moments = bound.procedure(procedure, arguments).moments
            return {reference: value for moment in moments for reference, value in moment.values.items()}


def _place(reference: Ref, places: Mapping[Address, tuple[Place, ...]]) -> Service:
    label = attribute_of(reference)
    for place in places.get(address_of(reference), ()):
        if isinstance(place, Service) and label in _labels(place):
            return place
    raise Denied(f"`drivers.windows` cannot set {reference}", "people")


def _labels(place: Service) -> Sequence[str]:
    return (place.state, *([place.start] if place.start else ()), *(FIELDS if place.recovery else ()))


def _words(place: Service, changing: Mapping[str, Value], found: Mapping[str, Value], unit: Unit) -> dict[str, Json]:
    """What the script is told to do."""
    words: dict[str, Json] = {}
    if place.start in changing:
        start = changing[place.start]
        if start not in _STARTS:
            raise Unclear(f"a start type {show(start)} cannot be set")
        words["start"] = str(start)
    if any(label in changing for label in FIELDS):
        words |= failure_words({**found, **changing}, unit)
    if place.state in changing:
        number = state_number(place, changing[place.state])
        if number is None:
            raise Unclear(f"a service cannot be brought to {show(changing[place.state])}")
        words["status"] = number
    return words
