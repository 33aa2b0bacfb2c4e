"""Starts and stops services, sets start types and recovery options: looked at, changed at once, read back in doubt.

In: a step that sets fields of services, or a procedure that does nothing else. Out: `Done`, `Declined`, `InDoubt`.
A script must never be sent a second time: where no answer came, the services are read until they show what happened.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Final

from oceana_dr.drivers.child import Bounds
from oceana_dr.drivers.contract import ActRequest, Denied, Done, InDoubt, Outcome
from oceana_dr.drivers.ssh import Lost, Unreached
from oceana_dr.drivers.windows.contract import Place
from oceana_dr.drivers.windows.look import failure, look_all
from oceana_dr.drivers.windows.places import places_of
from oceana_dr.drivers.windows.powershell import DONE, MOVED, Answered, ask
from oceana_dr.drivers.windows.wishes import Change, Wish, change_of, stands, wishes_of
from oceana_dr.estate.address import Address
from oceana_dr.estate.values import Json

if TYPE_CHECKING:
    from oceana_dr.catalogue.bind import BoundCatalogue
    from oceana_dr.drivers.protocol import Setting
    from oceana_dr.drivers.windows.options import WindowsOptions

_FIRST_PAUSE_S: Final = 0.2
_LONGEST_PAUSE_S: Final = 5.0


class _Doubt(Exception):
    """It was sent, and nobody knows what came of it."""


def open_writer(setting: Setting[WindowsOptions]) -> WindowsWriter:
    """A writer to the site's Windows servers."""
    places = places_of(setting.bound, setting.options)
    return WindowsWriter(places, setting.bound, setting.options, setting.stop)


class WindowsWriter:
    """Acts on services. A set `stop` ends the waiting, not what was sent: that is in doubt then."""

    def __init__(
        self,
        places: Mapping[Address, tuple[Place, ...]],
        bound: BoundCatalogue,
        options: WindowsOptions,
        stop: threading.Event,
    ) -> None:
        self._places = places
        self._bound = bound
        self._options = options
        self._stop = stop

    def act(self, request: ActRequest) -> Outcome:
        """Look at every service, refuse or change them server by server, and settle what was not answered."""
        sent: list[Json] = []
        try:
            wishes = wishes_of(request.action, request.before, self._places, self._bound)
            for host, changes in self._changes(wishes).items():
                try:
                    self._send(host, changes)
                except Denied as error:
                    if sent:  # of a step for several servers, some has been done
                        raise _Doubt(f"{', '.join(map(str, sent))} is done, {host} is not: {error.message}") from None
                    raise
                sent.append(host)
        except Denied as error:
            return error.declined
        except _Doubt as error:
            return InDoubt(str(error))
        services: list[Json] = [*sorted({wish.place.key for wish in wishes})]
        return Done({"servers": sent, "services": services})

    def _changes(self, wishes: Sequence[Wish]) -> Mapping[str, list[Change]]:
        """What has to be done, by host; all of it is known to be possible before the first is sent."""
        sights = look_all((wish.place for wish in wishes), self._options, self._stop)
        found: dict[str, list[Change]] = {}
        for wish in wishes:
            change = change_of(wish, sights[wish.place.host], self._options.reset_unit)
            if change is not None:
                found.setdefault(wish.place.host, []).append(change)
        return found

    def _send(self, host: str, changes: Sequence[Change]) -> None:
        """Raises `Denied` where nothing was changed, `_Doubt` where that is not known."""
        changing: list[Json] = [
            {"name": item.found.name, "found": asdict(item.found), "wanted": dict(item.wanted)} for item in changes
        ]
        settle_s = self._options.settle_s
        data: dict[str, Json] = {"changes": changing, "settle": settle_s}
        # Each of them may take as long as it takes to start or stop one.
        limit = self._options.connect_s + self._options.answer_s + settle_s * len(changes)
        reply = ask(self._options.target(host), "change", data, Bounds(limit, stop=self._stop))
        match reply:
            case Answered(status=status) if status == DONE:
                return
            case Answered(status=status, answer=answer) if status == MOVED and answer.get("changed") is False:
                raise Denied(f"{answer.get('moved')} on {host} was changed by somebody at this moment", "moved")
            case Answered(answer=answer) if answer.get("changed") is False:
                raise Denied(f"{host}: {failure(answer)}", "windows")
            case Answered(answer=answer):
                self._settle(changes, f"{host}: {failure(answer)}, after something was changed")
            case Unreached(why=why):
                raise Denied(f"nothing was sent: {why}", "not-sent")
            case Lost(why=why):
                self._settle(changes, why)

    def _settle(self, changes: Sequence[Change], why: str) -> None:
        """Reads until all is as it shall be; raises `_Doubt` when the time is up."""
        until, pause = time.monotonic() + self._options.settle_s, _FIRST_PAUSE_S
        while True:
            sights = look_all((item.wish.place for item in changes), self._options, self._stop)
            unit = self._options.reset_unit
            if all(stands(item.wish, sights[item.wish.place.host], unit) for item in changes):
                return
            if time.monotonic() >= until or self._stop.wait(pause):
                raise _Doubt(f"{why}; and the services do not read as they should")
            pause = min(pause * 2, _LONGEST_PAUSE_S)
