"""What can be broken in a lab, and what each fault does to readings and acts.

In: `name` or `name:target` as `lab break` takes it. Out: faults, and the estate as it looks with them.
A fault must never change what the estate really is: removing it shows the truth again (`stuck-node` and
`fail-half-way` change what an act does, and that stays).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from oceana_dr.diagnostics.nearest import nearest
from oceana_dr.estate.address import Address, below


@dataclass(frozen=True, slots=True)
class FaultKind:
    """A named fault: what it does in a line, what its target is, whether it can happen just once.

    `target` is `none`, `prefix` (of addresses, optional), `prefix!` (required) or `channel!`.
    """

    name: str
    line: str
    target: str
    event: bool


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault in force; `once` is spent by the first request it strikes."""

    name: str
    target: str = ""
    once: bool = False

    def strikes(self, addresses: Iterable[Address]) -> bool:
        """Whether one of the addresses lies below the target; a fault without one strikes all."""
        return not self.target or any(below(address, (self.target,)) for address in addresses)

    @property
    def text(self) -> str:
        """The form that `lab break` takes."""
        return f"{self.name}:{self.target}" if self.target else self.name


class UnknownFault(ValueError):
    """Nothing is called that, or its target does not fit; the message says what to write."""


KINDS: Final[Mapping[str, FaultKind]] = {
    kind.name: kind
    for kind in (
        FaultKind("gateway-down", "the gateway refuses every connection", "none", event=True),
        FaultKind("slow", "the gateway answers 2 seconds late", "none", event=True),
        FaultKind("answer-lost", "an act happens and its answer is lost", "prefix", event=True),
        FaultKind("not-delivered", "an act is sent, never arrives, and nobody answers", "prefix", event=True),
        FaultKind("refuse", "the console refuses to act", "prefix", event=True),
        FaultKind("fail-half-way", "an act stops after half of what it does, and fails", "prefix", event=True),
        FaultKind("unreachable", "these systems cannot be read or acted on by the gateway", "prefix!", event=False),
        FaultKind("stuck-node", "a node does not follow when its cluster changes (Mixed)", "prefix!", True),
        FaultKind("queue-stuck", "the queue of a channel does not drain", "channel!", event=False),
        FaultKind("replication-broken", "replication to the other data centre has stopped", "none", event=False),
        FaultKind("people-confirm-without-doing", "people confirm what they have not done", "prefix", event=True),
    )
}

SLOW_S: Final = 2.0


def parse_fault(text: str, once: bool, channels: Iterable[str]) -> Fault:
    """Read `name` or `name:target`; raises `UnknownFault` with a sentence for the user."""
    name, _, target = text.partition(":")
    kind = KINDS.get(name)
    if kind is None:
        near = nearest(name, KINDS)
        raise UnknownFault(f"no fault is called {name!r}" + (f": did you mean {near}?" if near else ""))
    if kind.target == "none" and target:
        raise UnknownFault(f"{name} takes no target")
    if kind.target.endswith("!") and not target:
        raise UnknownFault(f"{name} needs a target: {name}:{'CHANNEL' if kind.target == 'channel!' else 'ADDRESS'}")
    if kind.target == "channel!" and target not in set(channels):
        raise UnknownFault(f"{target!r} is no channel here: {', '.join(channels)}")
    if once and not kind.event:
        raise UnknownFault(f"{name} lasts until it is removed; it cannot happen once")
    return Fault(name, target, once)


def find(faults: Iterable[Fault], name: str, addresses: Iterable[Address] = ()) -> Fault | None:
    """The first fault of this name that strikes these addresses."""
    concerned = tuple(addresses)
    return next((fault for fault in faults if fault.name == name and fault.strikes(concerned)), None)
