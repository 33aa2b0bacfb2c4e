"""A plan from a context: scenario, steps, order, estimates, outage, proof, id.

In: a context, the comparison, the scenario asked for. Out: a `Plan` with its findings, refused or not.
The same context must give the same plan, byte for byte.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from oceana_dr.diff.compare import Difference
from oceana_dr.estate.address import Address, Ref, address_of, attribute_of, peer_of
from oceana_dr.estate.estate import ABSENT, Estate, fingerprint
from oceana_dr.estate.predicate import refs_of
from oceana_dr.estate.values import Unknown, Value
from oceana_dr.plan.codec import plan_id
from oceana_dr.plan.context import Context
from oceana_dr.plan.estimate import outages
from oceana_dr.plan.model import Finding, LiveRead, Outage, Phase, Plan, ProofRecord, Step
from oceana_dr.plan.select import PLANNED, STEADY, select_scenario
from oceana_dr.plan.steady import steady_steps
from oceana_dr.plan.transition import walk
from oceana_dr.safety.invariant import Invariant, bind_invariants, refs_of_check
from oceana_dr.safety.passage import Passage, close_order
from oceana_dr.safety.prove import Proof, Violation, prove

STEADY_PHASE = "management"
PHASE_TITLES = {STEADY_PHASE: "Change"}


@dataclass(frozen=True, slots=True)
class Draft:
    """A plan before its proof, and what has to be proven of it."""

    plan: Plan
    invariants: tuple[Invariant, ...]
    passages: tuple[Passage, ...]


def build_plan(context: Context, difference: Difference, named: str | None = None) -> Plan:
    """Draft, prove and finish in one go."""
    draft = draft_plan(context, difference, named)
    return finish_plan(draft, prove_draft(draft, context.live))


def draft_plan(context: Context, difference: Difference, named: str | None = None) -> Draft:
    """Scenario, steps, order, estimates; a plan that is refused still says why, step by step where it can."""
    selection = select_scenario(context, difference, named)
    findings = list(selection.findings)
    steps: tuple[Step, ...] = ()
    phases: tuple[Phase, ...] = ()
    found: tuple[dict[str, Outage], int] = ({}, 0)
    impossible = any(item.code in {"OD2001", "OD2002"} for item in findings)
    if selection.scenario == STEADY and not impossible:
        steps, refusals = steady_steps(context, difference.changes)
        findings += refusals
        phases = (Phase(STEADY_PHASE, PHASE_TITLES[STEADY_PHASE], tuple(step.id for step in steps)),) if steps else ()
    elif selection.scenario == PLANNED and not impossible:
        scenario = context.bound.catalogue.scenarios[PLANNED]
        walked = walk(context, scenario)
        steps, phases = walked.steps, _phases(scenario.phases, walked.phases, walked.steps)
        findings += walked.findings
        found = outages(steps, walked.closes, walked.opens)
    invariants = bind_invariants(context.bound, selection.scenario)
    plan = Plan(
        id="",
        catalogue=context.bound.catalogue.id,
        source=context.source,
        site=context.site,
        scenario=selection.scenario,
        from_side=peer_of(context.operational) if selection.scenario != STEADY else context.operational,
        to_side=context.operational,
        desired_digest=context.desired_digest,
        bindings=context.bound.bindings,
        initial=_initial(context, steps, invariants),
        live=_live(context, steps, invariants),
        phases=phases,
        steps=steps,
        findings=tuple(findings),
        outage=found[0],
        contacts_rejected_s=found[1],
        proof=ProofRecord(0, (), (), 0, 0),
    )
    return Draft(plan, invariants, passages(steps))


def prove_draft(draft: Draft, live: Estate) -> Proof:
    """The proof of a draft, from the live estate."""
    return prove(draft.invariants, draft.passages, live.get)


def finish_plan(draft: Draft, proof: Proof) -> Plan:
    """The plan with its proof, the proof's findings, and its id."""
    findings = (*draft.plan.findings, *proof_findings(proof))
    plan = replace(draft.plan, findings=findings, proof=proof_record(proof))
    return replace(plan, id=plan_id(plan))


