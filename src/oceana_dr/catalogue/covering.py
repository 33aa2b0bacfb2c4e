"""What the catalogue does about every item of the manual, worked out when the catalogue is built.

In: the records of the source folder, with the lines they stand on. Out: one row for each item of `manual.yaml`.
An item must never count as covered because a list says so: only a record that names its id covers it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

OPEN: Final = "open"
_KINDS: Final = ("setting", "procedure", "constraint", "limitation", "defect")
_ID: Final = re.compile(r"^\s*(?:- )?\{?id: ([A-Za-z0-9_.-]+)")
# Records of any kind may say that they are the answer to a limitation or to a mistake of the manual.
_ANSWERS: Final = (("limitation", "limitations"), ("defect", "settles"))

Record = Mapping[str, Any]  # Any: YAML
State = tuple[str, str]


def coverage(
    *,
    manual: Mapping[str, Iterable[Record]],
    settings: Iterable[Record],
    procedures: Iterable[Record],
    steps: Iterable[Record],
    rules: Iterable[Record],
    observances: Iterable[Record],
    places: Mapping[str, str],
) -> list[dict[str, str]]:
    """Rows of kind, id, state, where; sorted. `places` says on which line of which file a record stands."""
    found: dict[tuple[str, str], State] = {}
    for item in steps:
        name = item.get("procedure")
        if name:
            found["procedure", name] = ("done", places[item["id"]])
            _answers(found, item, ("done", places[item["id"]]))
    for item in procedures:
        state = ("operator" if item.get("driver") == "operator" else "done", places[item["id"]])
        found["procedure", item["id"]] = state
        _answers(found, item, state)
    for item in settings:
        state = ("operator" if item["write"] == "operator" else "done", places[item["id"]])
        found["setting", item["id"]] = state
        _answers(found, item, state)
    for item in observances:
        state = ("operator" if item.get("ask") else "done", places[item["id"]])
        found["constraint", item["id"]] = state
        _answers(found, item, state)
    for item in rules:
        state = ("refused" if item["severity"] == "error" else "warned", item["code"])
        found["constraint", item["id"]] = state
        _answers(found, item, state)
    rows = []
    for kind in sorted(_KINDS):
        for name in sorted(str(item["id"]) for item in manual[kind]):
            reached, where = found.get((kind, name), (OPEN, ""))
            rows.append({"kind": kind, "id": name, "state": reached, "where": where})
    return rows


def places_of(source: Path) -> dict[str, str]:
    """The line on which each record of a folder stands; the manual's index apart.

    Files are named from the root of the package, as `catalogue/oceana_3_5/rules/mirror.yaml:12`: there people look.
    """
    root = source.parent.parent
    found: dict[str, str] = {}
    for path in sorted(source.glob("*/*.yaml")):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
            if match := _ID.match(line):
                found.setdefault(match[1], f"{path.relative_to(root).as_posix()}:{number}")
    return found


def _answers(found: dict[tuple[str, str], State], item: Record, state: State) -> None:
    for kind, key in _ANSWERS:
        for name in item.get(key, ()):
            found[kind, name] = state
