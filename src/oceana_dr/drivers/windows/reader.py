"""Reads services, recovery options and Nav360Config.xml: one login and one script for each server.

In: addresses that this driver serves. Out: readings; what a server did not tell is `Unknown`, with the reason.
It must never change anything there, nor bring the text of a file here.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from oceana_dr.diagnostics import SystemUnavailable
from oceana_dr.drivers.contract import Reading
from oceana_dr.drivers.ssh import Cause
from oceana_dr.drivers.windows.contract import Place, Sight, Silent
from oceana_dr.drivers.windows.fields import attributes
from oceana_dr.drivers.windows.look import look_all
from oceana_dr.drivers.windows.places import places_of
from oceana_dr.estate.address import Address
from oceana_dr.estate.estate import Attributes
from oceana_dr.estate.values import Unknown

if TYPE_CHECKING:
    from oceana_dr.drivers.protocol import Setting
    from oceana_dr.drivers.windows.options import WindowsOptions

SOURCE = "windows"


def open_reader(setting: Setting[WindowsOptions]) -> WindowsReader:
    """A reader of the site's Windows servers."""
    return WindowsReader(places_of(setting.bound, setting.options), setting.options, setting.stop)


class WindowsReader:
    """Reads the addresses of `places`, which are all that it serves."""

    def __init__(
        self, places: Mapping[Address, tuple[Place, ...]], options: WindowsOptions, stop: threading.Event
    ) -> None:
        self._places = places
        self._options = options
        self._stop = stop

    def read(self, addresses: Sequence[Address] | None = None) -> tuple[Reading, ...]:
        """The addresses asked for, or all of them; raises `SystemUnavailable` without an SSH client."""
        wanted = tuple(self._places) if addresses is None else tuple(addresses)
        sights = look_all((place for item in wanted for place in self._places.get(item, ())), self._options, self._stop)
        for sight in sights.values():
            if isinstance(sight, Silent) and sight.cause == Cause.PROGRAM:
                raise SystemUnavailable(sight.why, hint=sight.hint)
        now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return tuple(Reading(address, self._resource(address, sights), SOURCE, now) for address in wanted)

    def _resource(self, address: Address, sights: Mapping[str, Sight]) -> Attributes | Unknown:
        places = self._places.get(address)
        if places is None:
            return Unknown("`drivers.windows` does not serve it")
        return attributes(places, sights[places[0].host], self._options.reset_unit)
