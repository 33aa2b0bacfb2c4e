"""Small plans written by hand: every kind and class, branches, a pair; filled in as a planner would."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from oceana_dr.estate.action import Moment, RunProcedure, SetValues
from oceana_dr.estate.address import Address, Ref, address_of
from oceana_dr.estate.canonical import digest
from oceana_dr.estate.estate import Estate
from oceana_dr.estate.predicate import All, AtMost, Is
from oceana_dr.estate.values import Override, Value
from oceana_dr.plan.model import (
    Estimate,
    Instructions,
    Kind,
    LiveRead,
    Phase,
    Plan,
    ProofRecord,
    Source,
    Step,
    StepClass,
)

EMAIL = Ref("dc1/smgr/cluster3/EmailService#Deployment status of emailmanager")
CHAT = Ref("dc1/workflow/Chat#MaintenanceMode")
QUEUE = Ref("dc1/queues#voice")
CM = Ref("dc1/cm#state")
BACKUP = Ref("dc1/backup/UCMService#content")
C_ROLE, A_ROLE = Ref("dc2/omnichannel/C#Role"), Ref("dc1/omnichannel/A#Role")
GROUP = Ref("dc2/cluster-activity#status")
TTL = Ref("shared/dns/token.acme.example#TTL")
SPREAD = Ref("shared/dns/token.acme.example#propagated")
AGENTS = Ref("dc1/sessions#login")

INITIAL: Mapping[Ref, Value] = {
    EMAIL: Override(True, "true"),
    CHAT: "false",
    QUEUE: 12,
    CM: "running",
    BACKUP: "outdated",
    C_ROLE: "async",
    A_ROLE: "primary",
    GROUP: "STANDBY",
    TTL: 3600,
    SPREAD: "old",
    AGENTS: "allowed",
    Ref("shared/health#WAN"): "good",
}

REACTIONS = {"P06": ((300, {QUEUE: 3}), (900, {QUEUE: 0}))}
DARK = frozenset({Address("dc1/cm")})


def step(
    step_id: str,
    kind: Kind,
    step_class: str,
    changes: Mapping[Ref, Value] | Sequence[Mapping[Ref, Value]] = (),
    after: str = "",
    **more: Any,
) -> Step:
    """A step; `changes` are its moments. Address, action and instructions are made up where not given."""
    moments = [changes] if isinstance(changes, Mapping) else list(changes)
    person = more.get("driver") == "operator" or kind is Kind.CONFIRM
    net = {ref: value for moment in moments for ref, value in moment.items()}
    if "action" not in more and moments and kind is not Kind.WAIT:
        more["action"] = SetValues(net) if kind is Kind.SET else RunProcedure(f"do-{step_id}", {"side": "dc1"})
    return Step(
        id=step_id,
        kind=kind,
        step_class=StepClass(step_class),
        title=f"the step {step_id}",
        address=more.pop("address", address_of(next(iter(net))) if net else None),
        driver=more.pop("driver", "operator" if kind is Kind.CONFIRM else "gateway"),
        estimate=more.pop("estimate", Estimate(60, 180)),
        after=tuple(after.split()),
        moments=tuple(Moment(moment, 30) for moment in moments),
        instructions=more.pop(
            "instructions", Instructions("a console", ("click", "click again"), (("name", "value"),), "a sign")
        )
        if person
        else None,
        **more,
    )


def plan_of(*steps: Step, initial: Mapping[Ref, Value] = INITIAL) -> Plan:
    """A plan over these steps: what each expects and verifies follows from the ones listed before it."""
    state, filled = Estate().with_values(initial), []
    start = state
    for one in steps:
        net = {ref: value for moment in one.moments for ref, value in moment.values.items()}
        acts = one.action is not None
        expect = {ref: state.get(ref) for ref in net if ref != QUEUE} if acts else {}
        fields = {name: getattr(one, name) for name in one.__dataclass_fields__}
        fields |= {"expect": one.expect or expect, "verify": one.verify or (net if acts else {}), "effects": net}
        filled.append(Step(**fields))
        state = state.with_values(net)
    live = [ref for ref in initial if ref != QUEUE]
    return Plan(
        id=digest([one.id for one in filled]),
        catalogue="oceana-3.5@test",
        source=Source(None, True, "sha256:00"),
        site="acme",
        scenario="planned-switchover",
        from_side="dc1",
        to_side="dc2",
        desired_digest="sha256:00",
        bindings={},
        initial=start,
        live=tuple(LiveRead(address_of(ref), "", "gateway", (ref.partition("#")[2],)) for ref in live),
        phases=(Phase("all", "All", tuple(one.id for one in filled)),),
        steps=tuple(filled),
        findings=(),
        outage={},
        contacts_rejected_s=0,
        proof=ProofRecord(0, (), (), 0, 0),
    )


def second_person() -> Instructions:
    return Instructions("the window", ("look",), (), "open", second_person=True)


def switchover() -> Plan:
    """A small planned switchover: all kinds, all classes, branches, a supervised pair, a dark system."""
    return plan_of(
        step(
            "P00", Kind.CHECK, "V", address=Address("shared/health"), condition=Is(Ref("shared/health#WAN"), ("good",))
        ),
        step("P01", Kind.CONFIRM, "H", after="P00", instructions=second_person()),
        step("P05", Kind.SET, "I", {EMAIL: Override(True, "false")}, "P01"),
        step("P06", Kind.SET, "I", {CHAT: "true"}, "P01", driver="operator"),
        step("P10", Kind.WAIT, "V", {QUEUE: 0}, "P05 P06", condition=All((AtMost(QUEUE, 0),)), timeout_s=7200),
        step("P11", Kind.CONFIRM, "H", {AGENTS: "blocked"}, "P10"),
        step("P12", Kind.RUN, "N", ({BACKUP: "being written"}, {BACKUP: "current"}), "P11"),
        step("P14", Kind.RUN, "R", {CM: "shut down"}, "P11", driver="operator"),
        step("P23", Kind.RUN, "N", {C_ROLE: "primary"}, "P12 P14", driver="operator", irreversible="data moves"),
        step("P24", Kind.RUN, "N", {A_ROLE: "async"}, "P23", driver="operator", pair="P23"),
        step("P31", Kind.RUN, "R", {GROUP: "ACTIVE"}, "P24"),
        step("P34", Kind.SET, "I", {TTL: 60}, "P31"),
        step("P34.wait", Kind.WAIT, "V", {SPREAD: "new"}, "P34", action=SetValues({SPREAD: "new"}), timeout_s=3600),
        step("P41", Kind.CHECK, "V", after="P34.wait", condition=Is(CM, ("shut down",)), address=Address("dc1/cm")),
    )
