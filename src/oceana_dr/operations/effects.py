"""What the steps of a scenario write, read from the catalogue without an estate.

In: a bound catalogue, a scenario. Out: its steps in an order that its rules allow, each with what it can write.
Nothing that a step may write can be left out: what is said to be safe from a step is decided by this.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

from oceana_dr.catalogue.bind import BoundCatalogue
from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.catalogue.model import Scenario
from oceana_dr.compile.bindings import no_site
from oceana_dr.estate.address import Ref, address_of, attribute_of
from oceana_dr.estate.values import Value, effective, from_json
from oceana_dr.plan.candidate import filled_steps
from oceana_dr.plan.order import close_rules, pairs, sort_steps
from oceana_dr.plan.taking import Record, taken


@dataclass(frozen=True, slots=True)
class Written:
    """An attribute that a step writes, and the value; `value` is None where the site or the moment decides it."""

    ref: Ref
    value: Value | None

    def may_be(self, values: tuple[Value, ...]) -> bool:
        """Whether the step can bring one of these about."""
        return self.value is None or effective(self.value) in values


@dataclass(frozen=True, slots=True, eq=False)  # its record has no order and no hash
class StepEffects:
    """A step of a scenario as this site has it, and what it can write."""

    record: Record
    written: tuple[Written, ...]

    @property
    def id(self) -> str:
        """Its id: that of the scenario's record, also for one of several commits that the record stands for."""
        return str(self.record.get("part_of", self.record["id"]))


@lru_cache(maxsize=4)
def outspoken(bound: BoundCatalogue | None) -> BoundCatalogue:
    """The catalogue as it is talked about: for this site, with the key in place of what the site does not say."""
    if bound is None:
        return BoundCatalogue(load_catalogue(), no_site())
    return BoundCatalogue(bound.catalogue, {**no_site(), **bound.bindings})


def scenario_steps(bound: BoundCatalogue, scenario: Scenario) -> tuple[StepEffects, ...]:
    """Every step that this site has, by phase and in an order that the rules allow."""
    return _listed(bound, scenario.id)


@lru_cache(maxsize=32)  # every invariant is looked at beside every scenario
def _listed(bound: BoundCatalogue, name: str) -> tuple[StepEffects, ...]:
    scenario = bound.catalogue.scenarios[name]
    filled = cast("tuple[Record, ...]", filled_steps(bound, name))
    records = {step["id"]: step for record in filled for step in taken(bound, record)}
    order = sort_steps(close_rules(pairs(list(records), bound.catalogue.orders[scenario.id])), list(records))
    places = {phase: place for place, (phase, _) in enumerate(scenario.phases)}
    listed = sorted(order, key=lambda step: places[records[step]["phase"]])
    return tuple(StepEffects(records[step], tuple(_written(bound, records[step]))) for step in listed)


def _written(bound: BoundCatalogue, record: Record) -> Iterator[Written]:
    for name, wanted in record.get("set", {}).items():
        reference = Ref(name)
        # What the site says is known to the site alone.
        value = None if wanted == "desired" or isinstance(wanted, dict) else from_json(wanted)
        yield Written(reference, value)
        yield from _coupled(bound, reference, value)
    if "procedure" in record and "set" not in record:
        for moment in bound.procedure(record["procedure"], record.get("arguments", {})).moments:
            yield from _moved(moment.values)
    for moment in record.get("moments", ()):
        yield from _moved({Ref(name): from_json(item) for name, item in moment["set"].items()})


def _coupled(bound: BoundCatalogue, reference: Ref, value: Value | None) -> Iterator[Written]:
    """What else a console does when this attribute is set."""
    for coupling in bound.resources[address_of(reference)].attributes[attribute_of(reference)].couplings:
        if value is None or coupling.to is None or coupling.to == effective(value):
            for moment in coupling.moments:
                yield from _moved(moment.values if moment is not None else {})


def _moved(values: Mapping[Ref, Any]) -> Iterator[Written]:  # Any: a value, or what a site fills in
    for reference, value in values.items():
        yield Written(reference, value)
