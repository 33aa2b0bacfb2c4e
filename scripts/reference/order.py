"""`order.md`: what every order rule is there for, found by taking it out and proving again.

In: the catalogue, judged on new sites of every topology. Out: one page for authors of the catalogue.
A class must never be written here by hand.
"""

from __future__ import annotations

from collections.abc import Iterator

from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.catalogue.model import OrderRule
from oceana_dr.operations.ordering import NotJudged, judge_order
from oceana_dr.plan.edge_report import MEANINGS, EdgeReport, Standing, breach_texts, figures_text
from oceana_dr.plan.edges import EdgeClass
from scripts.reference.markdown import code, manual, page, prose, table


def order_page() -> str:
    """Every scenario with an order of its own, rule by rule, the guarding ones first."""
    return page(
        "What the order rules are there for",
        "For authors of the catalogue. Each rule is taken out of the order, what is left is closed anew, and the whole "
        "plan is proven again in every state it can reach, on new sites of every topology, from a working day. "
        "`oceana-dr catalogue rules --order SCENARIO` does the same. Pairs of steps are judged one by one for the "
        "figures; the strongest class of any topology counts.",
        "\n".join(f"- **{kind.value}**: {MEANINGS[kind]}" for kind in EdgeClass),
        "What breaks is an invariant, or what a step reads: its condition, what it expects before it begins, what must "
        "be so right before it, what its console refuses. Behind the colon is the shortest way there; the last step "
        "is the one that does it. Two rules can each be a convenience, and guard something together.",
        *(part for scenario in sorted(load_catalogue().scenarios) for part in _scenario(scenario)),
    )


def _scenario(scenario: str) -> Iterator[str]:
    yield f"## {load_catalogue().scenarios[scenario].title}"
    report = judge_order(scenario)
    if isinstance(report, NotJudged):
        yield f"Not judged: no plan of it is made from a working day ({prose(report.why)})."
        return
    yield f"{figures_text(report)}."
    for kind in EdgeClass:
        rules = [rule for rule in load_catalogue().orders[scenario] if _kind(report, rule) is kind]
        if rules:
            head = ("rule", "topologies", "without it", "because", "manual")
            columns = head if kind is EdgeClass.GUARDING else (*head[:2], *head[3:])
            rows = [_row(rule, report.rules[rule.id]) for rule in rules]
            yield f"### {kind.value.capitalize()}\n\n{table(columns, rows)}"
    if silent := [rule.id for rule in load_catalogue().orders[scenario] if rule.id not in report.rules]:
        yield f"In no plan that was judged: {', '.join(map(code, silent))}."


def _kind(report: EdgeReport, rule: OrderRule) -> EdgeClass | None:
    return report.rules[rule.id].kind if rule.id in report.rules else None


def _row(rule: OrderRule, standing: Standing) -> tuple[str, ...]:
    breaks = ("; ".join(map(prose, breach_texts(standing))),) if standing.kind is EdgeClass.GUARDING else ()
    where = f"{standing.topologies} of {standing.present}"
    return (code(rule.id), where, *breaks, prose(rule.reason), manual(rule.manual))
