"""A JSON Schema as tables for people: one row a key, with what it holds, whether it is required, and what it is.

In: a schema, and words for keys that it leaves without. Out: Markdown tables, names of definitions.
It must never know which file a schema is of.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from scripts.reference.markdown import code, prose, table


def properties(schema: Mapping[str, Any], prefix: str, words: Mapping[str, str]) -> str:
    """The table of a schema's keys."""
    return rows_table(list(key_rows(schema, prefix, words)), prefix)


def rows_table(rows: Sequence[tuple[str, str, str, str]], prefix: str) -> str:
    """The table of these rows, each key without the prefix."""
    cells = [(code(key.removeprefix(prefix)), holds, needed, text) for key, holds, needed, text in rows]
    return table(("key", "holds", "required", "is"), cells)


def key_rows(schema: Mapping[str, Any], prefix: str, words: Mapping[str, str]) -> Iterator[tuple[str, str, str, str]]:
    """One row a key; keys of nested objects follow theirs, `[]` for a list's items and `*` for a mapping's."""
    for key, part in schema.get("properties", {}).items():
        name = f"{prefix}{key}"
        text = str(part.get("description") or words.get(name) or "")
        yield name, _holds(part), "yes" if key in schema.get("required", ()) else "", prose(text) + _example(part)
        for inner in (part, *part.get("oneOf", ())):
            yield from key_rows(inner, f"{name}.", words)
        for inner, mark in ((part.get("items"), "[]."), (part.get("additionalProperties"), ".*.")):
            if isinstance(inner, dict):
                yield from key_rows(inner, f"{name}{mark}", words)


def reached(schema: Mapping[str, Any]) -> list[str]:
    """Names of the definitions, each where a reader meets it first."""
    found: list[str] = []

    def look(part: Any) -> None:
        if isinstance(part, list):
            for item in part:
                look(item)
        elif isinstance(part, dict):
            name = str(part.get("$ref", "")).rpartition("/")[2]
            if name and name not in found:
                found.append(name)
                look(schema["$defs"][name])
            for item in part.values():
                look(item)

    look(schema["properties"])
    return found


def _holds(part: Mapping[str, Any]) -> str:
    """What kind of value it is, in words."""
    if "$ref" in part:
        name = part["$ref"].rpartition("/")[2]
        titles = {"step": "a-step", "value": "a-value", "action": "an-action", "moment": "a-moment"}
        titles |= {"predicate": "a-condition"}
        return f"[{name}](#{titles.get(name, name.lower())})"
    for choice in ("anyOf", "oneOf"):
        if choice in part:
            return " or ".join(_holds(item) for item in part[choice])
    if "const" in part:
        return code(part["const"])
    if "enum" in part:
        return ", ".join(code(value) for value in part["enum"])
    kind = part.get("type", "any value")
    return " or ".join(kind) if isinstance(kind, list) else _holds_type(kind, part)


def _holds_type(kind: str, part: Mapping[str, Any]) -> str:
    if kind == "array":
        return f"list of {_holds(part['items'])}" if "items" in part else "list"
    if kind == "object":
        inner = part.get("additionalProperties")
        inner = inner if isinstance(inner, dict) else next(iter(part.get("patternProperties", {}).values()), None)
        return f"mapping to {_holds(inner)}" if inner and "properties" not in part else "mapping"
    if kind == "integer" and "minimum" in part and "maximum" in part:
        return f"integer, {part['minimum']} to {part['maximum']}"
    return kind


def _example(part: Mapping[str, Any]) -> str:
    found = []
    if part.get("default") not in (None, [], {}):
        found.append(f"Default: {code(part['default'])}.")
    if part.get("examples"):
        found.append(f"For example {', '.join(code(value) for value in part['examples'])}.")
    return f" {' '.join(found)}" if found else ""
