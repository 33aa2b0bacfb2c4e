"""Services as Windows counts them, and where the catalogue's fields are found among them.

In: nothing. Out: frozen data that the reader, the writer and the checks share.
Words of a language must never stand here but those of the catalogue.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from oceana_dr.estate.address import Address

RUNNING: Final = 4
STOPPED: Final = 1
STATES: Final = {
    1: "stopped",
    2: "starting",
    3: "stopping",
    4: "running",
    5: "continuing",
    6: "pausing",
    7: "paused",
}
"""SERVICE_STATUS.dwCurrentState in words."""
STARTS: Final = {0: "Boot", 1: "System", 2: "Automatic", 3: "Manual", 4: "Disabled"}
"""SERVICE's start type in the words of its Properties dialog."""
DELAYED: Final = "Automatic (Delayed Start)"
NOT_INSTALLED: Final = "not installed"
NONE: Final = "none"


@dataclass(frozen=True, slots=True)
class Match:
    """How a service is found: by its name, by a pattern of names, or by one of display names.

    `sure`: where none is found, none is installed. A display name that was guessed says nothing.
    """

    by: Literal["name", "names", "display"]
    text: str
    sure: bool


@dataclass(frozen=True, slots=True)
class Service:
    """A service of one server that an address of the catalogue speaks of.

    `state` and `start` are the labels of its state and start type, empty where the catalogue has none. `stopped`: the
    catalogue's word for a service that is stopped. `recovery`: its recovery options belong to the address.
    """

    address: Address
    host: str
    match: Match
    state: str
    start: str = ""
    stopped: str = "stopped"
    recovery: bool = False

    @property
    def key(self) -> str:
        """What a script calls it."""
        return f"{self.address}#{self.state}"


@dataclass(frozen=True, slots=True)
class Files:
    """The copies of Nav360Config.xml on one server, and the words for the servers that they may name."""

    address: Address
    host: str
    label: str
    paths: tuple[str, ...]
    names: Mapping[str, str]


Place = Service | Files


@dataclass(frozen=True, slots=True)
class Raw:
    """One service as a script found it; `actions` is the registry's FailureActions in base64, None without one."""

    name: str
    status: int
    start: int
    delayed: bool
    actions: str | None


@dataclass(frozen=True, slots=True)
class File:
    """One copy: whether it is there and XML, its digest, how often it names each server."""

    path: str
    there: bool
    xml: bool = False
    digest: str = ""
    times: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Seen:
    """What one server told, and of itself."""

    services: Mapping[str, tuple[Raw, ...]]
    files: tuple[File, ...]
    administrator: bool
    bits: int
    now: str
    powershell: str
    windows: str


@dataclass(frozen=True, slots=True)
class Silent:
    """Why a server told nothing; `off`: no connection to it comes about."""

    why: str
    off: bool = False
    hint: str = ""
    cause: str = field(default="", compare=False)


Sight = Seen | Silent
