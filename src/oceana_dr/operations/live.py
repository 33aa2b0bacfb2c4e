"""The live estate of a site: read now, or from a snapshot file.

In: a reader, or a snapshot's path. Out: `Live`: the estate, and when and how each resource was read.
A snapshot that is not one must never be planned against: it is refused with its place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from oceana_dr.diagnostics import Diagnostic, InputRefused, Label, Span, Unreadable
from oceana_dr.drivers.contract import Reader
from oceana_dr.estate.address import Address
from oceana_dr.estate.estate import Attributes, Estate
from oceana_dr.estate.strict_json import DuplicateKey, load_json
from oceana_dr.estate.values import Json, Unknown
from oceana_dr.operations.files import read_bytes

SNAPSHOT_FORMAT = "1.0"


@dataclass(frozen=True, slots=True)
class Live:
    """An estate as it was found; `observed_at` in ISO 8601 (UTC) by address."""

    estate: Estate
    sources: Mapping[Address, str]
    observed_at: Mapping[Address, str]


def read_live(reader: Reader) -> Live:
    """Read every resource; raises `SystemUnavailable` when the endpoint does not answer."""
    resources: dict[Address, Attributes | Unknown] = {}
    sources: dict[Address, str] = {}
    observed: dict[Address, str] = {}
    for reading in reader.read():
        resources[reading.address] = reading.resource
        sources[reading.address] = reading.source
        observed[reading.address] = reading.observed_at
    return Live(Estate(resources), sources, observed)


def snapshot_document(site: str, live: Live) -> dict[str, Json]:
    """A snapshot file: the estate with sources and times, for `--live`."""
    return {
        "format_version": SNAPSHOT_FORMAT,
        "site": site,
        "taken_at": max(live.observed_at.values(), default=None),
        "resources": dict(live.estate.to_json()),
        "sources": {address: live.sources[address] for address in sorted(live.sources)},
        "observed_at": {address: live.observed_at[address] for address in sorted(live.observed_at)},
    }


def read_snapshot(path: Path, site: str) -> Live:
    """The estate of a snapshot file; raises `InputRefused` if it is none, or of another site."""
    try:
        data = load_json(read_bytes(path, what="snapshot"))
        version, found = str(data["format_version"]), str(data["site"])
        live = Live(
            Estate.from_json(data["resources"]),
            {Address(address): str(source) for address, source in data["sources"].items()},
            {Address(address): str(when) for address, when in data["observed_at"].items()},
        )
    except Unreadable:
        raise
    except DuplicateKey as error:
        raise _refused(path, f"this is not a snapshot of a live estate: {error}") from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise _refused(path, "this is not a snapshot of a live estate") from None
    if version.partition(".")[0] != SNAPSHOT_FORMAT.partition(".")[0]:
        raise _refused(path, f"this snapshot has format {version}, which this version does not know")
    if found != site:
        raise _refused(path, f"this is a snapshot of the site `{found}`, not of `{site}`")
    return live


def _refused(path: Path, text: str) -> InputRefused:
    place = Label(Span(str(path), 1, 1, 1, 2))
    return InputRefused((Diagnostic("OD1506", text, (place,), help="make one with `oceana-dr snapshot SITE -o FILE`"),))
