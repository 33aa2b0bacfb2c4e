"""The way to a lab in this process: the same requests as over a socket, and no socket.

In: requests of the gateway driver. Out: the service's answers, its faults as the driver would meet them.
It must never know more than HTTP would: a lost answer is lost here too.
"""

from __future__ import annotations

import threading
from typing import Any

from oceana_dr.drivers.gateway.contract import AnswerLost, NotSent, Query
from oceana_dr.lab.answers import NoAnswer
from oceana_dr.lab.lab import Lab
from oceana_dr.lab.service import Service, one_lab


class LabTransport:
    """A `drivers.gateway.Transport` to one lab."""

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        self._service = Service(one_lab(lab))

    def request(self, method: str, path: str, query: Query | None = None, body: Any = None) -> tuple[int, Any]:
        """Status and body, or the faults of a lab that is broken on purpose."""
        reply = self._service.handle(method, path, query or {}, body)
        if isinstance(reply, NoAnswer):
            if reply.sent:
                raise AnswerLost("no answer in time (a fault of this lab)")
            raise NotSent("connection refused (a fault of this lab)")
        if reply.delay_s:
            self.lab.wall.wait(reply.delay_s, threading.Event())
        return reply.status, reply.body
