"""Answers given beforehand, in a file, for a run without a terminal.

In: a YAML or JSON file of answers by step. Out: a `People` that knows those, and no others.
It must never answer a step that the file does not name, and never read a file without a bound.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Final

from oceana_dr.diagnostics import Diagnostic, InputRefused, OceanaError, Unreadable
from oceana_dr.drivers.contract import Answer, Question
from oceana_dr.drivers.operator.contract import OUTCOMES
from oceana_dr.drivers.operator.evidence import seal

MAX_ANSWERS: Final = 1000
_FIELDS: Final = ("outcome", "by", "second", "observed", "evidence", "file", "done_by", "done_at", "reason", "waiver")
_EXAMPLE: Final = 'write {"P11": {"outcome": "confirm", "by": "NAME", "observed": "…"}} as YAML or JSON'
_LONGEST: Final = 4000
STDIN: Final = Path("-")


class AnswersRefused(OceanaError):
    """A file of answers cannot be used as it is."""


class AnswersFile:
    """The answers of a file."""

    def __init__(self, answers: Mapping[str, Answer]) -> None:
        self.answers = answers

    def for_no_step(self, steps: Collection[str]) -> tuple[str, ...]:
        """The names of answers that none of these steps would ask for: most likely misspelt."""
        asked = {*steps, *(step.partition(".")[0] for step in steps)}
        return tuple(name for name in self.answers if name not in asked)

    def ask(self, question: Question) -> Answer | None:
        """The answer to exactly this step, else to the part of its id before the first dot."""
        exact = self.answers.get(question.step)
        return exact if exact is not None else self.answers.get(question.step.partition(".")[0])


def read_answers(path: Path) -> AnswersFile:
    """Read a file of answers, or standard input for `-`; raises `AnswersRefused` or `Unreadable`, naming the place."""
    from oceana_dr.source.files import read_file
    from oceana_dr.source.text import MAX_BYTES, decode_text
    from oceana_dr.source.yaml_tree import read_tree

    shown = "standard input" if path == STDIN else str(path)
    data = sys.stdin.buffer.read(MAX_BYTES + 1) if path == STDIN else read_file(path, shown)
    if isinstance(data, Diagnostic):
        raise Unreadable(data.message, hint=data.help or _EXAMPLE)
    text, problems = decode_text(data, shown)
    if text is None:
        raise InputRefused(problems)
    tree = read_tree(text, shown)
    if tree.diagnostics:
        raise InputRefused(tree.diagnostics)
    return AnswersFile(_answers(tree.root, shown))


def _answers(root: object, shown: str) -> dict[str, Answer]:
    from oceana_dr.source.node import Mapping as Table

    if not isinstance(root, Table):
        raise AnswersRefused(f"{shown} holds no answers", hint=_EXAMPLE)
    if len(root.entries) > MAX_ANSWERS:
        raise AnswersRefused(f"{shown} holds more than {MAX_ANSWERS} answers", hint="leave out what is not asked")
    found = {}
    for key, node in root.entries:
        where = f"{key.span}: the answer to {key.value}"
        if not isinstance(node, Table):
            raise AnswersRefused(f"{where} is not a table of {', '.join(_FIELDS)}", hint=_EXAMPLE)
        found[str(key.value)] = _answer({str(name.value): value for name, value in node.entries}, where)
    return found


def _answer(fields: Mapping[str, object], where: str) -> Answer:
    from oceana_dr.source.node import Scalar

    values: dict[str, str] = {}
    for name, node in fields.items():
        if name not in _FIELDS:
            raise AnswersRefused(f"{where} has a field {name!r}", hint=f"the fields are: {', '.join(_FIELDS)}")
        if name == "waiver":
            continue
        if not isinstance(node, Scalar) or isinstance(node.value, float):
            raise AnswersRefused(f"{where}: {name} is not a text", hint=_EXAMPLE)
        if node.value is not None:
            values[name] = str(node.value)
        if len(values.get(name, "")) > _LONGEST:
            raise AnswersRefused(f"{where}: {name} is longer than {_LONGEST} characters", hint="shorten it")
    if values.get("outcome") not in OUTCOMES:
        said = f"says {values['outcome']!r}" if "outcome" in values else "has no outcome"
        raise AnswersRefused(f"{where} {said}", hint=f"the outcome is one of: {', '.join(OUTCOMES)}")
    if not values.get("by", "").strip():
        raise AnswersRefused(f"{where} does not say by whom", hint="add `by: NAME`")
    return Answer(
        outcome=values["outcome"],
        by=values["by"].strip(),
        second=values.get("second") or None,
        observed=values.get("observed", ""),
        evidence=values.get("evidence", ""),
        reason=values.get("reason", ""),
        waiver=_waiver(fields.get("waiver"), where),
        files=(seal(Path(values["file"])),) if values.get("file") else (),
        done_by=values.get("done_by", "").strip(),
        done_at=values.get("done_at", "").strip(),
    )


def _waiver(node: object, where: str) -> tuple[str, ...]:
    """The ids of the invariants that are given up."""
    from oceana_dr.source.node import Scalar, Sequence

    match node:
        case None:
            return ()
        case Sequence(items=items) if all(isinstance(item, Scalar) and isinstance(item.value, str) for item in items):
            return tuple(str(item.value) for item in items if isinstance(item, Scalar))
        case _:
            raise AnswersRefused(f"{where}: waiver is not a list of invariants", hint="write `waiver: [S-60, S-61]`")
