"""Values as they are compared: canonical, typed, never a secret.

In: what a reader or the compiler found, already canonical (labels' aliases and True/true are theirs
to settle). Out: values that compare with `==`, and their JSON form.
A secret's text must never become a value: only a `SecretRef` may.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Override:
    """A System Manager attribute: the `Override Default` box, and `Effective Value` with it.

    A cleared box is a state of its own (`value` is None then), not the absence of the attribute.
    """

    override: bool
    value: str | None


@dataclass(frozen=True, slots=True)
class SecretRef:
    """Where a secret can be had (`env:NAME`, `file:PATH`, `command:…`); never the secret."""

    reference: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """Why a value is not known: `unreachable`, `never observed`, `absent`. Unknown is never good."""

    reason: str


Value: TypeAlias = "str | int | bool | tuple[Value, ...] | Override | SecretRef | Unknown | None"
Json: TypeAlias = "str | int | bool | list[Json] | dict[str, Json] | None"


def effective(value: Value) -> Value:
    """What counts: the effective value of an override, every other value itself."""
    return value.value if isinstance(value, Override) else value


def to_json(value: Value) -> Json:
    """The form a value has in plan, snapshot and gateway documents."""
    match value:
        case Override(override=override, value=inner):
            return {"override": override, "value": inner}
        case SecretRef(reference=reference):
            return {"secret": reference}
        case Unknown(reason=reason):
            return {"unknown": reason}
        case tuple():
            return [to_json(item) for item in value]
        case _:
            return value


def from_json(data: object) -> Value:
    """The inverse of `to_json`; raises `ValueError` for anything that is not a value."""
    match data:
        case None | bool() | int() | str():
            return data
        case list():
            return tuple(from_json(item) for item in data)
        case {"override": bool() as flag, "value": (str() | None) as inner}:
            return Override(flag, inner)
        case {"secret": str() as reference}:
            return SecretRef(reference)
        case {"unknown": str() as reason}:
            return Unknown(reason)
        case _:
            raise ValueError(f"not a value: {type(data).__name__}")


def show(value: Value) -> str:
    """A value for people, short: `true`, `GEO_MASTER (override)`, `default`, `unknown: …`."""
    match value:
        case Override(override=flag, value=inner):
            return str(inner) if flag else "default"
        case SecretRef(reference=reference):
            return f"secret {reference}"
        case Unknown(reason=reason):
            return f"unknown: {reason}"
        case tuple():
            return ", ".join(show(item) for item in value) or "none"
        case bool():
            return str(value).lower()
        case None:
            return "none"
        case _:
            return str(value)
