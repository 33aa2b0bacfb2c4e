"""What a server is in the mirror: its part, whether it is in sync, how far behind, from what it and the others say.

In: the sights of all servers. Out: canonical values of one server, each one known or unknown with its reason.
Who is down is not called harmless: with ValidatedMember 1 Caché may take the primary's part when it starts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

from oceana_dr.drivers.mirror.contract import DISASTER_RECOVERY, Host, Instance, Row, Seen, Server, Sight, Silent
from oceana_dr.estate.values import Unknown, Value

ROLE, CACHE, DATABASES, VALIDATED, LAG = "Role", "Cache", "Databases", "ValidatedMember", "Lag seconds"
UNREACHABLE: Final = Unknown("unreachable")

_IN_ORDER: Final = {"primary": "primary", "backup": "backup"}
_CAUGHT_UP: Final = "caught up"
_BEHIND: Final = re.compile(r"(\d{1,6})\s*(day|hour|minute|second)s?", re.IGNORECASE)
_UNIT_S: Final = {"day": 86400, "hour": 3600, "minute": 60, "second": 1}
_FOLLOWS: Final = {"connected"}
Named: TypeAlias = Mapping[str, tuple[Server, Sight]]


def resource_of(letter: str, seen: Named, databases: Sequence[str]) -> dict[str, Value] | Unknown:
    """All values of a server; one reason for all where it could not be asked."""
    server, sight = seen[letter]
    if isinstance(sight, Silent):
        return UNREACHABLE if sight.off else Unknown(f"not read: {sight.reason}")
    host = sight.host
    found: dict[str, Value] = {CACHE: "up" if host.running else "down", VALIDATED: _validated(host)}
    match sight.instance:
        case None:
            return {**found, **_down(server, host, seen)}
        case Silent(reason=reason):
            dark = Unknown(f"not read: {reason}")
            return {**found, ROLE: dark, DATABASES: dark, LAG: dark}
        case instance:
            return {**found, **_up(server, host, instance, databases)}


def _validated(host: Host) -> Value:
    if host.cpf is None:
        return Unknown("cache.cpf could not be read")
    if not host.cpf:
        return "0"  # nothing in the file makes it a member
    return host.validated or Unknown("cache.cpf does not say ValidatedMember")


def _down(server: Server, host: Host, seen: Named) -> dict[str, Value]:
    """Caché does not run: its file says whether it will be a member, and whether it may be primary."""
    role = _role_when_down(server, host, seen)
    databases: Value = "not mirrored" if role == "not a member" else "catching up"
    if isinstance(role, Unknown):
        databases = Unknown("Caché is down")
    return {ROLE: role, DATABASES: databases, LAG: Unknown("Caché is down")}


def _role_when_down(server: Server, host: Host, seen: Named) -> Value:
    if host.cpf is None:
        return Unknown("Caché is down, and cache.cpf could not be read")
    if not host.joins:
        return "not a member"
    if host.is_async:
        return _async(host.cpf.get("asyncmembertype", ""))
    if host.validated != "0":
        if host.validated == "1" and all(_is_out(sight) for other, sight in seen.values() if other is not server):
            return "primary"  # the only member there is, and what it will be when it starts
        return Unknown("Caché is down, and ValidatedMember is not 0: it may be primary when it starts")
    row = _as_others_see(server, seen)
    if row is None:
        return Unknown("Caché is down, and no primary tells what it is")
    return _kind(row.kind)


def _is_out(sight: Sight) -> bool:
    """Whether a server says itself that it is in no mirror."""
    if isinstance(sight, Silent):
        return False
    if sight.instance is None:
        return not sight.host.joins
    return isinstance(sight.instance, Instance) and sight.instance.member == 0


def _as_others_see(server: Server, seen: Named) -> Row | None:
    """The server in the list of the one primary there is."""
    primaries = [
        sight.instance
        for _, sight in seen.values()
        if isinstance(sight, Seen) and isinstance(sight.instance, Instance) and sight.instance.primary
    ]
    return primaries[0].row_of(server.member) if len(primaries) == 1 else None


def _kind(words: str) -> Value:
    """The part of a member that is not primary, from its type."""
    plain = words.strip().lower()
    if plain in {"failover", "backup"}:
        return "backup"
    if plain == DISASTER_RECOVERY.lower():
        return "async"
    return Unknown(f"the Mirror Monitor calls it {words[:40]!r}")


def _up(server: Server, host: Host, instance: Instance, databases: Sequence[str]) -> dict[str, Value]:
    if instance.member == 0:
        return {ROLE: "not a member", DATABASES: "not mirrored", LAG: Unknown("no member of a mirror")}
    row = instance.row_of(server.member)
    role = _role(host, instance, row)
    lag = _lag(instance, row, server)
    return {ROLE: role, DATABASES: _databases(instance, lag, databases), LAG: lag}


def _role(host: Host, instance: Instance, row: Row | None) -> Value:
    if instance.primary or instance.backup:
        own = "primary" if instance.primary else "backup"
        if row is not None and row.status.lower() != own:
            return Unknown(f"it calls itself {own}, and its Mirror Monitor says {row.status[:40]!r}")
        return own
    if instance.member == 1:
        return Unknown(f"a failover member, neither primary nor backup: {row.status[:40] if row else 'no status'}")
    if instance.kind is None and host.cpf is not None:  # an older release: its file says of which type it is
        return _async(host.cpf.get("asyncmembertype", ""))
    if instance.kind is None or instance.kind.lower() != DISASTER_RECOVERY.lower():
        return Unknown(f"an async member of type {instance.kind or 'unknown'}, which cannot be promoted")
    return "async"


def _async(kind: str) -> Value:
    """An async member by the number that its file has for its type."""
    return "async" if kind == "0" else Unknown(f"an async member of type {kind or 'unknown'}, which cannot be promoted")


def _databases(instance: Instance, lag: Value, wanted: Sequence[str]) -> Value:
    if instance.databases is None:
        return Unknown("this release lists mirrored databases in a form that is not known")
    if not {name.upper() for name in wanted} <= set(instance.databases):
        return "not mirrored"
    if isinstance(lag, Unknown):
        return lag
    return "in sync" if lag == 0 else "catching up"


def _lag(instance: Instance, row: Row | None, server: Server) -> Value:
    """Seconds that the copy is behind; a primary is behind nobody."""
    if row is None:
        columns = ", ".join(instance.columns)
        return Unknown(f"its Mirror Monitor does not show {server.member} (columns: {columns or 'none'})")
    if instance.primary:
        return 0 if row.status.lower() == "primary" else Unknown(f"its status is {row.status[:40]!r}")
    if row.status.lower() not in {"backup", *_FOLLOWS}:
        return Unknown(f"its status is {row.status[:40]!r}")
    behind = [_seconds(row.transfer, active=instance.backup), _seconds(row.dejournaling, active=False)]
    known = [item for item in behind if isinstance(item, int)]
    return max(known) if len(known) == len(behind) else next(item for item in behind if isinstance(item, Unknown))


def _seconds(words: str, *, active: bool) -> int | Unknown:
    """`Caught up`, `Active` (of a backup), or a time behind; everything else is not known."""
    plain = words.strip().lower()
    if plain == _CAUGHT_UP or (active and plain == "active"):
        return 0
    parts = _BEHIND.findall(plain)
    rest = _BEHIND.sub("", plain).replace("behind", "").strip(" ,")
    if parts and not rest:
        return sum(int(count) * _UNIT_S[unit] for count, unit in parts)
    return Unknown(f"the Mirror Monitor says {words[:80]!r}")
