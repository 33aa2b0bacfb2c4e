"""How SWITCHOVER, FAILOVER and REINSTATE say that they ended.

In: lines of an answer. Out: an `Ending`.
Steps that are left to people mean that the roles have changed; they count more than every error before them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from oceana_dr.drivers.dataguard.contract import Ending, Refused, Succeeded, ToFinish, Unclear
from oceana_dr.drivers.dataguard.text import codes_of

_SUCCEEDED: Final = (
    re.compile(r'^(?:Switchover|Failover) succeeded, new primary is "([^"]{1,128})"$'),
    re.compile(r'^Reinstatement of database "([^"]{1,128})" succeeded$'),
)
_TO_FINISH: Final = re.compile(r"^Please complete the following steps to finish \w[\w ]{2,30}:$", re.IGNORECASE)
_STEP: Final = re.compile(r"^\s+(\S.{0,200})$")
_FAILED: Final = (
    re.compile(r'^Unable to switchover, primary database is still "[^"]{1,128}"$'),
    re.compile(r"^Unable to failover\b"),
    re.compile(r'^Reinstatement of database "[^"]{1,128}" failed$'),
    re.compile(r"^Failed\.$"),
    re.compile(r"^Error: (?:ORA|DGM)-\d{5}\b"),
)
_BEGUN: Final = re.compile(
    r"^(?:Shutting down instance|Starting instance|New primary database|ORACLE instance|Database mounted"
    r"|Database closed|Database dismounted|Continuing |Oracle Clusterware is restarting"
    r"|Operation requires (?:shut ?down|start ?up))"
)


def ending_of(lines: Sequence[str]) -> Ending:
    """What became of the act, by what was said."""
    codes = codes_of(lines)
    for place, line in enumerate(lines):
        if _TO_FINISH.match(line):
            return ToFinish(_steps(lines[place + 1 :]), codes)
    named = {found[1] for line in lines for pattern in _SUCCEEDED if (found := pattern.match(line))}
    failed = any(pattern.match(line) for line in lines for pattern in _FAILED)
    if len(named) == 1 and not failed:
        return Succeeded(named.pop())
    if failed and not named:
        return Refused(codes, begun=any(_BEGUN.match(line) for line in lines))
    return Unclear(codes)


def _steps(lines: Sequence[str]) -> tuple[str, ...]:
    found: list[str] = []
    for line in lines:
        step = _STEP.match(line)
        if step is None:
            break
        found.append(step[1].strip())
    return tuple(found)
