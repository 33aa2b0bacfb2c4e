"""A scenario's steps for this estate as it is: from any half-way state, the right rest.

In: a context and a scenario. Out: typed steps in a linear order, with the closed order and rules behind.
The sequence is walked once on the twin: a step whose result is there already is left out, every other
one gets the states it leads through from the console data that also refuses. Nothing is acted on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from oceana_dr.catalogue.bind import moment_from
from oceana_dr.catalogue.model import Scenario, lines
from oceana_dr.diff.reason import Reason
from oceana_dr.estate.action import Action, Moment, Refusal, RunProcedure, SetValues
from oceana_dr.estate.address import Address, Ref, address_of, attribute_of, parse_address
from oceana_dr.estate.estate import Estate
from oceana_dr.estate.predicate import predicate_from_json
from oceana_dr.estate.values import Unknown, Value, show
from oceana_dr.plan.candidate import fill_scenario, target_values
from oceana_dr.plan.context import Context
from oceana_dr.plan.instructions import clicks_for_losses, for_procedure, for_values
from oceana_dr.plan.model import (
    Behind,
    Cause,
    Change,
    Estimate,
    Finding,
    Instructions,
    Kind,
    Step,
    StepClass,
)
from oceana_dr.plan.needs import already_final, asked_for, foreseen, hold_s, is_needed, is_needed_again
from oceana_dr.plan.order import close_rules, pairs, reduce_order, sort_steps
from oceana_dr.plan.requirements import requirements
from oceana_dr.plan.standing import losses
from oceana_dr.plan.taking import Record
from oceana_dr.safety.invariant import Invariant
from oceana_dr.twin.transitions import after, moments, net


@dataclass(frozen=True, slots=True)
class Walk:
    """What the walk found: steps in order, what a console would refuse, channels closed and opened, the end.

    `behind`: steps without a way back that are done already.
    """

    steps: tuple[Step, ...]
    phases: Mapping[str, str]
    findings: tuple[Finding, ...]
    closes: Mapping[str, str]
    opens: Mapping[str, str]
    end: Estate
    behind: tuple[Behind, ...]


def walk(context: Context, scenario: Scenario, invariants: Sequence[Invariant]) -> Walk:
    """Every step that is still to be done, typed and ordered."""
    records = fill_scenario(context, scenario)
    found = pairs(list(records), context.bound.catalogue.orders[scenario.id])
    closed = close_rules(found)
    state, steps, findings = context.live, list[Step](), list[Finding]()
    before: dict[str, Estate] = {}
    for step_id in sort_steps(closed, list(records)):
        record = records[step_id]
        if "with" in record and record["with"] not in before and not is_needed_again(record, context.live):
            continue
        if not is_needed(record, state):
            continue
        if "hold_s" in record:
            record = {**record, "hold_s": hold_s(record, before.get(record["with"]), state)}
        made = _make(context, scenario.id, record, state, invariants)
        if isinstance(made, Finding):
            findings.append(made)
        elif made is not None:
            findings += foreseen(record, made, state)
            before[step_id] = state
            steps.append(made)
            state = after(state, made.moments)
    if all(records[step.id].get("frame", False) for step in steps):
        steps = []
    ordered = _ordered(scenario, records, steps, found)
    return Walk(
        steps=ordered,
        phases={step.id: records[step.id]["phase"] for step in ordered},
        findings=tuple(findings),
        closes={channel: step.id for step in ordered for channel in records[step.id].get("closes", ())},
        opens={channel: step.id for step in ordered for channel in records[step.id].get("opens", ())},
        end=state,
        behind=already_final(records, closed, context.live),
    )


def _ordered(
    scenario: Scenario,
    records: Mapping[str, Record],
    steps: Sequence[Step],
    found: Mapping[str, Mapping[str, Sequence[str]]],
) -> tuple[Step, ...]:
    """The steps by phase, each with its direct predecessors and the rules behind them."""
    closed = close_rules(found)
    by_id = {step.id: step for step in steps}
    places = {phase: index for index, (phase, _) in enumerate(scenario.phases)}
    begins = _earliest(steps, closed)
    # By phase and then by when it can begin, so that what may run together stands together; the sort is stable.
    listed = sorted(by_id, key=lambda step: (places[records[step]["phase"]], begins[step]))
    reduced = reduce_order(closed, listed)
    return tuple(
        replace(
            by_id[step],
            after=reduced[step],
            rules=_rules(step, reduced[step], found),
            # Half of a pair that is done already leaves the other half an ordinary step.
            pair=by_id[step].pair if by_id[step].pair in by_id else None,
        )
        for step in listed
    )


def _earliest(steps: Sequence[Step], closed: Mapping[str, frozenset[str]]) -> dict[str, int]:
    """Seconds from the start at which each step can begin; never before a predecessor's."""
    ends: dict[str, int] = {}
    begins: dict[str, int] = {}
    for step in steps:
        begins[step.id] = max((ends[other] for other in closed[step.id] if other in ends), default=0)
        ends[step.id] = begins[step.id] + step.estimate.p50
    return begins


