"""Which key was meant: spelt nearly alike here, called otherwise on the consoles, or at home somewhere else.

In: a model, a path that ends in a key it does not have, the keys that already stand beside it. Out: the key that was
meant, or the mappings that have this key. It must never offer a key that stands there already.
"""

from __future__ import annotations

from collections.abc import Container
from functools import cache
from typing import Any, Final, get_args

from pydantic import BaseModel

from oceana_dr.diagnostics.nearest import nearest
from oceana_dr.source.merge import Path
from oceana_dr.source.site.shape import fields_of, model_at

MOST_HOMES: Final = 3
"""A key that more mappings have says nothing about where it belongs."""

# What people call these things elsewhere; never a word that could mean two of our keys in one mapping.
_OTHER_WORDS: Final = {
    "ip": ("address",),
    "ip_address": ("address",),
    "ipv4": ("address",),
    "host": ("fqdn", "address"),
    "hostname": ("fqdn", "host"),
    "dns_name": ("fqdn",),
    "server": ("host", "fqdn"),
    "user": ("login",),
    "username": ("login",),
    "path": ("directory",),
    "dir": ("directory",),
    "folder": ("directory",),
    "timezone": ("time_zone",),
    "tz": ("time_zone",),
    "rrule": ("recurrence",),
    "length": ("duration",),
    "begin": ("start",),
    "link": ("url",),
    "mail": ("email",),
    "phone": ("voice",),
    "active_dc": ("operational",),
    "primary": ("operational",),
    "cm": ("communication_manager",),
    "aes": ("application_enablement",),
    "smgr": ("system_manager",),
    "acm": ("control_manager",),
    "epm": ("experience_portal",),
    "windows": ("change_windows",),
}


def keys_at(model: type[BaseModel], path: Path) -> list[str]:
    """The keys that may stand in the mapping at a path."""
    found = model_at(model, path)
    return [] if found is None else list(fields_of(found))


def meant_key(model: type[BaseModel], path: Path, taken: Container[str]) -> str | None:
    """The key that the last part of the path was meant to be."""
    free = [key for key in keys_at(model, path[:-1]) if key not in taken]
    name = str(path[-1])
    if found := nearest(name, free):
        return found
    return next((key for key in _OTHER_WORDS.get(name.lower().replace("-", "_"), ()) if key in free), None)


def homes_of(model: type[BaseModel], path: Path) -> tuple[str, ...]:
    """The mappings that do have the key, as dotted paths; none if there are many.

    A mapping of the same data centre comes before the other one's.
    """
    places = list(_homes(model).get(str(path[-1]), ()))
    if len(path) > 1 and path[0] == "data_centers":
        other = {"dc1": "dc2", "dc2": "dc1"}.get(str(path[1]), "")
        places = [place for place in places if not place.startswith(f"data_centers.{other}.")]
    return tuple(places) if len(places) <= MOST_HOMES else ()


@cache
def _homes(model: type[BaseModel]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    _walk(model, "", found, ())
    return {key: tuple(dict.fromkeys(places)) for key, places in found.items()}


def _walk(model: type[BaseModel], prefix: str, found: dict[str, list[str]], above: tuple[type, ...]) -> None:
    for key, field in fields_of(model).items():
        found.setdefault(key, []).append(prefix)
        for inner in _models_in(field.annotation):
            if inner not in above:
                _walk(inner, f"{prefix}.{key}" if prefix else key, found, (*above, model))


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in get_args(annotation) for model in _models_in(part)]
