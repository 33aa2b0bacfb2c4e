"""The estate that a scenario begins on, for a site: who needs one has no outage at hand.

In: a start of the catalogue, the site compiled for either side in service. Out: a live estate on which the scenario
fits. Nothing is read, and a plan is never made differently for an estate that comes from here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import reduce
from typing import Any, cast

from oceana_dr.catalogue.model import AttributeType
from oceana_dr.catalogue.starts import Start, load_starts
from oceana_dr.catalogue.template import expand_data, prune
from oceana_dr.compile.desired import Compiled
from oceana_dr.estate.address import SIDES, Address, Ref, attribute_of, below, ref
from oceana_dr.estate.estate import Estate
from oceana_dr.estate.values import Json, Override, Value, from_json
from oceana_dr.operations.drafting import Answers, draft
from oceana_dr.operations.starting import at_rest
from oceana_dr.twin.evolve import bind_dynamics


def start_of(start: Start, compiled_for: Callable[[str], Compiled]) -> Estate:
    """The live estate; `compiled_for` gives the site with that side in service.

    The site has the keys of `start.site`, where there are any.
    """
    compiled = compiled_for(start.side)
    estate = working_day(compiled, start.side) if start.busy else at_rest(compiled)
    for side, places in start.died.items():
        then = at_rest(compiled_for(side)).resources
        as_it_died = {address: found for address, found in then.items() if below(address, places)}
        estate = Estate({**estate.resources, **as_it_died})
    return suppose(start, compiled, estate).darkened(start.dark, "unreachable")


def suppose(start: Start, compiled: Compiled, estate: Estate) -> Estate:
    """An estate with what the start says is not there, and what it says reads otherwise; all of it still answers."""
    if start.installed is not None:
        estate = _with_blanks(estate, compiled, start.installed)
    groups = cast("list[Mapping[str, Json]]", prune([dict(item) for item in start.values], compiled.bound.bindings))
    return estate.with_values({Ref(name): from_json(value) for group in groups for name, value in group.items()})


def site_data(start: Start, answers: Answers, side: str) -> dict[str, Any]:
    """A new site of these answers with that side in service, and all that the start asks of a site."""
    data = draft("site", answers)
    data["operational"] = side
    for name, value in start.site.items():
        *above, key = name.split(".")
        reduce(lambda inner, step: inner.setdefault(step, {}), above, data)[key] = value
    return data


def working_day(compiled: Compiled, side: str) -> Estate:
    """All healthy, but nothing quiet: what can be counted at the working side is there, what was saved is outdated."""
    counted = {
        ref(address, label): 1
        for address, resource in compiled.bound.resources.items()
        for label, attribute in resource.attributes.items()
        if resource.dc == side and attribute.type.type == "integer" and attribute.type.volatile
    }
    turned = {turn.ref: turn.after for turn in bind_dynamics(compiled.bound).turns if turn.side == side}
    return at_rest(compiled).with_values({**counted, **turned})


def _with_blanks(estate: Estate, compiled: Compiled, installed: tuple[str, ...]) -> Estate:
    shown = dict(_blank(compiled))
    gone: dict[Ref, Value] = {}
    for reference in estate.refs():
        address = Address(reference.partition("#")[0])
        if below(address, installed):
            continue
        kind = compiled.bound.resources[address].attributes[attribute_of(reference)].type
        if reference in shown:
            gone[reference] = shown[reference]
        elif kind.kind in {"config", "lever"}:
            gone[reference] = _unset(kind)
    return estate.with_values(gone)


def _blank(compiled: Compiled) -> Iterator[tuple[Ref, Value]]:
    for side in SIDES:
        pruned = prune(dict(load_starts().blank), compiled.bound.bindings)
        filled = cast("Mapping[str, Mapping[str, Json]]", expand_data(pruned, {"dc": side}, compiled.bound.bindings))
        for address, values in filled.items():
            for label, value in values.items():
                yield ref(Address(address), label), from_json(value)


def _unset(kind: AttributeType) -> Value:
    """A field that nobody has filled."""
    match kind.type:
        case "override":
            return Override(False, None)
        case "list" | "pairs" | "override-pairs":
            return ()
        case "checkbox":
            return "cleared"
        case _:
            return "none" if "none" in kind.allowed else ""
