"""Reads the mirror: every server is asked itself, and a value that one alone cannot tell is known from all of them.

In: addresses below `dc*/omnichannel/`. Out: readings; the whole server is `Unknown` where it could not be asked.
It must never start, stop or change anything: what it runs on a server only tells.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from oceana_dr.drivers.contract import Reading
from oceana_dr.drivers.mirror.contract import Instance, Seen, Server, Sight, Silent
from oceana_dr.drivers.mirror.session import Way, look_all, way_of
from oceana_dr.drivers.mirror.standing import Named, resource_of
from oceana_dr.estate.address import Address
from oceana_dr.estate.estate import Attributes
from oceana_dr.estate.values import Unknown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from oceana_dr.drivers.mirror.options import MirrorOptions
    from oceana_dr.drivers.protocol import Setting

SOURCE: Final = "mirror"
_SERVICE: Final = "/MirrorService"


def open_reader(setting: Setting[MirrorOptions]) -> MirrorReader:
    """A reader of the site's servers."""
    labels = {address: tuple(resource.attributes) for address, resource in setting.bound.resources.items()}
    servers = setting.options.servers_of(setting.bound)
    return MirrorReader(servers, way_of(setting.options, setting.stop), setting.options.databases, labels)


class MirrorReader:
    """Reads `servers`; of addresses below them the mirror service, and leaves the others to who can tell."""

    def __init__(
        self,
        servers: Sequence[Server],
        way: Way,
        databases: Sequence[str],
        labels: Mapping[Address, Sequence[str]],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._servers = {server.address: server for server in servers}
        self._services = {Address(f"{server.address}{_SERVICE}"): server for server in servers}
        self._way = way
        self._databases = tuple(databases)
        self._labels = labels
        self._now = now

    def read(self, addresses: Sequence[Address] | None = None) -> tuple[Reading, ...]:
        """The addresses asked for, or all. Whichever it is, every server is asked: one knows of another."""
        everything = (*self._servers, *self._services)
        wanted = everything if addresses is None else tuple(addresses)
        if not wanted:
            return ()
        asked = any(item in self._servers or item in self._services for item in wanted)
        sights = look_all(tuple(self._servers.values()), self._way) if asked else {}
        seen = {server.letter: (server, sights[server.letter]) for server in self._servers.values() if asked}
        at = self._now().isoformat(timespec="milliseconds").replace("+00:00", "Z")
        found = ((item, self._resource(item, seen)) for item in wanted)
        return tuple(Reading(item, resource, SOURCE, at) for item, resource in found if resource is not None)

    def _resource(self, address: Address, seen: Named) -> Attributes | Unknown | None:
        """None for what the site has there and this driver does not read."""
        if server := self._servers.get(address):
            found = resource_of(server.letter, seen, self._databases)
            if isinstance(found, Unknown):
                return found
            return {label: value for label, value in found.items() if label in self._labels.get(address, ())}
        if server := self._services.get(address):
            return _service(seen[server.letter][1])
        return None if address in self._labels else Unknown("the mirror has no such server")


def _service(sight: Sight) -> Attributes | Unknown:
    match sight:
        case Silent(reason=reason, off=off):
            return Unknown("unreachable" if off else f"not read: {reason}")
        case Seen(instance=Instance(service=bool() as enabled)):
            return {"Service Enabled": "selected" if enabled else "cleared"}
        case Seen(instance=Silent(reason=reason)):
            return Unknown(f"not read: {reason}")
        case Seen(instance=None):
            return Unknown("Caché is down")
        case Seen():
            return Unknown("it does not say whether %Service_Mirror is enabled")
