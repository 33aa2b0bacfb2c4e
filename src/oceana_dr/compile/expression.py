"""Typed value expressions of the catalogue, evaluated for a site.

In: an expression (a literal, or one constructor of a closed set), a site, a data centre, a side.
Out: the value and the paths of the site it read. It must never run code: there is none in an expression.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

from oceana_dr.catalogue.template import CatalogueError
from oceana_dr.compile.bindings import FACT_PATHS
from oceana_dr.compile.site_values import SiteValues, present, text
from oceana_dr.estate.address import peer_of
from oceana_dr.estate.values import Json, Override, SecretRef, Value


@dataclass(slots=True)
class Evaluation:
    """One evaluation: which site, for which data centre (empty: shared), and what was read on the way."""

    site: SiteValues
    operational: str
    dc: str
    topology: Mapping[str, str]
    read: list[str] = field(default_factory=list)

    def value(self, expression: Json) -> Value:
        """The value of an expression; raises `CatalogueError` for one that is not in the set."""
        match expression:
            case list():
                raise CatalogueError("a list is written {list: […]}")
            case dict() if len(expression) <= 2:
                return self._construct(expression)
            case dict():
                raise CatalogueError(f"not an expression: {expression!r}")
            case _:
                return expression

    def _construct(self, expression: Mapping[str, Json]) -> Value:
        match expression:
            case {"list": list() as items}:
                return tuple(self.value(item) for item in items)
            case {"override": inner}:
                return Override(True, _label(self.value(inner)))
            case {"by_side": dict() as cases}:
                self.read.append("operational")
                return self.value(cases["operational" if self.operational == self.dc else "resting"])
            case {"by_operational": dict() as cases}:
                self.read.append("operational")
                return self.value(cases[self.operational])
            case {"by_dc": dict() as cases}:
                return self.value(cases[self.dc])
            case {"by_channel": dict() as channels}:
                return self._by_channel(channels)
            case {"by_topology": dict() as facts}:
                ((fact, cases),) = facts.items()
                self.read.append(FACT_PATHS[fact])
                return self.value(cast("Mapping[str, Json]", cases)[self.topology[f"topology.{fact}"]])
            case _:
                return self._from_site(expression)

    def _from_site(self, expression: Mapping[str, Json]) -> Value:
        match expression:
            case {"site": str() as path, "else": fallback}:
                found = self._site(path)
                return self.value(fallback) if found is None else found
            case {"site": str() as path}:
                return self._site(path)
            case {"secret": str() as path}:
                return SecretRef(self._text(path))
            case {"text": str() as template, "with": list() as paths}:
                return template.format(*(self._text(str(path)) for path in paths))
            case {"flag": dict() as flags}:
                return self._flag(flags)
            case {"first": list() as paths, **rest}:
                found = next((found for path in paths if (found := self._perhaps(str(path))) is not None), None)
                return self.value(rest.get("else")) if found is None else found
            case {"pairs": list() as paths}:
                return self._pairs(paths)
            case _:
                raise CatalogueError(f"not an expression: {dict(expression)!r}")

    def _by_channel(self, channels: Mapping[str, Json]) -> Value:
        ((channel, cases),) = channels.items()
        path = f"channels.{channel}"
        self.read.append(path)
        return self.value(cast("Mapping[str, Json]", cases)[str(self.site.value(path) or "open")])

    def _site(self, path: str) -> Value:
        full = self._full(path)
        self.read.append(full)
        found = self.site.value(full)
        if isinstance(found, list | tuple):
            return tuple(cast("list[Value]", found))
        return cast("Value", found)

    def _perhaps(self, path: str) -> Value:
        """The value at a path below a mapping that may not have the key; only what says something counts as read."""
        full = self._full(path)
        return self._site(path) if present(self.site, full) and self.site.value(full) != {} else None

    def _flag(self, flags: Mapping[str, Json]) -> Value:
        """One literal for true and one for false; None where the site says neither."""
        ((path, words),) = flags.items()
        found = self._perhaps(path)
        return None if found is None else self.value(cast("list[Json]", words)[0 if found else 1])

    def _pairs(self, paths: list[Json]) -> Value:
        """Mappings of the site, laid over each other, as `key = value` in the order of keys; the last wins."""
        merged: dict[str, str] = {}
        for path in paths:
            found = cast("Mapping[str, str] | None", self._perhaps(str(path)))
            merged |= found or {}
        return tuple(f"{key} = {merged[key]}" for key in sorted(merged))

    def _text(self, path: str) -> str:
        full = self._full(path)
        self.read.append(full)
        return text(self.site, full)

    def _full(self, path: str) -> str:
        if "{" not in path:
            return path
        return path.format(dc=self.dc, peer=peer_of(self.dc), op=self.operational)


def _label(value: Value) -> str:
    """The text that a System Manager field holds."""
    return str(value).lower() if isinstance(value, bool) else str(value)
