"""Fences: what people have cut off counts as absent, wherever it is asked for.

In: the catalogue's fences, bound to a site's topology. Out: which addresses a fence covers, and which are cut off.
A fence must never be taken to be in force because what it covers does not answer: people put it there, and sign.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from oceana_dr.estate.address import Address, Ref, address_of
from oceana_dr.estate.predicate import Is, Lookup, Predicate

IN_FORCE: Final = "in force"


@dataclass(frozen=True, slots=True)
class Fence:
    """A fence: the attribute that says whether it is in force, and the addresses behind it."""

    ref: Ref
    covers: tuple[str, ...]

    def holds(self, address: Address) -> bool:
        """Whether the address lies behind this fence."""
        return any(address.startswith(item) if item.endswith("/") else address == item for item in self.covers)

    @property
    def in_force(self) -> Predicate:
        """The condition that it is."""
        return Is(self.ref, (IN_FORCE,))


def fence_from(data: Mapping[str, Any]) -> Fence:  # Any: JSON that the catalogue build has checked
    """Read one fence."""
    return Fence(Ref(data["ref"]), tuple(data["covers"]))


def fences_of(fences: Iterable[Fence], references: Iterable[Ref]) -> tuple[Fence, ...]:
    """The fences that one of these attributes lies behind."""
    addresses = {address_of(reference) for reference in references}
    return tuple(fence for fence in fences if any(fence.holds(address) for address in addresses))


def cut_off(fences: Iterable[Fence], addresses: Iterable[Address], lookup: Lookup) -> frozenset[Address]:
    """The addresses that lie behind a fence which is in force for sure."""
    standing = [fence for fence in fences if lookup(fence.ref) == IN_FORCE]
    if not standing:
        return frozenset()
    return frozenset(address for address in addresses if any(fence.holds(address) for fence in standing))
