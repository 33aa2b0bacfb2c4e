"""VALIDATE DATABASE: whether a standby may take over, as the broker sees it.

In: lines of an answer. Out: `Readiness`, or None where the answer is no such thing.
`Yes` must be the whole word that stands there: everything else is not known to be ready.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from oceana_dr.drivers.dataguard.contract import Readiness, Role

_FIELD: Final = re.compile(r"^ {0,4}(Database Role|Ready for Switchover|Ready for Failover):\s+(\S.{0,80}?)$")
_ROLES: Final = {"Primary database": Role.PRIMARY, "Physical standby database": Role.STANDBY}
_YES_NO: Final = {"Yes": True, "No": False}
_FAILOVER: Final = {
    "Yes (Primary Running)": (True, True),
    "Yes (Primary Not Running)": (True, False),
    "No": (False, None),
}
_WARNING: Final = re.compile(r"^\s*((?:Warning|Error): .{1,300}|(?:ORA|DGM)-\d{5}: .{1,300})$")


def readiness_of(lines: Sequence[str]) -> Readiness | None:
    """What the answer says. A line at its end that no line end closes is not read: it may go on."""
    whole = lines[:-1]
    fields: dict[str, str | None] = {}
    for line in whole:
        if found := _FIELD.match(line):
            fields[found[1]] = found[2] if fields.get(found[1], found[2]) == found[2] else None
    if not fields:
        return None
    ready, runs = _FAILOVER.get(fields.get("Ready for Failover") or "", (None, None))
    return Readiness(
        _ROLES.get(fields.get("Database Role") or ""),
        _YES_NO.get(fields.get("Ready for Switchover") or ""),
        ready,
        runs,
        tuple(found[1] for line in whole if (found := _WARNING.match(line))),
    )
