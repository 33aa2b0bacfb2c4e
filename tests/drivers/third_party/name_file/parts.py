"""The parts of the driver `name-file`: `{"NAME": {"A": "192.0.2.1", "TTL": 300}}` in a file, replaced as a whole.

In: a setting. Out: a reader, a writer, answers for `doctor`.
A file that cannot be read must never be taken for an empty one.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import Field

from oceana_dr.diagnostics import SystemUnavailable
from oceana_dr.drivers.contract import ActRequest, Declined, Done, Outcome, Reading
from oceana_dr.drivers.protocol import Aspect, Check, Health, Setting
from oceana_dr.estate.action import SetValues
from oceana_dr.estate.address import Address, address_of, attribute_of
from oceana_dr.estate.estate import ABSENT
from oceana_dr.estate.values import Value, from_json, to_json
from oceana_dr.source.site.types import Part, Text


class Options(Part):
    """What may stand at `drivers.name-file` in oceana-dr.yaml."""

    file: Text = Field(description="The file.", examples=["/srv/names.json"])


def open_reader(setting: Setting[Options]) -> Reader:
    return Reader(Path(setting.options.file))


def open_writer(setting: Setting[Options]) -> Writer:
    return Writer(Path(setting.options.file))


class Reader:
    """Reads names; what is not in the file is absent."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def read(self, addresses: Sequence[Address] | None = None) -> tuple[Reading, ...]:
        names, now = read_names(self._file), datetime.now(UTC).isoformat(timespec="seconds")
        wanted = [Address(f"shared/dns/{name}") for name in sorted(names)] if addresses is None else addresses
        return tuple(
            Reading(item, _values(names[name]) if (name := _name(item)) in names else ABSENT, "name-file", now)
            for item in wanted
        )


class Writer:
    """Sets records of names that are there, all of an action or none."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def act(self, request: ActRequest) -> Outcome:
        if not isinstance(request.action, SetValues):
            return Declined("a file of names runs no procedures")
        try:
            names = read_names(self._file)
        except SystemUnavailable as error:
            return Declined(f"nothing was written: {error.message}")
        for reference, value in request.action.values.items():
            name = _name(address_of(reference))
            if name not in names:
                return Declined(f"{name} is not in the file")
            names[name][attribute_of(reference)] = to_json(value)
        text = json.dumps(names, indent=1, sort_keys=True)
        beside = self._file.with_suffix(".new")
        beside.write_text(text, encoding="utf-8")
        beside.replace(self._file)
        return Done({"bytes": len(text)})


def ask(setting: Setting[Options]) -> Iterator[Check]:
    """Whether the file can be read, and written beside."""
    file = Path(setting.options.file)
    try:
        names = read_names(file)
    except SystemUnavailable as error:
        yield Check(Aspect.REACH, Health.BAD, error.message, hint="is `drivers.name-file.file` right?")
        return
    yield Check(Aspect.REACH, Health.GOOD, f"{len(names)} names", str(file))
    yield Check(Aspect.AUTHENTICATION, Health.NONE, "a file asks for none")
    yield Check(Aspect.SECRETS, Health.NONE, "none is used")
    yield Check(Aspect.VERSION, Health.NONE, "a file has none")
    yield Check(Aspect.CLOCK, Health.NONE, "a file of this machine")
    may = os.access(file.parent, os.W_OK)
    yield Check(Aspect.PERMISSIONS, Health.GOOD if may else Health.BAD, "may be replaced" if may else "is read-only")


def read_names(file: Path) -> dict[str, dict[str, Any]]:
    try:
        found: dict[str, dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SystemUnavailable(f"{file} cannot be read: {type(error).__name__}") from None
    return found


def _values(record: Mapping[str, Any]) -> dict[str, Value]:
    return {label: from_json(value) for label, value in record.items()}


def _name(address: Address) -> str:
    return address.rpartition("/")[2]