def _rules(step: str, direct: Sequence[str], found: Mapping[str, Mapping[str, Sequence[str]]]) -> tuple[str, ...]:
    """The rules behind the edges that stay; across a gap, the rules that led to the step at all."""
    named = [rule for other in direct for rule in found[step].get(other, ())]
    every = [rule for rules in found[step].values() for rule in rules]
    return tuple(dict.fromkeys(named or every))


def _make(
    context: Context, scenario: str, record: Record, state: Estate, invariants: Sequence[Invariant]
) -> Step | Finding | None:
    kind = Kind(record["kind"])
    action, values = _action(context, record, state)
    if kind is Kind.SET and not values:
        return None
    passed = _passed(context, record, state, action)
    if action is not None and not isinstance(passed, Refusal) and (dark := _dark(passed, state)):
        text = f"{record['id']} cannot be done: {dark} cannot be read ({show(state.get(dark))})"
        return Finding(f"dark-{record['id']}", "OD2006", "refuse", text)
    if isinstance(passed, Refusal):
        text = f"{record['id']} cannot be done: {passed.message} ({passed.rule})"
        return Finding(f"refused-{record['id']}", "OD2003", "refuse", text)
    address = parse_address(record["address"])
    effects = net(passed)
    own = {reference: value for reference, value in values.items() if address_of(reference) == address}
    return Step(
        id=record["id"],
        kind=kind,
        step_class=StepClass(record["class"]),
        title=record["title"],
        address=address,
        driver=_driver(context, record, address, kind),
        estimate=_estimate(context, record),
        change=_change(own, state) if kind is Kind.SET else None,
        effects={reference: value for reference, value in effects.items() if reference not in own},
        action=action,
        procedure=record.get("procedure"),
        manual=lines(record.get("manual")),
        expect=_expect(context, effects, state) if action is not None else {},
        verify=_verify(record, effects) if action is not None else {},
        condition=predicate_from_json(record["condition"]) if "condition" in record else None,
        requires=(*requirements(invariants, passed, state), *asked_for(record)),
        timeout_s=int(record.get("hold_s", record.get("timeout_s", 3600))),
        irreversible=record.get("irreversible"),
        inverse=_inverse(record, values, state),
        no_inverse=record.get("no_inverse"),
        cause=_causes(context, values),
        moments=passed,
        pair=record.get("pair"),
        instructions=_instructions(context, scenario, record, action, values),
    )


def _action(context: Context, record: Record, state: Estate) -> tuple[Action | None, dict[Ref, Value]]:
    if "set" in record:
        wanted = target_values(context, record)
        values = {reference: value for reference, value in wanted.items() if state.get(reference) != value}
        return SetValues(values), values
    if "procedure" in record:
        return RunProcedure(record["procedure"], record.get("arguments", {})), {}
    return None, {}


def _passed(context: Context, record: Record, state: Estate, action: Action | None) -> tuple[Moment, ...] | Refusal:
    if action is not None:
        return moments(context.bound, state, action)
    return tuple(moment_from(item) for item in record.get("moments", ()))


def _dark(passed: Sequence[Moment], state: Estate) -> Ref | None:
    """The first attribute that a step would change and that cannot be read: nobody can tell what it would do."""
    changed = (reference for moment in passed for reference in moment.values)
    return next((item for item in changed if isinstance(state.resources.get(address_of(item)), Unknown)), None)


