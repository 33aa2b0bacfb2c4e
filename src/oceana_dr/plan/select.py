"""Which scenario fits what is and what should be.

In: a context, the comparison, a scenario the user named if any. Out: its name, or the findings why none.
It must never pick one of several: where more than one fits, or none is built, it names them.
"""

from __future__ import annotations

from dataclasses import dataclass

from oceana_dr.diff.compare import Difference
from oceana_dr.estate.address import Address, peer_of, ref
from oceana_dr.estate.estate import Estate
from oceana_dr.estate.values import Unknown, Value, show
from oceana_dr.plan.context import Context
from oceana_dr.plan.model import SCENARIOS, Finding

STEADY = "steady"
PLANNED = "planned-switchover"
KNOWN = SCENARIOS
STATUSES = frozenset({"ACTIVE", "STANDBY"})
BUILT = (STEADY, PLANNED)


@dataclass(frozen=True, slots=True)
class Selection:
    """The scenario that fits; findings say why it cannot be planned, if it cannot."""

    scenario: str
    findings: tuple[Finding, ...] = ()


def select_scenario(context: Context, difference: Difference, named: str | None) -> Selection:
    """The scenario for this difference; `named` is what the user asked for."""
    fitting = _fitting(context, difference)
    if named is not None and named != fitting.scenario:
        if named not in BUILT:
            return _refuse(named, "OD2001", f"the scenario {named} is not built yet; built are: {', '.join(BUILT)}")
        reason = "; ".join(item.message for item in fitting.findings)
        text = f"{named} does not fit: what is and what should be call for {fitting.scenario}"
        return _refuse(named, "OD2002", f"{text} ({reason})" if reason else text)
    return fitting


def _fitting(context: Context, difference: Difference) -> Selection:
    target, source = context.operational, peer_of(context.operational)
    here, there = _status(context.live, target), _status(context.live, source)
    if isinstance(here, Unknown) and isinstance(there, Unknown):
        text = f"neither cluster group can be read ({show(here)}): nothing says which scenario fits"
        return _refuse(STEADY, "OD2002", text)
    for side, status in ((target, here), (source, there)):
        if not isinstance(status, Unknown) and status not in STATUSES:
            text = f"the cluster group of {side} reads {show(status)}, which no console shows: nothing says what fits"
            return _refuse(STEADY, "OD2002", text)
    if isinstance(there, Unknown) or isinstance(here, Unknown):
        return _dark(source if isinstance(there, Unknown) else target, target)
    if here == "ACTIVE" and there == "ACTIVE":
        return _refuse("recovery", "OD2002", "both cluster groups are ACTIVE: one has to be fenced first (S-01)")
    moved = any(item.kind == "role" for item in difference.deviations)
    if here == "ACTIVE" and not moved:
        return Selection(STEADY, _findings(difference))
    if target == "dc1":
        if here == "ACTIVE":
            return Selection(STEADY, _findings(difference))
        return _homeward(there)
    return Selection(PLANNED, _dark_findings(difference))


def _homeward(there: Value) -> Selection:
    if there == "ACTIVE":
        text = "moving back to dc1 is the scenario recovery, which is not built yet"
        return _refuse("recovery", "OD2001", text)
    text = "both groups are STANDBY: a move was left half-way; go on to dc2, or undo it with `oceana-dr rollback RUN`"
    return _refuse("recovery", "OD2002", text)


def _dark(side: str, target: str) -> Selection:
    outages = ["unplanned-outage", "oceana-outage", "split-wan"] if side != target else ["split-wan"]
    text = f"{side} does not answer; that may be: {', '.join(outages)}, none of which is built yet"
    return _refuse(outages[0], "OD2001", text)


def _findings(difference: Difference) -> tuple[Finding, ...]:
    """In a steady plan a deviation that no setting mends is said, and refused where a role is off."""
    found = [
        Finding(
            f"deviates-{item.ref}",
            "OD2004" if item.kind == "role" else "OD2005",
            "refuse" if item.kind == "role" else "warning",
            f"{item.ref} is {show(item.live)}, should be {show(item.desired)}",
        )
        for item in difference.deviations
    ]
    return (*found, *_dark_findings(difference))


def _dark_findings(difference: Difference) -> tuple[Finding, ...]:
    return tuple(
        Finding(f"dark-{address}", "OD2006", "refuse", f"{address} cannot be read: {reason}")
        for address, reason in difference.dark.items()
    )


def _status(live: Estate, side: str) -> Value:
    return live.get(ref(Address(f"{side}/cluster-activity"), "status"))


def _refuse(scenario: str, code: str, text: str) -> Selection:
    return Selection(scenario, (Finding(f"scenario-{scenario}", code, "refuse", text),))


__all__ = ["BUILT", "KNOWN", "PLANNED", "STEADY", "Selection", "select_scenario"]
