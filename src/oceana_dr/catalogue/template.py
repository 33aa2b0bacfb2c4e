"""Text with names in braces, filled from variables and from a site's bindings.

In: `{dc}/cluster/1/state`, `{site.cluster1.fqdn.{dc}}`. Out: the text with every name replaced.
A name that nobody knows is a mistake in the catalogue and must never be left standing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, TypeAlias

from oceana_dr.diagnostics import OceanaError
from oceana_dr.estate.values import Json

Bindings: TypeAlias = Mapping[str, str]
"""A site's facts by name: `name.dc1`, `dns.web_gateway`, `public.dc1.web_gateway`, `topology.ha` …"""

_BRACE: Final = re.compile(r"[{}]")
_TITLED: Final = ".title"


class CatalogueError(OceanaError):
    """The catalogue's data and a site's facts do not fit together: a bug of ours, or facts of another version."""

    def __init__(self, message: str) -> None:
        super().__init__(message, hint="a plan file or lab seed of another version? make it again")


def expand(text: str, variables: Mapping[str, str], bindings: Bindings) -> str:
    """Replace every `{name}`, innermost first; `{dc.title}` is the name of that data centre.

    What is put in is never looked at again: a site's own braces are text.
    """
    filled, end = _fill(text, 0, variables, bindings)
    if end != len(text):
        raise CatalogueError(f"{text!r} closes a brace that it does not open")
    return filled


def _fill(text: str, start: int, variables: Mapping[str, str], bindings: Bindings) -> tuple[str, int]:
    """The text from `start` filled, up to its end or to a brace that closes an outer name."""
    parts: list[str] = []
    here = start
    for mark in _BRACE.finditer(text, start):
        if mark.start() < here:
            continue
        parts.append(text[here : mark.start()])
        if mark[0] == "}":
            return "".join(parts), mark.start()
        name, closing = _fill(text, mark.end(), variables, bindings)
        if closing >= len(text):
            raise CatalogueError(f"{text!r} opens a brace that it does not close")
        parts.append(_lookup(name, variables, bindings))
        here = closing + 1
    return "".join(parts) + text[here:], len(text)


def expand_data(data: Json, variables: Mapping[str, str], bindings: Bindings) -> Json:
    """`expand` for every string of a JSON document, keys included."""
    match data:
        case str():
            return expand(data, variables, bindings) if "{" in data else data
        case list():
            return [expand_data(item, variables, bindings) for item in data]
        case dict():
            return {
                expand(key, variables, bindings) if "{" in key else key: expand_data(item, variables, bindings)
                for key, item in data.items()
            }
        case _:
            return data


def applies(conditions: Json, bindings: Bindings) -> bool:
    """Whether every condition of a `when` list holds: `ha`, `not acm_manual` …"""
    if not isinstance(conditions, list):
        raise CatalogueError(f"`when` is a list of topology facts, not {conditions!r}")
    for condition in conditions:
        negated, fact = _condition(condition)
        value = bindings.get(f"topology.{fact}")
        if value is None:
            raise CatalogueError(f"unknown topology fact {fact!r}")
        if (value == "yes") is negated:
            return False
    return True


def prune(data: Json, bindings: Bindings) -> Json:
    """The document without the parts whose `when` does not hold, and without the `when`s."""
    match data:
        case list():
            return [prune(item, bindings) for item in data if _stays(item, bindings)]
        case dict():
            return {
                key: prune(item, bindings) for key, item in data.items() if key != "when" and _stays(item, bindings)
            }
        case _:
            return data


def _stays(item: Json, bindings: Bindings) -> bool:
    return not isinstance(item, dict) or "when" not in item or applies(item["when"], bindings)


def _condition(condition: Json) -> tuple[bool, str]:
    if not isinstance(condition, str):
        raise CatalogueError(f"not a topology fact: {condition!r}")
    return condition.startswith("not "), condition.removeprefix("not ")


def _lookup(name: str, variables: Mapping[str, str], bindings: Bindings) -> str:
    if name in variables:
        return variables[name]
    stem = name.removesuffix(_TITLED)
    if stem != name and stem in variables:
        name = f"name.{variables[stem]}"
    try:
        return bindings[name]
    except KeyError:
        raise CatalogueError(f"nothing is called {{{name}}}") from None
