"""The catalogue as rows, for people and other programs.

In: the catalogue. Out: plain rows, sorted.
Nothing is computed here that the catalogue does not say.
"""

from __future__ import annotations

from typing import Any, cast

from oceana_dr.catalogue.model import Catalogue, resource_type
from oceana_dr.estate.values import Json


def settings_table(catalogue: Catalogue) -> list[dict[str, Json]]:
    """One row an attribute; `{dc}` stands for both data centres, other braces for a site's names."""
    rows: list[dict[str, Json]] = []
    for data in catalogue.resources:
        kind = resource_type(cast("dict[str, Any]", dict(data)))
        for attribute in kind.attributes:
            manual = attribute.manual or kind.manual
            rows.append(
                {
                    "setting": attribute.setting,
                    "address": kind.address,
                    "attribute": attribute.label,
                    "kind": attribute.kind,
                    "type": attribute.type,
                    "allowed": list(attribute.allowed),
                    "read": "auto" if attribute.readable else "none",
                    "write": "none" if attribute.kind == "observed" else kind.write,
                    "console": kind.console["path"],
                    "manual": [[first, last] for first, last in manual],
                }
            )
    return sorted(rows, key=lambda row: (str(row["setting"] or "~"), str(row["address"]), str(row["attribute"])))


def rules_table(catalogue: Catalogue) -> list[dict[str, Json]]:
    """Domain rules by code, then order rules, then invariants."""
    rows: list[dict[str, Json]] = [
        {
            "kind": "rule",
            "scenario": None,
            "id": rule.id,
            "code": rule.code,
            "severity": rule.severity.value,
            "subject": rule.subject.value,
            "may_be_silenced": rule.silenceable,
            "text": rule.title,
            "manual": [[first, last] for first, last in rule.manual],
        }
        for rule in catalogue.rules
    ]
    rows += [
        {
            "kind": "order",
            "scenario": scenario,
            "id": rule.id,
            "first": list(rule.first),
            "then": list(rule.then),
            "text": rule.reason,
            "manual": [[first, last] for first, last in rule.manual],
        }
        for scenario, rules in sorted(catalogue.orders.items())
        for rule in rules
    ]
    rows += [
        {
            "kind": "invariant",
            "scenario": None,
            "id": item.id,
            "text": item.title,
            "manual": [[first, last] for first, last in item.manual],
        }
        for item in catalogue.invariants
    ]
    return rows
