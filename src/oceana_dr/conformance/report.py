"""What the kit found: one result for each rule.

In: nothing. Out: `Verdict`, `Result`, `Report`, and how a rule ends other than well.
A rule that was not tested must never look like one that was kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from oceana_dr.estate.values import Json


class Broken(Exception):
    """The driver breaks the rule; the message says how."""


class Untested(Exception):
    """The rule cannot be tested here; the message says why."""


class Verdict(StrEnum):
    """How a rule ended."""

    KEPT = "kept"
    BROKEN = "broken"
    UNTESTED = "not tested"


@dataclass(frozen=True, slots=True)
class Result:
    """One rule: its id, what it demands, how that ended, in words."""

    rule: str
    title: str
    verdict: Verdict
    says: str


@dataclass(frozen=True, slots=True)
class Report:
    """All rules for one driver, and what it was tested against."""

    driver: str
    title: str
    against: str
    results: tuple[Result, ...]

    @property
    def broken(self) -> tuple[Result, ...]:
        """The rules that it breaks."""
        return tuple(item for item in self.results if item.verdict is Verdict.BROKEN)

    @property
    def conforms(self) -> bool:
        """Whether no rule is broken and some were tested."""
        return not self.broken and any(item.verdict is Verdict.KEPT for item in self.results)

    def to_json(self) -> dict[str, Json]:
        """The report as a document."""
        return {
            "format_version": "1.0",
            "driver": self.driver,
            "title": self.title,
            "against": self.against,
            "conforms": self.conforms,
            "rules": [
                {"id": item.rule, "title": item.title, "verdict": item.verdict.value, "says": item.says}
                for item in self.results
            ],
        }
