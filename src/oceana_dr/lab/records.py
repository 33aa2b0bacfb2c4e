"""What a lab keeps beside its world: operations by key, and the log of who did what.

In: requests as they are accepted or refused. Out: frozen records.
A record must never say "done" by itself: an operation is done when the lab's time has passed its end.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from oceana_dr.estate.action import Action, action_to_json
from oceana_dr.estate.address import Address
from oceana_dr.lab.clock import iso


@dataclass(frozen=True, slots=True)
class Operation:
    """One act under its key. `verdict` is how it ends: `done`, `failed` or `refused` (ends at once).

    `started_at` is wall time, `ends` lab time; `addresses` are what it keeps busy until then.
    """

    key: str
    actor: str
    action: Action
    verdict: str = "done"
    started_at: float = 0.0
    ends: float = 0.0
    addresses: tuple[Address, ...] = ()
    message: str = ""
    rule: str = ""

    def state(self, now: float) -> str:
        """`running`, or its verdict, at a lab time."""
        return "running" if now < self.ends else self.verdict

    def to_json(self, now: float) -> dict[str, Any]:
        """The gateway contract's form."""
        state = self.state(now)
        data: dict[str, Any] = {
            "key": self.key,
            "actor": self.actor,
            "action": action_to_json(self.action),
            "state": state,
            "started_at": iso(self.started_at),
            "remaining_s": round(max(0.0, self.ends - now), 3),
        }
        if state in {"failed", "refused"}:
            data |= {"message": self.message, "rule": self.rule}
        return data


@dataclass(frozen=True, slots=True)
class Busy:
    """Something else is being done there; nothing was accepted."""

    address: Address
    key: str


@dataclass(frozen=True, slots=True)
class KeyReused:
    """The key stands for another action already; nothing was accepted."""

    key: str


@dataclass(frozen=True, slots=True)
class Fenced:
    """Somebody has acted here under a greater fencing token; nothing was accepted."""

    token: int
    seen: int


@dataclass(frozen=True, slots=True)
class Event:
    """A line of the log: lab time and wall time, who, what kind of thing, and the thing as JSON."""

    lab_at: float
    wall_at: float
    actor: str
    kind: str
    detail: Mapping[str, Any]

    def to_json(self) -> dict[str, Any]:
        """The form that status and tests read."""
        return {
            "lab_at": iso(self.lab_at),
            "at": iso(self.wall_at),
            "actor": self.actor,
            "kind": self.kind,
            "detail": self.detail,
        }
