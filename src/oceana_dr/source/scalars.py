"""Plain YAML scalars → values, by the core schema of YAML 1.2 and nothing else.

In: the text of an unquoted scalar. Out: None, a bool, an int, a float, or the text itself.
It must never read `yes`, `no`, `on`, `off`, `0777`, dates or sexagesimals as anything but text or
decimal numbers: those are YAML 1.1, and each parser reads them differently. Source: YAML 1.2.2, 10.3.2.
"""

from __future__ import annotations

import re
from typing import Final

from oceana_dr.source.node import Plain

MAX_DIGITS: Final = 64
"""Longest number accepted; longer ones cost quadratic time and mean nothing here."""

CONSTANTS: Final[dict[str, Plain]] = {
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "NULL": None,
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}
"""Words that are no text."""
_INT: Final = re.compile(r"[-+]?[0-9]+")
_PREFIXED: Final = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT: Final = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_INFINITE: Final = re.compile(r"([-+]?)\.(?:inf|Inf|INF)")
_NAN: Final = frozenset({".nan", ".NaN", ".NAN"})
_NUMBER_START: Final = frozenset("+-.0123456789")


class NumberTooLong(ValueError):
    """A number with more than `MAX_DIGITS` characters."""


def may_be_number(text: str) -> bool:
    """Whether a look at the beginning leaves it open; an address (`10.11.0.10`) is none at once."""
    return bool(text) and text[0] in _NUMBER_START and text.count(".") < 2


def resolve_plain(text: str) -> Plain:
    """The value of an unquoted scalar; raises `NumberTooLong`."""
    return _number(text) if may_be_number(text) else CONSTANTS.get(text, text)


def resolve_tagged(tag: str, text: str) -> Plain:
    """The value of a scalar with an explicit core tag (its short name, `int` for `!!int`).

    Raises `ValueError` if the text is not of that type, `NumberTooLong` as `resolve_plain` does.
    """
    if tag == "str":
        return text
    value = resolve_plain(text)
    match tag, value:
        case ("null", None) | ("bool", bool()) | ("float", float()):
            return value
        case ("int", int()) if not isinstance(value, bool):
            return value
        case ("float", int()) if not isinstance(value, bool):
            return float(value)
        case _:
            raise ValueError(f"not a value of type {tag}")


def _number(text: str) -> Plain:
    if _INT.fullmatch(text):
        return int(_bounded(text))
    if _FLOAT.fullmatch(text):
        return float(_bounded(text))
    if _PREFIXED.fullmatch(text):
        return int(_bounded(text), 0)
    if found := _INFINITE.fullmatch(text):
        return float(f"{found[1]}inf")
    return float("nan") if text in _NAN else text


def _bounded(text: str) -> str:
    if len(text) > MAX_DIGITS:
        raise NumberTooLong(text[:16])
    return text
