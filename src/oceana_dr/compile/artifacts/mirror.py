"""The Caché mirror: for each Omnichannel Database server its configuration and the scripts that set it up.

In: the resources of system `cache`, each with the ISCAgent below it, and the site. Out: `mirror/<server>.*`.
No script may hold a password, call a method that Caché is not known to have, or set a mirror up the wrong
way round: it is set up from Data Center 1, so with the other side in service the set-up parts refuse.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, cast

from oceana_dr.catalogue.template import CatalogueError
from oceana_dr.compile.artifacts.iscagent import agent_settings
from oceana_dr.compile.artifacts.subject import Artifact, Subject, in_words, last_part, ranges
from oceana_dr.estate.address import Address, side_of
from oceana_dr.estate.values import SecretRef, to_json

SETUP_SIDE: Final = "dc1"
"""The data centre that the manual sets the mirror up from (lines 664-809)."""
ROUTINE: Final = "ZODRMIR"
"""Name of the routine; upgrades of Caché keep what begins with Z."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """How a server becomes a member: the routine's entry point, its `IsMember()` then, the manual's lines."""

    name: str
    member: int
    manual: tuple[tuple[int, int], ...]


# By the role that a server has while the side of the set-up is in service.
_ENTRIES: Final = {
    "primary": _Entry("Create", 1, ((684, 692), (711, 723))),
    "backup": _Entry("JoinFailover", 1, ((888, 888),)),
    "async": _Entry("JoinAsync", 2, ((750, 753), (768, 773))),
}
_SECURE: Final = {"primary": (811, 844), "backup": (888, 888), "async": (846, 880)}
_AUTHORISE: Final = {"primary": (894, 917), "backup": (919, 934)}
_HOSTS: Final = {"A": "dc1.omnichannel.active", "B": "dc1.omnichannel.standby", "C": "dc2.omnichannel.async"}


def mirror(subject: Subject) -> Iterator[Artifact]:
    """`mirror/<server>.yaml`, `.cos` and `.ps1` for every server of this site."""
    servers = [address for address, resource in subject.resources("cache") if "Role" in resource.attributes]
    for address in servers:
        data = _server(subject, address, [other for other in servers if other != address])
        stem = f"mirror/{data['server']}"
        yield Artifact(f"{stem}.yaml", "mirror/server.yaml.j2", data)
        yield Artifact(f"{stem}.cos", "mirror/server.cos.j2", data)
        yield Artifact(f"{stem}.ps1", "mirror/server.ps1.j2", data)


def _server(subject: Subject, address: Address, others: list[Address]) -> dict[str, object]:
    resource = subject.bound.resources[address]
    role = str(subject.with_side(address, "Role", SETUP_SIDE))
    entry = _entry(role)
    host = _host(subject, address)
    secured = bool(subject.site.value("mirror.tls"))
    return {
        **subject.head(),
        "server": last_part(address),
        "title": resource.title,
        "address": address,
        "side": side_of(address),
        "name": subject.place(side_of(address)),
        "host": host,
        "member_name": host["fqdn"].partition(".")[0].upper(),
        "role": str(subject.desired.attributes(address)["Role"]),
        "setup_role": role,
        "setup": subject.operational == SETUP_SIDE,
        "entry": entry,
        "routine": ROUTINE,
        "mirror": _settings(subject),
        "instance": subject.site.value("mirror.instance"),
        "port": subject.site.value("mirror.port"),
        "databases": subject.site.value("mirror.databases"),
        "install_dir": subject.site.value("mirror.install_dir"),
        "database_drive": subject.site.value("mirror.database_drive"),
        "primary": _host(subject, _primary(subject, [address, *others])),
        "peers": [{"server": last_part(other), **_host(subject, other)} for other in others],
        "agent": agent_settings(subject, Address(f"{address}/ISCAgent")),
        "tls": _tls(subject) if secured else None,
        "portal": _portal_steps(role, secured=secured, pair=len(others) > 1),
        "manual": ranges(resource.type.manual),
        "manual_setup": in_words(entry.manual),
    }


def _entry(role: str) -> _Entry:
    try:
        return _ENTRIES[role]
    except KeyError:
        raise CatalogueError(f"no way is known to set a mirror member up as {role!r}") from None


def _primary(subject: Subject, servers: list[Address]) -> Address:
    return next(item for item in servers if subject.with_side(item, "Role", SETUP_SIDE) == "primary")


def _host(subject: Subject, address: Address) -> Mapping[str, str]:
    return cast("Mapping[str, str]", subject.site.value(f"data_centers.{_HOSTS[last_part(address)]}"))


def _settings(subject: Subject) -> dict[str, object]:
    """The fields of the mirror's own page, and its name apart: scripts need it too."""
    ((address, resource),) = (item for item in subject.resources("cache") if side_of(item[0]) == "shared")
    return {
        # Caché keeps the name in capitals, whatever was typed.
        "name": str(subject.site.value("mirror.name")).upper(),
        "fields": {label: to_json(value) for label, value in sorted(subject.desired.attributes(address).items())},
        "console": resource.console,
        "manual": ranges(resource.type.manual),
    }


def _tls(subject: Subject) -> dict[str, object]:
    """Certificates as files on the server; the key's password as a reference only."""
    files = cast("Mapping[str, object]", subject.site.value("mirror.tls_files") or {})
    reference = files.get("private_key_password")
    return {
        "files": [
            {"field": "File containing trusted Certificate Authority X.509 certificate", "file": files.get("ca")},
            {"field": "File containing this configuration's X.509 certificate", "file": files.get("certificate")},
            {"field": "File containing associated private key", "file": files.get("private_key")},
        ],
        "password": to_json(SecretRef(str(reference))) if reference else None,
        "reference": str(reference) if reference else None,
    }


def _portal_steps(role: str, *, secured: bool, pair: bool) -> list[dict[str, object]]:
    """What remains for the Cache Management Portal, since no method of Caché is known to do it."""
    if not secured:
        return []
    edit = "Edit Async" if role == "async" else "Edit Mirror"
    path = f"System Administration > Configuration > Mirror Settings > {edit} > Set up SSL/TLS"
    steps = [_step(path, f"Save; {edit} > Verify SSL; select Use SSL/TLS; Save", _SECURE[role])]
    if pair and role in _AUTHORISE:
        path = "System Operations > Mirror Monitor > Authorized Async Members > Add"
        names = "mirror member name and distinguished name as Edit Async on the async server shows them; Save"
        steps.append(_step(path, names, _AUTHORISE[role]))
    return steps


def _step(path: str, then: str, lines: tuple[int, int]) -> dict[str, object]:
    return {"path": path, "then": then, "manual": ranges((lines,)), "lines": in_words((lines,))}
