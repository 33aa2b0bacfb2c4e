"""Steps and rules that a scenario takes over from another one, put in place when the catalogue is built.

In: scenarios and orders as their files say. Out: the same, whole: every borrowed step written out under its own id.
A borrowed step must never change its id: people and journals know it by that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from oceana_dr.catalogue.model import stands_for

Record = Mapping[str, Any]  # Any: YAML


def lend_steps(scenarios: Sequence[Record]) -> list[Record]:
    """Every scenario with its `{borrow: [P18, P20], from: planned-switchover, …}` entries written out.

    An id also stands for its parts (P20 is P20.activate …). What else the entry says replaces what the step says;
    `key: null` takes a key away.
    """
    own = {str(item["id"]): item for item in scenarios}
    return [{**item, "steps": list(_written_out(item, own))} for item in scenarios]


def lend_rules(orders: Sequence[Record], scenarios: Sequence[Record]) -> list[Record]:
    """Every order with the rules of those it borrows from, as far as both of their sides have steps here."""
    own = {str(item["scenario"]): item for item in orders}
    steps = {str(item["id"]): [str(step["id"]) for step in item["steps"]] for item in scenarios}
    return [_with_rules(item, own, steps.get(str(item["scenario"]), [])) for item in orders]


def _written_out(scenario: Record, own: Mapping[str, Record]) -> Iterator[Record]:
    for entry in scenario["steps"]:
        if "borrow" not in entry:
            yield entry
            continue
        lender = own[entry["from"]]
        changes = {key: value for key, value in entry.items() if key not in {"borrow", "from"}}
        for name in entry["borrow"]:
            found = [step for step in lender["steps"] if "borrow" not in step and stands_for(name, str(step["id"]))]
            if not found:
                raise ValueError(f"{scenario['id']} borrows {name} from {lender['id']}, which has no such step")
            for step in found:
                lent = {**step, **changes}
                yield {key: value for key, value in lent.items() if value is not None}


def _with_rules(order: Record, own: Mapping[str, Record], steps: Sequence[str]) -> Record:
    rules = list(order.get("rules", ()))
    taken = {str(rule["id"]) for rule in rules} | set(order.get("except", ()))
    for lender in order.get("borrow", ()):
        for rule in own[lender]["rules"]:
            if rule["id"] in taken:
                continue
            first = [name for name in rule["first"] if any(stands_for(name, step) for step in steps)]
            then = [name for name in rule["then"] if any(stands_for(name, step) for step in steps)]
            if first and then:
                rules.append({**rule, "first": first, "then": then})
    return {**{key: value for key, value in order.items() if key not in {"borrow", "except"}}, "rules": rules}