def _driver(context: Context, record: Record, address: Address, kind: Kind) -> str:
    match kind:
        case Kind.CONFIRM:
            return "operator"
        case Kind.WAIT | Kind.CHECK:
            return context.watcher_of(address) if context.watcher_of else context.driver_of(address, "gateway", None)
        case Kind.RUN:
            default = str(context.bound.catalogue.procedures[record["procedure"]]["driver"])
            return context.driver_of(address, default, str(record["procedure"]))
        case Kind.SET:
            default = record.get("driver", context.bound.resources[address].type.driver)
            return context.driver_of(address, default, None)


def _estimate(context: Context, record: Record) -> Estimate:
    for name in (str(record["id"]), str(record.get("part_of"))):
        if name in context.estimates:
            return context.estimates[name]
    if "hold_s" in record:
        return Estimate(record["hold_s"], record["hold_s"])
    return Estimate(int(record["estimate"]["p50"]), int(record["estimate"]["p95"]))


def _change(own: Mapping[Ref, Value], state: Estate) -> Change:
    return Change(
        before={attribute_of(reference): state.get(reference) for reference in own},
        after={attribute_of(reference): value for reference, value in own.items()},
        reason=Reason.TRANSITION,
    )


def _expect(context: Context, effects: Mapping[Ref, Value], state: Estate) -> dict[Ref, Value]:
    """What must read as it does now when the step begins: what it changes, but for what moves by itself."""
    return {
        reference: state.get(reference)
        for reference in effects
        if not _volatile(context, reference) and not isinstance(state.get(reference), Unknown)
    }


def _volatile(context: Context, reference: Ref) -> bool:
    return context.bound.resources[address_of(reference)].attributes[attribute_of(reference)].type.volatile


def _verify(record: Record, effects: Mapping[Ref, Value]) -> dict[Ref, Value]:
    named = record.get("verify")
    return {Ref(name): value for name, value in named.items()} if named else dict(effects)


def _inverse(record: Record, values: Mapping[Ref, Value], state: Estate) -> tuple[Action, ...]:
    if record.get("irreversible") or record.get("no_inverse"):
        return ()
    if "inverse" in record:
        inverse = record["inverse"]
        arguments = {name: _as_it_was(value, state) for name, value in inverse.get("with", {}).items()}
        return (RunProcedure(inverse["run"], arguments),)
    if record["kind"] == Kind.SET:
        return (SetValues({reference: state.get(reference) for reference in values}),)
    return ()


def _as_it_was(argument: str | Mapping[str, str], state: Estate) -> str:
    """An argument of an inverse: a word, or `{was: REF}` for what is read there before the step."""
    return argument if isinstance(argument, str) else show(state.get(Ref(argument["was"])))


def _causes(context: Context, values: Mapping[Ref, Value]) -> tuple[Cause, ...]:
    own = [cause for reference in values for cause in context.causes(reference)]
    return tuple(dict.fromkeys([*context.operational_cause, *own]))


def _instructions(
    context: Context, scenario: str, record: Record, action: Action | None, values: Mapping[Ref, Value]
) -> Instructions | None:
    told = _told(context, record, action, values)
    if told is None:
        return None
    signed = clicks_for_losses(losses(context.bound, scenario, context.live)) if record.get("signs_losses") else ()
    return replace(told, clicks=(*told.clicks, *signed), apart_from=tuple(record.get("apart_from", ())))


def _told(context: Context, record: Record, action: Action | None, values: Mapping[Ref, Value]) -> Instructions | None:
    second = bool(record.get("second_person", False))
    match action:
        case SetValues():
            return for_values(context.bound, values, second_person=second)
        case RunProcedure(procedure=name, arguments=arguments):
            return for_procedure(context.bound.procedure(name, arguments), second_person=second)
        case None if "clicks" in record:
            clicks = tuple(context.bound.text(click, to=context.operational) for click in record["clicks"])
            return Instructions(record.get("console", "People"), clicks, (), record.get("expect", ""), second)
        case None:
            return None
