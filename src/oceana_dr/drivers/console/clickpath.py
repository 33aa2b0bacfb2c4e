"""The click path that the catalogue gives people, as data that a program can follow.

In: a resource of the catalogue with its `console` and `select`. Out: menu items, fields to choose, box, field, button.
Words that do not have this form must never be followed by half: then there is no path.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from oceana_dr.catalogue.bind import BoundAttribute, BoundResource

SYSTEM: Final = "System Manager web console"
_EDIT: Final = re.compile(r"For \{label\} select (?P<box>[^{}\n]+)\nIn (?P<field>[^{}\n]+) of \{label\}, set \{value\}")
_LISTED: Final = frozenset({"override"})
"""Types of attributes that are one row of the page; pairs are rows under names of their own."""


@dataclass(frozen=True, slots=True)
class ClickPath:
    """`menu`: what is clicked, one after the other. `select`: field and choice, in their order. Then a row for each of
    `rows`, whose cell under `box` has the box and under `field` the value; `commit` is the last click."""

    menu: tuple[str, ...]
    select: tuple[tuple[str, str], ...]
    rows: Mapping[str, BoundAttribute]
    box: str
    field: str
    commit: str


def click_path(resource: BoundResource) -> ClickPath | None:
    """The path of a page of service attributes; None where the resource is none, or its words are of another form."""
    system, _, menu = resource.console.partition(": ")
    edit = _EDIT.fullmatch(resource.type.console.get("edit", ""))
    commit = resource.type.console.get("commit", "none")
    if system != SYSTEM or not menu or edit is None or commit == "none" or not resource.type.select:
        return None
    rows = {label: item for label, item in resource.attributes.items() if item.type.type in _LISTED}
    return ClickPath(
        menu=tuple(item.strip() for item in menu.split(" > ")),
        select=tuple(resource.type.select.items()),
        rows=rows,
        box=edit["box"],
        field=edit["field"],
        commit=commit,
    )
