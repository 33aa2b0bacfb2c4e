"""Domain rules as records: what the manual demands of a site, of what it compiles to, and of a plan.

In: the compiled JSON. Out: frozen `Rule`s and `RuleDoc`s; checks stay JSON until their evaluator reads them.
Nothing here may decide anything: a record says what is demanded, where the manual says so, and how to tell people.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from oceana_dr.catalogue.model import Lines, lines
from oceana_dr.diagnostics.diagnostic import Severity
from oceana_dr.estate.values import Json

NEVER = "never"


class Subject(StrEnum):
    """What a rule looks at: the files of a site, the desired estate on either side, or a plan's steps."""

    SITE = "site"
    DESIRED = "desired"
    PLAN = "plan"


@dataclass(frozen=True, slots=True, eq=False)  # one object each, so that what is read from them can be kept by them
class Rule:
    """One rule: `id` is the constraint's in the manual's catalogue, `code` is what it is reported as.

    `when` names topology facts, `scenarios` those of a plan (empty: all). A rule that is `held` has no
    check of its own: the code it names is reported by the site language or by an older check. `check`
    is JSON in the vocabulary of the rule's subject. `labels` are texts for the places it shows, in order.
    """

    id: str
    code: str
    severity: Severity
    title: str
    manual: Lines
    subject: Subject
    when: tuple[str, ...]
    scenarios: tuple[str, ...]
    held: bool
    check: Mapping[str, Json]
    message: str
    help: str
    labels: tuple[str, ...]
    silenceable: bool


@dataclass(frozen=True, slots=True)
class RuleDoc:
    """A rule's page: what it checks, why it matters, an example that is wrong, one that is right, and how to
    silence it (`never`, or when one may)."""

    checks: str
    why: str
    wrong: str
    right: str
    silence: str


def rule_from(data: Mapping[str, Any]) -> Rule:  # Any: JSON that the catalogue build has checked
    """Read one rule."""
    return Rule(
        id=data["id"],
        code=data["code"],
        severity=Severity(data["severity"]),
        title=data["title"],
        manual=lines(data["manual"]),
        subject=Subject(data["subject"]),
        when=tuple(data.get("when", ())),
        scenarios=tuple(data.get("scenarios", ())),
        held=data["check"] == "held",
        check={} if data["check"] == "held" else data["check"],
        message=data.get("message", ""),
        help=data.get("help", ""),
        labels=tuple(data.get("labels", ())),
        silenceable=data["silenceable"],
    )


def doc_from(data: Mapping[str, Any]) -> RuleDoc:  # Any: JSON that the catalogue build has checked
    """Read one rule's page."""
    return RuleDoc(
        checks=data["checks"], why=data["why"], wrong=data["wrong"], right=data["right"], silence=data["silence"]
    )
