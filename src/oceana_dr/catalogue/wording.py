"""Value expressions in words, for people: what a setting is on one side, or as a rule for both at once.

In: an expression of the catalogue. Out: text, with the site's keys in it; and the keys that it reads.
It must never evaluate one for a site: that is the compiler's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, cast

from oceana_dr.catalogue.template import CatalogueError
from oceana_dr.estate.address import peer_of
from oceana_dr.estate.values import Json

NOTHING: Final = "-"
_PLACED: Final = frozenset({"by_side", "by_operational", "by_dc"})
_SLOT: Final = re.compile(r"\{(\d+)\}")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a value is looked at: a data centre (empty: of a shared resource) with `operational` in service."""

    operational: str
    dc: str


def in_words(expression: Json, operational: str, dc: str) -> str:
    """The value in a data centre (empty: of a shared resource) with `operational` in service; keys in braces."""
    return _words(expression, _Place(operational, dc))


def rule_of(expression: Json) -> str:
    """The expression as part of a sentence, for both sides at once; a constant is itself."""
    return _words(expression, None)


def keys_of(expression: Json) -> tuple[str, ...]:
    """The site's keys that the expression can read, `{dc}` and `{peer}` left as they are; sorted."""
    return tuple(sorted(set(_keys(expression))))


def _words(expression: Json, place: _Place | None) -> str:  # noqa: PLR0911 - one return a constructor
    match expression:
        case None:
            return NOTHING
        case str():
            return expression
        case bool() | int():
            return str(expression).lower()
        case {"list": list() as items}:
            return ", ".join(_words(item, place) for item in items)
        case {"override": inner}:
            return _words(inner, place)
        case dict() if expression.keys() & _PLACED:
            return _rule(expression) if place is None else _words(_chosen(expression, place), place)
        case {"by_channel": dict() as channels}:
            ((channel, cases),) = channels.items()
            one, other = _cases(cases, ("open", "draining"), place)
            key = _key(f"channels.{channel}", place)
            return f"{one} while {key} is open, {other} while it is draining"
        case {"by_topology": dict() as facts}:
            ((fact, cases),) = facts.items()
            return _with_and_without(fact, *_cases(cases, ("yes", "no"), place))
        case dict():
            return _of_site(expression, place)
        case _:
            raise CatalogueError(f"not an expression: {expression!r}")


def _chosen(expression: Mapping[str, Json], place: _Place) -> Json:
    """The case that holds at a place."""
    ((kind, cases),) = expression.items()
    side = "operational" if place.operational == place.dc else "resting"
    name = {"by_side": side, "by_operational": place.operational, "by_dc": place.dc}[kind]
    return cast("Mapping[str, Json]", cases)[name]


def _rule(expression: Mapping[str, Json]) -> str:
    """Both cases of what differs by side or data centre; a case that is a choice itself stands in brackets."""
    ((kind, cases),) = expression.items()
    names = ("operational", "resting") if kind == "by_side" else ("dc1", "dc2")
    one, other = map(_bracketed, _cases(cases, names, None))
    match kind:
        case "by_side":
            return f"{one} on the operational side, {other} on the resting side"
        case "by_operational":
            return f"{one} while dc1 is operational, {other} while dc2 is"
        case _:
            return f"{one} in dc1, {other} in dc2"


def _bracketed(text: str) -> str:
    return f"({text})" if ", " in text else text


def _cases(cases: Json, names: tuple[str, str], place: _Place | None) -> tuple[str, str]:
    one, other = (_words(cast("Mapping[str, Json]", cases)[name], place) for name in names)
    return one, other


def _with_and_without(fact: str, one: str, other: str) -> str:
    if one == other:
        return one
    one, other = _bracketed(one), _bracketed(other)
    if other == NOTHING:
        return f"{one} with {fact}"
    return f"{other} without {fact}" if one == NOTHING else f"{one} with {fact}, {other} without"


def _key(path: Json, place: _Place | None) -> str:
    """A key of the site: by its name in a sentence, in braces beside a value."""
    if place is None:
        return f"the site's {path}"
    # Of what both data centres share, the key keeps `{dc}`: it is read in each of them.
    full = str(path).replace("{dc}", place.dc).replace("{peer}", peer_of(place.dc)) if place.dc else str(path)
    return "{" + full + "}"


def _of_site(expression: Mapping[str, Json], place: _Place | None) -> str:
    """What an expression takes from the site."""
    match expression:
        case {"site": path, **rest}:
            last = [_words(rest["else"], place) or "empty"] if rest else []
            return ", or else ".join([_key(path, place), *last])
        case {"secret": path}:
            return f"the secret that {_key(path, place)} refers to"
        case {"text": str() as template, "with": list() as paths}:
            inside = [f"<{path}>" if place is None else _key(path, place) for path in paths]
            return _SLOT.sub(lambda slot: inside[int(slot[1])], template)
        case {"first": list() as paths, **rest}:
            last = [_words(rest["else"], place) or "empty"] if rest else []
            return ", or else ".join([*(_key(path, place) for path in paths), *last])
        case {"pairs": list() as paths}:
            return ", overlaid by ".join(_key(path, place) for path in paths)
        case {"flag": dict() as flags}:
            ((path, words),) = flags.items()
            on, off = cast("list[Json]", words)
            return f"{_words(on, place)} if {_key(path, place)}, otherwise {_words(off, place)}"
        case _:
            raise CatalogueError(f"not an expression: {dict(expression)!r}")


def _keys(expression: Json) -> Iterator[str]:
    match expression:
        case dict():
            for name, inner in expression.items():
                match name, inner:
                    case (("site" | "secret"), str()):
                        yield inner
                    case (("with" | "first" | "pairs"), list()):
                        yield from (str(path) for path in inner)
                    case "flag", dict():
                        yield from inner
                    case "by_channel", dict():
                        yield from (f"channels.{channel}" for channel in inner)
                        yield from _keys(inner)
                    case (("by_side" | "by_operational"), _):
                        yield "operational"
                        yield from _keys(inner)
                    case _:
                        yield from _keys(inner)
        case list():
            for item in expression:
                yield from _keys(item)
        case _:
            return
