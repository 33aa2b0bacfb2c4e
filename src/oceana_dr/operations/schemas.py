"""The JSON Schemas that ship, and checking documents against them.

In: a schema's name, a document. Out: the schema, or what does not fit, in sentences.
jsonschema is imported here only: planning and applying must never pay for it.
"""

from __future__ import annotations

import json
from pathlib import Path

import oceana_dr
from oceana_dr.diagnostics import Unreadable
from oceana_dr.estate.strict_json import load_json
from oceana_dr.estate.values import Json

PACKAGE = Path(oceana_dr.__file__).parent
FOLDERS = (PACKAGE / "_schemas", PACKAGE.parents[1] / "schemas")


def schema_names() -> tuple[str, ...]:
    """Names of all schemas, sorted."""
    found = (path.name for folder in FOLDERS[:2] if folder.is_dir() for path in folder.glob("*.json"))
    return tuple(sorted({name.removesuffix(".json").removesuffix(".schema") for name in found}))


def schema_text(name: str) -> str:
    """The text of a schema; raises `Unreadable` for a name there is none of."""
    for folder in FOLDERS:
        for path in (folder / f"{name}.schema.json", folder / f"{name}.json"):
            if path.is_file():
                return path.read_text("utf-8")
    raise Unreadable(f"there is no schema {name!r}", hint=f"schemas: {', '.join(schema_names())}")


def check_document(name: str, data: bytes) -> list[str]:
    """What in a document (the bytes of a JSON file) does not fit the schema, at most ten sentences."""
    from jsonschema import Draft202012Validator

    document: Json = load_json(data)
    validator = Draft202012Validator(json.loads(schema_text(name)))
    errors = sorted(validator.iter_errors(document), key=lambda error: list(map(str, error.absolute_path)))
    return [f"{'/'.join(map(str, error.absolute_path)) or 'document'}: {error.message[:200]}" for error in errors[:10]]
