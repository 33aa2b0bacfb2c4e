"""What is known of a server of the mirror, and what it can say of itself.

In: nothing. Out: frozen data that the reader, the writer and the checks share.
Whatever a server did not say in full is not here: it is `Silent`, with the reason, or None.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from oceana_dr.drivers.ssh import Target
from oceana_dr.estate.address import Address

NAMESPACE: Final = "%SYS"
FAILOVER, ASYNC = 1, 2
"""What `$system.Mirror.IsMember()` answers for a member."""
DISASTER_RECOVERY: Final = "Disaster Recovery"
"""What Caché calls an async member that can be promoted (High Availability Guide; type 0 in its configuration)."""


@dataclass(frozen=True, slots=True)
class Server:
    """One Omnichannel Database server: `letter` of the catalogue, `member` as the mirror calls it."""

    letter: str
    address: Address
    member: str
    instance: str
    target: Target

    def __str__(self) -> str:
        return f"Server {self.letter} ({self.target})"


@dataclass(frozen=True, slots=True)
class Silent:
    """Why a server could not tell; `off` only where nothing comes back from its address."""

    reason: str
    off: bool = False
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Host:
    """What the server says of the instance without Caché's help: `ccontrol qlist`, and `[MirrorMember]` of the CPF.

    `cpf` is None where the file could not be read. `skew_s`: how far its clock is ahead of ours.
    """

    running: bool
    status: str
    version: str
    cpf: Mapping[str, str] | None
    skew_s: float | None = None

    @property
    def validated(self) -> str | None:
        """`0` keeps Caché from becoming primary again by itself when it starts (High Availability Guide)."""
        found = self.cpf.get("validatedmember") if self.cpf is not None else None
        return found if found in {"0", "1"} else None

    @property
    def joins(self) -> bool:
        """Whether Caché will be a member of a mirror when it starts; true where the file could not be read."""
        return self.cpf is None or self.cpf.get("joinmirror", "0") != "0"

    @property
    def is_async(self) -> bool:
        """Whether the file makes it an async member: only one has a GUID of its own, and none becomes primary alone."""
        return self.cpf is not None and self.cpf.get("asyncmemberguid", "") != ""


@dataclass(frozen=True, slots=True)
class Row:
    """A member as the Mirror Monitor of one server shows it; words as Caché has them."""

    member: str
    kind: str
    status: str
    transfer: str
    dejournaling: str


@dataclass(frozen=True, slots=True)
class Instance:
    """What Caché says of itself. None: this release does not tell, or not in a form that is known.

    `member`: 0 none, 1 failover, 2 async. `databases`: those that are mirrored here. `columns`: what
    the list of members has, for whoever has to find out why it is not known.
    """

    version: str
    member: int
    primary: bool
    backup: bool
    mirror: str
    kind: str | None
    service: bool | None
    rows: tuple[Row, ...] | None
    databases: tuple[str, ...] | None
    columns: tuple[str, ...] = ()

    def row_of(self, member: str) -> Row | None:
        """The member of this name, in whatever case."""
        return next((row for row in self.rows or () if row.member.upper() == member.upper()), None)


@dataclass(frozen=True, slots=True)
class Seen:
    """A server that answered; `instance` is None where Caché is down, or Silent where it would not say."""

    host: Host
    instance: Instance | Silent | None


Sight: TypeAlias = Seen | Silent
