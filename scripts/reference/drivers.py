"""`drivers.md`: the built-in drivers, what `doctor` asks, and the rules of the conformance kit.

In: the registry of drivers, the kit. Out: one page.
What a driver declares must never be said here again in other words.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from typing import Any

from oceana_dr.conformance.kit import RULES
from oceana_dr.drivers.declaration import Driver
from oceana_dr.drivers.faults import Fault
from oceana_dr.drivers.protocol import Aspect, Health
from oceana_dr.drivers.registry import BUILT_IN, load_part
from scripts.reference.markdown import code, page, prose, table


def drivers_page() -> str:
    """Every built-in driver, and the protocol in tables."""
    return page(
        "Drivers",
        "A driver reads a system and acts on it. `drivers` in oceana-dr.yaml configures those that sites may use, "
        "`drivers` of a site says which addresses each serves. Packages may bring others: "
        "[Write a driver](../how-to/write-a-driver.md).",
        "What a driver reads, writes and proves are patterns: an address or the beginning of one, `*` for one part of "
        "it, `#LABEL` behind it for some attributes. What it writes and does not prove is attested by a person.",
        *(part for driver in BUILT_IN.values() for part in _driver(driver)),
        "## What `doctor` asks of each",
        f"{', '.join(code(item.value) for item in Aspect)}. {prose(inspect.getdoc(Aspect) or '')}",
        f"Each answer is {', '.join(code(item.value) for item in Health)}. {prose(inspect.getdoc(Health) or '')}",
        "## What `driver-test` tests",
        table(("rule", "what holds"), ((rule.id, prose(rule.title)) for rule in RULES)),
        f"The faults of F1 to F{len(Fault)} strike the first act of a plan of one step, which the runner of `apply` "
        "runs until it is done.",
    )


def _driver(driver: Driver) -> Iterator[str]:
    yield f"## {driver.name}"
    yield prose(f"{driver.title[0].upper()}{driver.title[1:]}.")
    rows = [
        ("reads", _patterns(driver.reads)),
        ("writes", _patterns(driver.writes)),
        *([("runs", _patterns(driver.procedures))] if driver.procedures != ("*",) else []),
        ("proves", _patterns(driver.verifies)),
        *([("leaves to people", _patterns(driver.attests))] if driver.attests else []),
        ("checks fencing tokens", {"asked": "if it says so when it is asked"}.get(driver.fencing, driver.fencing)),
    ]
    yield table(("it", "what"), rows)
    schema = load_part(driver.options).model_json_schema()
    if options := list(_options(schema, schema.get("$defs", {}), "")):
        yield table(("option", "what it is"), options)


def _options(schema: Mapping[str, Any], defined: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, str]]:
    """Every key, those inside of mappings too; `NAME` stands for a key that is chosen freely."""
    for key, part in schema.get("properties", {}).items():
        name = f"{prefix}{key}"
        yield code(name), prose(part.get("description", ""))
        inner = part
        while inner is not None and "properties" not in inner:
            if "anyOf" in inner:  # one of several: the one that has keys of its own
                inner = next((item for item in inner["anyOf"] if "$ref" in item), None)
            elif "$ref" in inner:
                inner = defined[inner["$ref"].rpartition("/")[2]]
            else:
                named = [*inner.get("patternProperties", {}).values(), inner.get("additionalProperties")]
                inner = next((item for item in named if isinstance(item, dict) and item.get("type") != "string"), None)
                name += ".NAME"
        if inner is not None:
            yield from _options(inner, defined, f"{name}.")


def _patterns(patterns: tuple[str, ...]) -> str:
    return ", ".join(map(code, patterns)) or "nothing"
