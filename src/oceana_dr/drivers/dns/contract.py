"""What is known of a zone and its servers, and what a server can say of a name.

In: nothing. Out: frozen data that the reader, the writer and the checks share.
A secret must never stand here: a key is its name, its algorithm and a reference.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from oceana_dr.estate.values import SecretRef

ADDRESSES: Final = "A"
TTL: Final = "TTL"
NONE: Final = "none"
"""What stands in the place of an address where a name has no record."""
PREFIX: Final = "shared/dns/"
FUDGE_S: Final = 300
"""How far the clocks may be apart that sign and check a message (RFC 8945, 5.2.3)."""


@dataclass(frozen=True, slots=True)
class Server:
    """One name server; `name` is what the zone's NS records call it, or a word for one that they do not."""

    name: str
    host: str
    port: int = 53

    def __str__(self) -> str:
        where = self.host if self.port == 53 else f"{self.host} port {self.port}"
        return f"{self.name} ({where})" if self.name != self.host else where


@dataclass(frozen=True, slots=True)
class Key:
    """A TSIG key: `secret` refers to the key itself in base64, as `tsig-keygen` prints it."""

    name: str
    algorithm: str
    secret: SecretRef


@dataclass(frozen=True, slots=True)
class View:
    """The zone as some of its clients see it; a zone without split horizon has one.

    `servers`: every authoritative server of the view but the primary, which may be hidden. `not_asked`: servers of the
    NS records that are left out on purpose, with the reason. `signs_queries`: the server chooses the view by the key.
    `addresses`: what this view has in the place of the site's addresses.
    """

    zone: str
    name: str
    primary: Server
    servers: tuple[Server, ...]
    key: Key
    signs_queries: bool = False
    not_asked: Mapping[str, str] = field(default_factory=dict)
    addresses: Mapping[str, str] = field(default_factory=dict)

    @property
    def everyone(self) -> tuple[Server, ...]:
        """The primary, then the others."""
        return (self.primary, *(item for item in self.servers if item != self.primary))

    def inside(self, address: str) -> str:
        """What this view has for an address of the site."""
        return self.addresses.get(address, address)

    def outside(self, address: str) -> str:
        """The address of the site that this view has another one for."""
        return next((ours for ours, theirs in self.addresses.items() if theirs == address), address)


@dataclass(frozen=True, slots=True)
class Records:
    """The address records of a name: addresses in order, and the time to live in seconds."""

    addresses: tuple[str, ...]
    ttl: int

    def __str__(self) -> str:
        return f"{', '.join(self.addresses)} (TTL {self.ttl})"


@dataclass(frozen=True, slots=True)
class NoRecords:
    """The server knows the zone, and the name has no address."""

    def __str__(self) -> str:
        return "no address"


@dataclass(frozen=True, slots=True)
class Alias:
    """The name is a CNAME: another name answers for it, and it can have no address of its own."""

    target: str

    def __str__(self) -> str:
        return f"a CNAME to {self.target}"


Found: TypeAlias = Records | NoRecords | Alias


@dataclass(frozen=True, slots=True)
class Seen:
    """What one server has: the zone's serial, its name servers, and each name that was asked for."""

    server: Server
    serial: int
    name_servers: tuple[str, ...]
    names: Mapping[str, Found]


@dataclass(frozen=True, slots=True)
class Silent:
    """Why one server could not tell."""

    server: Server
    reason: str

    def __str__(self) -> str:
        return f"{self.server} {self.reason}"


class NotSent(Exception):
    """No connection: nothing has arrived."""


class AnswerLost(Exception):
    """It may have arrived; no answer came, or none that can be believed."""
