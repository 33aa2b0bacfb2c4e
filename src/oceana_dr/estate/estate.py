"""An immutable picture of both data centres: every resource, its attributes, or why it is dark.

In: resources as the compiler wants them or as readers found them. Out: look-ups and copies with changes.
It must never tell desired from live: both are estates of this one type, and meet in `diff`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from oceana_dr.estate.address import Address, Ref, address_of, attribute_of, below, ref
from oceana_dr.estate.canonical import digest
from oceana_dr.estate.values import Json, Unknown, Value, from_json, to_json

Attributes = Mapping[str, Value]
ABSENT = Unknown("absent")


@dataclass(frozen=True, slots=True)
class Estate:
    """Resources by address: their attributes, or `Unknown` when the whole resource is dark."""

    resources: Mapping[Address, Attributes | Unknown] = field(default_factory=lambda: MappingProxyType({}))

    def get(self, reference: Ref) -> Value:
        """The value of one attribute; `Unknown` if the resource is dark or there is none."""
        resource = self.resources.get(address_of(reference))
        if resource is None:
            return ABSENT
        if isinstance(resource, Unknown):
            return resource
        return resource.get(attribute_of(reference), ABSENT)

    def has(self, address: Address) -> bool:
        """Whether the address exists here, dark or not."""
        return address in self.resources

    def attributes(self, address: Address) -> Attributes:
        """The known attributes of a resource; empty if it is dark or absent."""
        resource = self.resources.get(address)
        return {} if resource is None or isinstance(resource, Unknown) else resource

    def with_values(self, changes: Mapping[Ref, Value]) -> Estate:
        """A copy in which the attributes named have these values; a dark resource becomes known."""
        resources = dict(self.resources)
        for reference, value in changes.items():
            address = address_of(reference)
            current = resources.get(address)
            known = {} if current is None or isinstance(current, Unknown) else dict(current)
            known[attribute_of(reference)] = value
            resources[address] = known
        return Estate(resources)

    def darkened(self, prefixes: Collection[str], reason: str) -> Estate:
        """A copy in which nothing at these addresses, or below them, can be read; `reason` as in `Unknown`."""
        gone = {address: Unknown(reason) for address in self.resources if below(address, prefixes)}
        return Estate({**self.resources, **gone})

    def refs(self) -> Iterator[Ref]:
        """Every attribute of every known resource, by address and attribute."""
        for address in sorted(self.resources):
            for attribute in sorted(self.attributes(address)):
                yield ref(address, attribute)

    def to_json(self) -> dict[str, Json]:
        """Address → attributes, or `{"unknown": reason}`, sorted."""
        return {address: _resource_json(self.resources[address]) for address in sorted(self.resources)}

    @staticmethod
    def from_json(data: Mapping[str, object]) -> Estate:
        """The inverse of `to_json`; raises `ValueError` on anything else."""
        return Estate({Address(address): _resource(item) for address, item in data.items()})


def fingerprint(resource: Attributes | Unknown) -> str:
    """The digest of one resource's values, for "has it changed since?"."""
    return digest(_resource_json(resource))


def _resource_json(resource: Attributes | Unknown) -> Json:
    if isinstance(resource, Unknown):
        return to_json(resource)
    return {name: to_json(resource[name]) for name in sorted(resource)}


def _resource(data: object) -> Attributes | Unknown:
    match data:
        case {"unknown": str() as reason}:
            return Unknown(reason)
        case dict():
            return {str(name): from_json(value) for name, value in data.items()}
        case _:
            raise ValueError("a resource is an object of attributes")
