"""Whether a plan hangs together: names that are there, an order that can be followed, phases that partition.

In: a decoded plan. Out: nothing, or `Misfit` with the first thing that cannot be.
Whoever can write a plan file can compute its id: what follows a plan must never have to doubt these.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from oceana_dr.estate.action import RunProcedure, SetValues
from oceana_dr.estate.address import SIDES
from oceana_dr.estate.predicate import refs_of
from oceana_dr.plan.fields import Misfit
from oceana_dr.plan.model import OWN_DRIVERS, PHASES, SCENARIOS, SEVERITIES, Kind, Plan, Step
from oceana_dr.safety.passage import close_order

MOST_STEPS: Final = 2000
_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_DRIVER: Final = re.compile(r"[a-z][a-z0-9]{0,39}(-[a-z0-9]{1,40}){0,4}")
_SITE: Final = re.compile(r"[a-z][a-z0-9-]{0,62}")


def check_plan(plan: Plan) -> None:
    """Raise `Misfit` for a plan that nobody can have made by planning."""
    if not _SITE.fullmatch(plan.site):
        raise Misfit(f"{plan.site!r:.60} is not the name of a site")
    if not {plan.from_side, plan.to_side} <= set(SIDES):
        raise Misfit(f"it leads from {plan.from_side!r:.20} to {plan.to_side!r:.20}")
    if plan.scenario not in SCENARIOS:
        raise Misfit(f"there is no scenario {plan.scenario!r:.60}")
    if plan.bindings.get("site") != plan.site:
        raise Misfit(f"its facts are not those of the site {plan.site}")
    if not {"yes", "no"} >= {value for name, value in plan.bindings.items() if name.startswith("topology.")}:
        raise Misfit("a fact of its topology is neither yes nor no")
    if alien := next((finding for finding in plan.findings if finding.severity not in SEVERITIES), None):
        raise Misfit(f"{alien.severity!r:.60} is not the severity of a finding")
    drivers = {*OWN_DRIVERS, *plan.drivers.values()}
    if strange := next((step for step in plan.steps if step.driver not in drivers), None):
        raise Misfit(f"{strange.id} is for a driver {strange.driver!r:.60}, which its site did not choose")
    if odd := next((name for name in plan.drivers.values() if not _DRIVER.fullmatch(name)), None):
        raise Misfit(f"{odd!r:.60} is not the name of a driver")
    if len(plan.steps) > MOST_STEPS:
        raise Misfit(f"it has {len(plan.steps)} steps, more than {MOST_STEPS}")
    _check_names(plan)
    _check_phases(plan)
    for step in plan.steps:
        _check_kind(step)
    close_order({step.id: step.after for step in plan.steps})


def _check_names(plan: Plan) -> None:
    names = Counter(step.id for step in plan.steps)
    for step in plan.steps:
        if not _ID.fullmatch(step.id):
            raise Misfit(f"{step.id!r:.60} is not the id of a step")
        if names[step.id] > 1:
            raise Misfit(f"two steps have the id {step.id}")
        if lost := next((other for other in _named(step) if other not in names), None):
            raise Misfit(f"{step.id} comes after {lost!r:.60}, which is not a step")
    for channel, outage in plan.outage.items():
        if not {outage.closed_by, outage.opened_by} - {None} <= names.keys():
            raise Misfit(f"the outage of {channel!r:.60} names no steps of the plan")


def _named(step: Step) -> tuple[str, ...]:
    return step.after if step.pair is None else (*step.after, step.pair)


def _check_kind(step: Step) -> None:
    """A `set` has a change and sets values, a `run` runs a procedure; nothing else has a change."""
    acts = {Kind.SET: SetValues, Kind.RUN: RunProcedure}.get(step.kind)
    if acts is not None and not isinstance(step.action, acts):
        raise Misfit(f"{step.id} is to {step.kind.value} something, and does not say what")
    if (step.change is not None) is not (step.kind is Kind.SET):
        raise Misfit(f"{step.id} has a change it cannot have, or none where it needs one")
    looked_at = refs_of(step.condition) if step.condition is not None else frozenset()
    relied_on = frozenset().union(*(refs_of(item.condition) for item in step.requires))
    if not set(step.attested) <= {*step.verify, *looked_at, *relied_on}:
        raise Misfit(f"{step.id} leaves to a person's word what it does not look at")
    if step.change is not None and step.change.before.keys() != step.change.after.keys():
        raise Misfit(f"{step.id} changes other attributes than it found")


def _check_phases(plan: Plan) -> None:
    placed = Counter(name for phase in plan.phases for name in phase.steps)
    if strange := next((phase for phase in plan.phases if phase.id not in PHASES), None):
        raise Misfit(f"there is no phase {strange.id!r:.60}")
    if any(not phase.steps for phase in plan.phases):
        raise Misfit("one of its phases has no steps")
    if placed != Counter(step.id for step in plan.steps):
        raise Misfit("its phases are not a partition of its steps")
