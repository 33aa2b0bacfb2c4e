"""Diagnostics as plain JSON and back, with everything they hold.

In: diagnostics, or what `pack` made of them. Out: the other.
It must never lose a field: a kind of value that it does not know is a `TypeError`, and a test packs every diagnostic.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields
from typing import Any, Final

from oceana_dr.diagnostics.diagnostic import Diagnostic, Fix, Label, Severity
from oceana_dr.diagnostics.span import Span

_RECORDS: Final[dict[str, Any]] = {kind.__name__: kind for kind in (Diagnostic, Fix, Label)}


def pack(diagnostics: Iterable[Diagnostic]) -> list[Any]:
    """Plain data that JSON can hold."""
    return [_pack(item) for item in diagnostics]


def unpack(data: Sequence[Any]) -> tuple[Diagnostic, ...]:
    """The diagnostics that were packed; raises `KeyError` or `TypeError` for anything else."""
    return tuple(_unpack(item) for item in data)


def _pack(value: object) -> Any:
    match value:
        case Severity():
            return {"Severity": value.value}
        case Span():
            return {"Span": list(value)}
        case Diagnostic() | Fix() | Label():
            return {type(value).__name__: [_pack(getattr(value, item.name)) for item in fields(value)]}
        case tuple():
            return [_pack(item) for item in value]
        case str() | int() | bool() | None:
            return value
    raise TypeError(f"a diagnostic holds a {type(value).__name__}")


def _unpack(data: Any) -> Any:
    match data:
        case {"Severity": value}:
            return Severity(value)
        case {"Span": value}:
            return Span(*value)
        case dict():
            ((name, values),) = data.items()
            return _RECORDS[name](*map(_unpack, values))
        case list():
            return tuple(map(_unpack, data))
        case _:
            return data
