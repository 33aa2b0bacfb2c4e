"""The estate as consoles and readers see it: with faults, and without what is off.

In: a world and the site's catalogue. Out: the estate that consoles judge by, and what a reader gets.
The truth stays inside: nothing here changes a world.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, cast

from oceana_dr.catalogue.bind import BoundCatalogue
from oceana_dr.catalogue.template import prune
from oceana_dr.estate.address import Address, Ref, address_of, below
from oceana_dr.estate.estate import Attributes, Estate
from oceana_dr.estate.values import Unknown, Value, from_json
from oceana_dr.lab.faults import find
from oceana_dr.lab.world import World


def consoles(bound: BoundCatalogue, world: World) -> Estate:
    """What the consoles know: the truth, or what a broken replication makes of it."""
    if not find(world.faults, "replication-broken"):
        return world.estate
    # Any: JSON that the catalogue build has checked
    data = cast("list[Any]", prune(bound.catalogue.dynamics["replication broken"], bound.bindings))
    broken: dict[Ref, Value] = {}
    for item in data:
        broken |= {Ref(bound.text(name)): from_json(value) for name, value in item["set"].items()}
    return world.estate.with_values(broken)


def readings(
    bound: BoundCatalogue, world: World, wanted: Iterable[Address] | None = None
) -> Mapping[Address, Attributes | Unknown]:
    """What a reader gets for these addresses, or for all: attributes, or why there are none."""
    estate = consoles(bound, world)
    dark = [fault.target for fault in world.faults if fault.name == "unreachable"]
    addresses = sorted(estate.resources) if wanted is None else list(wanted)
    return {address: _reading(bound, estate, address, dark) for address in addresses}


def _reading(bound: BoundCatalogue, estate: Estate, address: Address, dark: list[str]) -> Attributes | Unknown:
    found = estate.resources.get(address)
    if found is None:
        return Unknown("absent")
    if isinstance(found, Unknown):
        return found
    if below(address, dark):
        return Unknown("unreachable")
    resource = bound.resources.get(address)
    if resource is None:
        return found
    off = resource.type.off
    if off is not None and found.get(off[0]) == off[1]:
        return Unknown("unreachable")
    hidden = [label for label, attribute in resource.attributes.items() if not attribute.type.readable]
    return {**found, **{label: Unknown("write only") for label in hidden if label in found}} if hidden else found


def out_of_reach(world: World, addresses: Iterable[Address]) -> Address | None:
    """The first of these addresses that the gateway cannot reach."""
    dark = [fault.target for fault in world.faults if fault.name == "unreachable"]
    return next((address for address in addresses if below(address, dark)), None)


def touched(values: Iterable[Ref]) -> tuple[Address, ...]:
    """The addresses of these references, sorted, each once."""
    return tuple(sorted({address_of(reference) for reference in values}))
