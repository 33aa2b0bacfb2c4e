"""Single fields of a plan document, each of the type that the plan's schema says.

In: parsed JSON of unknown origin. Out: the value, typed; or `Misfit` naming what it is instead.
Nothing may be bent into shape here: `str(None)` would make a plan of what is none.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, cast

from oceana_dr.estate.address import Address, Ref, parse_address, parse_ref
from oceana_dr.estate.values import Json

MOST_SECONDS: Final = 10**11
"""Three thousand years: a site may write `999999d`; with more, no date could be named."""

_DEEPEST: Final = 60
_LARGEST: Final = 2**53 - 1  # RFC 8785: a number that every JSON reader reads alike


class Misfit(ValueError):
    """What stands here is not what a plan holds here."""


def text(data: object) -> str:
    """A string."""
    if not isinstance(data, str):
        raise Misfit(f"text is wanted, not {data!r:.60}")
    return data


def optional(data: object) -> str | None:
    """A string, or null."""
    return None if data is None else text(data)


def texts(data: object) -> tuple[str, ...]:
    """A list of strings."""
    return tuple(text(item) for item in items(data))


def flag(data: object) -> bool:
    """True or false."""
    if not isinstance(data, bool):
        raise Misfit(f"true or false is wanted, not {data!r:.60}")
    return data


def number(data: object) -> int:
    """A number that counts something: whole, and not below nothing."""
    if isinstance(data, bool) or not isinstance(data, int) or data < 0:
        raise Misfit(f"a whole number is wanted, not {data!r:.60}")
    return data


def seconds(data: object) -> int:
    """A length of time."""
    if number(data) > MOST_SECONDS:
        raise Misfit(f"{data!r:.60} seconds are longer than any run")
    return number(data)


def items(data: object) -> list[Any]:  # Any: JSON that the caller reads
    """A list."""
    if not isinstance(data, list):
        raise Misfit(f"a list is wanted, not {data!r:.60}")
    return data


def table(data: object) -> Mapping[str, Any]:  # Any: as above
    """A mapping; JSON's keys are strings."""
    if not isinstance(data, dict):
        raise Misfit(f"a table is wanted, not {data!r:.60}")
    return data


def address(data: object) -> Address:
    """An address as it is written when it has been read once; `BadAddress` is a `ValueError`."""
    found = parse_address(text(data))
    if found != data:
        raise Misfit(f"{data!r:.60} is not an address")
    return found


def reference(data: object) -> Ref:
    """A reference to an attribute."""
    found = parse_ref(text(data))
    if found != data:
        raise Misfit(f"{data!r:.60} is not a reference")
    return found


def plain(data: Mapping[str, Any]) -> None:
    """Refuse what no plan holds and readers stumble over: numbers or nesting without end, half a character."""
    level: list[Json] = [cast("dict[str, Json]", data)]
    for _ in range(_DEEPEST):
        level = [inner for item in level for inner in _inner(item)]
        if not level:
            return
    raise Misfit(f"it is nested deeper than {_DEEPEST} levels")


def _inner(item: Json) -> list[Json]:
    match item:
        case dict():
            return [*item, *item.values()]
        case list():
            return item
        case str():
            item.encode()
            return []
        case bool() | None:
            return []
        case int() if abs(item) <= _LARGEST:
            return []
        case _:
            raise Misfit("it holds a number that no plan holds")
