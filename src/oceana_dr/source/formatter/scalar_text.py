"""Scalars as they stand in the canonical layout.

In: a leaf of a page. Out: its text on one line, or its lines.
A scalar keeps its style: quotes may guard it against readers of YAML 1.1, and only its author knows.
"""

from __future__ import annotations

import json
import re
from typing import Final

from oceana_dr.source.formatter.nodes import Leaf, Lines
from oceana_dr.source.scalars import NumberTooLong, resolve_plain

_WORDS: Final = {None: "null", True: "true", False: "false"}
_INDICATORS: Final = frozenset({"-", "?", ":"})
# What JSON lets stand and YAML or a reviewer's eye does not.
_HIDDEN: Final = re.compile("[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")


def in_line(leaf: Leaf, *, flow: bool = False) -> str:
    """The scalar on one line, as a key, as a value, or inside brackets (`flow`)."""
    text = _text(leaf, flow=flow)
    if leaf.style == "" and not leaf.value and leaf.props:
        text = '""' if "!" in leaf.props else ("null" if flow else "")
    return " ".join(part for part in (leaf.props, text) if part)


def _text(leaf: Leaf, *, flow: bool) -> str:
    match leaf.style:
        case "*":
            return leaf.text
        case "":
            return _plain(leaf, flow=flow)
        case "'" if "\n" not in leaf.text and not re.search(r'["\\]', leaf.value):
            return f'"{leaf.value}"'
        case '"' | "'" if "\n" not in leaf.text:
            return leaf.text
        case _:
            return quoted(leaf.value)


def _plain(leaf: Leaf, *, flow: bool) -> str:
    if "\n" in leaf.text or (leaf.value in _INDICATORS and not flow):
        return quoted(leaf.value)
    if not leaf.value:
        return "null" if flow else ""
    if "!" in leaf.props:
        return leaf.text
    try:
        value = resolve_plain(leaf.text)
    except NumberTooLong:
        return leaf.text
    return _WORDS[value] if value is None or isinstance(value, bool) else leaf.text


def quoted(value: str) -> str:
    """Text in double quotes, on one line."""
    return _HIDDEN.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(value, ensure_ascii=False))


def in_lines(leaf: Leaf) -> Lines | None:
    """The lines of a scalar that takes several: the first stands behind its key; None if it takes one."""
    if leaf.style in {"|", ">"}:
        return _block(leaf)
    if "\n" not in leaf.text or leaf.style == "*":
        return None
    first, *rest = leaf.text.split("\n")
    lines = (_end_stripped(line.lstrip(" \t")) for line in rest)
    return (" ".join(part for part in (leaf.props, _end_stripped(first)) if part), *lines)


def _end_stripped(line: str) -> str:
    """Without white space at its end, unless a backslash keeps it."""
    bare = line.rstrip(" \t")
    return line if bare.endswith("\\") and bare != line else bare


def _block(leaf: Leaf) -> Lines | None:
    if not leaf.value.strip("\n"):
        return None
    header, *body = leaf.text.split("\n")
    if leaf.style == ">" and not re.match(r">[+-]?[1-9]|>[1-9]", header) and (lines := _body(body)):
        style = ">"
    else:
        style, lines = "|", leaf.value.rstrip("\n").split("\n")
    if leaf.glued:
        chomping = "+"
        lines += [""] * (len(leaf.value) - len(leaf.value.rstrip("\n")) - 1)
    else:
        chomping = "" if leaf.value.endswith("\n") else "-"
    indent = "2" if next(line for line in lines if line).startswith((" ", "\t")) else ""
    return (" ".join(part for part in (leaf.props, f"{style}{indent}{chomping}") if part), *lines)


def _body(body: list[str]) -> list[str]:
    """The lines of a folded scalar without their indentation; none if it cannot be told."""
    first = next((line for line in body if line.strip(" \t")), "")
    width = len(first) - len(first.lstrip(" "))
    if any(line[:width].strip(" ") or (not line.strip(" \t") and len(line) > width) for line in body):
        return []
    while body and not body[-1].strip(" \t"):
        body = body[:-1]
    return [line[width:] for line in body]
