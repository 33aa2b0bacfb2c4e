"""A scenario's steps for one site, filled from its facts, before anything is known of the live estate.

In: the scenario's records and a context. Out: records without templates, `when`s or paths of the site.
Whether a step is needed must never be decided here: that depends on the state before it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import cast

from oceana_dr.catalogue.bind import BoundCatalogue
from oceana_dr.catalogue.model import Scenario
from oceana_dr.catalogue.template import expand_data, prune
from oceana_dr.estate.address import Ref
from oceana_dr.estate.values import Json, Override, Value, from_json
from oceana_dr.plan.context import Context
from oceana_dr.plan.taking import Record, taken


def fill_scenario(context: Context, scenario: Scenario) -> dict[str, Record]:
    """Every step record that this topology has, by id, in the scenario's listing order."""
    filled = [cast("Record", _resolve(step, context)) for step in filled_steps(context.bound, scenario.id)]
    return {step["id"]: step for record in filled for step in taken(context.bound, record)}


@lru_cache(maxsize=16)
def filled_steps(bound: BoundCatalogue, name: str) -> tuple[Json, ...]:
    """The records of a scenario without templates and `when`s: the same whatever is live; `takes` still stand."""
    scenario = bound.catalogue.scenarios[name]
    variables = {"from": scenario.from_side, "to": scenario.to_side}
    pruned = cast("list[Json]", prune([dict(step) for step in scenario.steps], bound.bindings))
    return tuple(expand_data(step, variables, bound.bindings) for step in pruned)


def target_values(context: Context, record: Record) -> dict[Ref, Value]:
    """What a set step sets: the words of the record, or `desired` for what the site compiles to."""
    values: dict[Ref, Value] = {}
    for name, wanted in record["set"].items():
        reference = Ref(name)
        values[reference] = context.desired.get(reference) if wanted == "desired" else _typed(context, name, wanted)
    return values


def _typed(context: Context, name: str, wanted: Json) -> Value:
    address, _, label = name.partition("#")
    resource = next(item for key, item in context.bound.resources.items() if key == address)
    value = from_json(wanted)
    if resource.attributes[label].type.type == "override" and isinstance(value, str):
        return Override(True, value)
    return value


def _resolve(data: Json, context: Context) -> Json:
    match data:
        case {"site": str() as path}:
            return cast("Json", context.resolve(path))
        case dict():
            return {key: _resolve(item, context) for key, item in data.items()}
        case list():
            return [_resolve(item, context) for item in data]
        case _:
            return data
