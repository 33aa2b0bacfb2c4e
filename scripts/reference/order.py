"""`order.md`: what every order rule is there for, found by taking it out and proving again.

In: the catalogue, judged on new sites of every topology from every start. Out: one page for authors of the catalogue.
A class must never be written here by hand. It takes about a minute, so the page says which catalogue it was made of.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.catalogue.model import OrderRule
from oceana_dr.catalogue.starts import starts_of
from oceana_dr.operations.ordering import judge_order
from oceana_dr.plan.edge_report import (
    MEANINGS,
    EdgeReport,
    Standing,
    breach_texts,
    figures_text,
    overtaken,
    undeclared,
)
from oceana_dr.plan.edges import EdgeClass
from scripts.reference.markdown import code, manual, page, prose, table


def order_page() -> str:
    """Every scenario, rule by rule, the guarding ones first."""
    reports = {scenario: judge_order(scenario) for scenario in sorted(load_catalogue().scenarios)}
    return page(
        "What the order rules are there for",
        "For authors of the catalogue. Each rule is taken out of the order, what is left is closed anew, and the whole "
        "plan is proven again in every state it can reach: on new sites of every topology, from every start that the "
        "catalogue has for the scenario. `oceana-dr catalogue rules --order SCENARIO` does the same for one of them. "
        "Pairs of steps are judged one by one for the figures; the strongest class of any topology and start counts.",
        "\n".join(f"- **{kind.value}**: {MEANINGS[kind]}" for kind in EdgeClass),
        "What breaks is an invariant, or what a step reads: its condition, what it expects before it begins, what must "
        "be so right before it, what its console refuses. Behind the colon is the shortest way there; the last step "
        "is the one that does it. Two rules can each be a convenience, and guard something together.",
        stamp(),
        "## To be looked at",
        *_findings(reports),
        *(part for scenario, report in reports.items() for part in _scenario(scenario, report)),
    )


def stamp() -> str:
    """Which catalogue the page was made of."""
    return f"Made of {code(load_catalogue().id)} by `python -m scripts.reference`; `make goldens` leaves it as it is."


def _findings(reports: Mapping[str, EdgeReport]) -> Iterator[str]:
    """What the author of the catalogue has to answer: declare it, or say in an invariant what it guards."""
    rules = [rule for scenario in reports for rule in load_catalogue().orders[scenario]]
    silent = undeclared(list(reports.values()), rules)
    wrong = overtaken(list(reports.values()), rules)
    if silent:
        yield f"Guards nothing in any scenario, and is not declared a convenience: {', '.join(map(code, silent))}."
    if wrong:
        yield f"Declared a convenience, and it is none: {', '.join(map(code, wrong))}."
    if not silent and not wrong:
        yield "Nothing: every rule guards something, follows from others, or is declared a convenience."


def _scenario(scenario: str, report: EdgeReport) -> Iterator[str]:
    yield f"## {load_catalogue().scenarios[scenario].title}"
    yield f"{figures_text(report)}. From: {'; '.join(prose(start.title) for start in starts_of(scenario))}."
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
