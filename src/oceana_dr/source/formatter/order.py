"""The order of keys: that in which the models have them.

In: a page and the model of its root. Out: the page with every mapping's entries in that order.
It must never move an alias before its anchor: a mapping that repeats values in several entries stays as it is.
"""

from __future__ import annotations

from dataclasses import replace

from pydantic import BaseModel

from oceana_dr.source.formatter.nodes import Collection, Entry, Page, shared
from oceana_dr.source.merge import Path
from oceana_dr.source.site.shape import fields_of, model_at


def order_page(page: Page, model: type[BaseModel]) -> Page:
    """The page with its keys in order; keys that the model does not have come last, as they stand."""
    return replace(page, root=_ordered(page.root, model, ()))


def _ordered(node: Collection, model: type[BaseModel], path: Path) -> Collection:
    entries = [
        replace(entry, value=_ordered(entry.value, model, (*path, _step(entry, number))))
        if isinstance(entry.value, Collection)
        else entry
        for number, entry in enumerate(node.entries)
    ]
    part = model_at(model, path) if node.mapping else None
    if part is not None and sum(_shared(entry) for entry in entries) <= 1:
        ranks = {key: rank for rank, key in enumerate(fields_of(part))}
        entries.sort(key=lambda entry: ranks.get(str(_step(entry, 0)), len(ranks)))
    return replace(node, entries=tuple(entries))


def _step(entry: Entry, number: int) -> str | int:
    return number if entry.key is None else entry.key.value


def _shared(entry: Entry) -> bool:
    return shared(entry.value) or (entry.key is not None and shared(entry.key))