def passages(steps: Iterable[Step]) -> tuple[Passage, ...]:
    """The steps as the proof sees them."""
    listed = tuple(steps)
    closed = close_order({step.id: step.after for step in listed})
    return tuple(
        Passage(
            step.id,
            tuple(moment.values for moment in step.moments),
            step.touches if step.action is not None else frozenset(),
            closed[step.id],
        )
        for step in listed
    )


def proof_record(proof: Proof) -> ProofRecord:
    """The figures of a proof, as the plan file holds them."""
    return ProofRecord(
        checked=len(proof.checked),
        not_applicable=proof.not_applicable,
        attested=(),
        states=proof.states,
        violations=len(proof.broken),
    )


def proof_findings(proof: Proof) -> list[Finding]:
    """What the proof has to say: refusals for what the plan breaks, warnings for what it found broken.

    One finding an invariant: the first, shortest counter-example stands for the others.
    """
    found: dict[str, Finding] = {}
    for violation in proof.broken:
        text = f"{violation.invariant} would be broken after {' → '.join(violation.way)}: {violation.title}"
        found.setdefault(violation.invariant, _finding(violation, "OD2010", "refuse", text))
    for violation in proof.inherited:
        text = f"{violation.invariant} does not hold now: {violation.title}"
        found.setdefault(violation.invariant, _finding(violation, "OD2011", "warning", text))
    return list(found.values())


def _finding(violation: Violation, code: str, severity: str, text: str) -> Finding:
    return Finding(f"proof-{violation.invariant}", code, severity, text)


def _phases(listed: Sequence[tuple[str, str]], phase_of: Mapping[str, str], steps: Sequence[Step]) -> tuple[Phase, ...]:
    found = []
    for phase, title in listed:
        members = tuple(step.id for step in steps if phase_of[step.id] == phase)
        if members:
            found.append(Phase(phase, title, members))
    return tuple(found)


def _touched(steps: Iterable[Step], invariants: Iterable[Invariant]) -> set[Ref]:
    """Every attribute that a step or a checked invariant looks at or changes."""
    refs: set[Ref] = set()
    for step in steps:
        refs |= {*step.expect, *step.verify, *step.effects}
        for moment in step.moments:
            refs |= set(moment.values)
        if step.condition is not None:
            refs |= refs_of(step.condition)
        if step.change is not None and step.address is not None:
            refs |= {Ref(f"{step.address}#{label}") for label in step.change.before}
    for invariant in invariants:
        for check in invariant.checks:
            refs |= refs_of_check(check)
    return refs


def _initial(context: Context, steps: Iterable[Step], invariants: Iterable[Invariant]) -> Estate:
    resources: dict[Address, dict[str, Value] | Unknown] = {}
    for reference in sorted(_touched(steps, invariants)):
        address = address_of(reference)
        found = context.live.resources.get(address, ABSENT)
        if isinstance(found, Unknown):
            resources[address] = found
        else:
            known = resources.setdefault(address, {})
            assert isinstance(known, dict)
            known[attribute_of(reference)] = found.get(attribute_of(reference), ABSENT)
    return Estate(resources)


def _live(context: Context, steps: Iterable[Step], invariants: Iterable[Invariant]) -> tuple[LiveRead, ...]:
    by_address: dict[Address, list[str]] = {}
    for reference in sorted(_touched(steps, invariants)):
        resource = context.bound.resources.get(address_of(reference))
        kind = resource.attributes.get(attribute_of(reference)) if resource else None
        if kind is not None and not kind.type.volatile:
            by_address.setdefault(address_of(reference), []).append(attribute_of(reference))
    return tuple(
        LiveRead(
            address, _fingerprint(context, address, labels), context.sources.get(address, "gateway"), tuple(labels)
        )
        for address, labels in by_address.items()
    )


def _fingerprint(context: Context, address: Address, labels: Sequence[str]) -> str:
    found = context.live.resources.get(address, ABSENT)
    if isinstance(found, Unknown):
        return fingerprint(found)
    return fingerprint({label: found.get(label, ABSENT) for label in labels})
