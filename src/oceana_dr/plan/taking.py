"""A step that takes whatever the site says at some addresses: one set step for each commit there.

In: a step's record with `takes`, filled for a site. Out: records that set what the site compiles to, or the record.
Which values differ must never be asked here: a step that has nothing to set is left out when the plan is walked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from functools import lru_cache
from operator import itemgetter
from typing import Any, Final, TypeAlias

from oceana_dr.catalogue.bind import BoundCatalogue
from oceana_dr.catalogue.template import CatalogueError
from oceana_dr.estate.address import Address, ref

Record: TypeAlias = Mapping[str, Any]  # Any: JSON that the catalogue build has checked

_SETTABLE: Final = frozenset({"config", "lever"})


def taken(bound: BoundCatalogue, record: Record) -> Iterator[Record]:
    """The record, or one for each address that its `takes` match: `D35.open.emailservice`.

    A pattern is an address, or an address and a label (`dc1/workflow/*#MaintenanceMode`), with the wildcards of a
    shell. Where all of them name one address, the step keeps its id. What cannot be read back is not taken, nor what
    only a scenario may change. Raises `CatalogueError` where two addresses would have one id.
    """
    if "takes" not in record:
        yield record
        return
    places = {pattern.partition("#")[0] for pattern in record["takes"]}
    single = len(places) == 1 and not any("*" in place for place in places)
    seen: set[str] = set()
    for address, labels in _settable(bound, tuple(record["takes"])):
        resource = bound.resources[address]
        step_id = record["id"] if single else f"{record['id']}.{_slug(address)}"
        if step_id in seen:
            raise CatalogueError(f"{record['id']} takes two addresses that would both be {step_id}")
        seen.add(step_id)
        yield {
            **{key: value for key, value in record.items() if key != "takes"},
            "id": step_id,
            "part_of": record["id"],
            "title": resource.title,
            "address": address,
            "set": {ref(address, label): "desired" for label in labels},
        }


@lru_cache(maxsize=1024)
def _settable(bound: BoundCatalogue, takes: tuple[str, ...]) -> tuple[tuple[Address, tuple[str, ...]], ...]:
    """The addresses that a pattern names, each with the labels that can be set and read back there."""
    patterns = [(place, name or "*") for place, _, name in (pattern.partition("#") for pattern in takes)]
    found = []
    for address, resource in sorted(bound.resources.items(), key=itemgetter(0)):
        names = [name for place, name in patterns if fnmatchcase(address, place)]
        labels = tuple(
            label
            for label, attribute in resource.attributes.items()
            if attribute.type.kind in _SETTABLE
            and attribute.type.managed
            and attribute.type.readable
            and any(fnmatchcase(label, name) for name in names)
        )
        if labels:
            found.append((address, labels))
    return tuple(found)


def _slug(address: Address) -> str:
    """The last word of the address, as a part of an id is written."""
    return "".join(mark if mark.isalnum() else "-" for mark in address.rpartition("/")[2].lower())
