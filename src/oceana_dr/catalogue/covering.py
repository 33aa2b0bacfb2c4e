"""What the catalogue does about every item of the manual, worked out when the catalogue is built.

In: the records of the source folder, with the lines they stand on. Out: one row for each item of `manual.yaml`.
An item must never count as covered because a list says so: only a record that names its id covers it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from oceana_dr.catalogue.holding import OPEN, Record, Records, holders, procedure_state, rule_state, state_of

_KINDS: Final = ("setting", "procedure", "constraint", "limitation", "defect")
FOLDERS: Final = {"procedure": "guidance", "limitation": "limitations", "defect": "errata"}
_ID: Final = re.compile(r"^\s*(?:- )?\{?id: ([A-Za-z0-9_.-]+)")

State = tuple[str, str]


def coverage(
    manual: Mapping[str, Iterable[Record]],
    records: Records,
    answers: Mapping[str, Sequence[Record]],
    places: Mapping[tuple[str, str], str],
) -> list[dict[str, str]]:
    """Rows of kind, id, state, where; sorted.

    `answers` are the records that are held by others: of kind `procedure` (those that only explain), `limitation` and
    `defect`. `places` says, by folder and id, on which line of which file a record stands.
    """
    found: dict[tuple[str, str], State] = {}
    known = holders(records)
    for kind, items in answers.items():
        for item in items:
            state = state_of(item, known, records.roots)
            found[kind, item["id"]] = (state, places[FOLDERS[kind], item["id"]])
    for item in records.steps:
        if name := item.get("procedure"):
            found["procedure", name] = ("done", places["scenarios", item["id"]])
    for item in records.procedures:
        found["procedure", item["id"]] = (procedure_state(item), places["procedures", item["id"]])
    for item in records.settings:
        state = "operator" if item["write"] == "operator" else "done"
        found["setting", item["id"]] = (state, places["settings", item["id"]])
    for item in records.observances:
        found["constraint", item["id"]] = (
            "operator" if item.get("ask") else "done",
            places["observances", item["id"]],
        )
    for item in records.rules:
        found["constraint", item["id"]] = (rule_state(item), item["code"])
    rows = []
    for kind in sorted(_KINDS):
        for name in sorted(str(item["id"]) for item in manual[kind]):
            reached, where = found.get((kind, name), (OPEN, ""))
            rows.append({"kind": kind, "id": name, "state": reached, "where": where})
    return rows


def check_indexed(manual: Mapping[str, Iterable[Record]], answers: Mapping[str, Sequence[Record]]) -> None:
    """Raises `ValueError` for an answer to what the manual's index does not have; a defect that has lines and a
    severity of its own needs no entry there."""
    for kind, items in answers.items():
        index = {item["id"] for item in manual[kind]}
        strange = [item["id"] for item in items if item["id"] not in index and "manual" not in item]
        if strange:
            raise ValueError(f"not in manual.yaml under {kind}: {', '.join(strange)}")


def places_of(source: Path) -> dict[tuple[str, str], str]:
    """The line on which each record of a folder stands, by folder and id; the manual's index apart.

    Files are named from the root of the package, as `catalogue/oceana_3_5/rules/mirror.yaml:12`: there people look.
    """
    root = source.parent.parent
    found: dict[tuple[str, str], str] = {}
    for path in sorted(source.glob("*/*.yaml")):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
            if match := _ID.match(line):
                found.setdefault((path.parent.name, match[1]), f"{path.relative_to(root).as_posix()}:{number}")
    return found
