"""A plan that takes finished steps back, in the reverse of their order, through the same gates.

In: the plan that was run, what undoes each finished step, the live estate. Out: a draft, to be proven.
A step behind the point of no return must never come here: `execute.rollback` refuses before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from oceana_dr.catalogue.bind import BoundCatalogue
from oceana_dr.diff.reason import Reason
from oceana_dr.estate.action import Action, Refusal, RunProcedure, SetValues
from oceana_dr.estate.address import Ref, address_of, attribute_of
from oceana_dr.estate.estate import Estate
from oceana_dr.estate.values import Unknown, Value
from oceana_dr.plan.instructions import for_procedure, for_values
from oceana_dr.plan.model import Change, Finding, Instructions, Kind, Step
from oceana_dr.plan.order import reduce_order
from oceana_dr.safety.passage import close_order
from oceana_dr.twin.transitions import after, moments, net

PREFIX = "undo."


def undo_steps(
    bound: BoundCatalogue, live: Estate, steps: Sequence[Step], taken_back: Sequence[tuple[Step, Sequence[Action]]]
) -> tuple[tuple[Step, ...], tuple[Finding, ...]]:
    """Steps `undo.P17` … for everything that is not as it was; `taken_back` stands in the order of undoing."""
    state = live
    made: list[Step] = []
    findings: list[Finding] = []
    for original, actions in taken_back:
        for action in actions:
            wanted = _still_needed(action, state)
            if wanted is None:
                continue
            passed = moments(bound, state, wanted)
            if isinstance(passed, Refusal):
                text = f"{original.id} cannot be undone: {passed.message} ({passed.rule})"
                findings.append(Finding(f"refused-{PREFIX}{original.id}", "OD2003", "refuse", text))
                continue
            made.append(_step(bound, original, wanted, state, net(passed)))
            state = after(state, passed)
    order = _order(steps, [step.id for step in made])
    return tuple(replace(step, after=order[step.id]) for step in made), tuple(findings)


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


def _order(steps: Sequence[Step], undoing: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """What was done last is undone first; what was free of each other stays free."""
    forward = close_order({step.id: step.after for step in steps})
    names = {name.removeprefix(PREFIX) for name in undoing}
    backward = {
        f"{PREFIX}{name}": frozenset(f"{PREFIX}{later}" for later in names if name in forward[later]) for name in names
    }
    return reduce_order(backward, list(undoing))
