"""`steps.md`: the planned switchover step by step, the order rules with their reasons, the invariants.

In: the catalogue, with its braces unfilled. Out: one page.
It must never show what one site makes of a step: that is a plan's matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final, cast

from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.catalogue.model import Lines, resource_type
from scripts.reference.markdown import code, manual, page, prose, table

CLASSES: Final[Mapping[str, str]] = {
    "I": "sets a value; done again if it reads as not done",
    "R": "changes a role; done again if it reads as not done",
    "N": "cannot be repeated; never done again without a person's decision",
    "H": "a person's act by nature; asked again",
    "V": "waits, checks or signs off; repeated",
}
KINDS: Final[Mapping[str, str]] = {"set": "~", "run": "▶", "wait": "⏸", "confirm": "⏸", "check": "✓"}


def steps_page() -> str:
    """The planned switchover: steps, order rules with reasons, invariants; and the rules of steady plans."""
    catalogue = load_catalogue()
    scenario = catalogue.scenarios["planned-switchover"]
    phases = []
    for phase, title in scenario.phases:
        records = [cast("dict[str, Any]", dict(step)) for step in scenario.steps if step["phase"] == phase]
        head = ("id", "what", "address", "class", "by", "median, slow", "only with", "manual")
        phases.append(f"### {title}\n\n{table(head, [_step_row(record) for record in records])}")
    no_way_back = [
        (code(step["id"]), prose(str(step["irreversible"]))) for step in scenario.steps if step.get("irreversible")
    ]
    return page(
        "Steps, order and invariants",
        "From the catalogue. A plan holds only the steps that the site has and the estate still needs. `{from}` and "
        "`{to}` are the two data centres, other braces values of the site. `~` changes a value, `▶` runs a procedure, "
        "`⏸` waits or asks, `✓` checks.",
        "## Planned switchover",
        *phases,
        "**By**: *gateway* is the tool through an interface, *operator* a person at a console; a site's `drivers` may "
        "give a step to the other. **Class** decides what happens to a step that was under way when a run stopped:",
        table(("class", "a step that …"), [(f"`{name}`", text) for name, text in CLASSES.items()]),
        "## No way back",
        table(("step", "why"), no_way_back),
        "## Order",
        "Every step of *first* comes before every step of *then*. An id stands for its parts, too: `P12` is `P12.ucm`, "
        "`P12.uca` … A pair that no rule names may run side by side.",
        *(f"### {name}\n\n{_order_table(rules)}" for name, rules in sorted(catalogue.orders.items())),
        "## Invariants",
        "What must hold in every state that a plan can reach ([The safety proof](../explanation/safety-proof.md)).",
        table(
            ("id", "holds", "only with", "only in", "manual"),
            [
                (
                    item.id,
                    prose(item.title),
                    _topology(item.data.get("when")),
                    ", ".join(item.scenarios),
                    manual(item.manual),
                )
                for item in catalogue.invariants
            ],
        ),
    )


def _step_row(record: Mapping[str, Any]) -> tuple[str, ...]:
    estimate = record.get("estimate")
    return (
        code(record["id"]),
        f"{KINDS[record['kind']]} {prose(record['title'])}" + (" (two people)" if record.get("second_person") else ""),
        code(record["address"]),
        record["class"],
        _driver(record),
        f"{_minutes(estimate['p50'])}, {_minutes(estimate['p95'])}" if estimate else "as the site's TTL",
        _topology(record.get("when")),
        manual(_lines(record.get("manual"))),
    )


def _lines(data: Any) -> Lines:
    return tuple((int(first), int(last)) for first, last in data or ())


def _driver(record: Mapping[str, Any]) -> str:
    """As `plan.transition` finds it, for a site that names no drivers."""
    catalogue = load_catalogue()
    match record["kind"]:
        case "confirm":
            return "operator"
        case "wait" | "check":
            return "gateway"
        case "run":
            return str(catalogue.procedures[record["procedure"]]["driver"])
        case _:
            general = re.sub(r"\{(from|to)\}", "{dc}", record["address"])
            written = {str(item["address"]): resource_type(dict(item)).driver for item in catalogue.resources}
            return str(record.get("driver", written[general]))


def _order_table(rules: Iterable[Any]) -> str:
    rows = [
        (code(rule.id), ", ".join(rule.first), ", ".join(rule.then), prose(rule.reason), manual(rule.manual))
        for rule in rules
    ]
    return table(("rule", "first", "then", "because", "manual"), rows)


def _topology(names: Any) -> str:
    facts = load_catalogue().topology
    found = []
    for name in names or ():
        bare = name.removeprefix("not ")
        assert bare in facts, name
        found.append(f"{'not ' if bare != name else ''}`{bare}`")
    return ", ".join(found)


def _minutes(seconds: int) -> str:
    if seconds < 60:
        return f"{seconds} s"
    minutes, rest = divmod(seconds, 60)
    return f"{minutes} min" + (f" {rest} s" if rest else "")
