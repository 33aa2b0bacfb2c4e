"""What is said to a gateway: paths, keys, and what its answers mean.

In: answers of unknown quality. Out: outcomes, or `Unintelligible` where an answer is not of the contract.
Nothing here may assume that the other side is the lab.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import quote

Query = Mapping[str, Sequence[str]]


class NotSent(Exception):
    """No connection: the request has certainly not arrived."""


class AnswerLost(Exception):
    """The request may have arrived; no answer came, or none that can be read."""


class Unintelligible(Exception):
    """The answer is not what the contract says."""


class Transport(Protocol):
    """Carries one request; raises `NotSent` or `AnswerLost`, never retries."""

    def request(self, method: str, path: str, query: Query | None = None, body: Any = None) -> tuple[int, Any]:
        """Status and JSON body. `path` is percent-encoded; `body` is JSON."""
        ...


@dataclass(frozen=True, slots=True)
class OperationState:
    """An operation as the gateway tells it. `remaining_s` is its guess in the estate's time, if it has one."""

    key: str
    state: str
    message: str = ""
    rule: str = ""
    remaining_s: float | None = None


STATES = frozenset({"running", "done", "refused", "failed"})


def site_path(site: str) -> str:
    """The path of a site."""
    return f"/v1/sites/{quote(site, safe='')}"


def operation_path(site: str, key: str) -> str:
    """The path of an operation; the slashes of a key are encoded."""
    return f"{site_path(site)}/operations/{quote(key, safe='')}"


def operation_state(body: Any) -> OperationState:
    """Read an operation; raises `Unintelligible`."""
    match body:
        case {"key": str() as key, "state": str() as state} if state in STATES:
            remaining = body.get("remaining_s")
            return OperationState(
                key,
                state,
                str(body.get("message", "")),
                str(body.get("rule", "")),
                float(remaining) if isinstance(remaining, int | float) else None,
            )
        case _:
            raise Unintelligible("the gateway's answer is not an operation")


def detail(status: int, body: Any) -> str:
    """What a problem body says, for people; never more than a line."""
    if isinstance(body, dict):
        for name in ("detail", "title"):
            if isinstance(body.get(name), str) and body[name]:
                return " ".join(body[name].split())[:300]
    return f"HTTP {status}"
