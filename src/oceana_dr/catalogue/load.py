"""The catalogue that ships with the product, read once.

In: `oceana_3_5.json` beside this file. Out: a `Catalogue`.
The YAML source must never be read at run time: compiled data loads a hundred times faster.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from oceana_dr.catalogue.model import Catalogue, invariant_type, lines, order_rule, scenario
from oceana_dr.catalogue.rules import RuleDoc, doc_from, rule_from

COMPILED = Path(__file__).with_name("oceana_3_5.json")
RULE_PAGES = Path(__file__).with_name("oceana_3_5_rules.json")


@lru_cache(maxsize=1)
def load_catalogue() -> Catalogue:
    """The catalogue of Oceana 3.5; its id names release and digest of the data."""
    data = json.loads(COMPILED.read_bytes())
    scenarios = (scenario(item) for item in data["scenarios"])
    return Catalogue(
        id=data["id"],
        release=data["release"]["release"],
        topology=data["release"]["topology"],
        channels=data["release"]["channels"],
        resources=tuple(data["resources"]),
        procedures={item["id"]: item for item in data["procedures"]},
        scenarios={item.id: item for item in scenarios},
        orders={item["scenario"]: tuple(order_rule(rule) for rule in item["rules"]) for item in data["order"]},
        mirrors={item["scenario"]: item.get("mirror", {}) for item in data["order"]},
        invariants=tuple(invariant_type(item) for item in data["invariants"]),
        pages=lines(data["pages"]),
        dynamics=data["dynamics"],
        fences=tuple(data["fences"]),
        owed=tuple(data["owed"]),
        timers=tuple(data["timers"]),
        losses=tuple(data["losses"]),
        rules=tuple(rule_from(item) for item in data["rules"]),
    )


@lru_cache(maxsize=1)
def load_rule_docs() -> Mapping[str, RuleDoc]:
    """The page of every domain rule, by the rule's id."""
    return {name: doc_from(item) for name, item in json.loads(RULE_PAGES.read_bytes()).items()}
