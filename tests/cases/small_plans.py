"""Plans for rules: the planned switchover of an example with a few steps changed, or a handful of steps by hand.

`plan.yaml`: with `site` (acme or globex) the switchover of that site, without it an empty plan of `scenario`. Then
`drop` takes steps out (what waited for them waits for what they waited for), `after` says anew what a step waits
for, `change` gives a step another `driver`, `procedure`, `kind` or `timeout_s`, and `steps` adds some:
`{id, kind, procedure, address, driver, after, sets: {label: value}, reason, clicks, timeout_s}`. `from`, `to` and
`scenario` replace the plan's own.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

from oceana_dr.diff.reason import Reason
from oceana_dr.estate.address import Address
from oceana_dr.estate.estate import Estate
from oceana_dr.estate.values import from_json
from oceana_dr.plan.model import Change, Estimate, Instructions, Kind, Plan, ProofRecord, Source, Step, StepClass
from tests.planning import plan_case

NOTHING = Plan(
    id="",
    catalogue="oceana-3.5@test",
    source=Source(None, False, "sha256:of-no-files"),
    site="acme",
    scenario="recovery",
    from_side="dc2",
    to_side="dc1",
    desired_digest="",
    bindings={
        **{f"topology.{fact}": "yes" for fact in ("ha", "analytics", "web_voice", "tls", "acm_manual")},
        "topology.omnichannel_version": "no",
        "name.dc1": "Frankfurt",
        "name.dc2": "Leipzig",
    },
    initial=Estate(),
    live=(),
    phases=(),
    steps=(),
    findings=(),
    outage={},
    contacts_rejected_s=0,
    proof=ProofRecord(0, (), (), 0, 0),
)
KEYS = {"site", "operational", "scenario", "from", "to", "drop", "after", "change", "steps"}


def plan_of(case: dict[str, Any], folder: Path) -> Plan:
    """The plan that a case describes."""
    assert case.keys() <= KEYS, f"{folder}: unknown {case.keys() - KEYS}"
    plan = plan_case(case["site"], case.get("operational", "dc2")).plan if "site" in case else NOTHING
    steps = list(plan.steps)
    for name in case.get("drop", ()):
        steps = _without(steps, str(name))
    for name, after in case.get("after", {}).items():
        steps = [replace(step, after=tuple(after)) if step.id == name else step for step in steps]
    for name, change in case.get("change", {}).items():
        assert any(step.id == name for step in steps), f"{folder}: no step {name}"
        steps = [_changed(step, change) if step.id == name else step for step in steps]
    steps += [_step(item) for item in case.get("steps", ())]
    known = {step.id for step in steps}
    assert {earlier for step in steps for earlier in step.after} <= known, (
        f"{folder}: waits for a step that is not there"
    )
    return replace(
        plan,
        steps=tuple(steps),
        scenario=case.get("scenario", plan.scenario),
        from_side=case.get("from", plan.from_side),
        to_side=case.get("to", plan.to_side),
    )


def _without(steps: list[Step], name: str) -> list[Step]:
    gone = [step for step in steps if step.id == name or step.id.startswith(f"{name}.")]
    assert gone, f"no step {name}"
    for one in gone:
        steps = [
            replace(step, after=tuple(dict.fromkeys((*(item for item in step.after if item != one.id), *one.after))))
            if one.id in step.after
            else step
            for step in steps
            if step.id != one.id
        ]
    return steps


def _changed(step: Step, change: dict[str, Any]) -> Step:
    values = dict(change)
    if "kind" in values:
        values["kind"] = Kind(values["kind"])
    return replace(step, **values)


def _step(item: dict[str, Any]) -> Step:
    sets = {label: from_json(value) for label, value in item.get("sets", {}).items()}
    kind = Kind(item.get("kind", "set" if sets else "run"))
    return Step(
        id=item["id"],
        kind=kind,
        step_class=StepClass(item.get("class", "I")),
        title=item.get("title", item["id"]),
        address=Address(item["address"]) if "address" in item else None,
        driver=item.get("driver", "operator"),
        estimate=Estimate(60, 120),
        after=tuple(item.get("after", ())),
        change=Change({}, sets, Reason(item.get("reason", "transition"))) if sets else None,
        procedure=item.get("procedure"),
        timeout_s=item.get("timeout_s", 3600),
        instructions=Instructions("a console", tuple(item["clicks"])) if "clicks" in item else None,
    )
