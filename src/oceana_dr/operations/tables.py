"""The catalogue's rules as rows, for people and other programs.

In: the catalogue, or the judged order of a scenario. Out: plain rows, sorted.
Nothing is computed here that the catalogue does not say.
"""

from __future__ import annotations

from oceana_dr.catalogue.model import Catalogue
from oceana_dr.estate.values import Json
from oceana_dr.plan.edge_report import EdgeReport, Standing


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


def edges_table(report: EdgeReport) -> dict[str, Json]:
    """The figures, every rule and every pair of steps, with all that breaks without it."""
    return {
        "topologies": report.topologies,
        "edges": {kind.value: number for kind, number in report.figures.items()},
        "rules": [{"id": rule, **_standing(standing)} for rule, standing in report.rules.items()],
        "pairs": [
            {"first": first, "then": then, **_standing(standing)}
            for (first, then), standing in sorted(report.pairs.items())
        ],
    }


def _standing(standing: Standing) -> dict[str, Json]:
    return {
        "class": standing.kind.value,
        "topologies": standing.topologies,
        "of": standing.present,
        "breaks": [
            {"what": breach.source, "step": breach.step, "way": list(breach.way)} for breach in standing.breaches
        ],
    }
