"""A plan from a context: scenario, steps, order, estimates, outage, and what has to be proven of it.

In: a context, the comparison, the scenario asked for. Out: a `Draft`; with a proof, a `Plan` with its id.
The same context must give the same plan, byte for byte.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from oceana_dr.catalogue.bind import BoundCatalogue
from oceana_dr.catalogue.model import STEADY_STEP, Catalogue
from oceana_dr.catalogue.rules import Rule
from oceana_dr.diagnostics.nearest import nearest
from oceana_dr.diff.compare import Difference
from oceana_dr.estate.action import Action
from oceana_dr.estate.address import Address, Ref, address_of, attribute_of, peer_of, ref
from oceana_dr.estate.estate import ABSENT, Estate, fingerprint
from oceana_dr.estate.predicate import refs_of
from oceana_dr.estate.values import Unknown, Value
from oceana_dr.plan.channels import channel_moves
from oceana_dr.plan.codec import plan_id
from oceana_dr.plan.context import Context
from oceana_dr.plan.estimate import outages
from oceana_dr.plan.leftover import leftovers
from oceana_dr.plan.model import Behind, Finding, Kind, LiveRead, Outage, Phase, Plan, ProofRecord, Step
from oceana_dr.plan.readings import readings
from oceana_dr.plan.rollback import undo_steps
from oceana_dr.plan.select import STEADY, select_scenario
from oceana_dr.plan.standing import losses, owed_actions, timers
from oceana_dr.plan.steady import steady_steps
from oceana_dr.plan.transition import walk
from oceana_dr.safety.invariant import Invariant, bind_invariants, refs_of_check
from oceana_dr.safety.passage import Passage, close_order
from oceana_dr.twin.transitions import looked_at

STEADY_PHASE = "management"
PHASE_TITLES = {STEADY_PHASE: "Change"}


@dataclass(frozen=True, slots=True)
class Draft:
    """A plan before its proof, what has to be proven of it, and the rules it is judged by.

    `safe_start`: also that it begins on a safe estate. `silenced`: codes and ids of rules that the site does not want
    to hear of.
    """

    plan: Plan
    invariants: tuple[Invariant, ...]
    passages: tuple[Passage, ...]
    safe_start: bool
    rules: tuple[Rule, ...] = ()
    silenced: tuple[str, ...] = ()


def draft_plan(context: Context, difference: Difference, named: str | None = None) -> Draft:
    """Scenario, steps, order, estimates; a plan that is refused still says why, step by step where it can."""
    selection = select_scenario(context, difference, named)
    findings = list(selection.findings)
    steps: tuple[Step, ...] = ()
    phases: tuple[Phase, ...] = ()
    found: tuple[dict[str, Outage], int] = ({}, 0)
    behind: tuple[Behind, ...] = ()
    end = context.live
    invariants = bind_invariants(context.bound, selection.scenario)
    impossible = any(item.code == "OD2002" for item in findings)
    if selection.scenario == STEADY and not impossible:
        steps, refusals = steady_steps(context, difference.changes)
        findings += refusals
        phases = (Phase(STEADY_PHASE, PHASE_TITLES[STEADY_PHASE], tuple(step.id for step in steps)),) if steps else ()
        found = outages(steps, *channel_moves(context.bound, context.live, steps, context.operational))
    elif not impossible:
        scenario = context.bound.catalogue.scenarios[selection.scenario]
        walked = walk(context, scenario, invariants)
        steps, phases = walked.steps, _phases(scenario.phases, walked.phases, walked.steps)
        findings += walked.findings
        if not any(item.severity == "refuse" for item in findings):  # else the walk did not get to its end
            findings += leftovers(context, difference, walked.end, scenario)
        found, behind, end = outages(steps, walked.closes, walked.opens), walked.behind, walked.end
    findings += [*_unknown_estimates(context), *_answering(context)]
    plan = _plan(context, selection.scenario, steps, invariants, findings)
    plan = replace(plan, phases=phases, outage=found[0], contacts_rejected_s=found[1], behind=behind)
    plan = replace(
        plan,
        owed=owed_actions(context.bound, end),
        timers=timers(context.bound, steps, context.resolve),
        losses=losses(context.bound, selection.scenario, context.live),
        lost=context.lost,
    )
    catalogue = context.bound.catalogue
    safe_start = starts_safe(catalogue, plan)
    return Draft(plan, invariants, passages(context.bound, steps), safe_start, catalogue.rules, _silenced(context))


def _silenced(context: Context) -> tuple[str, ...]:
    """The rules that the site's `silences` name; entries for a single place of a file say nothing about plans."""
    listed = context.resolve("silences")
    entries = listed if isinstance(listed, Sequence) and not isinstance(listed, str) else ()
    return tuple(str(item["rule"]) for item in entries if isinstance(item, Mapping) and not item.get("at"))


