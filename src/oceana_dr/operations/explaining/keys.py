"""A key of the site file: what it means, what it may hold, where the sites set it, and what follows from it.

In: a key such as `wan.delay_ms`, a project, its sites. Out: what it says in words, ready to be laid out.
It must never show more of a secret than that there is a reference, nor fail because a site has errors.
"""

from __future__ import annotations

import json
import re
from collections.abc import Container, Iterable, Iterator, Mapping
from functools import cache
from typing import Any, Final

from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.catalogue.settings import load_settings
from oceana_dr.diagnostics import OceanaError
from oceana_dr.estate.address import SIDES, peer_of
from oceana_dr.operations.explaining.rules import Rows, Told
from oceana_dr.operations.settings_table import settings_table
from oceana_dr.source.cache import Cache
from oceana_dr.source.prepared import prepare_site
from oceana_dr.source.project import Project

Schema = Mapping[str, Any]  # Any: a JSON Schema

_KEY: Final = re.compile(r"[a-z][a-z0-9_]*(\.([A-Za-z0-9_$#-]+|\{dc\}))*")
_MOST_FOLLOWING: Final = 24
_TYPES: Final = {"object": "a mapping", "integer": "a whole number", "boolean": "true or false", "string": "text"}


def explain_key(project: Project, asked: str, sites: Iterable[str], cache: Cache) -> Told | None:
    """What there is to say of a key of the site; None if no site can have it. `{dc}` stands for both sides."""
    if not _KEY.fullmatch(asked):
        return None
    from oceana_dr.source.site.model import Site  # pydantic: only where it is used
    from oceana_dr.source.site.shape import field_at, holds_secret, shape_at

    def known(key: str) -> bool:
        try:
            shape_at(Site, _parts(key))
        except KeyError:
            return False
        return True

    keys = tuple(key for key in _sides(asked) if known(key))
    if not keys:
        return None
    parts = _parts(keys[0])
    field = field_at(Site, parts)
    secret = field is not None and holds_secret(field)
    rows = [*_means(parts), *_set(project, keys, sites, cache, secret=secret), *_follows(asked)]
    description = field.description if field is not None else None
    return Told(f"{asked}: {description or 'an entry of a list, or of a mapping whose keys are free'}", tuple(rows), ())


def site_keys() -> tuple[str, ...]:
    """Every key that a site may have, `{dc}` for both data centres; none below free names or in lists."""
    from oceana_dr.source.site.model import Site
    from oceana_dr.source.site.shape import fields_of, model_at

    def below(prefix: tuple[str, ...]) -> Iterator[str]:
        model = model_at(Site, prefix)
        for key in fields_of(model) if model is not None else ():
            path = (*prefix, key)
            yield ".".join(path)
            yield from below(path)

    found = dict.fromkeys(below(()))
    return tuple(dict.fromkeys(_of_both(key, found) for key in found))


def _of_both(key: str, keys: Container[str]) -> str:
    """The key with `{dc}` for its side if the other side has it too."""
    for side in SIDES:
        start = f"data_centers.{side}"
        rest = key.removeprefix(start)
        if rest != key and f"data_centers.{peer_of(side)}{rest}" in keys:
            return "data_centers.{dc}" + rest
    return key


def _means(parts: tuple[str | int, ...]) -> Rows:
    """Its type, whether it has to be there, what holds without it."""
    from oceana_dr.source.site.model import Site
    from oceana_dr.source.site.shape import field_at, fields_of, model_at

    document = _document()
    part = _at(document, parts)
    yield "holds", _holds(document, part)
    field = field_at(Site, parts)
    if field is not None and field.is_required():
        yield "needed", _needed(parts)
    elif field is not None:
        default = field.get_default(call_default_factory=True)
        plain = isinstance(default, str | int | tuple) and default != ()
        yield "default", _written(default) if plain else "none: it may be left out"
    for example in (field.examples or ())[:1] if field is not None else ():
        yield "example", _written(example)
    model = model_at(Site, parts)
    if model is not None:
        yield "keys", ", ".join(fields_of(model))


def _needed(parts: tuple[str | int, ...]) -> str:
    from oceana_dr.source.site.model import OWN_KEYS

    if len(parts) > 1:
        return f"yes, wherever {'.'.join(map(str, parts[:-1]))} is"
    return "yes, in site.yaml itself" if parts[0] in OWN_KEYS else "yes, in site.yaml or sites/defaults.yaml"


