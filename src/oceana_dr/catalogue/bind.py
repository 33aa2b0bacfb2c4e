"""The catalogue bound to one site's facts: real addresses, parsed predicates, no templates left.

In: a `Catalogue` and the site's bindings (of a loaded site, a plan file or a lab). Out: resources by
address, procedures for arguments. It must never read a site: the bindings are all it knows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final, cast

from oceana_dr.catalogue.fences import Fence, cut_off, fence_from
from oceana_dr.catalogue.model import (
    AttributeType,
    Catalogue,
    Procedure,
    ResourceType,
    Scenario,
    procedure,
    resource_type,
)
from oceana_dr.catalogue.template import Bindings, CatalogueError, applies, expand, expand_data, prune
from oceana_dr.estate.action import Moment
from oceana_dr.estate.address import SIDES, Address, Ref, parse_address, peer_of
from oceana_dr.estate.predicate import Lookup, Predicate, predicate_from_json
from oceana_dr.estate.values import Json, Value, from_json

UNDER_WAY: Final = Ref("shared/change-freeze#reason")
"""Which scenario administration was frozen for: the one under way, or whose end still holds."""


@dataclass(frozen=True, slots=True)
class Guard:
    """A console's refusal: setting the attribute (to `to`, if given) is refused unless `unless` holds."""

    to: Value
    unless: Predicate
    says: str
    rule: str


@dataclass(frozen=True, slots=True)
class Coupling:
    """What else happens when the attribute is set (to `to`, if given); None marks the own change."""

    to: Value
    moments: tuple[Moment | None, ...]
    own_after_s: int


@dataclass(frozen=True, slots=True)
class BoundAttribute:
    """An attribute at its address, with its console's rules ready to evaluate."""

    type: AttributeType
    guards: tuple[Guard, ...]
    couplings: tuple[Coupling, ...]


@dataclass(frozen=True, slots=True)
class BoundResource:
    """A resource at its address. `dc` is `dc1`, `dc2` or empty for a shared one."""

    address: Address
    dc: str
    type: ResourceType
    title: str
    console: str
    attributes: Mapping[str, BoundAttribute]


@dataclass(frozen=True, slots=True)
class BoundProcedure:
    """A procedure for given arguments: text filled, refusals and moments parsed."""

    type: Procedure
    requires: tuple[Guard, ...]
    moments: tuple[Moment, ...]