def starts_safe(catalogue: Catalogue, plan: Plan) -> bool:
    """Whether this plan may begin only on a safe estate: a move that is planned, not the way back from it."""
    scenario = catalogue.scenarios.get(plan.scenario)
    return plan.undoes is None and scenario is not None and scenario.safe_start


def _unknown_estimates(context: Context) -> list[Finding]:
    """Estimates of the site that no step will ever take."""
    known = {str(step["id"]) for item in context.bound.catalogue.scenarios.values() for step in item.steps}
    return [
        Finding(
            f"estimate-{name}",
            "OD2007",
            "warning",
            f"`estimates` names {name}, and there is no such step{_or_rather(name, known)}",
        )
        for name in sorted(context.estimates)
        if name not in known and not STEADY_STEP.fullmatch(name)
    ]


def _answering(context: Context) -> list[Finding]:
    """What people declared lost and answers: a plan for practice, until they fence it."""
    if not context.answering:
        return []
    some = ", ".join(context.answering[:3])
    more = f" and {len(context.answering) - 3} more" if len(context.answering) > 3 else ""
    text = (
        f"{', '.join(context.lost)} is declared lost, and answers ({some}{more}): this plan runs only when it does not"
    )
    return [Finding("lost-answers", "OD2016", "warning", f"{text}, or is fenced")]


def _or_rather(name: str, known: set[str]) -> str:
    """The step that was meant: nearly the same name, or one of those that begin with it."""
    if near := nearest(name, sorted(known), most=2):
        return f"; did you mean {near}?"
    parts = sorted(step for step in known if step.startswith(f"{name}."))
    return f"; its parts are {', '.join(parts)}" if parts else ""


def draft_rollback(
    context: Context, original: Plan, undoing: Sequence[tuple[Step, Sequence[Action]]], run: str
) -> Draft:
    """A plan that takes steps of a run back, last first; it is proven of the same invariants."""
    invariants = bind_invariants(context.bound, original.scenario)
    steps, findings = undo_steps(context.bound, context.live, original, undoing, invariants)
    steps = tuple(_by_site(context, step) for step in steps)
    plan = _plan(context, original.scenario, steps, invariants, findings)
    phases = (Phase("stop", "Undo", tuple(step.id for step in steps)),) if steps else ()
    plan = replace(plan, phases=phases, undoes=run, from_side=original.to_side, to_side=original.from_side)
    outage, rejected = outages(steps, *channel_moves(context.bound, context.live, steps, original.from_side))
    plan = replace(plan, outage=outage, contacts_rejected_s=rejected)
    return Draft(plan, invariants, passages(context.bound, steps), starts_safe(context.bound.catalogue, plan))


def _by_site(context: Context, step: Step) -> Step:
    """Who runs a procedure that undoes something: the site's choice, as for every other step."""
    if step.kind is not Kind.RUN or step.address is None:
        return step
    return replace(step, driver=context.driver_of(step.address, step.driver, step.procedure))


def finish_plan(draft: Draft, proof: ProofRecord, findings: Iterable[Finding]) -> Plan:
    """The plan with its proof, what guards say of it, and its id."""
    plan = replace(draft.plan, findings=(*draft.plan.findings, *findings), proof=proof)
    return replace(plan, id=plan_id(plan))


def _plan(
    context: Context,
    scenario: str,
    steps: tuple[Step, ...],
    invariants: tuple[Invariant, ...],
    findings: Iterable[Finding],
) -> Plan:
    """A plan without phases, outage and proof."""
    return Plan(
        id="",
        catalogue=context.bound.catalogue.id,
        source=context.source,
        site=context.site,
        scenario=scenario,
        from_side=_from_side(context, scenario),
        to_side=context.operational,
        desired_digest=context.desired_digest,
        bindings=context.bound.bindings,
        initial=_initial(context, steps, invariants),
        live=_live(context, steps, invariants),
        phases=(),
        steps=tuple(_attested(context, step) for step in steps),
        findings=tuple(findings),
        drivers=context.drivers,
        outage={},
        contacts_rejected_s=0,
        proof=ProofRecord(0, (), (), 0, 0),
    )


