"""The lines of an answer: which are asked, in which order, and the answer that they make.

In: a question and what a person wants to say. Out: fields with their prompts; an `Answer` of what was typed.
Nothing is decided here about whether an answer counts: `operator.contract.fault_of` does.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from oceana_dr.diagnostics import Unreadable
from oceana_dr.drivers.contract import Answer, EvidenceFile, Question
from oceana_dr.drivers.operator.contract import CANNOT, CONFIRM, SKIP
from oceana_dr.drivers.operator.evidence import path_in, seal

BACK: Final = "<"
"""Typed in place of a line: back to the one before it. No name and nothing seen is that."""
MOST_FILES: Final = 20


@dataclass(frozen=True, slots=True)
class Field:
    """A line of an answer. `needed`: what is said where nothing was typed; empty where that is allowed."""

    name: str
    asks: str
    needed: str = ""

    def prompt(self, kept: str) -> str:
        """The prompt, with what Enter would keep."""
        return f"  {self.asks} [{kept}]: " if kept else f"  {self.asks}: "


def fields_of(question: Question, outcome: str, *, paper: bool) -> tuple[Field, ...]:
    """What is asked of somebody who wants to say this."""
    found = []
    if paper:
        found += [
            Field("done_by", "done by whom, from the paper runbook", "it was done by somebody"),
            Field("done_at", "when (as their watch said)", "it was done at some time"),
        ]
    found.append(Field("by", "your name"))
    if outcome == SKIP or (question.second_person and outcome == CONFIRM):
        found.append(Field("second", "second person"))
    if outcome == CONFIRM and not question.waives:
        found.append(Field("observed", "what do you see"))
        if question.unread:
            found.append(Field("evidence", "evidence, a file or words (or Enter)"))
    else:
        found.append(Field("observed", "why", "say why" if outcome in {CANNOT, SKIP} else ""))
    if outcome == SKIP and question.skip is not None and question.skip().touches:
        found.append(Field("waiver", "waived, by id"))
    return tuple(found)


@dataclass(slots=True)
class Evidence:
    """What is collected for an answer. `last`: what the last piece was taken for."""

    words: list[str] = field(default_factory=list)
    files: list[EvidenceFile] = field(default_factory=list)
    last: str = ""

    def add(self, typed: str) -> str:
        """Take a piece; returns what is wrong with it."""
        path = path_in(typed)
        if path is None:
            self.words.append(typed)
            self.last = "kept as words; a file would be kept by its SHA-256"
            return ""
        if len(self.files) >= MOST_FILES:
            return f"more than {MOST_FILES} files are too many: put them into one"
        try:
            found = seal(path)
        except Unreadable as error:
            return error.message
        self.files.append(found)
        self.last = f"{found.path}: {found.size:,} bytes, SHA-256 {found.sha256[:16]}…"
        return ""


@dataclass(slots=True)
class Draft:
    """An answer that is not recorded yet, by field."""

    outcome: str
    said: dict[str, str]

    @classmethod
    def of(cls, answer: Answer) -> dict[str, str]:
        """What was typed for an answer."""
        return {
            "by": answer.by,
            "observed": answer.observed,
            "done_by": answer.done_by,
            "done_at": answer.done_at,
        }

    def answer(self, evidence: Evidence) -> Answer:
        """The answer as it stands."""
        said, skips = self.said, self.outcome == SKIP
        return Answer(
            outcome=self.outcome,
            by=said.get("by", ""),
            second=said.get("second") or None,
            observed="" if skips else said.get("observed", ""),
            evidence="; ".join(evidence.words),
            reason=said.get("observed", "") if skips else "",
            waiver=tuple(said.get("waiver", "").replace(",", " ").upper().split()),
            files=tuple(evidence.files),
            done_by=said.get("done_by", ""),
            done_at=said.get("done_at", ""),
        )
