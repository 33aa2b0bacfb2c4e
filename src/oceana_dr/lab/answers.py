"""What a lab's gateway answers: a reply, a problem, or nothing at all.

In: what a request came to. Out: status and JSON, problems in the form of RFC 9457.
An answer must never hold a secret, nor a traceback.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from oceana_dr.lab.records import Busy, Fenced, KeyReused, Operation

_TITLES: Final = {
    400: "the request cannot be read",
    403: "not from here",
    404: "there is nothing here",
    405: "this cannot be done here",
    409: "refused",
    411: "the length of the body is missing",
    413: "the body is too large",
    415: "the body is not JSON",
    422: "the request does not say what to do",
    503: "the lab cannot be used",
}
_KINDS: Final = {409: "refused", 404: "not-found", 405: "method-not-allowed", 422: "unprocessable", 503: "unavailable"}


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer; `delay_s` seconds of our time late."""

    status: int
    body: Any  # JSON
    delay_s: float = 0.0


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """Nobody answers; `sent` tells whether the request got through to anybody."""

    sent: bool


class BadRequest(Exception):
    """The request is not one that is answered with a result."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.reply = problem(status, detail)


def problem(status: int, detail: str, kind: str | None = None, **more: Any) -> Reply:
    """A problem body; `kind` names it where the status alone does not."""
    name = kind or _KINDS.get(status, "bad-request")
    title = "busy" if name == "busy" else _TITLES.get(status, "refused")
    body = {"type": f"urn:oceana-dr:problem:{name}", "title": title, "status": status, "detail": detail}
    return Reply(status, body | more)


def submitted(result: Operation | Busy | KeyReused | Fenced, now: float) -> Reply:
    """The answer to an act."""
    match result:
        case Busy(address=address, key=key):
            return problem(409, f"{address} is busy with operation {key}", "busy", rule="busy")
        case Fenced(token=token, seen=seen):
            detail = f"the fencing token {token} is older than {seen}: somebody else holds the lock of this site now"
            return problem(409, detail, "fenced", rule="fenced")
        case KeyReused(key=key):
            return problem(422, f"the key {key} stands for another action", "key-reused")
        case Operation(verdict="refused"):
            facts: Mapping[str, Any] = result.to_json(now)
            return problem(409, result.message, "refused", rule=result.rule, key=result.key, state=facts["state"])
        case Operation():
            return Reply(202 if result.state(now) == "running" else 200, result.to_json(now))
