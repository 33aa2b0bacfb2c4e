"""Run a plan: the site's lock, the run's journal, the ports, and what is remembered afterwards.

In: a project, a plan with the bytes of its file, who runs it, who answers. Out: the result of the run.
Only the steps that stand in the plan are run; the baseline is written when all of them are done.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from oceana_dr.catalogue.bind import BoundCatalogue
from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.diagnostics import OceanaError, RunStopped
from oceana_dr.drivers.contract import People
from oceana_dr.drivers.gateway.clock import GatewayClock
from oceana_dr.drivers.gateway.contract import Transport, site_path
from oceana_dr.drivers.gateway.reader import GatewayReader, ask
from oceana_dr.drivers.operator.people import chain
from oceana_dr.execute.closing import Closing
from oceana_dr.execute.ports import EventSink, Options, Ports, RunResult, never_closing
from oceana_dr.execute.runner import run
from oceana_dr.execute.signals import StopFlag, stopped_by_signals
from oceana_dr.execute.writers import gateway_writers
from oceana_dr.operations.access import transport_of
from oceana_dr.operations.clearing import Attempt, Cleared, clear
from oceana_dr.operations.earlier import open_doubts
from oceana_dr.operations.planning import NOTHING_KEPT
from oceana_dr.operations.refusing import Request
from oceana_dr.plan.model import Plan
from oceana_dr.source.cache import Cache
from oceana_dr.source.project import Project
from oceana_dr.store.baseline import Baseline, write_baseline
from oceana_dr.store.database import Database
from oceana_dr.store.files import SystemFiles
from oceana_dr.store.index import RunRow, list_runs, note_run
from oceana_dr.store.journal import Journal
from oceana_dr.store.locks import Lease, acquire
from oceana_dr.store.records import Finished, Inherited
from oceana_dr.store.runs import RunFiles, Runs, digest_of_plan


@dataclass(frozen=True, slots=True)
class Applying:
    """Who runs a plan and who answers at its steps; `terminal` makes people of the terminal, if there is one."""

    request: Request
    answers: People | None
    events: EventSink
    terminal: Callable[[StopFlag], People | None]
    parallel: int = 4
    cache: Cache = NOTHING_KEPT

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
    database, runs = Database(project.state_dir), Runs(project.state_dir, SystemFiles())
    lease = acquire(database, plan.site, who=how.operator, why=f"apply {plan.id[:19]}", run=None, wall=wall)
    try:
        # Asked with the lock in hand: what was said before the prompt may be hours old.
        cleared = clearance(project, plan, plan_file, how.request, how.cache)
        earlier = runs.of_plan(plan.site, plan.id, digest_of_plan(plan_file))
        place = earlier.files if earlier else runs.begin(plan.site, plan.id, plan_file, wall())
        lease.name_run(place.run)
        journal = runs.open(place)
        try:
            held = _Held(database, place, journal, lease, open_doubts(runs, plan.site, place.run), cleared)
            before = _is_finished(held)
            result = _run(project, plan, plan_file, how, held)
            return Applied(result.run, before, result.skipped)
        finally:
            journal.close()
    finally:
        with suppress(
            OceanaError
        ):  # a lock that is left behind belongs to a process that has ended: nobody waits for it
            lease.release()


@dataclass(frozen=True, slots=True)
class _Held:
    """What a run holds while it lasts."""

    database: Database
    place: RunFiles
    journal: Journal
    lease: Lease
    inherited: tuple[Inherited, ...]
    cleared: Cleared


def clearance(project: Project, plan: Plan, plan_file: bytes, request: Request, cache: Cache) -> Cleared:
    """Whether the plan may run now, before anybody is asked anything; raises what `clear` raises. Creates no run."""
    runs = Runs(project.state_dir, SystemFiles())
    earlier = runs.of_plan(plan.site, plan.id, digest_of_plan(plan_file))
    entries = earlier.contents.entries if earlier else ()
    return clear(Attempt(project, plan, request, wall(), entries, cache))


def wall() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)


def make_ports(project: Project, plan: Plan, held: _Held, how: Applying, stop: StopFlag) -> Ports:
    """Everything the runner acts through, for this plan's site. In a lab, people have hands."""
    bound = BoundCatalogue(load_catalogue(), plan.bindings)
    transport = transport_of(project, plan.site, bound)
    patient = GatewayClock(transport, plan.site, stop.forced)
    hands, crew = None, None
    if is_lab(transport, plan.site):
        from oceana_dr.lab.crew import Crew
        from oceana_dr.lab.hands import LabHands

        hands = LabHands(transport, plan.site, patient, stop.forced)
        crew = Crew(transport, plan.site)
    return Ports(
        reader=GatewayReader(transport, plan.site, bound),
        writers=gateway_writers(transport, plan.site, patient, stop.forced),
        people=chain(how.answers, crew, how.terminal(stop)),
        clock=GatewayClock(transport, plan.site, stop.pressing),
        wall=wall,
        journal=held.journal,
        events=how.events,
        hands=hands,
        tenure=held.lease,
        stop=stop,
    )


def is_lab(transport: Transport, site: str) -> bool:
    """Whether the estate behind the endpoint says that it is a lab."""
    about = ask(transport, site_path(site))
    return isinstance(about, dict) and about.get("lab") is True


def _run(project: Project, plan: Plan, plan_file: bytes, how: Applying, held: _Held) -> RunResult:
    stop, watch = StopFlag(), held.cleared.watch
    ports = make_ports(project, plan, held, how, stop)
    options = Options(
        run=held.place.run,
        operator=how.operator,
        parallel=how.parallel,
        inherited=held.inherited,
        plan_copy=digest_of_plan(plan_file),
        overrides=held.cleared.overrides,
        closing=never_closing if watch is None else Closing(watch, plan.scenario, how.request.again, wall),
    )
    if not _is_finished(held):
        note_run(held.database, _row(plan, how, held, "running"))
    try:
        with stopped_by_signals(stop):
            result = run(plan, ports, options)
    except OceanaError:
        if not _is_finished(held):
            with suppress(OceanaError):  # the journal says it too; why the run stopped must not be lost over it
                note_run(held.database, _row(plan, how, held, "stopped"))
        raise
    try:
        _remember(plan, how, held, result)
    except OceanaError as error:
        raise RunStopped(f"every step is done, and cannot be remembered: {error.message}", hint=error.hint) from error
    return result


def _remember(plan: Plan, how: Applying, held: _Held, result: RunResult) -> None:
    """The estate as the baseline of what comes next, and the run as finished."""
    ended = held.journal.entries[-1].at
    write_baseline(held.database, plan.site, Baseline(result.estate, held.place.run, ended))
    note_run(held.database, _row(plan, how, held, "incomplete" if result.skipped else "finished", ended))
    for row in list_runs(held.database, plan.site):
        if row.run == plan.undoes and not result.skipped:
            note_run(held.database, replace(row, state="taken back"))


def _is_finished(held: _Held) -> bool:
    return any(isinstance(entry.record, Finished) for entry in held.journal.entries)


def _row(plan: Plan, how: Applying, held: _Held, state: str, finished: str | None = None) -> RunRow:
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
