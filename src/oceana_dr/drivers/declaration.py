"""What a driver declares: its name, what it can read, set and prove, where its parts are.

In: nothing. Out: `Driver`, data without code; entry points of other packages offer one under the driver's name.
A declaration names its parts as `module:name`: nothing of a driver is imported before a site uses it, and its writer
by nobody but the runner.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Final

from oceana_dr.estate.address import Address, Ref, address_of, attribute_of

GROUP: Final = "oceana_dr.drivers"
"""The entry-point group in which a package offers its drivers, each as a `Driver`, under the driver's name."""


class Fencing(StrEnum):
    """Whether the target refuses an act whose fencing token is smaller than one that it has seen."""

    NEVER = "never"
    ASKED = "asked"
    """The target says so itself when it is asked."""
    ALWAYS = "always"


@dataclass(frozen=True, slots=True)
class Driver:
    """A driver as it declares itself.

    `title`: what it speaks to, in a line. `reads`, `writes`, `verifies`: patterns of what it can read, set or run
    procedures at, and prove by reading back; a pattern is an address or the beginning of one, `*` stands for one part,
    and `#LABEL` behind it narrows it to attributes (`dc*/acm/services#Audit *`). What is written and cannot be
    verified is attested by a person. `procedures`: names of those that it runs where it writes, `*` stands for any
    part; every other one there is a person's. `fencing`: whether its target checks fencing tokens.

    The other fields name its parts as `module:name`. `options` is the pydantic model of `drivers.NAME` in
    oceana-dr.yaml. `reader`, `writer` and `doctor` are called with a `Setting` and return a `Reader`, a `Writer`, an
    iterator of `Check`s. `trial` is called with the options, or None, and yields a `Trial` as a context manager.
    """

    name: str
    title: str
    reads: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    verifies: tuple[str, ...] = ()
    procedures: tuple[str, ...] = ("*",)
    fencing: Fencing = Fencing.NEVER
    options: str = "oceana_dr.drivers.options:NoOptions"
    reader: str | None = None
    writer: str | None = None
    doctor: str | None = None
    trial: str | None = None

    def can_read(self, address: Address) -> bool:
        """Whether it can read something at this address."""
        return any(_begins(pattern.partition("#")[0], address) for pattern in self.reads)

    def can_read_ref(self, reference: Ref) -> bool:
        """Whether it can read this attribute."""
        return any(_covers(pattern, reference) for pattern in self.reads)

    def can_write(self, address: Address) -> bool:
        """Whether it can act on this address."""
        return any(_begins(pattern.partition("#")[0], address) for pattern in self.writes)

    def can_run(self, procedure: str, address: Address) -> bool:
        """Whether it can run this procedure at this address."""
        return self.can_write(address) and any(fnmatchcase(procedure, pattern) for pattern in self.procedures)

    def can_verify(self, reference: Ref) -> bool:
        """Whether its reading after an act proves what this attribute is."""
        return any(_covers(pattern, reference) for pattern in self.verifies)


def _covers(pattern: str, reference: Ref) -> bool:
    place, mark, label = pattern.partition("#")
    return _begins(place, address_of(reference)) and (not mark or fnmatchcase(attribute_of(reference), label))


def _begins(place: str, address: Address) -> bool:
    parts, found = place.split("/"), address.split("/")
    return len(parts) <= len(found) and all(map(fnmatchcase, found, parts))
