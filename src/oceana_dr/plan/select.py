"""Which scenario fits what is and what should be.

In: a context, the comparison, a scenario the user named if any. Out: its name, or the findings why none.
It must never pick one of several: where more than one fits, or none does, it names them and says why.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from oceana_dr.catalogue.model import Scenario
from oceana_dr.diff.compare import Difference
from oceana_dr.estate.address import Address, below, peer_of, ref
from oceana_dr.estate.estate import Estate
from oceana_dr.estate.predicate import Predicate, evaluate
from oceana_dr.estate.shortfall import shortfall
from oceana_dr.estate.values import Json, Unknown, Value, show
from oceana_dr.plan.context import Context
from oceana_dr.plan.model import SCENARIOS, Finding

STEADY: Final = "steady"
KNOWN: Final = SCENARIOS


@dataclass(frozen=True, slots=True)
class Selection:
    """The scenario that fits; findings say why it cannot be planned, if it cannot."""

    scenario: str
    findings: tuple[Finding, ...] = ()


def select_scenario(context: Context, difference: Difference, named: str | None) -> Selection:
    """The scenario for this difference; `named` is what the user asked for."""
    fitting = _fitting(context, difference)
    if named is None or [named] == [item.id for item in fitting]:
        return _only(context, difference, fitting)
    if named in {item.id for item in fitting}:
        return Selection(named, _dark(difference, context.bound.catalogue.scenarios[named]))
    other = _only(context, difference, fitting)
    if named == other.scenario:
        return other
    reasons = [_misfit(context, context.bound.catalogue.scenarios[named])] if named != STEADY else []
    reasons += [item.message for item in other.findings if item.code == "OD2002"]
    text = f"{named} does not fit: what is and what should be call for {other.scenario}"
    return _refuse(named, "OD2002", f"{text} ({'; '.join(reasons)})" if reasons else text)


def fits(context: Context, scenario: Scenario) -> Predicate | None:
    """The condition under which the scenario is the one to choose, for this site."""
    if scenario.fits is None:
        return None
    sides = {"from": scenario.from_side, "to": scenario.to_side}
    return context.bound.predicate(scenario.fits, **sides)


def _fitting(context: Context, difference: Difference) -> list[Scenario]:
    rests = _status(context.live, context.operational) == "ACTIVE" and not _moved(difference)
    return [
        item
        for item in context.bound.catalogue.scenarios.values()
        if item.to_side == context.operational and (not rests or _fits_at_rest(context, item)) and _fits(context, item)
    ]


def _fits(context: Context, scenario: Scenario) -> bool:
    condition = fits(context, scenario)
    declared = scenario.undeclared and bool(context.lost)
    return condition is not None and not declared and evaluate(condition, context.live.get) is True


def _fits_at_rest(context: Context, scenario: Scenario) -> bool:
    if isinstance(scenario.at_rest, bool):
        return scenario.at_rest
    return evaluate(context.bound.predicate(scenario.at_rest), context.live.get) is True


def _moved(difference: Difference) -> bool:
    return any(item.kind == "role" for item in difference.deviations)


def _only(context: Context, difference: Difference, fitting: list[Scenario]) -> Selection:
    match fitting:
        case [one]:
            return Selection(one.id, _dark(difference, one))
        case []:
            return _none(context, difference)
        case _:
            names = " or ".join(f"{item.id} ({item.title})" for item in fitting)
            text = f"more than one scenario fits, and only people can tell: {names}; say which with --scenario"
            return _refuse(fitting[0].id, "OD2002", text)


def _none(context: Context, difference: Difference) -> Selection:
    """No scenario fits: changes that move nothing, where the side that should take contacts does."""
    target, source = context.operational, peer_of(context.operational)
    here, there = _status(context.live, target), _status(context.live, source)
    for side, status in ((target, here), (source, there)):
        if not isinstance(status, Unknown) and status not in _statuses(context, side):
            text = f"the cluster group of {side} reads {show(status)}, which no console shows: nothing says what fits"
            return _refuse(STEADY, "OD2002", text)
    fenced = Address(f"{source}/cluster-activity") in context.bound.cut_off(context.live.get)
    if here == "ACTIVE" and there == "ACTIVE" and not fenced:
        return _refuse(STEADY, "OD2002", "both cluster groups are ACTIVE: one has to be fenced first (S-01)")
    if here == "ACTIVE":
        return Selection(STEADY, (*_deviations(difference), *_dark(difference, None)))
    reasons = [
        f"{item.id}: {_misfit(context, item)}"
        for item in context.bound.catalogue.scenarios.values()
        if item.to_side == target
    ]
    text = f"no scenario leads from what is to {target} operational ({'; '.join(reasons) or 'none is built'})"
    if here == there == "STANDBY":
        text += f"; a move was left half-way: go on to {source}, or undo it with `oceana-dr rollback RUN`"
    return _refuse(STEADY, "OD2002", text)


def _misfit(context: Context, scenario: Scenario) -> str:
    """What keeps a scenario from fitting, in a few words."""
    if scenario.to_side != context.operational:
        return f"it ends with {scenario.to_side} operational"
    if scenario.undeclared and context.lost:
        return f"{', '.join(context.lost)} is declared lost"
    for item in scenario.barred:
        if evaluate(context.bound.predicate(item["if"]), context.live.get) is True:
            return f"{item['says']} ({item['rule']})"
    condition = fits(context, scenario)
    missing = shortfall(condition, context.live.get) if condition is not None else ()
    return ", ".join(missing[:2]) if missing else "everything is where it should be"


def _deviations(difference: Difference) -> tuple[Finding, ...]:
    """In a steady plan a deviation that no setting mends is said, and refused where a role is off."""
    return tuple(
        Finding(
            f"deviates-{item.ref}",
            "OD2004" if item.kind == "role" else "OD2005",
            "refuse" if item.kind == "role" else "warning",
            f"{item.ref} is {show(item.live)}, should be {show(item.desired)}",
        )
        for item in difference.deviations
    )


def _dark(difference: Difference, scenario: Scenario | None) -> tuple[Finding, ...]:
    """What cannot be read: it refuses a plan, but for what the scenario is there for."""
    allowed = scenario.dark if scenario is not None else ()
    return tuple(
        Finding(f"dark-{address}", "OD2006", "refuse", f"{address} cannot be read: {reason}")
        for address, reason in difference.dark.items()
        if not below(address, allowed)
    )


def _status(live: Estate, side: str) -> Value:
    return live.get(ref(Address(f"{side}/cluster-activity"), "status"))


def _statuses(context: Context, side: str) -> tuple[Json, ...]:
    """What the console of a cluster group shows, and what stands for a group that is not there yet."""
    return context.bound.resources[Address(f"{side}/cluster-activity")].attributes["status"].type.allowed


def _refuse(scenario: str, code: str, text: str) -> Selection:
    return Selection(scenario, (Finding(f"scenario-{scenario}", code, "refuse", text),))


__all__ = ["KNOWN", "STEADY", "Selection", "fits", "select_scenario"]
