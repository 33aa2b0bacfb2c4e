"""A mistake of the manual, a limit of the solution, a section that only explains: what is said, and what holds it.

In: what was asked: an id, or a number such as D-15. Out: the records, and what each holder is called.
A holder is named with its own title, never with words made up here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from oceana_dr.catalogue.errata import Answer, Erratum, load_errata, load_guidance, load_limitations
from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.catalogue.observances import load_observances
from oceana_dr.catalogue.settings import load_settings
from oceana_dr.diagnostics.codes import ALL

Held = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ErrataWhy:
    """Mistakes of the manual, more than one where a number stands for several; what holds each, with its title."""

    errata: tuple[tuple[Erratum, Held], ...]


@dataclass(frozen=True, slots=True)
class AnswerWhy:
    """A limit of the solution, or a section of the manual that only explains."""

    kind: str
    answer: Answer
    held: Held


def explain_erratum(asked: str) -> ErrataWhy | AnswerWhy | None:
    """What is known by this id or number; None if nothing is."""
    found = tuple(item for item in load_errata() if asked == item.id or asked.upper() in item.also)
    if found:
        return ErrataWhy(tuple((item, _held(item.held_by)) for item in found))
    for kind, answers in (("limitation", load_limitations()), ("section", load_guidance())):
        if answer := next((item for item in answers if item.id == asked), None):
            return AnswerWhy(kind, answer, _held(answer.held_by))
    return None


def erratum_names() -> tuple[str, ...]:
    """Whatever `explain_erratum` knows."""
    errata = load_errata()
    answers = (*load_limitations(), *load_guidance())
    numbers = {number for item in errata for number in item.also}
    return (*(item.id for item in errata), *sorted(numbers), *(item.id for item in answers))


@lru_cache(maxsize=1)
def titles() -> Mapping[str, str]:
    """What each id that may hold a decision is called, in its own record's words. Files are not among them."""
    catalogue = load_catalogue()
    steps = [step for scenario in catalogue.scenarios.values() for step in scenario.steps]
    by_step = {str(step["procedure"]): str(step["title"]) for step in steps if "procedure" in step}
    parents: dict[str, list[str]] = {}
    for step in steps:
        name, part, _ = str(step["id"]).partition(".")
        if part:
            parents.setdefault(name, []).append(str(step["title"]))
    return {
        **{name: "; ".join(dict.fromkeys(parts)) for name, parts in parents.items()},
        **{item.id: item.label for item in load_settings()},
        **by_step,
        **{name: str(item["title"]) for name, item in catalogue.procedures.items()},
        **{name: item.title for name, item in catalogue.scenarios.items()},
        **{str(step["id"]): str(step["title"]) for step in steps},
        **{rule.id: rule.reason for rules in catalogue.orders.values() for rule in rules},
        **{item.id: item.title for item in catalogue.invariants},
        **{item.id: item.title for item in load_observances()},
        **{code: info.title for code, info in ALL.items()},
        **{name: rule.title for rule in catalogue.rules if not rule.held for name in (rule.id, rule.code)},
        **{rule.id: rule.title for rule in catalogue.rules if rule.held},
    }


def _held(names: tuple[str, ...]) -> Held:
    return tuple((name, titles().get(name, "")) for name in names)
