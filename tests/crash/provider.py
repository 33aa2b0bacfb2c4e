"""What a gateway or a person can do wrong with one call: eight faults, each met by the drivers as in the field."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

from oceana_dr.drivers.gateway.contract import AnswerLost, Query, Transport
from oceana_dr.lab.faults import Fault
from tests.crash.estate import Place

REFUSED: Final = "refused"
NOT_ARRIVED: Final = "timeout, not delivered"
ARRIVED: Final = "timeout, delivered"
DUPLICATE: Final = "duplicate answer"
STALE: Final = "stale read"
SLOW: Final = "slow"
WRONG: Final = "wrong state"
LOCKED_OUT: Final = "auth lost"
FAULTS: Final = (REFUSED, NOT_ARRIVED, ARRIVED, DUPLICATE, STALE, SLOW, WRONG, LOCKED_OUT)

STALE_READS: Final = 3
LATE_S: Final = 120
HALF_DONE: Final = ("fail-half-way", "people-confirm-without-doing")


@dataclass
class Provider:
    """A gateway with a fault at the first act that it is asked for."""

    inner: Transport
    place: Place
    fault: str
    previous: tuple[int, Any] | None = None
    """What was answered to the act before."""
    struck: bool = False
    _stale: tuple[int, Any] | None = None
    _stale_reads: int = 0
    _locked: bool = False

    def request(self, method: str, path: str, query: Query | None = None, body: Any = None) -> tuple[int, Any]:
        if self._locked:
            return 401, {"title": "log in again"}
        if method == "GET" and path.endswith("/estate") and self._stale_reads and self._stale is not None:
            self._stale_reads -= 1
            return _only(self._stale, query)
        if method != "POST" or self.struck:
            return self.inner.request(method, path, query, body)
        self.struck = True
        return self._strike(method, path, query, body)

    def _strike(self, method: str, path: str, query: Query | None, body: Any) -> tuple[int, Any]:
        def deliver() -> tuple[int, Any]:
            return self.inner.request(method, path, query, body)

        match self.fault:
            case "refused":
                return 409, {"title": "refused", "detail": "the console is busy", "rule": "busy"}
            case "timeout, not delivered":
                raise AnswerLost("no answer in time")
            case "timeout, delivered":
                deliver()
                raise AnswerLost("no answer in time")
            case "duplicate answer":
                first = deliver()  # it goes over the line twice, and the answer is that of the act before
                deliver()
                return self.previous or first
            case "stale read":
                self._stale = self.inner.request("GET", f"/v1/sites/{self.place.lab.site}/estate")
                self._stale_reads = STALE_READS
                return deliver()
            case "slow":
                answer = deliver()
                self.place.clock.advance(LATE_S)
                return answer
            case "wrong state":
                self._break()
                answer = deliver()
                self._mend()
                return answer
            case "auth lost":
                self._locked = True
                return 401, {"title": "log in again"}
            case _:
                raise AssertionError(self.fault)

    def _break(self) -> None:
        faults = tuple(Fault(name, once=True) for name in HALF_DONE)
        self.place.lab.change("test", "fault", {}, lambda world: replace(world, faults=faults))

    def _mend(self) -> None:
        self.place.lab.change("test", "mended", {}, lambda world: replace(world, faults=()))


def _only(answer: tuple[int, Any], query: Query | None) -> tuple[int, Any]:
    """The part of an old answer that is asked for."""
    status, body = answer
    wanted = set((query or {}).get("address", body["resources"]))
    return status, {**body, "resources": {name: item for name, item in body["resources"].items() if name in wanted}}
