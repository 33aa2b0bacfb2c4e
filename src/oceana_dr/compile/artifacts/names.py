"""The public names: a zone file for octoDNS, and scripts that move them, for nsupdate and for Microsoft DNS.

In: the resources of system `dns`. Out: `dns/<zone>.yaml`, `.nsupdate` (move, TTL before and after it), `.ps1`, and the
names that clients use; nothing without Web Voice.
A script must never change names that do not stand where they are expected to.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Final

from oceana_dr.compile.artifacts.heading import RUN, heading
from oceana_dr.compile.artifacts.subject import Artifact, Subject, last_part
from oceana_dr.compile.artifacts.valued import value_of
from oceana_dr.compile.site_values import present
from oceana_dr.estate.address import Address, peer_of
from oceana_dr.estate.values import Json

_CLIENTS: Final = "clients.service-fqdns"
TTL = "TTL"
"""The one attribute of a name that is not a record."""


def dns(subject: Subject) -> Iterator[Artifact]:
    """The zone's records, and the scripts that change them."""
    addresses = [address for address, _ in subject.resources("dns")]
    if not addresses:
        return
    zone = str(subject.site.value("dns.zone"))
    peer = peer_of(subject.operational)
    records = sorted((record for item in addresses for record in _records(subject, item, zone)), key=_zone_order)
    groups = [(name, list(group)) for name, group in groupby(records, key=_relative_name)]
    servers = subject.site.value("dns.servers") or ()
    steady, switching = subject.site.value("dns.ttl"), subject.site.value("dns.switchover_ttl")
    assert isinstance(steady, int)
    assert isinstance(switching, int)
    assert isinstance(servers, Sequence)
    data: dict[str, Json] = {
        "zone": zone,
        "peer": peer,
        "peer_place": subject.place(peer),
        "records": list[Json](records),
        "names": [
            {"relative": name, "records": list[Json](group), "single": len(group) == 1} for name, group in groups
        ],
        "steady_ttl": steady,
        # While names move, a way back must not wait for the steady TTL.
        "ttl": min(steady, switching),
        "servers": [str(server) for server in servers],
    }
    purpose = f"Names of zone {zone} that follow the operational data centre, as octoDNS's YamlProvider reads them"
    made = heading(subject, purpose, addresses=addresses)
    yield Artifact(f"dns/{zone}.yaml", "dns/zone.yaml.j2", {**data, **made})
    purpose = f"Moves the names of zone {zone} to {subject.place(subject.operational)}, all of them or none"
    made = heading(subject, purpose, addresses=addresses, paths=["dns.switchover_ttl"], use=RUN)
    yield Artifact(f"dns/{zone}.nsupdate", "dns/zone.nsupdate.j2", {**data, **made})
    purpose = f"Lowers the TTL of zone {zone}'s names, changes their addresses, or puts the TTL back, in Microsoft DNS"
    made = heading(subject, purpose, addresses=addresses, paths=["dns.ttl", "dns.switchover_ttl"], use=RUN)
    yield Artifact(f"dns/{zone}.ps1", "dns/zone.ps1.j2", {**data, **made})
    yield _ttl_alone(subject, addresses, data, before=True)
    yield _ttl_alone(subject, addresses, data, before=False)


def _ttl_alone(subject: Subject, addresses: Sequence[Address], data: Mapping[str, Json], *, before: bool) -> Artifact:
    """The transaction that lowers the TTL before the names move, or puts it back after they did."""
    zone, steady, short = data["zone"], data["steady_ttl"], data["ttl"]
    name = f"{zone}.{'lower' if before else 'restore'}-ttl.nsupdate"
    side = peer_of(subject.operational) if before else subject.operational
    if before:
        purpose = f"Lowers the TTL of zone {zone}'s names, before they move to {subject.place(subject.operational)}"
        when = f"After    wait for {steady} s: resolvers may keep the old TTL so long. Then move the names."
    else:
        purpose = f"Puts the TTL of zone {zone}'s names back, after they moved to {subject.place(subject.operational)}"
        when = f"Before   no way back is needed any more: it would take {steady} s again."
    listed = data["records"]
    assert isinstance(listed, list)
    records: list[Json] = [
        {**record, "address": record["other" if before else "value"]} for record in listed if isinstance(record, dict)
    ]
    made = heading(subject, purpose, addresses=addresses, paths=["dns.ttl", "dns.switchover_ttl"], use=RUN)
    own: dict[str, Json] = {
        "file": name,
        "side": side,
        "standing": subject.place(side),
        "when": when,
        "records": records,
        "ttl": short if before else steady,
    }
    return Artifact(f"dns/{name}", "dns/zone-ttl.nsupdate.j2", {**data, **own, **made})


def clients(subject: Subject) -> Iterator[Artifact]:
    """`clients/names.yaml`: the names that web and mobile clients are configured with; nothing without Web Voice."""
    found = value_of(subject, _CLIENTS, subject.operational)
    if not isinstance(found.value, tuple):
        return
    purpose = "Names that web and mobile clients are configured with, never addresses"
    made = heading(subject, purpose, settings=[found], paths=["web_rtc.clients"])
    named = subject.site.value("web_rtc.clients") if present(subject.site, "web_rtc") else None
    data = {**made, "names": [str(name) for name in found.value], "configured": named or None}
    yield Artifact("clients/names.yaml", "clients/names.yaml.j2", data)


def _records(subject: Subject, address: Address, zone: str) -> Iterator[dict[str, Json]]:
    """One record for each attribute that is no TTL; its label is the record's type."""
    name = last_part(address)
    attributes = subject.desired.attributes(address)
    for label in sorted(attributes.keys() - {TTL}):
        value, ttl = attributes[label], attributes[TTL]
        assert isinstance(value, str)
        assert isinstance(ttl, int)
        yield {
            "title": subject.bound.resources[address].title,
            "name": f"{name}.",
            "relative": _relative(name, zone),
            "type": label,
            "ttl": ttl,
            "value": value,
            "other": str(subject.with_side(address, label, peer_of(subject.operational))),
        }


def _relative(name: str, zone: str) -> str:
    """The name inside its zone; empty for the zone itself."""
    return "" if name == zone else name.removesuffix(f".{zone}")


def _relative_name(record: dict[str, Json]) -> str:
    return str(record["relative"])


def _zone_order(record: dict[str, Json]) -> tuple[list[tuple[int, str]], str]:
    """Numbers in names count as numbers: octoDNS refuses a file in any other order."""
    parts = re.findall(r"[0-9]+|[^0-9]+", _relative_name(record))
    return [(int(part), "") if part.isdigit() else (-1, part) for part in parts], str(record["type"])
