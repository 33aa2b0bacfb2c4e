"""Run a plan: the site's lock, the run's journal, the ports, and what is remembered afterwards.

In: a project, a plan with the bytes of its file, who runs it, who answers. Out: the result of the run.
Only the steps that stand in the plan are run; the baseline is written when all of them are done.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from oceana_dr.catalogue.bind import BoundCatalogue
from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.diagnostics import OceanaError, RunStopped
from oceana_dr.drivers.clock import RealClock
from oceana_dr.drivers.contract import EstateClock, People
from oceana_dr.drivers.gateway.clock import GatewayClock
from oceana_dr.drivers.gateway.contract import Transport, site_path
from oceana_dr.drivers.gateway.reader import ask
from oceana_dr.drivers.operator.people import Desk, chain
from oceana_dr.execute.closing import Closing
from oceana_dr.execute.ports import EventSink, Options, Ports, RunResult, never_closing, never_overrunning
from oceana_dr.execute.runner import run
from oceana_dr.execute.signals import StopFlag, stopped_by_signals
from oceana_dr.execute.writers import gateway_writers, open_writers
from oceana_dr.operations.access import has_gateway, transport_of
from oceana_dr.operations.before import before
from oceana_dr.operations.clearing import Attempt, Cleared, clear
from oceana_dr.operations.holding import Held, lock, open_run
from oceana_dr.operations.planning import NOTHING_KEPT
from oceana_dr.operations.refusing import Request
from oceana_dr.operations.routing import open_reader, remember_seen, routes_of_plan, settings_of
from oceana_dr.operations.stores import state_of
from oceana_dr.plan.model import Plan
from oceana_dr.source.cache import Cache
from oceana_dr.source.project import Project
from oceana_dr.store.approvals import Approvals
from oceana_dr.store.baseline import Baseline, write_baseline
from oceana_dr.store.board import Board
from oceana_dr.store.index import RunRow, list_runs, note_run
from oceana_dr.store.records import Approved, Override
from oceana_dr.store.refusals import Refusals
from oceana_dr.store.runs import digest_of_plan


@dataclass(frozen=True, slots=True)
class Applying:
    """Who runs a plan and who answers at its steps; `terminal` makes people of the terminal, if there is one.

    `wait`: without one, wait for answers from the desk.
    """

    request: Request
    answers: People | None
    events: EventSink
    terminal: Callable[[StopFlag], People | None]
    parallel: int = 4
    cache: Cache = NOTHING_KEPT
    wait: bool = False
    proven: Plan | None = None
    """A plan that `clearance` has let pass: the same one is not proven again, all that may have changed is asked."""

    @property
    def operator(self) -> str:
        """The name of who runs it."""
        return self.request.by


@dataclass(frozen=True, slots=True)
class Applied:
    """The run of a plan; `before` when an earlier call had run it to its end already; the steps that were skipped."""

    run: str
    before: bool
    skipped: tuple[str, ...] = ()


def apply_plan(project: Project, plan: Plan, plan_file: bytes, how: Applying) -> Applied:
    """Run the plan, or go on with its unfinished run; raises an `OceanaError` when it does not end."""
    state = state_of(project)
    with lock(state, plan, how.operator) as lease:
        # Asked with the lock in hand: what was said before the prompt may be hours old.
        cleared = clearance(project, plan, plan_file, how.request, how.cache, proven=plan is how.proven)
        if cleared.approvals is not None:  # a resumed run finds them, with or without their files
            Approvals(lease.fenced).bring(plan.site, cleared.approvals.kept())
        with open_run(state, plan, plan_file, lease) as held:
            before = held.is_finished
            result = _run(project, plan, plan_file, how, held, cleared)
            return Applied(result.run, before, result.skipped)


def clearance(
    project: Project, plan: Plan, plan_file: bytes, request: Request, cache: Cache, *, proven: bool = False
) -> Cleared:
    """Whether the plan may run now, before anybody is asked anything; raises what `clear` raises. Creates no run."""
    earlier = state_of(project).runs.of_plan(plan.site, plan.id, digest_of_plan(plan_file))
    entries = earlier.contents.entries if earlier else ()
    return clear(Attempt(project, plan, request, wall(), entries, cache, proven))


def wall() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)


def make_ports(project: Project, plan: Plan, held: Held, how: Applying, stop: StopFlag) -> Ports:
    """Everything the runner acts through, for this plan's site. In a lab, people have hands."""
    bound = BoundCatalogue(load_catalogue(), plan.bindings)
    routes = routes_of_plan(project, plan.drivers, gateway=has_gateway(project))
    writers = open_writers(settings_of(project, plan.site, routes, bound, stop=stop.forced))
    clock: EstateClock = RealClock(stop.pressing)
    transport: Transport | None = None
    hands, crew = None, None
    if routes.gateway:
        transport = transport_of(project, plan.site, bound)
        patient = GatewayClock(transport, plan.site, stop.forced)
        about = _about(transport, plan.site)
        fencing = about.get("fencing") is True
        writers = {**gateway_writers(transport, plan.site, patient, stop.forced, fencing=fencing), **writers}
        clock = GatewayClock(transport, plan.site, stop.pressing)
        if about.get("lab") is True:
            from oceana_dr.lab.crew import Crew
            from oceana_dr.lab.hands import LabHands

            hands = LabHands(transport, plan.site, patient, stop.forced)
            crew = Crew(transport, plan.site)
    return Ports(
        reader=open_reader(project, plan.site, routes, bound, transport),
        writers=writers,
        people=chain(how.answers, crew, Desk(how.terminal(stop), stop.pressing.is_set, wait=how.wait)),
        clock=clock,
        wall=wall,
        journal=held.journal,
        events=how.events,
        hands=hands,
        board=Board(held.database, plan.site, held.place.run),
        tenure=held.lease,
        stop=stop,
        attest=lambda seen, by: remember_seen(held.database, plan.site, seen, by),
    )


