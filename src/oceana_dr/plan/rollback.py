"""A plan that takes finished steps back, last first and through the same gates.

In: the plan that was run, what undoes each finished step, the live estate. Out: steps, to be proven.
A step behind the point of no return must never come here: `execute.rollback` refuses before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

from oceana_dr.catalogue.bind import BoundCatalogue
from oceana_dr.diff.reason import Reason
from oceana_dr.estate.action import Action, Refusal, RunProcedure, SetValues
from oceana_dr.estate.address import Ref, address_of, attribute_of
from oceana_dr.estate.estate import Estate
from oceana_dr.estate.values import Unknown, Value
from oceana_dr.plan.instructions import for_procedure, for_values
from oceana_dr.plan.model import Change, Finding, Instructions, Kind, Plan, Step
from oceana_dr.plan.order import reduce_order, sort_steps
from oceana_dr.plan.requirements import requirements
from oceana_dr.plan.undo_order import undo_order
from oceana_dr.safety.invariant import Invariant
from oceana_dr.twin.transitions import after, moments, net

PREFIX = "undo."


def undo_steps(
    bound: BoundCatalogue,
    live: Estate,
    original: Plan,
    taken_back: Sequence[tuple[Step, Sequence[Action]]],
    invariants: Sequence[Invariant],
) -> tuple[tuple[Step, ...], tuple[Finding, ...]]:
    """Steps `undo.P17` … for everything that is not as it was."""
    rules = bound.catalogue.orders.get(original.scenario, ())
    mirror = bound.catalogue.mirrors.get(original.scenario, {})
    actions_of = {step.id: actions for step, actions in taken_back}
    order = undo_order(original.steps, actions_of, rules, mirror)
    state = live
    made: list[Step] = []
    findings: list[Finding] = []
    for name in sort_steps(order.before, list(actions_of)):
        step = original.step(name)
        for action in actions_of[name]:
            wanted = _still_needed(action, state)
            if wanted is None:
                continue
            passed = moments(bound, state, wanted)
            if isinstance(passed, Refusal):
                text = f"{name} cannot be undone: {passed.message} ({passed.rule})"
                findings.append(Finding(f"refused-{PREFIX}{name}", "OD2003", "refuse", text))
                continue
            undoing = _step(bound, step, wanted, state, net(passed))
            needs = requirements(invariants, passed, state)
            made.append(replace(undoing, requires=needs, rules=order.rules[name] or step.rules))
            state = after(state, passed)
    closed = {f"{PREFIX}{name}": frozenset(f"{PREFIX}{other}" for other in order.before[name]) for name in actions_of}
    reduced = reduce_order(closed, [step.id for step in made])
    staffed = (_staffed(bound, original, mirror, replace(step, after=reduced[step.id])) for step in made)
    return tuple(staffed), tuple(findings)


def _staffed(bound: BoundCatalogue, original: Plan, mirror: Mapping[str, str], step: Step) -> Step:
    """Who does its counterpart does this, too: a side goes into service through a person, whichever side it is."""
    counterparts = {forth for forth, back in mirror.items() if f"{PREFIX}{back}" == step.id}
    scenario = bound.catalogue.scenarios.get(original.scenario)  # a steady plan is of none
    records = [
        cast("Mapping[str, Any]", record)  # Any: JSON that the catalogue build has checked
        for record in (scenario.steps if scenario else ())
        if record["id"] in counterparts and "driver" in record
    ]
    if not records or not isinstance(step.action, SetValues):
        return step
    second = any(record.get("second_person", False) for record in records)
    told = for_values(bound, step.action.values, second_person=second)
    return replace(step, driver=records[0]["driver"], instructions=told)


def _still_needed(action: Action, state: Estate) -> Action | None:
    match action:
        case SetValues(values=values):
            rest = {name: value for name, value in values.items() if state.get(name) != value}
            return SetValues(rest) if rest else None
        case RunProcedure():
            return action


def _step(bound: BoundCatalogue, original: Step, action: Action, state: Estate, effects: Mapping[Ref, Value]) -> Step:
    own = _own(original, action)
    passed = moments(bound, state, action)
    assert not isinstance(passed, Refusal), "the caller has asked already"
    return Step(
        id=f"{PREFIX}{original.id}",
        kind=Kind.SET if isinstance(action, SetValues) else Kind.RUN,
        step_class=original.step_class,
        title=f"undo: {original.title}",
        address=original.address,
        driver=_driver(bound, original, action),
        estimate=original.estimate,
        change=_change(own, state) if isinstance(action, SetValues) else None,
        effects={name: value for name, value in effects.items() if name not in own},
        action=action,
        procedure=action.procedure if isinstance(action, RunProcedure) else original.procedure,
        manual=original.manual,
        expect={name: state.get(name) for name in effects if _settled(bound, name, state)},
        verify=dict(effects),
        cause=original.cause,
        rules=original.rules,
        moments=passed,
        instructions=_instructions(bound, original, action),
    )


def _own(original: Step, action: Action) -> dict[Ref, Value]:
    if isinstance(action, RunProcedure):
        return {}
    return {name: value for name, value in action.values.items() if address_of(name) == original.address}


def _change(own: Mapping[Ref, Value], state: Estate) -> Change:
    return Change(
        {attribute_of(name): state.get(name) for name in own},
        {attribute_of(name): value for name, value in own.items()},
        Reason.TRANSITION,
    )


def _settled(bound: BoundCatalogue, name: Ref, state: Estate) -> bool:
    volatile = bound.resources[address_of(name)].attributes[attribute_of(name)].type.volatile
    return not volatile and not isinstance(state.get(name), Unknown)


def _driver(bound: BoundCatalogue, original: Step, action: Action) -> str:
    if isinstance(action, SetValues):
        return original.driver
    return bound.procedure(action.procedure, action.arguments).type.driver


def _instructions(bound: BoundCatalogue, original: Step, action: Action) -> Instructions:
    second = original.instructions is not None and original.instructions.second_person
    if isinstance(action, SetValues):
        return for_values(bound, action.values, second_person=second)
    return for_procedure(bound.procedure(action.procedure, action.arguments), second_person=second)
