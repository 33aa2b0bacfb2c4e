"""A step that takes whatever the site says at some addresses: one set step for each commit there.

In: a step's record with `takes`, filled for a site. Out: records that set what the site compiles to, or the record.
Which values differ must never be asked here: a step that has nothing to set is left out when the plan is walked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
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
    for address in sorted(bound.resources):
        labels = [label for label in _settable(bound, address) if _matched(record["takes"], address, label)]
        if not labels:
            continue
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


def _settable(bound: BoundCatalogue, address: Address) -> Iterator[str]:
    for label, attribute in bound.resources[address].attributes.items():
        if attribute.type.kind in _SETTABLE and attribute.type.managed and attribute.type.readable:
            yield label


def _matched(patterns: list[str], address: Address, label: str) -> bool:
    return any(_fits(pattern, address, label) for pattern in patterns)


def _fits(pattern: str, address: Address, label: str) -> bool:
    place, _, name = pattern.partition("#")
    return fnmatchcase(address, place) and fnmatchcase(label, name or "*")


def _slug(address: Address) -> str:
    """The last word of the address, as a part of an id is written."""
    return "".join(mark if mark.isalnum() else "-" for mark in address.rpartition("/")[2].lower())
