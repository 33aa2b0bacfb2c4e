"""Value expressions in words, for people: what a setting is in a data centre while one of them is operational.

In: an expression of the catalogue. Out: text, with the site's keys in braces; and the keys that it reads.
It must never evaluate one for a site: that is the compiler's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final, cast

from oceana_dr.catalogue.template import CatalogueError
from oceana_dr.estate.address import peer_of
from oceana_dr.estate.values import Json

NOTHING: Final = "-"
_FACTS: Final = (("with", "yes"), ("without", "no"))
_SLOT: Final = re.compile(r"\{(\d+)\}")


def in_words(expression: Json, operational: str, dc: str) -> str:
    """The value in a data centre (empty: of a shared resource) with `operational` in service."""
    match expression:
        case None:
            return NOTHING
        case str():
            return expression
        case bool() | int():
            return str(expression).lower()
        case {"list": list() as items}:
            return ", ".join(in_words(item, operational, dc) for item in items)
        case {"override": inner}:
            return in_words(inner, operational, dc)
        case dict():
            chosen = _chosen(expression, operational, dc)
            return in_words(chosen[0], operational, dc) if chosen else _of_site(expression, operational, dc)
        case _:
            raise CatalogueError(f"not an expression: {expression!r}")


def keys_of(expression: Json) -> tuple[str, ...]:
    """The site's keys that the expression can read, `{dc}` and `{peer}` left as they are; sorted."""
    return tuple(sorted(set(_keys(expression))))


def _chosen(expression: Mapping[str, Json], operational: str, dc: str) -> tuple[Json] | None:
    """The case that holds on this side, for the constructors that choose by it."""
    match expression:
        case {"by_side": dict() as cases}:
            return (cases["operational" if operational == dc else "resting"],)
        case {"by_operational": dict() as cases}:
            return (cases[operational],)
        case {"by_dc": dict() as cases}:
            return (cases[dc],)
        case _:
            return None


def _of_site(expression: Mapping[str, Json], operational: str, dc: str) -> str:
    def key(path: Json) -> str:
        # Of what both data centres share, the key keeps `{dc}`: it is read in each of them.
        full = str(path).replace("{dc}", dc).replace("{peer}", peer_of(dc)) if dc else str(path)
        return "{" + full + "}"

    match expression:
        case {"site": path, **rest}:
            return key(path) + (f", or else {in_words(rest['else'], operational, dc) or 'empty'}" if rest else "")
        case {"secret": path}:
            return f"the secret at {key(path)}"
        case {"text": str() as template, "with": list() as paths}:
            return _SLOT.sub(lambda slot: key(paths[int(slot[1])]), template)
        case {"first": list() as paths, **rest}:
            last = [in_words(rest["else"], operational, dc)] if rest else []
            return ", or else ".join([*map(key, paths), *last])
        case {"pairs": list() as paths}:
            return ", overlaid by ".join(map(key, paths))
        case {"flag": dict() as flags}:
            ((path, words),) = flags.items()
            on, off = cast("list[Json]", words)
            return f"{on} if {key(path)}, otherwise {off}"
        case {"by_channel": dict() as channels}:
            ((channel, cases),) = channels.items()
            words = {name: in_words(case, operational, dc) for name, case in cast("Mapping[str, Json]", cases).items()}
            return f"{words['open']}; {words['draining']} while {{channels.{channel}}} is draining"
        case {"by_topology": dict() as facts}:
            ((fact, cases),) = facts.items()
            held = {name: in_words(case, operational, dc) for name, case in cast("Mapping[str, Json]", cases).items()}
            return "; ".join(f"{word} {fact}: {held[name]}" for word, name in _FACTS if held[name] != NOTHING)
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
