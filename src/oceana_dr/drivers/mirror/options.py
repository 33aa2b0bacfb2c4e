"""What may stand at `drivers.mirror` in oceana-dr.yaml: how to log in, and what the servers are called.

In: plain data. Out: frozen models, and the servers of a site.
No password stands here: Caché lets the account in by the operating system, or the driver does not work.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Final, Literal

from pydantic import Field, StringConstraints

from oceana_dr.drivers.mirror.contract import Server
from oceana_dr.drivers.ssh import LocalTarget, Target
from oceana_dr.drivers.ssh_options import SshOptions
from oceana_dr.estate.address import Address
from oceana_dr.source.site.types import HostName, MirrorName, Part, Word

if TYPE_CHECKING:
    from oceana_dr.catalogue.bind import BoundCatalogue

# A word that every shell passes on as it is: it must need no quotes, in cmd.exe, PowerShell and sh.
Program = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_./:-]{1,200}$")]
MemberName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.:/-]{1,128}$")]
InstanceName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Letter = Literal["A", "B", "C"]
_PLACES: Final[Mapping[Letter, str]] = {
    "A": "dc1/omnichannel/A",
    "B": "dc1/omnichannel/B",
    "C": "dc2/omnichannel/C",
}


class ServerOptions(Part):
    """What is otherwise at one server."""

    host: HostName | None = Field(None, description="Where to log in; without it, the name in the site file.")
    member: MemberName | None = Field(
        None,
        description="Mirror member name; without it, the first part of the host's name in capitals.",
        examples=["OCDB-A"],
    )
    instance: InstanceName | None = Field(None, description="Caché instance, where it is another one here.")


class MirrorOptions(Part):
    """The driver for the Caché mirror of the Omnichannel Database."""

    login: SshOptions | Literal["local"] = Field(
        description="How to log in to the servers by SSH; `local` only where all of them are this machine."
    )
    mirror: MirrorName = Field("AOCMIRROR", description="Name of the mirror (manual, line 712).")
    instance: InstanceName = Field("CCDSINSTANCE", description="Caché instance (manual, line 772).")
    databases: tuple[Word, ...] = Field(
        ("MULTIMEDIA_DATA", "COBROWSE_DATA"), description="Databases that must be mirrored (manual, line 723)."
    )
    servers: dict[Letter, ServerOptions] = Field(
        default_factory=dict, description="What is otherwise at a server, by its letter."
    )
    csession: Program = Field(
        "csession", description="The program on the servers, as their shell finds it.", examples=["csession"]
    )
    powershell: Program = Field("powershell.exe", description="Windows PowerShell on the servers.")
    answer_s: float = Field(60.0, description="Seconds that a server has for an answer.", ge=0.1, le=600.0)

    settle_s: int = Field(
        180, description="Seconds that a part may take to change before the act counts as in doubt.", ge=1, le=3600
    )

    def servers_of(self, bound: BoundCatalogue) -> tuple[Server, ...]:
        """The servers that the site has."""
        return tuple(
            self._server(letter, Address(place), bound)
            for letter, place in _PLACES.items()
            if Address(place) in bound.resources
        )

    def _server(self, letter: Letter, address: Address, bound: BoundCatalogue) -> Server:
        own = self.servers.get(letter, ServerOptions())
        named = str(bound.bindings[f"site.omnichannel.{letter}"])
        member = own.member or named.partition(".")[0].upper()
        return Server(letter, address, member, own.instance or self.instance, self._target(own.host or named))

    def _target(self, host: str) -> Target:
        return LocalTarget() if isinstance(self.login, str) else self.login.target(host)
