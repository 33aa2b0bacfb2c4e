"""The catalogue's rules as rows, for people and other programs.

In: the catalogue. Out: plain rows, sorted.
Nothing is computed here that the catalogue does not say.
"""

from __future__ import annotations

from oceana_dr.catalogue.model import Catalogue
from oceana_dr.estate.values import Json


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
