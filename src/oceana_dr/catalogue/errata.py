"""The manual's mistakes with our decisions, the solution's limits, and sections that only explain.

In: the compiled JSON. Out: frozen records, each with what holds it and the state that follows from that.
Nothing here may be needed to plan or to apply: what holds a decision is, and it stands elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from oceana_dr.catalogue.model import Lines, lines
from oceana_dr.catalogue.observances import compiled


@dataclass(frozen=True, slots=True)
class Accepted:
    """A printed word that a reader takes for `canonical`: a value of the setting, or its label."""

    setting: str
    printed: str
    canonical: str


@dataclass(frozen=True, slots=True)
class Erratum:
    """A place where the manual is wrong, silent or says two things, and what is done here.

    `also`: its numbers in the list of decisions (`D-15`). `kind`: what sort of mistake. `severity`: high where whoever
    follows the page does harm, medium where one may go wrong, low for a slip. `held_by`: ids of rules, codes,
    invariants, steps, procedures, settings, order rules, observances and files that carry the decision out.
    """

    id: str
    also: tuple[str, ...]
    kind: str
    severity: str
    theme: str
    manual: Lines
    wrong: str
    decision: str
    held_by: tuple[str, ...]
    accepts: tuple[Accepted, ...]
    state: str


@dataclass(frozen=True, slots=True)
class Answer:
    """A limit of the solution (`decision` says what is done about it), or a section of the manual that is met by what
    holds it."""

    id: str
    title: str
    manual: Lines
    decision: str
    held_by: tuple[str, ...]
    state: str


def erratum_from(data: Mapping[str, Any]) -> Erratum:  # Any: JSON that the catalogue build has checked
    """Read one mistake."""
    return Erratum(
        id=data["id"],
        also=tuple(data.get("also", ())),
        kind=data["kind"],
        severity=data["severity"],
        theme=data["theme"],
        manual=lines(data["manual"]),
        wrong=data["wrong"],
        decision=data["decision"],
        held_by=tuple(data["held_by"]),
        accepts=tuple(Accepted(item["setting"], item["printed"], item["as"]) for item in data.get("accepts", ())),
        state=data["state"],
    )


def answer_from(data: Mapping[str, Any]) -> Answer:  # Any: JSON that the catalogue build has checked
    """Read one limit or section."""
    return Answer(
        id=data["id"],
        title=data["title"],
        manual=lines(data["manual"]),
        decision=data.get("decision", ""),
        held_by=tuple(data["held_by"]),
        state=data["state"],
    )


@lru_cache(maxsize=1)
def load_errata() -> tuple[Erratum, ...]:
    """Every mistake, by id."""
    return tuple(erratum_from(item) for item in compiled()["errata"])


@lru_cache(maxsize=1)
def load_limitations() -> tuple[Answer, ...]:
    """Every limit of the solution, by id."""
    return tuple(answer_from(item) for item in compiled()["limitations"])


@lru_cache(maxsize=1)
def load_guidance() -> tuple[Answer, ...]:
    """Every section that explains and is no act of its own, by id."""
    return tuple(answer_from(item) for item in compiled()["guidance"])
