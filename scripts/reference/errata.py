"""`explanation/errata.md`: the manual's mistakes, and what is done here instead.

In: the errata of the catalogue, with the state that follows from what holds each. Out: one page.
What is wrong and what is done must never be told here: both stand with the record.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import cache
from typing import Final

from oceana_dr.catalogue.errata import Erratum, load_errata
from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.catalogue.observances import load_observances
from oceana_dr.catalogue.settings import load_settings
from oceana_dr.diagnostics.codes import ALL
from oceana_dr.operations.explaining.errata import titles
from oceana_dr.present.coverage_text import SEVERITIES, STATES, WORDS
from oceana_dr.present.explain.erratum import HARM
from scripts.reference.markdown import code, page, prose, table
from scripts.reference.rules import rule_file

THEMES: Final[Mapping[str, str]] = {
    "deployment": "Deployment",
    "mirror": "Mirror of the Omnichannel Database",
    "channels": "Channels and telephony",
    "moves": "Moves",
    "oracle": "Oracle database",
    "backups": "Backups and restores",
    "recovery": "Recovery",
    "upgrade": "Upgrade",
    "names": "Names and spellings",
    "addresses": "Addresses",
    "document": "The document itself",
}


def errata_page() -> str:
    """Every mistake, by theme, the gravest first."""
    errata = load_errata()
    counts = Counter((item.severity, item.state) for item in errata)
    rows = [
        (
            name,
            *(str(counts[name, state]) for state in STATES),
            str(sum(item.severity == name for item in errata)),
        )
        for name in SEVERITIES
    ]
    numbered = sorted({(number, item.id) for item in errata for number in item.also})
    return page(
        "Errata: where the manual is wrong, and what we do",
        "*Avaya Oceana Solution Disaster Recovery*, release 3.5, has mistakes: steps in an order that loses data, "
        "steps that are missing, names in four spellings. Following it to the letter is not safe. Here is every "
        "mistake that we know of, what oceana-dr does instead, and what in it does that: a rule that refuses, an "
        "invariant that is proven for every plan, a step, a setting, a question to a person. Whoever disagrees with a "
        "decision finds the place to change.",
        "`oceana-dr explain ID` shows one of them on the terminal, `oceana-dr explain D-15` those of a number.",
        table(("severity", *STATES, "all"), rows),
        "\n".join(f"- **{name}**: {harm}" for name, harm in HARM.items()),
        "\n".join(f"- **{state}**: {words}" for state, words in WORDS.items()),
        *(_theme(theme, title) for theme, title in THEMES.items()),
        "## By number\n\n"
        + table(("number", "mistake"), [(number, f"[{name}](#{name})") for number, name in numbered]),
    )


def _theme(theme: str, title: str) -> str:
    found = [item for item in load_errata() if item.theme == theme]
    found.sort(key=lambda item: (SEVERITIES.index(item.severity), item.manual, item.id))
    return "\n\n".join([f"## {title}", *map(_erratum, found)])


def _erratum(item: Erratum) -> str:
    pages = load_catalogue().page
    printed = [f"p. {pages(first)} ({_lines(first, last)})" for first, last in item.manual]
    head = [f"**{item.severity}**", item.kind, *item.also, ", ".join(printed)]
    return "\n\n".join(
        [
            f"### {item.id}",
            " · ".join(head),
            f"{prose(item.wrong)}",
            f"**Here:** {prose(item.decision)}",
            f"*{item.state}* · {'; '.join(map(_holder, item.held_by))}",
        ]
    )


def _lines(first: int, last: int) -> str:
    return f"line {first}" if first == last else f"lines {first}-{last}"


def _holder(name: str) -> str:
    title = titles().get(name, "")
    return f"[{code(name)}]({_target(name)})" + (f" {prose(title)}" if title else "")


def _target(name: str) -> str:
    """Where what holds a decision is described."""
    if name in (targets := _targets()):
        return targets[name]
    if "/" in name:
        return f"../../{name}" if name.startswith("templates/") else f"../../src/oceana_dr/{name}"
    return "../reference/steps.md"


@cache
def _targets() -> Mapping[str, str]:
    reference = "../reference"
    rules = {rule.id: f"{reference}/rules/{rule_file(rule)}" for rule in load_catalogue().rules}
    return {
        **{item.id: f"{reference}/settings.md#{item.id.replace('.', '')}" for item in load_settings()},
        **{item.id: f"{reference}/manual-coverage.md" for item in load_observances()},
        **dict.fromkeys(ALL, f"{reference}/diagnostics.md"),
        **rules,
        **{rule.code: rules[rule.id] for rule in load_catalogue().rules if not rule.held},
    }
