"""A run that outlasts its change window, where its site lets it: told and written down, once for each end.

In: what the options say of the window's end. Out: a record and an event.
It must never stop the run: that is the business of `closing`.
"""

from __future__ import annotations

from oceana_dr.execute.events import WindowOverrun
from oceana_dr.execute.log import RunLog
from oceana_dr.execute.ports import Options
from oceana_dr.store.records import Overran


def tell_overrun(log: RunLog, options: Options) -> None:
    """Tell it, if the window has ended since this was asked last; asked before and behind every step, and in waits."""
    ended = options.overrun()
    if not ended or any(isinstance(entry.record, Overran) and entry.record.ended == ended for entry in log.entries):
        return
    log.record(Overran(ended))
    log.tell(WindowOverrun(ended))
