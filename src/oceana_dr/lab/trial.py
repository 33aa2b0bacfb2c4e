"""Labs to test the drivers `gateway` and `operator` against.

In: options for another target, or None. Out: a `Trial`.
They are labs of a few systems in memory: one served over HTTP as `oceana-dr lab start` serves one, one with people
who have hands and whose work the lab's own reading shows.
"""

from __future__ import annotations

import secrets
import tempfile
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Final

from oceana_dr.diagnostics import Refused
from oceana_dr.drivers.contract import Hands, Reader
from oceana_dr.drivers.gateway.clock import GatewayClock
from oceana_dr.drivers.gateway.reader import GatewayReader
from oceana_dr.drivers.gateway.transport import HttpTransport
from oceana_dr.drivers.protocol import Setting
from oceana_dr.drivers.trial import Attempt, Moody, site_for_tests
from oceana_dr.estate.action import RunProcedure, SetValues
from oceana_dr.estate.address import Address, Ref
from oceana_dr.estate.estate import Estate
from oceana_dr.estate.values import SecretRef
from oceana_dr.lab.answers import NoAnswer, Reply, problem
from oceana_dr.lab.clock import SystemClock
from oceana_dr.lab.hands import LabHands
from oceana_dr.lab.lab import Lab
from oceana_dr.lab.memory import MemoryStore
from oceana_dr.lab.requests import Query
from oceana_dr.lab.seed import Seed
from oceana_dr.lab.server import LabServer
from oceana_dr.lab.service import Service, one_lab
from oceana_dr.lab.transport import LabTransport
from oceana_dr.source.project_model import GatewayDriver, OperatorDriver

_SITE: Final = "globex"
_SCALE: Final = 100_000.0
_NAME: Final = Ref("shared/dns/aawg.globex.example#A")
_UCM: Final = Ref("dc2/service/UCMService#state")
_ESTATE: Final = Estate(
    {
        Address("shared/dns/aawg.globex.example"): {"A": "203.0.113.11", "TTL": 3600},
        Address("dc2/service/UCMService"): {"state": "Installed", "spaces": "present"},
        Address("dc2/cluster/1/state"): {"nodes": "Denying", "restart": "none"},
    }
)
_ATTEMPTS: Final = (
    Attempt(
        "move a public name",
        SetValues({_NAME: "203.0.113.21"}),
        before={_NAME: "203.0.113.11"},
        after={_NAME: "203.0.113.21"},
        undo=SetValues({_NAME: "203.0.113.11"}),
    ),
    Attempt(
        "uninstall UCMService",
        RunProcedure("uninstall-ucmservice", {"to": "dc2"}),
        before={_UCM: "Installed"},
        after={_UCM: "not installed"},
        undo=RunProcedure("install-ucmservice", {"to": "dc2"}),
        repeatable=False,
    ),
)


class _Moody(Moody, Service):
    """A lab that is silent, or lets nobody in, when it is told to be."""

    def handle(self, method: str, path: str, query: Query, body: Any = None) -> Reply | NoAnswer:
        """Answer, unless it is told not to."""
        if self.mood == "silent":
            return NoAnswer(sent=True)
        if self.mood == "locked":
            return problem(401, "log in again")
        return super().handle(method, path, query, body)


class GatewayTrial:
    """The lab, served."""

    against = "a lab of its own over HTTP on loopback"
    attempts = _ATTEMPTS

    def __init__(self, setting: Setting[GatewayDriver], token: str, lab: Lab, service: _Moody) -> None:
        self.setting: Setting[Any] = setting
        self.secrets = (token,)
        self._lab = lab
        self._service = service

    def arrived(self) -> int | None:
        """Acts in the lab's log."""
        return sum(1 for event in self._lab.events() if event.kind == "act")

    def silence(self) -> AbstractContextManager[None] | None:
        """Connections are closed without an answer."""
        return self._service.being("silent")

    def lock_out(self) -> AbstractContextManager[None] | None:
        """Everything is answered with 401."""
        return self._service.being("locked")


class OperatorTrial:
    """A person at the consoles of a lab, who does what they confirm."""

    against = "a person with hands in a lab of its own, read by the lab"
    attempts = _ATTEMPTS
    secrets: tuple[str, ...] = ()

    def __init__(self, setting: Setting[OperatorDriver], lab: Lab) -> None:
        self.setting: Setting[Any] = setting
        self._lab = lab
        way = LabTransport(lab)
        self.hands: Hands = LabHands(way, _SITE, setting.clock)
        self.eyes: Reader = GatewayReader(way, _SITE, setting.bound)

    def arrived(self) -> int | None:
        """Acts in the lab's log."""
        return sum(1 for event in self._lab.events() if event.kind == "act")

    def silence(self) -> AbstractContextManager[None] | None:
        """A person who says nothing has not confirmed: no act is asked for then."""
        return None

    def lock_out(self) -> AbstractContextManager[None] | None:
        """As above."""
        return None


@contextmanager
def operator_trial(options: OperatorDriver | None) -> Iterator[OperatorTrial]:
    """A lab with a person, for as long as it is entered."""
    lab = _lab()
    clock = GatewayClock(LabTransport(lab), _SITE)
    yield OperatorTrial(Setting(_SITE, options or OperatorDriver(), lab.bound, clock), lab)


def _lab() -> Lab:
    bound = site_for_tests()
    seed = Seed(_SITE, bound.bindings, _ESTATE)
    return Lab(_SITE, MemoryStore(), lambda: seed, scale=_SCALE, wall=SystemClock(), known=bound)


@contextmanager
def gateway_trial(options: GatewayDriver | None) -> Iterator[GatewayTrial]:
    """Serve a lab for as long as it is entered; raises `Refused` for another endpoint."""
    if options is not None and options.endpoint != "lab":
        raise Refused(
            f"{options.endpoint} is not tested: the kit acts, and does not know what may be acted on there",
            hint="a gateway is tested against the contract: schemas/gateway.openapi.json",
        )
    lab = _lab()
    bound = lab.bound
    service = _Moody(one_lab(lab))
    with LabServer(service) as server, tempfile.NamedTemporaryFile("w") as file:  # which only its owner may read
        token = secrets.token_urlsafe(24)
        file.write(token)
        file.flush()
        reference = f"file:{file.name}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            asked = GatewayDriver(endpoint=server.address, token=reference)
            clock = GatewayClock(HttpTransport(server.address, SecretRef(reference)), _SITE)
            yield GatewayTrial(Setting(_SITE, asked, bound, clock, fencing=True), token, lab, service)
        finally:
            server.shutdown()
            thread.join()