def _about(transport: Transport, site: str) -> Mapping[str, Any]:
    """What the endpoint says of itself: whether it is a lab, whether it checks fencing tokens."""
    about = ask(transport, site_path(site))
    return about if isinstance(about, dict) else {}


def _run(  # noqa: PLR0917 - all of it is needed, and nothing else makes a record of it
    project: Project, plan: Plan, plan_file: bytes, how: Applying, held: Held, cleared: Cleared
) -> RunResult:
    stop = StopFlag()
    earlier = before(state_of(project).runs, held.place, Refusals(held.database))
    ports = make_ports(project, plan, held, how, stop)
    watch = cleared.watch
    closing = None if watch is None else Closing(watch, plan.scenario, how.request.again, wall)
    options = Options(
        run=held.place.run,
        operator=how.operator,
        parallel=how.parallel,
        inherited=held.inherited,
        plan_copy=digest_of_plan(plan_file),
        previous=(earlier.run, earlier.head),
        refused=earlier.refused,
        overrides=(*cleared.overrides, *_without_team(project, how.operator)),
        approvals=_approvals(cleared),
        closing=_stopping(cleared, closing),
        overrun=never_overrunning if closing is None else closing.overrun,
    )
    if not held.is_finished:
        note_run(held.database, _row(plan, how, held, "running"))
    try:
        with stopped_by_signals(stop):
            result = run(plan, ports, options)
    except OceanaError:
        if not held.is_finished:
            with suppress(OceanaError):  # the journal says it too; why the run stopped must not be lost over it
                note_run(held.database, _row(plan, how, held, "stopped"))
        raise
    try:
        _remember(plan, how, held, result)
    except OceanaError as error:
        raise RunStopped(f"every step is done, and cannot be remembered: {error.message}", hint=error.hint) from error
    return result


def _stopping(cleared: Cleared, closing: Closing | None) -> Callable[[], OceanaError | None]:
    """What stops the run from outside of it, before its next step."""
    if cleared.ends is not None:
        return lambda: cleared.ends
    return closing or never_closing


def _approvals(cleared: Cleared) -> tuple[Approved, ...]:
    """What the run stands on, for its journal."""
    found = cleared.approvals
    if found is None:
        return ()
    return tuple(
        Approved(
            item.person,
            item.role,
            item.ballot.principals[0],
            item.ballot.key,
            item.expires.isoformat().replace("+00:00", "Z"),
            row.digest,
        )
        for item, row in zip(found.count.counted, found.kept(), strict=True)
    )


def _remember(plan: Plan, how: Applying, held: Held, result: RunResult) -> None:
    """The estate as the baseline of what comes next, and the run as finished."""
    ended = held.journal.entries[-1].at
    write_baseline(held.database, plan.site, Baseline(result.estate, held.place.run, ended))
    note_run(held.database, _row(plan, how, held, "incomplete" if result.skipped else "finished", ended))
    for row in list_runs(held.database, plan.site):
        if row.run == plan.undoes and not result.skipped:
            note_run(held.database, replace(row, state="taken back"))


def _without_team(project: Project, by: str) -> tuple[Override, ...]:
    """That the team's state was given up for this run stands in its journal, with who said why."""
    reason = project.state.alone
    return () if reason is None or project.state.url is None else (Override("local-state", by, reason),)


def _row(plan: Plan, how: Applying, held: Held, state: str, finished: str | None = None) -> RunRow:
    entries = held.journal.entries
    return RunRow(
        site=plan.site,
        run=held.place.run,
        plan=plan.id,
        scenario=plan.scenario,
        operator=how.operator,
        state=state,
        started=entries[0].at if entries else wall().isoformat(timespec="seconds"),
        finished=finished,
        path=str(held.place.journal),
        head=held.journal.head,
    )