def _attested(context: Context, step: Step) -> Step:
    """The step that says what of its result no driver can read back, and of what it relies on no driver reads."""
    conditions = [*(item.condition for item in step.requires), *([step.condition] if step.condition else [])]
    unread = {name for item in conditions for name in refs_of(item) if not context.readable(name)}
    if step.action is not None:
        # What merely follows from it nobody would look at otherwise, and what was seen of it before is not so any more.
        follows = {name: value for name, value in step.effects.items() if not context.readable(name)}
        step = replace(step, verify={**follows, **step.verify}) if follows.keys() - step.verify.keys() else step
    word = tuple(sorted(unread | {name for name in step.verify if not context.verifiable(name)}))
    return replace(step, attested=word) if word else step


def _from_side(context: Context, scenario: str) -> str:
    record = context.bound.catalogue.scenarios.get(scenario)
    moves = record.moves if record is not None else scenario != STEADY
    return peer_of(context.operational) if moves else context.operational


def passages(bound: BoundCatalogue, steps: Iterable[Step]) -> tuple[Passage, ...]:
    """The steps as the proof sees them."""
    listed = tuple(steps)
    closed = close_order({step.id: step.after for step in listed})
    return tuple(
        Passage(
            step.id,
            tuple(moment.values for moment in step.moments),
            step.touches if step.action is not None else frozenset(),
            closed[step.id],
            readings(bound, step),
        )
        for step in listed
    )


def _phases(listed: Sequence[tuple[str, str]], phase_of: Mapping[str, str], steps: Sequence[Step]) -> tuple[Phase, ...]:
    found = []
    for phase, title in listed:
        members = tuple(step.id for step in steps if phase_of[step.id] == phase)
        if members:
            found.append(Phase(phase, title, members))
    return tuple(found)


def _touched(bound: BoundCatalogue, steps: Iterable[Step], invariants: Iterable[Invariant]) -> set[Ref]:
    """Every attribute that a step, its console or a checked invariant looks at or changes."""
    refs: set[Ref] = set()
    for step in steps:
        if step.action is not None:
            refs |= looked_at(bound, step.action)
        refs |= {*step.expect, *step.verify, *step.effects}
        for moment in step.moments:
            refs |= set(moment.values)
        if step.condition is not None:
            refs |= refs_of(step.condition)
        for requirement in step.requires:
            refs |= refs_of(requirement.condition)
        if step.change is not None and step.address is not None:
            refs |= {Ref(f"{step.address}#{label}") for label in step.change.before}
    for invariant in invariants:
        for check in invariant.checks:
            refs |= refs_of_check(check)
    return refs


def _initial(context: Context, steps: Iterable[Step], invariants: Iterable[Invariant]) -> Estate:
    resources: dict[Address, dict[str, Value] | Unknown] = {}
    for reference in sorted(_touched(context.bound, steps, invariants)):
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
    """Every resource that was read; `attributes` names what the plan relies on in it."""
    relied = relied_on(context.bound, steps, invariants)
    return tuple(
        LiveRead(
            address,
            _fingerprint(context, address),
            context.sources.get(address, "gateway"),
            tuple(relied.get(address, ())),
        )
        for address in sorted(context.live.resources)
    )


def relied_on(
    bound: BoundCatalogue, steps: Iterable[Step], invariants: Iterable[Invariant]
) -> dict[Address, list[str]]:
    """By address, the attributes that must not have moved when the plan is run."""
    relied: dict[Address, list[str]] = {}
    for reference in sorted(_touched(bound, steps, invariants)):
        if _settled(bound, reference):
            relied.setdefault(address_of(reference), []).append(attribute_of(reference))
    return relied


def _settled(bound: BoundCatalogue, reference: Ref) -> bool:
    """Whether the value stays as it is unless somebody changes it."""
    resource = bound.resources.get(address_of(reference))
    attribute = resource.attributes.get(attribute_of(reference)) if resource else None
    return attribute is not None and not attribute.type.volatile


def _fingerprint(context: Context, address: Address) -> str:
    """Of the values that do not move by themselves: a queue's length must not make another plan."""
    found = context.live.resources[address]
    if isinstance(found, Unknown):
        return fingerprint(found)
    return fingerprint({label: value for label, value in found.items() if _settled(context.bound, ref(address, label))})
