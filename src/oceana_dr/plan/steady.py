"""Changes that move nothing: one step per address, in one commit each; the names of a zone in one transaction.

In: a context and the changes of the comparison. Out: typed steps with their order.
A role must never be changed here: a deviation of one is a finding, and a scenario's to mend.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from oceana_dr.diff.compare import AttributeChange
from oceana_dr.diff.reason import Reason
from oceana_dr.estate.action import Refusal, SetValues
from oceana_dr.estate.address import Address, Ref, address_of, attribute_of, side_of
from oceana_dr.estate.values import Value
from oceana_dr.plan.context import Context
from oceana_dr.plan.instructions import for_values
from oceana_dr.plan.model import Cause, Change, Estimate, Finding, Kind, Step, StepClass
from oceana_dr.twin.transitions import moments, net

GATEWAY_ESTIMATE = Estimate(60, 180)
OPERATOR_ESTIMATE = Estimate(180, 420)
_TRANSACTION = "one transaction"


def steady_steps(context: Context, changes: Sequence[AttributeChange]) -> tuple[tuple[Step, ...], tuple[Finding, ...]]:
    """Steps `A01`, `A02` … by side and address: the resting side's come before the operational side's."""
    commits = groupby(changes, lambda item: _commit(context, address_of(item.ref)))
    grouped = [(address_of(items[0].ref), items) for items in (list(found) for _, found in commits)]
    grouped.sort(key=lambda item: (_rank(context, item[0]), item[0]))
    resting = [f"A{index:02}" for index, (address, _) in enumerate(grouped, 1) if _rank(context, address) == 0]
    steps: list[Step] = []
    findings: list[Finding] = []
    for index, (address, items) in enumerate(grouped, 1):
        before = tuple(resting) if _rank(context, address) == 2 else ()
        made = _step(context, f"A{index:02}", address, items, before)
        if isinstance(made, Finding):
            findings.append(made)
        else:
            steps.append(made)
    return tuple(steps), tuple(findings)


def _rank(context: Context, address: Address) -> int:
    side = side_of(address)
    if side == "shared":
        return 1
    return 2 if side == context.operational else 0


def _commit(context: Context, address: Address) -> str:
    """What is committed together has the same one: an address, or the console of names that move as one."""
    resource = context.bound.resources[address]
    return resource.console if resource.type.console.get("commit") == _TRANSACTION else address


def _step(
    context: Context, step_id: str, address: Address, items: Sequence[AttributeChange], before: tuple[str, ...]
) -> Step | Finding:
    resource = context.bound.resources[address]
    values: dict[Ref, Value] = {item.ref: item.after for item in items}
    action = SetValues(values)
    passed = moments(context.bound, context.live, action)
    if isinstance(passed, Refusal):
        return Finding(f"refused-{address}", "OD2003", "refuse", f"{address}: {passed.message} ({passed.rule})")
    effects = net(passed)
    own = {name: value for name, value in values.items() if address_of(name) == address}
    old: dict[Ref, Value] = {item.ref: item.before for item in items}
    driver = context.driver_of(address, resource.type.driver, None)
    default = OPERATOR_ESTIMATE if driver == "operator" else GATEWAY_ESTIMATE
    return Step(
        id=step_id,
        kind=Kind.SET,
        step_class=StepClass.IDEMPOTENT,
        title=resource.title,
        address=address,
        driver=driver,
        estimate=context.estimates.get(step_id, default),
        after=before,
        change=Change(
            {attribute_of(name): old[name] for name in own},
            {attribute_of(name): value for name, value in own.items()},
            _reason(item.reason for item in items),
        ),
        effects={name: value for name, value in effects.items() if name not in own},
        action=action,
        manual=resource.type.manual,
        expect=old,
        verify=effects,
        inverse=(SetValues(old),),
        cause=_causes(context, values),
        rules=("resting-first",) if before else (),
        moments=passed,
        instructions=for_values(context.bound, values, second_person=False),
    )


def _causes(context: Context, values: Iterable[Ref]) -> tuple[Cause, ...]:
    return tuple(dict.fromkeys(cause for name in values for cause in context.causes(name)))


def _reason(reasons: Iterable[Reason]) -> Reason:
    """One reason for a commit of several attributes: the common one, else `both`."""
    found = set(reasons)
    return found.pop() if len(found) == 1 else Reason.BOTH
