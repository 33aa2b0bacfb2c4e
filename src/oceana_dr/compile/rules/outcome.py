"""What came of evaluating a rule at one place, and the diagnostic that is made of it.

In: a rule, a truth, the places that show it. Out: an `Outcome`; from a false one, a `Diagnostic`.
A text of the catalogue must never be filled with anything but the few names that are known here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from oceana_dr.catalogue.model import Catalogue
from oceana_dr.catalogue.rules import Rule
from oceana_dr.diagnostics import Diagnostic, Label, Span
from oceana_dr.estate.predicate import Truth

_NAME: Final = re.compile(r"\{([a-z]+)\}")


@dataclass(frozen=True, slots=True)
class Spot:
    """A place that shows an outcome: its path as people write it, where it stands, what to say there."""

    path: str
    span: Span
    text: str = ""
    absent: bool = False
    """Whether nothing of the path is written: the span is then what it belongs behind, and `text` says so."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A rule at one place; `words` fill its message. `unwritten` when it misses what stands nowhere in the files: in a
    file that cannot be read whole, it may yet be there."""

    rule: Rule
    truth: Truth
    spots: tuple[Spot, ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)
    unwritten: bool = False


def fill(text: str, words: Mapping[str, str]) -> str:
    """Put words in for their names; a brace that names none of them is text."""
    return _NAME.sub(lambda found: words.get(found[1], found[0]), text)


def diagnostic(outcome: Outcome, catalogue: Catalogue, silenced: str | None = None) -> Diagnostic:
    """The diagnostic of a rule that does not hold."""
    rule = outcome.rule
    texts = [fill(text, outcome.words) for text in rule.labels]
    labels: dict[Span, Label] = {}
    for index, spot in enumerate(outcome.spots):
        text = texts[index] if index < len(texts) and not spot.absent else spot.text
        said = labels[spot.span].text if spot.span in labels else ""
        if text not in said.split("; "):
            text = f"{said}; {text}" if said else text
            labels[spot.span] = Label(spot.span, text)
        labels.setdefault(spot.span, Label(spot.span, text))
    return Diagnostic(
        code=rule.code,
        message=fill(rule.message, outcome.words),
        labels=tuple(labels.values()),
        notes=(f"{rule.title} (manual {pages_of(rule, catalogue)})",),
        help=fill(rule.help, outcome.words) or None,
        severity=rule.severity,
        rule=rule.id,
        silenced=silenced,
    )


def pages_of(rule: Rule, catalogue: Catalogue) -> str:
    """`p. 15, 36`: the pages of the manual that a rule rests on."""
    pages = sorted({catalogue.page(line) for pair in rule.manual for line in pair})
    return f"p. {', '.join(map(str, pages))}"
