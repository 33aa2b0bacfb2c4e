"""The table of built-in writers: the one place that makes them.

In: a way to a gateway, a clock, what stops the watching. Out: writers by the name a step gives its driver.
Nothing that plans may import this module: whoever holds a writer can change an estate.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping

from oceana_dr.drivers.contract import EstateClock, Writer
from oceana_dr.drivers.gateway.contract import Transport
from oceana_dr.drivers.gateway.writer import GatewayWriter


def gateway_writers(
    transport: Transport, site: str, clock: EstateClock, stop: threading.Event, *, fencing: bool
) -> Mapping[str, Writer]:
    """Writers of one site behind one gateway; the operator's is made by the runner from people's hands."""
    return {"gateway": GatewayWriter(transport, site, clock, stop, fencing=fencing)}
