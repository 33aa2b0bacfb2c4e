"""May this plan be run now, by this person: every guard asked at once, less what is overridden by name.

In: a project, a plan, who runs it and what they override. Out: what to write down and to watch, or the refusal.
Everything that writes to an estate comes through `clear`. An override takes away the finding it names and no other
one, and nothing is overridden without a reason; whoever is turned away is written down.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from oceana_dr.catalogue.bind import BoundCatalogue
from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.diagnostics import OceanaError, OutsideWindow, Refused
from oceana_dr.diagnostics.nearest import nearest
from oceana_dr.execute.resume import Standing, pasts
from oceana_dr.execute.schedule import Schedule
from oceana_dr.guard.approvals import APPROVAL
from oceana_dr.guard.findings import REFUSE, WARNING, refusals
from oceana_dr.guard.limits import limit_findings
from oceana_dr.guard.timing import OUTSIDE, TIMED, Control, Need, demanded_roles, timing_findings
from oceana_dr.operations.approving import Review, review
from oceana_dr.operations.ballots import folder_of
from oceana_dr.operations.governing import control_of, limits_of, settable
from oceana_dr.operations.planfile import verify_plan
from oceana_dr.operations.planning import NOTHING_KEPT
from oceana_dr.operations.refusing import Closed, Forbidden, Request, override_flag, refusal, write_down
from oceana_dr.operations.unattended import against_unattended
from oceana_dr.plan.estimate import median, schedule, slow
from oceana_dr.plan.model import Estimate, Finding, Plan
from oceana_dr.source.cache import Cache
from oceana_dr.source.prepared import PreparedSite, prepare_site
from oceana_dr.source.project import Project
from oceana_dr.store.journal import Entry
from oceana_dr.store.records import Finished, Override


@dataclass(frozen=True, slots=True)
class Attempt:
    """A plan that somebody wants to run at a moment; `entries`: of its run so far, if it was begun before.

    `proven`: this very plan was let pass before, in this process. Its proof depends on it and the catalogue alone.
    """

    project: Project
    plan: Plan
    request: Request
    at: datetime
    entries: tuple[Entry, ...] = ()
    cache: Cache = NOTHING_KEPT
    proven: bool = False


@dataclass(frozen=True, slots=True)
class Cleared:
    """A plan that may run: overrides to be recorded, warnings to be shown, the windows to be watched if any.

    `approvals`: what counted, None where nothing is to be done. `ends`: stops the run before its next step, but never
    inside of a supervised pair.
    """

    overrides: tuple[Override, ...]
    warnings: tuple[Finding, ...]
    watch: Control | None
    approvals: Review | None = None
    ends: Forbidden | Closed | None = None


def clear(attempt: Attempt) -> Cleared:
    """Let the plan pass, or raise `Refused` or `OutsideWindow` with every finding, and write that down."""
    try:
        return _clear(attempt)
    except (Refused, OutsideWindow) as error:
        write_down(attempt.project, attempt.plan, attempt.request, error, attempt.at)
        raise


def _clear(attempt: Attempt) -> Cleared:
    plan, request = attempt.plan, attempt.request
    if not attempt.proven:
        _check_whole(plan)
    site = prepare_site(attempt.project, plan.site, None, attempt.cache)
    control = control_of(attempt.project, site)
    bound = BoundCatalogue(load_catalogue(), plan.bindings)
    limits = limit_findings(plan, settable(bound), limits_of(attempt.project, site, plan))
    need = _need(plan, attempt.entries)
    timed = () if need is None else _timed(attempt, control, need)
    kept = {entry.record.finding for entry in attempt.entries if isinstance(entry.record, Override)} - TIMED
    found = None if need is None else _review(attempt, site)
    unapproved = () if found is None or found.approved or APPROVAL in kept else (_unapproved(attempt, found),)
    alone = _unattended(attempt, site) if request.unattended else ()
    every = tuple({item.id: item for item in (*refusals(plan), *limits, *alone, *timed, *unapproved)}.values())
    _check_request(plan, request, every)
    refused = [item for item in every if item.severity == REFUSE]
    left = [item for item in refused if not (item.overridable and item.id in {*request.overrides, *kept})]
    if left:
        raise refusal(plan, request, left)
    taken = [item.id for item in refused if item.id in request.overrides]
    # Whoever acts outside of the window is not stopped by its end.
    watched = need is not None and OUTSIDE not in request.overrides
    return Cleared(
        tuple(Override(name, request.by, request.reason.strip()) for name in taken),
        tuple(item for item in (*timed, *unapproved) if item.severity != REFUSE),
        control if watched else None,
        found,
        next((refusal(plan, request, [item]) for item in unapproved if item.severity != REFUSE), None),
    )


def _check_whole(plan: Plan) -> None:
    """The id of a plan shows that it is whole, not who wrote it: what runs is proven here, whatever it claims."""
    if any(not item.overridable for item in refusals(plan)):
        return  # it is refused with all its findings
    problems = verify_plan(plan).problems
    if problems:
        raise Refused(
            f"this plan does not hold: {'; '.join(problems[:5])}",
            hint="make it again: oceana-dr plan SITE -o plan.json",
        )


def _need(plan: Plan, entries: Sequence[Entry]) -> Need | None:
    """What is left of the plan; None where nothing is left to be done."""
    if any(isinstance(entry.record, Finished) for entry in entries):
        return None
    done = _done(entries)
    steps = [replace(step, estimate=Estimate(0, 0)) if step.id in done else step for step in plan.steps]
    if all(step.id in done for step in steps):
        return None
    return Need(plan.scenario, schedule(steps, median).total, schedule(steps, slow).total, going_on=bool(done))


def _unattended(attempt: Attempt, site: PreparedSite) -> tuple[Finding, ...]:
    """What forbids to run the plan with nobody there; what people override, nobody can override here."""
    if attempt.request.overrides:
        raise Refused(
            "nothing is overridden where nobody is there to answer for it",
            hint=f"a person runs it, at a terminal: {attempt.request.again}",
        )
    return against_unattended(attempt.project, attempt.plan, site)


def _done(entries: Iterable[Entry]) -> set[str]:
    return {step for step, past in pasts(entries).items() if past.standing is Standing.DONE}


def _timed(attempt: Attempt, control: Control, need: Need) -> tuple[Finding, ...]:
    """What the windows say; an interrupted run that stands inside a supervised pair first finishes the pair."""
    found = timing_findings(control, need, attempt.at)
    if not Schedule(attempt.plan, _done(attempt.entries), (), 1).pair:
        return tuple(_with_roles(attempt, control, item) for item in found)
    tail = ". The supervised pair in hand is finished first, then the run stops"
    return tuple(
        replace(item, severity=WARNING, overridable=False, message=item.message + tail) if item.id == OUTSIDE else item
        for item in found
    )


def _review(attempt: Attempt, site: PreparedSite) -> Review:
    file = attempt.request.plan_file
    return review(attempt.project, site, attempt.plan, None if file is None else folder_of(file), attempt.at)


def _unapproved(attempt: Attempt, found: Review) -> Finding:
    """What is missing, and who may run the plan all the same. Inside a supervised pair, the pair is finished first.

    An override is not for who made the change. Nobody plans an outage: its plan asks two people itself.
    """
    item, by = found.finding(), found.people.person(attempt.request.by)
    if Schedule(attempt.plan, _done(attempt.entries), (), 1).pair:
        tail = ". The supervised pair in hand is finished first, then the run stops"
        return replace(item, severity=WARNING, message=item.message + tail)
    if _asks_two_people(attempt.plan):
        return replace(item, overridable=True)
    roles = found.rule.override_roles
    if not any(found.people.has(by, role) for role in roles):
        may = " or ".join(f"{role} ({', '.join(found.people.of_role(role))})" for role in roles)
        return replace(item, message=f"{item.message}. Without it: {may}") if may else item
    if by in {found.people.person(name) for name in found.authors.names}:
        return replace(item, message=f"{item.message}. {by} made the change, and does not override it")
    return replace(item, overridable=True)


def _with_roles(attempt: Attempt, control: Control, item: Finding) -> Finding:
    """The finding, with whom to ask where this person may not override it.

    Nobody chose the moment of an unplanned scenario, and its plan asks two people itself: it takes a reason only.
    """
    if item.id != OUTSIDE or _asks_two_people(attempt.plan):
        return item
    roles, by = attempt.project.roles or {}, attempt.request.by
    wanted = demanded_roles(control, attempt.plan.scenario, attempt.at)
    missing = [names for names in wanted if not any(by in roles.get(name, ()) for name in names)]
    if not missing:
        return item
    may = ", and ".join(" or ".join(f"{name} ({', '.join(roles.get(name, ()))})" for name in some) for some in missing)
    return replace(item, message=f"{item.message}. {by} may not override it; ask {may}", overridable=False)


def _asks_two_people(plan: Plan) -> bool:
    scenario = load_catalogue().scenarios.get(plan.scenario)
    signed = any(step.instructions is not None and step.instructions.second_person for step in plan.steps)
    return scenario is not None and scenario.unplanned and signed


def _check_request(plan: Plan, request: Request, every: Sequence[Finding]) -> None:
    """What is to be overridden must be there, or be of the kind that comes and goes with the time."""
    known = {item.id: item for item in (*plan.findings, *every)}
    for name in request.overrides:
        if name in TIMED:
            continue
        if name not in known:
            near = nearest(name, known)
            listed = f"its findings: {', '.join(known)}" if known else "it has none"
            raise OceanaError(
                f"this plan has no finding {name}", hint=f"did you mean {near}?" if near is not None else listed
            )
        if known[name].severity == REFUSE and not known[name].overridable:
            code = known[name].code
            raise Refused(f"{code} cannot be overridden: {known[name].message}", hint=f"oceana-dr explain {code}")
    if request.overrides and not request.reason.strip():
        flags = " ".join(map(override_flag, request.overrides))
        raise Refused("nothing is overridden without a reason", hint=f'{request.again} {flags} --reason "..."')
