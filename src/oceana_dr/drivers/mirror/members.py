"""What records say of an instance: the five answers that every release has, and two lists whose columns differ.

In: records. Out: `Instance`; raises `Garbled` where it does not say what it is.
Columns are known by their names, whatever their order; a list whose columns are not known must count as none.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from oceana_dr.drivers.mirror.contract import Instance, Row
from oceana_dr.drivers.mirror.host import int_of
from oceana_dr.drivers.mirror.records import Garbled

# What a column is called, without blanks and in small letters, in some release or in the Mirror Monitor.
_NAME: Final = ("membername", "member", "name")
_KIND: Final = ("displaytype", "membertype", "type", "currentrole", "role")
_STATUS: Final = ("displaystatus", "memberstatus", "currentstatus", "status")
_TRANSFER: Final = ("journaltransferlatency", "journaltransfer", "journallatency")
_DEJOURNALING: Final = ("dejournalinglatency", "dejournallatency", "dejournaling", "databaselatency")
_LARGEST: Final = 64


def instance_from(found: Mapping[str, str]) -> Instance:
    """The instance as it describes itself."""
    member = int_of(found.get("member"))
    if member not in {0, 1, 2} or "version" not in found:
        raise Garbled("it does not say whether it is a member of a mirror")
    primary, backup, is_async = (_flag(found, key) for key in ("primary", "backup", "async"))
    if (member == 2) != is_async or primary + backup + is_async > 1 or (member == 0 and (primary or backup)):
        raise Garbled("what it says of its part in the mirror does not go together")
    table = _table(found, "members")
    databases = _table(found, "databases")
    return Instance(
        found["version"],
        member,
        primary,
        backup,
        found.get("mirror", ""),
        found.get("type"),
        {"0": False, "1": True}.get(found.get("service", "")),
        _rows(table),
        None if databases is None else tuple(sorted({_name(cell) for row in databases[1:] for cell in row})),
        tuple(table[0]) if table else (),
    )


def _flag(found: Mapping[str, str], key: str) -> bool:
    value = found.get(key)
    if value not in {"0", "1"}:
        raise Garbled(f"it does not say whether it is {key}")
    return value == "1"


def _table(found: Mapping[str, str], key: str) -> list[list[str]] | None:
    """The lines of a list, the names of its columns first."""
    rows, _, columns = found.get(key, "").partition(",")
    count, width = int_of(rows), int_of(columns)
    if not (0 <= count <= _LARGEST and 0 < width <= _LARGEST):
        return None
    try:
        return [[found[f"{key}.{row}.{column}"] for column in range(1, width + 1)] for row in range(count + 1)]
    except KeyError:
        return None


def _rows(table: list[list[str]] | None) -> tuple[Row, ...] | None:
    if not table:
        return None
    heads = ["".join(head.split()).lower() for head in table[0]]
    places = [next((heads.index(name) for name in names if name in heads), None) for names in _WANTED]
    if any(place is None for place in places):
        return None
    return tuple(Row(*(row[place].strip() for place in places if place is not None)) for row in table[1:])


_WANTED: Final = (_NAME, _KIND, _STATUS, _TRANSFER, _DEJOURNALING)


def _name(cell: str) -> str:
    """A database's name, also where the mirror's stands before it (`:mirror:AOCMIRROR:MULTIMEDIA_DATA`)."""
    return cell.rpartition(":")[2].strip().upper()
