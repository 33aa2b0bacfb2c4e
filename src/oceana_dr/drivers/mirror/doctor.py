"""Whether the mirror can be worked with: each server by SSH, csession in %SYS, version, clock, the account's rights.

In: a site, the options. Out: answers for `doctor`, server by server.
Nothing is changed, and what a server did not say in full is unknown, or bad where it said why.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from oceana_dr.drivers.checking import skew_check
from oceana_dr.drivers.mirror.contract import Host, Instance, Seen, Server, Sight, Silent
from oceana_dr.drivers.mirror.session import look_all, way_of
from oceana_dr.drivers.mirror.standing import UNREACHABLE, resource_of
from oceana_dr.drivers.protocol import Aspect, Check, Health
from oceana_dr.estate.values import Unknown

if TYPE_CHECKING:
    from oceana_dr.drivers.mirror.options import MirrorOptions
    from oceana_dr.drivers.protocol import Setting

_LATER = (Aspect.AUTHENTICATION, Aspect.VERSION, Aspect.CLOCK, Aspect.PERMISSIONS)


def ask(setting: Setting[MirrorOptions]) -> Iterator[Check]:
    """The aspects of every server, then whether the members' answers make a mirror."""
    options = setting.options
    servers = options.servers_of(setting.bound)
    sights = look_all(servers, way_of(options, setting.stop))
    for server in servers:
        yield from _server(server, sights[server.letter])
    seen = {server.letter: (server, sights[server.letter]) for server in servers}
    for server in servers:
        found = resource_of(server.letter, seen, options.databases)
        if found != UNREACHABLE and not isinstance(found, Unknown):
            yield from _told(server, {label: value for label, value in found.items() if isinstance(value, Unknown)})
    yield Check(Aspect.SECRETS, Health.NONE, "none is used: keys of SSH, and Caché lets the account in")


def _server(server: Server, sight: Sight) -> Iterator[Check]:
    about = str(server)
    match sight:
        case Silent(reason=reason, hint=hint):
            yield Check(Aspect.REACH, Health.BAD, reason, about, hint)
            for aspect in _LATER:
                yield Check(aspect, Health.UNKNOWN, "the server does not answer", about)
        case Seen(host=host, instance=instance):
            yield Check(Aspect.REACH, Health.GOOD, f"answers; {server.instance} is {host.status}", about)
            yield _clock(host, about)
            yield from _instance(server, host, instance, about)


def _clock(host: Host, about: str) -> Check:
    if host.skew_s is None:
        return Check(Aspect.CLOCK, Health.UNKNOWN, "it does not tell the time", about)
    return skew_check(host.skew_s, about)


def _instance(server: Server, host: Host, instance: Instance | Silent | None, about: str) -> Iterator[Check]:
    match instance:
        case None:
            yield Check(Aspect.VERSION, Health.GOOD, f"Caché {host.version}, which is down", about)
            for aspect in (Aspect.AUTHENTICATION, Aspect.PERMISSIONS):
                yield Check(aspect, Health.UNKNOWN, "Caché is down", about)
        case Silent(reason=reason, hint=hint):
            yield Check(Aspect.VERSION, Health.GOOD, f"Caché {host.version}", about)
            yield Check(Aspect.AUTHENTICATION, Health.BAD, f"csession: {reason}", about, hint)
            yield Check(Aspect.PERMISSIONS, Health.UNKNOWN, "csession does not answer", about)
        case Instance():
            yield Check(Aspect.AUTHENTICATION, Health.GOOD, "csession lets the account in", about)
            yield Check(Aspect.VERSION, Health.GOOD, instance.version[:100], about)
            yield _permissions(server, instance, about)


def _permissions(server: Server, instance: Instance, about: str) -> Check:
    if instance.member and instance.row_of(server.member) is None:
        says = f"its list of members does not show {server.member} (columns: {', '.join(instance.columns) or 'none'})"
        hint = f"is `servers.{server.letter}.member` the mirror member name, and %Admin_Operate granted?"
        return Check(Aspect.PERMISSIONS, Health.BAD, says, about, hint)
    if instance.service is False:
        hint = "Mirror Settings > Enable Mirror Service (manual, lines 694-695)"
        return Check(Aspect.PERMISSIONS, Health.BAD, "%Service_Mirror is not enabled", about, hint)
    return Check(Aspect.PERMISSIONS, Health.GOOD, "%SYS, the members and the databases can be read", about)


def _told(server: Server, unknown: dict[str, Unknown]) -> Iterator[Check]:
    for label, why in unknown.items():
        if label in {"Role", "Databases", "ValidatedMember"}:
            yield Check(Aspect.PERMISSIONS, Health.UNKNOWN, f"{label} is not known: {why.reason}", str(server))
