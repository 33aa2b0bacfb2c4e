"""The live estate of a site: read now, or from a snapshot file.

In: a reader, or a snapshot's path. Out: `Live`: the estate, and when and how each resource was read.
A snapshot that is not one must never be planned against: it is refused with its place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from oceana_dr.catalogue.bind import BoundCatalogue
from oceana_dr.catalogue.model import AttributeType
from oceana_dr.diagnostics import Diagnostic, InputRefused, Label, Span, Unreadable
from oceana_dr.drivers.contract import Reader
from oceana_dr.estate.address import Address, BadAddress, below, parse_address
from oceana_dr.estate.estate import Attributes, Estate
from oceana_dr.estate.strict_json import DuplicateKey, load_json
from oceana_dr.estate.values import Json, Override, Unknown, Value, effective, show
from oceana_dr.operations.files import read_bytes

SNAPSHOT_FORMAT = "1.0"
CLOCKS_DIFFER_S = 300
"""How far another machine's clock may be ahead of ours."""


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


def of_site(live: Live, bound: BoundCatalogue) -> tuple[Live, int]:
    """What belongs to the site, and how much a gateway tells beyond it."""
    resources: dict[Address, Attributes | Unknown] = {}
    others = 0
    for address, found in live.estate.resources.items():
        if (resource := bound.resources.get(address)) is None:
            others += 1
        elif isinstance(found, Unknown):
            resources[address] = found
        else:
            known = {label: value for label, value in found.items() if label in resource.attributes}
            resources[address] = known
            others += len(found) - len(known)
    return (
        Live(
            Estate(resources),
            {address: live.sources[address] for address in resources},
            {address: live.observed_at[address] for address in resources},
        ),
        others,
    )


def still_answering(live: Live, lost: tuple[str, ...]) -> tuple[Address, ...]:
    """What people declared lost and answers all the same."""
    return tuple(
        address
        for address, found in sorted(live.estate.resources.items())
        if below(address, lost) and not isinstance(found, Unknown)
    )


def lose(live: Live, lost: tuple[str, ...]) -> Live:
    """The estate in which what people declared lost cannot be read, whatever still answers there."""
    if not lost:
        return live
    return replace(live, estate=live.estate.darkened(lost, "lost"))


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
            Estate.from_json({_address(address): item for address, item in data["resources"].items()}),
            {Address(address): _source(source) for address, source in data["sources"].items()},
            {Address(address): _time(when) for address, when in data["observed_at"].items()},
        )
        _check_readings(live, data["taken_at"])
    except Unreadable:
        raise
    except (DuplicateKey, _Wrong) as error:
        raise _refused(path, f"this is not a snapshot of a live estate: {error}") from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise _refused(path, "this is not a snapshot of a live estate") from None
    if version.partition(".")[0] != SNAPSHOT_FORMAT.partition(".")[0]:
        raise _refused(path, f"this snapshot has format {version:.20}, which this version does not know")
    if found != site:
        raise _refused(path, f"this is a snapshot of the site `{found:.100}`, not of `{site}`")
    return live


def check_snapshot(path: Path, live: Live, bound: BoundCatalogue) -> None:
    """Raise `InputRefused` where a snapshot holds what this site's consoles cannot show: a plan would be made of it."""
    for address, found in live.estate.resources.items():
        resource = bound.resources.get(address)
        if resource is None:
            raise _refused(path, f"this site has no {address:.100}")
        for label, value in found.items() if not isinstance(found, Unknown) else ():
            attribute = resource.attributes.get(label)
            if attribute is None:
                raise _refused(path, f"{address} has no attribute {label!r:.100}")
            if not _possible(attribute.type, value):
                allowed = ", ".join(map(str, attribute.type.allowed))
                raise _refused(path, f"{address}#{label} is {show(value)!r:.100}; a console shows one of: {allowed}")


def _possible(kind: AttributeType, value: Value) -> bool:
    cleared = isinstance(value, Override) and not value.override
    return not kind.allowed or cleared or isinstance(value, Unknown) or effective(value) in kind.allowed


class _Wrong(ValueError):
    """What a snapshot cannot hold, in a sentence."""


def _check_readings(live: Live, taken_at: object) -> None:
    if not live.estate.resources.keys() == live.sources.keys() == live.observed_at.keys():
        raise _Wrong("it does not say of every resource how and when it was read")
    if taken_at != max(live.observed_at.values(), default=None):
        raise _Wrong("`taken_at` is not the time of its last reading")


def _address(text: str) -> str:
    try:
        right = parse_address(text) == text
    except BadAddress:
        right = False
    if not right:
        raise _Wrong(f"{text!r:.100} is not an address")
    return text


def _source(text: object) -> str:
    if not isinstance(text, str) or not text:
        raise _Wrong("a source is a name")
    return text


def _time(text: object) -> str:
    """A time with its zone, as readers write it; one that has not come yet was never read."""
    try:
        when = datetime.fromisoformat(str(text))
        ahead_s = (when - datetime.now(UTC)).total_seconds()
    except (ValueError, TypeError):
        raise _Wrong(f"{text!r:.60} is not a time with its zone") from None
    if ahead_s > CLOCKS_DIFFER_S:
        raise _Wrong(f"{text!r:.60} is yet to come")
    return str(text)


def _refused(path: Path, text: str) -> InputRefused:
    place = Label(Span(str(path), 1, 1, 1, 2))
    return InputRefused((Diagnostic("OD1506", text, (place,), help="make one with `oceana-dr snapshot SITE -o FILE`"),))
