"""What the manual demands and neither a file nor a plan can show: the running estate tells it, or a person.

In: the compiled JSON. Out: frozen `Observance`s, and for every item of the manual what is done about it.
Nothing here may decide anything: a record names what keeps a constraint, and the question that is put to people.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from oceana_dr.catalogue.model import Lines, lines
from oceana_dr.diagnostics.diagnostic import Severity

COMPILED = Path(__file__).with_name("oceana_3_5_manual.json")


@dataclass(frozen=True, slots=True)
class Observance:
    """A constraint of the manual that is kept while something is done, not while something is written.

    `tells` is `estate` (it is read back) or `person`. `kept_by` names invariants, steps, procedures and settings
    of the catalogue; `ask` is the question to a person, empty where reading is enough.
    """

    id: str
    severity: Severity
    title: str
    manual: Lines
    tells: str
    kept_by: tuple[str, ...]
    ask: str


@dataclass(frozen=True, slots=True)
class Covered:
    """What is done about one item of the manual.

    `kind`: setting, procedure, constraint, limitation or defect. `state`: `done` by a program, `refused` or `warned`
    by a rule, `operator` where a person does or confirms it, `open`. `where`: code of a rule, or file and line.
    """

    kind: str
    id: str
    state: str
    where: str


def observance_from(data: Mapping[str, Any]) -> Observance:  # Any: JSON that the catalogue build has checked
    """Read one record."""
    return Observance(
        id=data["id"],
        severity=Severity(data["severity"]),
        title=data["title"],
        manual=lines(data["manual"]),
        tells=data["tells"],
        kept_by=tuple(data.get("kept_by", ())),
        ask=data.get("ask", ""),
    )


@lru_cache(maxsize=1)
def compiled() -> Mapping[str, Any]:
    """The whole file, read once: observances, coverage, and the records of `catalogue.errata`."""
    found: Mapping[str, Any] = json.loads(COMPILED.read_bytes())
    return found


def load_observances() -> tuple[Observance, ...]:
    """Every observance, by id."""
    return tuple(observance_from(item) for item in compiled()["observances"])


def load_purposes() -> Mapping[str, str]:
    """What each scenario is for, by its id; also of `steady`."""
    return {str(name): str(text) for name, text in compiled()["purposes"].items()}


def load_coverage() -> tuple[Covered, ...]:
    """Every item of the manual, by kind and id."""
    return tuple(Covered(**item) for item in compiled()["coverage"])
