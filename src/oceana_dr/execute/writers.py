"""Writers are made here, and nowhere else.

In: settings by driver, or a way to a gateway, a clock. Out: writers by the name a step gives its driver.
Nothing that plans may import this module: whoever holds a writer can change an estate.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from typing import Any

from oceana_dr.drivers.contract import EstateClock, Hands, Writer
from oceana_dr.drivers.declaration import Driver
from oceana_dr.drivers.gateway.contract import Transport
from oceana_dr.drivers.gateway.writer import GatewayWriter
from oceana_dr.drivers.operator.writer import ConsoleWriter
from oceana_dr.drivers.protocol import Setting
from oceana_dr.drivers.registry import find_driver, load_part
from oceana_dr.drivers.routing import OPERATOR


def open_writers(settings: Mapping[str, Setting[Any]]) -> Mapping[str, Writer]:
    """The writer of each driver that has one, opened with its setting; raises `DriverMissing`."""
    found = {name: open_writer(find_driver(name), setting) for name, setting in settings.items()}
    return {name: writer for name, writer in found.items() if writer is not None}


def open_writer(driver: Driver, setting: Setting[Any]) -> Writer | None:
    """The writer of a driver, opened; None where it only reads. Raises `DriverMissing`."""
    if driver.writer is None:
        return None
    writer: Writer = load_part(driver.writer)(setting)
    return writer


def people_writer(hands: Hands) -> Writer:
    """The operator's writer where people have hands: in a lab."""
    return ConsoleWriter(hands)


def gateway_writers(
    transport: Transport, site: str, clock: EstateClock, stop: threading.Event, *, fencing: bool
) -> Mapping[str, Writer]:
    """Writers of one site behind one gateway; the operator's is made by the runner from people's hands."""
    return {"gateway": GatewayWriter(transport, site, clock, stop, fencing=fencing)}


def twin_writers(
    transport: Transport, site: str, clock: EstateClock, stop: threading.Event, chosen: Iterable[str]
) -> Mapping[str, Writer]:
    """Writers where everything is a twin: it stands for the systems of the drivers that a site has chosen, too."""
    own = gateway_writers(transport, site, clock, stop, fencing=False)
    return {**dict.fromkeys((name for name in chosen if name != OPERATOR), own["gateway"]), **own}
