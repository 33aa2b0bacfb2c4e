"""The Caché mirror: for each Omnichannel Database server its configuration and the scripts that set it up.

In: the resources of system `cache`, each with the ISCAgent below it, and the site. Out: `mirror/<server>.*`.
No script may hold a password, call a method that Caché is not known to have, or set a mirror up the wrong
way round: it is set up from Data Center 1, so with the other side in service the set-up parts refuse.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, cast

from oceana_dr.catalogue.model import Lines
from oceana_dr.catalogue.template import CatalogueError
from oceana_dr.compile.artifacts.heading import ENTERED, RUN, heading
from oceana_dr.compile.artifacts.iscagent import agent_settings
from oceana_dr.compile.artifacts.subject import Artifact, Subject, in_words, last_part, ranges
from oceana_dr.compile.artifacts.valued import value_of
from oceana_dr.estate.address import Address, below, side_of
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
_TLS_PAGE: Final = "TLS"
_AGENT: Final = "ISCAgent"
_KEY_PASSWORD: Final = "cache.tls.private-key-password"  # noqa: S105 - the id of a setting
_FILES: Final = {
    "yaml": ("Mirror configuration of Omnichannel Database Server", ENTERED),
    "cos": ("Mirror routine of Omnichannel Database Server", RUN),
    "ps1": ("ISCAgent service of Omnichannel Database Server", RUN),
}
_HOSTS: Final = {"A": "dc1.omnichannel.active", "B": "dc1.omnichannel.standby", "C": "dc2.omnichannel.async"}


def mirror(subject: Subject) -> Iterator[Artifact]:
    """`mirror/<server>.yaml`, `.cos` and `.ps1` for every server of this site."""
    servers = [address for address, resource in subject.resources("cache") if "Role" in resource.attributes]
    for address in servers:
        data = _server(subject, address, [other for other in servers if other != address])
        agent = subject.bound.resources[Address(f"{address}/{_AGENT}")].type.manual
        manual = {"yaml": (), "cos": _entry(str(data["setup_role"])).manual, "ps1": agent}
        for ending, (purpose, use) in _FILES.items():
            made = _heading(subject, address, f"{purpose} {data['server']}", use, manual[ending])
            yield Artifact(f"mirror/{data['server']}.{ending}", f"mirror/server.{ending}.j2", {**data, **made})


def _heading(subject: Subject, address: Address, purpose: str, use: str, manual: Lines) -> dict[str, object]:
    """About the server, what belongs to it, and the mirror itself."""
    mine = [item for item, _ in subject.everything() if below(item, (address,))]
    shared = [item for item, _ in subject.resources("cache") if side_of(item) == "shared"]
    paths = [f"data_centers.{_HOSTS[last_part(address)]}"]
    place = subject.place(side_of(address))
    return heading(subject, f"{purpose} in {place}", addresses=[*mine, *shared], paths=paths, manual=manual, use=use)


def _server(subject: Subject, address: Address, others: list[Address]) -> dict[str, object]:
    resource = subject.bound.resources[address]
    role = str(subject.with_side(address, "Role", SETUP_SIDE))
    entry = _entry(role)
    host = server_host(subject, address)
    secured = bool(subject.site.value("mirror.tls"))
    return {
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
        "primary": server_host(subject, _primary(subject, [address, *others])),
        "peers": [{"server": last_part(other), **server_host(subject, other)} for other in others],
        "agent": agent_settings(subject, Address(f"{address}/{_AGENT}")),
        "tls": _tls(subject, address) if secured else None,
        "portal": _portal_steps(role, secured=secured, pair=len(others) > 1),
        "manual": ranges(resource.type.manual),
    }


def _entry(role: str) -> _Entry:
    try:
        return _ENTRIES[role]
    except KeyError:
        raise CatalogueError(f"no way is known to set a mirror member up as {role!r}") from None


def _primary(subject: Subject, servers: list[Address]) -> Address:
    return next(item for item in servers if subject.with_side(item, "Role", SETUP_SIDE) == "primary")


def server_host(subject: Subject, address: Address) -> Mapping[str, str]:
    """Name and address of an Omnichannel Database server."""
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


def _tls(subject: Subject, address: Address) -> dict[str, object]:
    """The fields of the TLS page that are files, by the catalogue's labels; the key's password as a reference only."""
    page = Address(f"{address}/{_TLS_PAGE}")
    known = subject.bound.resources[page].attributes
    fields = subject.desired.attributes(page)
    password = value_of(subject, _KEY_PASSWORD, side_of(address)).value
    reference = password.reference if isinstance(password, SecretRef) and password.reference != "None" else None
    return {
        "files": [
            {"field": label, "file": fields[label]}
            for label in known
            if known[label].type.type == "path" and fields.get(label) is not None
        ],
        "password": to_json(SecretRef(reference)) if reference else None,
        "reference": reference,
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
