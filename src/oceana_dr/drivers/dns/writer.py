"""Changes names: one transaction for each view, then waiting until every server has it.

In: a step that sets addresses or times to live of names of one zone. Out: `Done`, `Declined`, or `InDoubt`.
Nothing is sent that is not conditional on the old records; where a later view refuses, the earlier ones are taken back.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from oceana_dr.diagnostics import Unreadable
from oceana_dr.drivers.contract import ActRequest, Declined, Denied, Done, InDoubt, Outcome
from oceana_dr.drivers.dns.arriving import until_arrived
from oceana_dr.drivers.dns.contract import NoRecords, Records, Seen, Silent, View
from oceana_dr.drivers.dns.exchange import keyring
from oceana_dr.drivers.dns.look import at_primary
from oceana_dr.drivers.dns.sending import Lost, rehearse, send
from oceana_dr.drivers.dns.transaction import Edit, Part, edits_of, parts_of, reversed_edits
from oceana_dr.drivers.dns.zones import Zones, zones_of
from oceana_dr.estate.action import SetValues
from oceana_dr.estate.values import Json

if TYPE_CHECKING:
    from oceana_dr.drivers.dns.options import DnsOptions
    from oceana_dr.drivers.protocol import Setting


def open_writer(setting: Setting[DnsOptions]) -> DnsWriter:
    """A writer to the zones of the options."""
    return DnsWriter(zones_of(setting.options), setting.stop)


@dataclass(frozen=True, slots=True)
class _Work:
    """What is to be done in one view, and what shall stand there afterwards."""

    view: View
    keys: Any
    edits: tuple[Edit, ...]
    records: Mapping[str, Records | NoRecords]


class DnsWriter:
    """Acts on the zones of a project. A set `stop` ends the waiting, not what was sent: that is in doubt then."""

    def __init__(self, zones: Zones, stop: threading.Event | None = None) -> None:
        self._zones = zones
        self._stop = stop or threading.Event()

    def act(self, request: ActRequest) -> Outcome:
        """Look at every primary, change all views or none, and wait for all servers."""
        try:
            works = self._prepared(request)
            self._sent(works)
        except Denied as error:
            return error.declined
        except Unreadable as error:
            return Declined(f"nothing was sent: {error.message}", "key")
        except Lost as error:
            return InDoubt(str(error))
        return self._arrived(works)

    def _prepared(self, request: ActRequest) -> tuple[_Work, ...]:
        action = request.action
        if not isinstance(action, SetValues):
            raise Denied("a name server runs no procedures: only addresses and times to live can be set", rule="action")
        wanted, expected = parts_of(action.values), parts_of(request.before)
        zones = {self._zones.zone_of(name) for name in wanted}
        zone = zones.pop() if len(zones) == 1 else None
        if zone is None:
            names = ", ".join(wanted)
            raise Denied(f"`drivers.dns` has no zone that holds {names}: one transaction has one zone", rule="zone")
        return tuple(self._work(view, wanted, expected) for view in self._zones.views[zone])

    def _work(self, view: View, wanted: Mapping[str, Part], expected: Mapping[str, Part]) -> _Work:
        keys = keyring(view.key)
        seen = at_primary(view, list(wanted), self._zones.timeout_s)
        if isinstance(seen, Silent):
            raise Denied(f"nothing was sent: {seen}", rule="not-sent")
        edits = edits_of(view, seen, wanted, expected)
        return _Work(view, keys, edits, _records(seen, edits))

    def _sent(self, works: Sequence[_Work]) -> None:
        changing = [work for work in works if work.edits]
        if len(changing) > 1:  # a refusal that can be known beforehand must not leave one view ahead of another
            for work in changing:
                rehearse(work.view, work.edits, work.keys, self._zones.timeout_s)
        for place, work in enumerate(changing):
            try:
                self._send(work, work.edits)
            except Denied as error:
                self._take_back(changing[:place], error)
                raise

    def _take_back(self, works: Sequence[_Work], error: Denied) -> None:
        """Views that were changed before another one refused; raises `Lost` where that cannot be done."""
        for work in reversed(works):
            try:
                self._send(work, reversed_edits(work.edits))
            except (Denied, Lost) as further:
                raise Lost(f"{error.message}; view {work.view.name} was changed and not back: {further}") from None

    def _send(self, work: _Work, edits: Sequence[Edit]) -> None:
        send(work.view, edits, work.keys, self._zones.timeout_s, self._stop)

    def _arrived(self, works: Sequence[_Work]) -> Outcome:
        told: dict[str, Json] = {}
        for work in works:
            view = work.view
            serial, missing = until_arrived(view, work.records, self._zones.timeout_s, self._zones.settle_s, self._stop)
            if missing:
                return InDoubt(f"{view.primary} has the change, and not everybody does: {'; '.join(missing)}")
            servers: list[Json] = [str(server) for server in view.everyone]
            told[view.name] = {"serial": serial, "servers": servers, "changed": [edit.name for edit in work.edits]}
        return Done({"zone": works[0].view.zone, "views": told})


def _records(seen: Seen, edits: Sequence[Edit]) -> dict[str, Records | NoRecords]:
    """What shall stand: the edited names, and those that were as they should be already."""
    as_found = {name: found for name, found in seen.names.items() if isinstance(found, Records | NoRecords)}
    return {**as_found, **{edit.name: edit.after for edit in edits}}
