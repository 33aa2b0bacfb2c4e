"""One update on its way: sent once, and what became of it where no answer came.

In: edits for one view. Out: nothing when the primary has them, `Denied` when it took none, `Lost` when nobody knows.
An update must never be sent a second time: without an answer the primary is read until it shows what happened.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence
from typing import Any, Final

from oceana_dr.drivers.contract import Denied
from oceana_dr.drivers.dns.contract import AnswerLost, Found, NotSent, Seen, View
from oceana_dr.drivers.dns.exchange import over_tcp
from oceana_dr.drivers.dns.look import at_primary
from oceana_dr.drivers.dns.transaction import Edit, update_of

_DRIFT: Final = {"NXRRSET", "YXRRSET", "NXDOMAIN", "YXDOMAIN"}
_SAYS: Final = {
    "REFUSED": "the key may not change these names there",
    "NOTAUTH": "the server is not the zone's primary, or does not accept the key",
    "NOTZONE": "a name is not in the zone",
    "NOTIMP": "the server takes no updates",
    "FORMERR": "the server does not understand the update",
}
_FIRST_PAUSE_S: Final = 0.1
_LONGEST_PAUSE_S: Final = 2.0


class Lost(Exception):
    """No answer came, and the primary does not show it; whether it will is not known."""


def send(view: View, edits: Sequence[Edit], keys: Any, timeout_s: float, stop: threading.Event) -> None:
    """Make the edits on the view's primary, all or none; raises `Denied` or `Lost`."""
    try:
        _taken(view, edits, keys, timeout_s)
    except AnswerLost as error:
        if not _shows(view, edits, timeout_s, stop):
            raise Lost(f"{view.primary} {error}, and does not show the change") from None


def rehearse(view: View, edits: Sequence[Edit], keys: Any, timeout_s: float) -> None:
    """Have the primary check conditions, key and permission without a change; raises `Denied`."""
    try:
        _taken(view, edits, keys, timeout_s, only_ask=True)
    except AnswerLost as error:
        raise Denied(f"nothing was sent: {view.primary} {error}", rule="not-sent") from None


def _taken(view: View, edits: Sequence[Edit], keys: Any, timeout_s: float, *, only_ask: bool = False) -> None:
    import dns.rcode

    try:
        answer = over_tcp(update_of(view, edits, keys, only_ask=only_ask), view.primary, timeout_s)
    except NotSent as error:
        raise Denied(f"nothing was sent: {error}", rule="not-sent") from None
    code = dns.rcode.to_text(answer.rcode())
    if code == "NOERROR":
        return
    if code in _DRIFT:
        raise Denied(f"the records are not as they were: {_now(view, edits, timeout_s)}", rule=code)
    if code in _SAYS:
        raise Denied(f"{view.primary} answers {code}: {_SAYS[code]}", rule=code)
    raise AnswerLost(f"answers {code}, which tells neither")


def _shows(view: View, edits: Sequence[Edit], timeout_s: float, stop: threading.Event) -> bool:
    """Whether the primary has the edits after all; looked at for as long again as an answer may take."""
    until, pause = time.monotonic() + timeout_s, _FIRST_PAUSE_S
    while True:
        seen = at_primary(view, [edit.name for edit in edits], timeout_s)
        if isinstance(seen, Seen) and stands(seen.names, edits):
            return True
        if time.monotonic() >= until or stop.wait(pause):
            return False
        pause = min(pause * 2, _LONGEST_PAUSE_S)


def stands(names: Mapping[str, Found], edits: Sequence[Edit]) -> bool:
    """Whether these are the records after the edits."""
    return all(names[edit.name] == edit.after for edit in edits)


def _now(view: View, edits: Sequence[Edit], timeout_s: float) -> str:
    """What the primary has now in the place of what was expected, in words."""
    seen = at_primary(view, [edit.name for edit in edits], timeout_s)
    if not isinstance(seen, Seen):
        return str(seen)
    wrong = [
        f"{edit.name} has {seen.names[edit.name]}, not {edit.before}"
        for edit in edits
        if seen.names[edit.name] != edit.before
    ]
    return f"{'; '.join(wrong) or 'somebody changed them back meanwhile'}, on {view.primary}"