def _set(project: Project, keys: tuple[str, ...], sites: Iterable[str], cache: Cache, *, secret: bool) -> Rows:
    """Where each site writes it, the winner first; what is shown of a secret is its reference's place."""
    for name in sites:
        try:
            site = prepare_site(project, name, None, cache)
        except OceanaError:
            yield name, f"not read, it has errors: oceana-dr validate {name}"
            continue
        for key in keys:
            which = f" ({key})" if len(keys) > 1 else ""
            places = site.places.get(key, ())
            if not places:
                yield name, f"not written{which}"
                continue
            first, *others = places
            value = _value(site.value(key))
            shown = " a reference to a secret" if secret else f" {value}" if value else ""
            yield name, f"{first.file}:{first.line}{shown}{which}"
            for other in others:
                yield "", f"overrides {other.file}:{other.line}"


def _follows(asked: str) -> Rows:
    """The settings, and the attributes that stand for none, whose value reads the key or what is in it."""
    wanted = [key.split(".") for key in _sides(asked)]
    found = {name: None for name, keys in _readers() if any(_touch(path, key) for path in wanted for key in keys)}
    names = list(found)
    for place, name in enumerate(names[:_MOST_FOLLOWING]):
        yield "" if place else "settings", name
    if len(names) > _MOST_FOLLOWING:
        yield "", f"and {len(names) - _MOST_FOLLOWING} more: catalogue settings --format json has them by `site`"
    if not names:
        yield "settings", "none takes its value from it"


@cache
def _readers() -> tuple[tuple[str, list[list[str]]], ...]:
    """Each setting, or attribute that stands for none, with the keys that its value reads, for both sides."""
    return tuple(
        (
            str(row["setting"] or f"{row['address']}#{row['attribute']}"),
            [full for key in _list(row["site"]) for full in _expanded(str(key).split("."))],
        )
        for row in settings_table(load_catalogue(), load_settings())
    )


@cache
def _document() -> Schema:
    from oceana_dr.source.schema import schema_document

    return schema_document("site")


def _touch(path: list[str], key: list[str]) -> bool:
    """Whether one holds the other; a star is any name."""
    return all(one in (other, "*") or other == "*" for one, other in zip(path, key, strict=False))


def _expanded(path: list[str]) -> list[list[str]]:
    return [[part.replace("{dc}", side).replace("{peer}", peer_of(side)) for part in path] for side in SIDES]


def _sides(asked: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(asked.replace("{dc}", side) for side in SIDES))


def _parts(key: str) -> tuple[str | int, ...]:
    return tuple(int(part) if part.isdigit() else part for part in key.split("."))


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _written(value: object) -> str:
    return value if isinstance(value, str) and value else json.dumps(value, ensure_ascii=False)


def _value(value: object) -> str:
    """A value that is one word or number; a list or a mapping is looked at where it stands."""
    return "" if isinstance(value, dict | list | tuple) or value is None else _written(value)


def _at(document: Schema, parts: tuple[str | int, ...]) -> Schema:
    here = _bare(document, document)
    for part in parts:
        free = (here.get("patternProperties") or {}).values()
        inner = here.get("items") if isinstance(part, int) else here.get("properties", {}).get(part)
        other = here.get("additionalProperties")
        here = _bare(document, inner or next(iter(free), None) or (other if isinstance(other, dict) else {}))
    return here


def _bare(document: Schema, part: Schema) -> Schema:
    """Without a reference and without `or null`."""
    if "$ref" in part:
        return _bare(document, document["$defs"][part["$ref"].rpartition("/")[2]])
    choices = [item for item in part.get("anyOf", ()) if item.get("type") != "null"]
    return _bare(document, choices[0]) if len(choices) == 1 else part


def _holds(document: Schema, part: Schema) -> str:
    """What kind of value it is."""
    from oceana_dr.source.site.types import FORMS

    if "anyOf" in part:
        return " or ".join(_holds(document, _bare(document, item)) for item in part["anyOf"])
    if "const" in part or "enum" in part:
        return " or ".join(_written(value) for value in part.get("enum", (part.get("const"),)))
    if part.get("pattern") in FORMS:
        return FORMS[part["pattern"]].noun
    kind = str(part.get("type", "any value"))
    if kind == "array":
        return f"a list, each item {_holds(document, _bare(document, part.get('items', {})))}"
    span = f", {part['minimum']} to {part['maximum']}" if "minimum" in part and "maximum" in part else ""
    return f"{_TYPES.get(kind, kind)}{span}"