class BoundCatalogue:
    """A catalogue for one site; resources are bound once, procedures when asked for."""

    def __init__(self, catalogue: Catalogue, bindings: Bindings) -> None:
        self.catalogue = catalogue
        self.bindings = bindings
        self._procedures: dict[tuple[str, tuple[tuple[str, str], ...]], BoundProcedure] = {}

    @cached_property
    def resources(self) -> Mapping[Address, BoundResource]:
        """Every resource that this site's topology has, by address."""
        found: dict[Address, BoundResource] = {}
        for data in self.catalogue.resources:
            if "when" in data and not applies(data["when"], self.bindings):
                continue
            kind = resource_type(cast("Mapping[str, Any]", prune(dict(data), self.bindings)))
            for side in SIDES if "{dc}" in kind.address else ("",):
                bound = self._bind(kind, side)
                found[bound.address] = bound
        return found

    @cached_property
    def fences(self) -> tuple[Fence, ...]:
        """The fences that this site's topology has."""
        return tuple(fence_from(cast("Mapping[str, Any]", item)) for item in self.records(self.catalogue.fences))

    def cut_off(self, lookup: Lookup) -> frozenset[Address]:
        """Every address that lies behind a fence in force."""
        return cut_off(self.fences, self.resources, lookup)

    def left_alone(self, lookup: Lookup) -> frozenset[Ref]:
        """The attributes that the scenario which is under way, or whose end still holds, leaves as they are."""
        scenario = self.catalogue.scenarios.get(str(lookup(UNDER_WAY)))
        return self.leaves(scenario) if scenario is not None else frozenset()

    def leaves(self, scenario: Scenario) -> frozenset[Ref]:
        """The attributes that a scenario leaves as they are."""
        kept = prune([{"ref": item} if isinstance(item, str) else item for item in scenario.leaves], self.bindings)
        filled = cast("list[dict[str, str]]", expand_data(kept, {}, self.bindings))
        return frozenset(Ref(item["ref"]) for item in filled)

    def records(self, data: Iterable[Mapping[str, Json]], **variables: str) -> list[Mapping[str, Json]]:
        """Records of the catalogue for this site: pruned and filled."""
        kept = prune([dict(item) for item in data], self.bindings)
        return cast("list[Mapping[str, Json]]", expand_data(kept, variables, self.bindings))

    def procedure(self, procedure_id: str, arguments: Mapping[str, str]) -> BoundProcedure:
        """The procedure for these arguments; raises `CatalogueError` for an id nobody knows."""
        key = (procedure_id, tuple(sorted(arguments.items())))
        if key not in self._procedures:
            self._procedures[key] = self._bind_procedure(procedure_id, arguments)
        return self._procedures[key]

    def text(self, template: str, **variables: str) -> str:
        """Fill a text of the catalogue with this site's facts."""
        return expand(template, variables, self.bindings)

    def predicate(self, data: Json, **variables: str) -> Predicate:
        """A predicate of the catalogue for this site: pruned, filled, parsed."""
        return predicate_from_json(expand_data(prune(data, self.bindings), variables, self.bindings))

    def _bind(self, kind: ResourceType, side: str) -> BoundResource:
        variables = {"dc": side, "peer": peer_of(side)} if side else {}
        address = parse_address(expand(kind.address, variables, self.bindings))
        variables["address"] = address
        return BoundResource(
            address=address,
            dc=side,
            type=kind,
            title=expand(kind.title, variables, self.bindings),
            console=expand(kind.console["path"], variables, self.bindings),
            attributes={item.label: self._attribute(item, variables) for item in kind.attributes},
        )

    def _attribute(self, kind: AttributeType, variables: Mapping[str, str]) -> BoundAttribute:
        return BoundAttribute(
            type=replace(
                kind,
                allowed=tuple(cast("list[Json]", expand_data(list(kind.allowed), variables, self.bindings))),
                words={name: expand(word, variables, self.bindings) for name, word in kind.words.items()},
            ),
            guards=tuple(self._guard(item, "unless", variables) for item in kind.refuse),
            couplings=tuple(self._coupling(item, variables) for item in kind.then),
        )

    def _guard(self, data: Json, field: str, variables: Mapping[str, str]) -> Guard:
        filled = cast("dict[str, Any]", expand_data(data, variables, self.bindings))
        return Guard(
            to=from_json(filled.get("to")),
            unless=predicate_from_json(filled[field]),
            says=filled["says"],
            rule=filled["rule"],
        )

    def _coupling(self, data: Json, variables: Mapping[str, str]) -> Coupling:
        filled = cast("dict[str, Any]", expand_data(data, variables, self.bindings))
        own = next((item.get("after_s", 0) for item in filled["moments"] if item.get("own")), 0)
        return Coupling(
            to=from_json(filled.get("to")),
            moments=tuple(None if item.get("own") else moment_from(item) for item in filled["moments"]),
            own_after_s=own,
        )

    def _bind_procedure(self, procedure_id: str, arguments: Mapping[str, str]) -> BoundProcedure:
        if procedure_id not in self.catalogue.procedures:
            raise CatalogueError(f"the catalogue has no procedure {procedure_id!r}")
        data = prune(dict(self.catalogue.procedures[procedure_id]), self.bindings)
        kind = procedure(cast("Mapping[str, Any]", expand_data(data, arguments, self.bindings)))
        return BoundProcedure(
            type=kind,
            requires=tuple(self._guard(item, "predicate", {}) for item in kind.requires),
            moments=tuple(moment_from(cast("Mapping[str, Any]", item)) for item in kind.moments),
        )


def moment_from(data: Mapping[str, Any]) -> Moment:  # Any: JSON that the catalogue build has checked
    """`{set: {ref: value}, after_s: n}` as a `Moment`."""
    return Moment({Ref(name): from_json(value) for name, value in data["set"].items()}, int(data.get("after_s", 0)))
