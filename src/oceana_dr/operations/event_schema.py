"""The JSON Schema of a line of `apply --json` and `--events`, made of the types of the events.

In: the event types. Out: the schema as it is committed, and the words for each field that the reference shows too.
A field without words must never be published.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import Field, fields
from typing import Any, Final

from oceana_dr.execute.events import FORMAT, TYPES, Event

HEAD: Final[Mapping[str, str]] = {
    "format_version": "Version of these lines. A minor version adds types and fields; refuse another major one.",
    "seq": "Counts the lines of one call, from 1 and without a gap; a gap says that lines were lost on their way.",
    "at": "When it happened: UTC, ISO 8601, to the millisecond.",
    "type": "What happened.",
    "run": "The run, as `history` and `report` name it; null until it is known.",
    "plan": "The id of the plan; null until it is known.",
}
WORDS: Final[Mapping[str, str]] = {
    "act": "What was done: claimed, handed over, released, answered, signed, claim ran out, withdrawn.",
    "attempt": "How often the step was begun, this time included.",
    "by": "Who did or said it.",
    "console": "Where the person has to go; empty where the step does not say.",
    "done": "Steps that are done by now.",
    "duration_s": "Seconds that it took, by the estate's clock.",
    "ended": "When the change window ended: UTC, ISO 8601.",
    "exit_code": "The exit code that the command ends with.",
    "findings": "By id: the code of what forbids to run the plan, and what it says.",
    "finishing": "The steps that are finished before the run stops.",
    "hint": "What to do about it; may be empty.",
    "how": "How it is known that the step is done: acted, attested, checked, waited, read-back, already.",
    "in_doubt": "The steps of which nobody knows whether they are done; for a failed step: whether it is one of them.",
    "left_s": "Seconds left along the critical path if every step takes its median, by the estate's clock.",
    "operator": "Who gave the command.",
    "outcome": "What was said: confirm, fail, cannot or skip.",
    "place": "The machine at which it was said.",
    "reason": "Why, in a sentence.",
    "resumable": "Whether the same command goes on; otherwise the estate has moved away from the plan.",
    "resumed": "Whether this call goes on with a run that was begun before.",
    "second": "The second person; empty where the step needs none.",
    "second_person": "Whether two people are needed.",
    "site": "The site.",
    "skipped": "The steps that people left out; they are not done.",
    "step": "The step's id in the plan.",
    "steps": "The steps of which nobody knows whether they are done.",
    "target": "What the command was given: a plan's file or a site.",
    "text": "What is not so yet, or what the person is asked to do.",
    "title": "The step's title in the plan.",
    "to": "Who has it now, where it was handed over; else empty.",
    "tool": "Version of the program.",
    "total": "All steps of the plan.",
    "until": "When the claim ends: UTC, ISO 8601; empty where there is none.",
    "waived": "Ids of the invariants that were given up.",
}
_SHAPES: Final[Mapping[str, Mapping[str, Any]]] = {
    "str": {"type": "string"},
    "int": {"type": "integer"},
    "bool": {"type": "boolean"},
    "tuple[str, ...]": {"type": "array", "items": {"type": "string"}},
    "Mapping[str, str]": {"type": "object", "additionalProperties": {"type": "string"}},
}
_HEAD_SHAPES: Final[Mapping[str, Mapping[str, Any]]] = {
    "format_version": {"type": "string", "pattern": rf"^{FORMAT.partition('.')[0]}\.[0-9]+$"},
    "seq": {"type": "integer", "minimum": 1},
    "at": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$"},
    "type": {"type": "string"},
    "run": {"type": ["string", "null"]},
    "plan": {"type": ["string", "null"], "pattern": "^sha256:[0-9a-f]{64}$"},
}


def own_fields(kind: type[Event]) -> tuple[Field[Any], ...]:
    """The fields that this type of line has beside those of every line."""
    return tuple(item for item in fields(kind) if item.name not in HEAD)


def told(kind: type[Event]) -> str:
    """What a type of line says, as its first paragraph of words."""
    return " ".join((kind.__doc__ or "").split())


def events_schema() -> dict[str, Any]:
    """The schema of one line. A type that a later minor version adds fits it, as far as its head goes."""
    known = [{"$ref": f"#/$defs/{name}"} for name in TYPES]
    later = {"title": "a type of a later minor version", "properties": {"type": {"not": {"enum": list(TYPES)}}}}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"oceana-dr/events/v{FORMAT.partition('.')[0]}",
        "title": "A line of `oceana-dr apply --json` and of the file of `--events`",
        "type": "object",
        "properties": {name: {"description": HEAD[name], **shape} for name, shape in _HEAD_SHAPES.items()},
        "required": list(HEAD),
        "oneOf": [*known, later],
        "$defs": {name: _line(name, kind) for name, kind in TYPES.items()},
    }


def events_schema_text() -> str:
    """The schema as it is committed: indented JSON with a line end."""
    return json.dumps(events_schema(), indent=2, ensure_ascii=False) + "\n"


def _line(name: str, kind: type[Event]) -> dict[str, Any]:
    own = own_fields(kind)
    return {
        "description": told(kind),
        "type": "object",
        "properties": {"type": {"const": name}, **{item.name: _shape(item) for item in own}},
        "required": ["type", *(item.name for item in own)],
    }


def _shape(item: Field[Any]) -> dict[str, Any]:
    return {"description": WORDS[item.name], **_SHAPES[str(item.type)]}
