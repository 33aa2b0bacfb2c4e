"""Runs exactly the steps of a plan: what may go together together, from the truth, to the end or a stop.

In: a plan, ports, options; a journal that is empty, or holds an earlier part of this run.
Out: the result, or the error that says how to go on. It must never start what it cannot record, nor
leave a supervised pair half done because of a stop.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Mapping
from contextlib import ExitStack, suppress

from oceana_dr.diagnostics import OceanaError, Refused, RunStopped, Stale, SystemUnavailable
from oceana_dr.estate.address import address_of
from oceana_dr.estate.estate import Estate
from oceana_dr.execute import events
from oceana_dr.execute.desk import Interrupted, LeftOut
from oceana_dr.execute.log import RunLog, Tools
from oceana_dr.execute.overrun import tell_overrun
from oceana_dr.execute.paper import done_meanwhile
from oceana_dr.execute.ports import Options, Ports, RunResult
from oceana_dr.execute.resume import Past, Standing, pasts, since_stopped
from oceana_dr.execute.schedule import Schedule
from oceana_dr.execute.steps import StepRunner
from oceana_dr.execute.verify import back_again, changed, fenced_off, listed, read_estate, relied_on, since_planned
from oceana_dr.plan.model import Kind, Plan, Step, StepClass
from oceana_dr.store import records

_RESUME = "run the same command again to resume"


def run(plan: Plan, ports: Ports, options: Options) -> RunResult:
    """Run the plan, or go on with it; raises an `OceanaError` when it stops before its end."""
    tools = Tools(plan, ports, options, RunLog(ports))
    own = pasts(tools.log.entries)
    inherited = _inherited(tools, own)
    past = own | {item.step: Past(Standing.DOUBT, key=item.key) for item in inherited}
    doubtful = {step_id for step_id, one in past.items() if one.standing is Standing.DOUBT}
    how = {step_id: one.how for step_id, one in past.items() if one.standing is Standing.DONE}
    skipped = {step_id for step_id, one in past.items() if one.standing is Standing.SKIPPED}
    schedule = Schedule(plan, how, doubtful, options.parallel, skipped=skipped)
    _check_journal(tools)
    if (finished := _finished(tools)) is not None:
        return _still_so(tools, finished, how)
    began = ports.clock.now()
    loop = _Loop(tools, schedule, past, how)
    _begin(tools, len(how), inherited)
    try:
        meanwhile = _check_fresh(tools, resumed=any(one.attempts for one in own.values()))
        past |= {step_id: Past(Standing.CLEAN) for step_id in meanwhile}
        loop.to_the_end()
        return _finish(tools, how, began)
    except OceanaError as error:
        _note_stop(tools, error, len(schedule.done))
        if _exit_code(tools, error) != error.exit_code:
            raise RunStopped(error.message, hint=error.hint or _RESUME) from error
        raise


def _exit_code(tools: Tools, error: OceanaError) -> int:
    """The code that the command ends with: what fails behind the first step has stopped part-way."""
    plain = error.exit_code == OceanaError.exit_code
    return RunStopped.exit_code if plain and _is_begun(tools) else error.exit_code


def _is_begun(tools: Tools) -> bool:
    """Whether a step was begun: what fails from there on leaves a run that can be gone on with."""
    return any(isinstance(entry.record, records.Intent) for entry in tools.log.entries)


class _Loop:
    """Starts steps and takes their ends, in one thread; the steps run in threads of their own."""

    def __init__(self, tools: Tools, schedule: Schedule, past: Mapping[str, Past], how: dict[str, str]) -> None:
        self._plan = tools.plan
        self._stop = tools.ports.stop
        self._options = tools.options
        self._log = tools.log
        self._schedule = schedule
        self._past = past
        self._how = how
        self._steps = StepRunner(tools)
        self._ends: queue.SimpleQueue[tuple[Step, str | BaseException] | None] = queue.SimpleQueue()
        self._began: dict[str, float] = {}
        self._error: BaseException | None = None
        self._lock = threading.Lock()
        self._shield = ExitStack()
        self._wish_told = False
        tools.log.left = self._left

    def to_the_end(self) -> None:
        """Until every step is done; raises what stopped it before."""
        with self._shield, self._stop.listened_by(lambda: self._ends.put(None)):
            if self._schedule.pair:
                self._shield.enter_context(self._stop.shielded())
            while True:
                self._start_all()
                if not self._schedule.running:
                    break
                end = self._ends.get()
                if end is None:
                    self._on_wish()
                else:
                    self._on_end(*end)
        if self._error is not None:
            raise self._error
        if self._stop.reason is not None and not self._schedule.complete:
            raise RunStopped(f"stopped by {self._stop.reason}", hint=_RESUME)
        if not self._schedule.complete:
            raise Refused("no step can be started, and not all are done", hint="make a new plan")

    def _start_all(self) -> None:
        while (step := self._next()) is not None:
            with self._lock:
                self._schedule.start(step.id)
                self._began[step.id] = self._log.now_s
            if self._schedule.pair[:1] == (step.id,):
                self._shield.enter_context(self._stop.shielded())
            if self._options.parallel == 1:
                self._work(step)
                return
            threading.Thread(target=self._work, args=(step,), name=step.id, daemon=True).start()

    def _next(self) -> Step | None:
        stopping = self._error is not None or self._stop.reason is not None
        step = self._schedule.next_step(stopping=stopping)
        if step is None or self._schedule.pair:
            return step
        closing = self._options.closing()
        if closing is not None:
            self._fail(closing)
            return None
        tell_overrun(self._log, self._options)
        return step

    def _work(self, step: Step) -> None:
        end: str | BaseException
        try:
            end = self._steps.run(step, self._past.get(step.id, Past()))
        except BaseException as error:  # noqa: BLE001 it is raised again where the steps are waited for
            end = error
        self._ends.put((step, end))

    def _on_end(self, step: Step, end: str | BaseException) -> None:
        with self._lock:
            if isinstance(end, str):
                self._schedule.finish(step.id)
                self._how[step.id] = end
            elif isinstance(end, LeftOut):
                self._schedule.skip(step.id)
            else:
                self._schedule.give_up(step.id)
        if not self._schedule.pair:
            self._shield.close()
        if isinstance(end, str):
            took = round(self._log.now_s - self._began[step.id])
            done, total = len(self._schedule.done), len(self._plan.steps)
            self._log.tell(events.StepDone(step.id, step.title, end, took, done, total))
            tell_overrun(self._log, self._options)
        elif not isinstance(end, Interrupted | LeftOut):
            self._fail(end)

    def _fail(self, error: BaseException) -> None:
        """The first error decides how the run ends, unless a later one is no error of the world."""
        if isinstance(error, SystemUnavailable):
            error = RunStopped(error.message, hint=error.hint or _RESUME)
        if self._error is None or (isinstance(self._error, OceanaError) and not isinstance(error, OceanaError)):
            self._error = error
        self._stop.halt("a step failed" if isinstance(error, OceanaError) else "an error of the program")

    def _on_wish(self) -> None:
        """Somebody wants to stop: once, what is in hand is finished; twice, it is left in doubt."""
        running = tuple(sorted(self._schedule.running))
        if self._stop.forced.is_set():
            self._log.tell(events.LeftInDoubt(running))
            names = ", ".join(running)
            raise RunStopped(
                f"stopped at once by {self._stop.reason}; in doubt: {names}",
                hint=f"{_RESUME}: what is in doubt is read, and asked about if need be",
            )
        if self._stop.signalled and not self._wish_told:
            self._wish_told = True
            pair = [member for member in self._schedule.pair if member not in self._schedule.done]
            finishing = [
                step_id for step_id in running if step_id not in pair and not _is_left(self._plan.step(step_id))
            ]
            self._log.tell(events.StopWished(self._stop.reason or "", (*finishing, *pair)))

    def _left(self) -> int:
        with self._lock:
            now = self._log.now_s
            elapsed = {step_id: now - self._began[step_id] for step_id in self._schedule.running}
            return self._schedule.left_s(elapsed)


def _is_left(step: Step) -> bool:
    """Whether a stop leaves the step where it is, as it does with waits and questions."""
    return step.needs_person or step.kind not in {Kind.SET, Kind.RUN}


def _inherited(tools: Tools, own: Mapping[str, Past]) -> tuple[records.Inherited, ...]:
    """What earlier runs left in doubt of this plan's steps, and this run's journal does not hold yet."""
    once = {step.id for step in tools.plan.steps if step.step_class is StepClass.ONCE}
    return tuple(item for item in tools.options.inherited if item.step in once and item.step not in own)


def _begin(tools: Tools, done: int, inherited: tuple[records.Inherited, ...]) -> None:
    plan, options, log = tools.plan, tools.options, tools.log
    resumed = bool(log.entries)
    if resumed:
        log.record(records.Resumed(options.operator))
    else:
        who, copy, undoes = options.operator, options.plan_copy, plan.undoes or ""
        before, head = options.previous
        log.record(records.RunStarted(options.run, plan.id, plan.site, plan.scenario, who, copy, undoes, before, head))
    taken = {entry.record.origin for entry in log.entries if isinstance(entry.record, records.Turned)}
    for refusal in options.refused:
        if refusal.origin not in taken:
            log.record(refusal)
    told = {entry.record for entry in log.entries if isinstance(entry.record, records.Approved | records.Override)}
    settled: tuple[records.Approved | records.Override, ...] = (*options.approvals, *options.overrides)
    for item in settled:
        if item not in told:
            log.record(item)
    for doubt in inherited:
        log.record(doubt)
    log.tell(events.RunStarted(options.run, plan.id, plan.site, done, len(plan.steps), resumed))


def _check_journal(tools: Tools) -> None:
    for entry in tools.log.entries:
        if isinstance(entry.record, records.RunStarted) and entry.record.plan != tools.plan.id:
            raise Refused(
                f"this journal is of the plan {entry.record.plan}, not of {tools.plan.id}",
                hint="resume with the plan the run was begun with",
            )
        if isinstance(entry.record, records.Unrecognised):
            raise Refused(
                f"this run was gone on with by a later version: its journal has a `{entry.record.type}` record, and"
                " what that means for the steps is not known here",
                hint="go on with the version that wrote it; `status` and `report` read it with this one",
            )


def _check_fresh(tools: Tools, *, resumed: bool) -> frozenset[str]:
    """Before step 1, and before a run goes on: what the plan relies on is read again.

    Returns the steps that were done by other hands since the run stopped.
    """
    plan = tools.plan
    addresses = {*plan.initial.resources, *(read.address for read in plan.live)}
    found = read_estate(tools.ports.reader, addresses)
    hint = f"oceana-dr plan {plan.site}: a new plan starts from what is there now"
    if back := back_again(plan, found):
        raise Stale(
            f"{', '.join(plan.lost)} was declared lost, and {listed(back)} {'answers' if len(back) == 1 else 'answer'}"
            " now, behind no fence",
            hint=f"{hint}; where it must stay out, fence it first",
        )
    meanwhile = done_meanwhile(plan, tools.log.entries, found) if resumed else frozenset()
    if resumed and (wrong := since_stopped(plan, tools.log.entries, found, meanwhile)):
        raise Stale(f"the estate has changed since this run stopped: {listed(wrong)}", hint=hint)
    if not resumed and (wrong := since_planned(plan, found)):
        raise Stale(f"the estate has changed since this plan was made: {listed(wrong)}", hint=hint)
    return meanwhile


def _finish(tools: Tools, how: Mapping[str, str], began: float) -> RunResult:
    try:
        readings = tools.ports.reader.read()
    except SystemUnavailable as error:
        raise RunStopped(f"every step is done; the estate cannot be read: {error.message}", hint=_RESUME) from error
    estate = Estate({reading.address: reading.resource for reading in readings})
    values = {reference: estate.get(reference) for reference in relied_on(tools.plan)}
    tools.log.record(records.Finished(values))
    duration = round(tools.ports.clock.now() - began)
    left_out = _skipped(tools)
    tools.log.tell(events.Finished(tools.options.run, duration, len(tools.plan.steps), left_out))
    return RunResult(tools.options.run, readings, dict(how), duration, left_out)


def _skipped(tools: Tools) -> tuple[str, ...]:
    """The steps that people left out, in the plan's order."""
    past = pasts(tools.log.entries)
    return tuple(step.id for step in tools.plan.steps if past.get(step.id, Past()).standing is Standing.SKIPPED)


def _finished(tools: Tools) -> records.Finished | None:
    return next((entry.record for entry in tools.log.entries if isinstance(entry.record, records.Finished)), None)


def _still_so(tools: Tools, finished: records.Finished, how: Mapping[str, str]) -> RunResult:
    """A plan that was run to its end is not run again; the estate either still agrees or has moved on."""
    readings = tools.ports.reader.read()
    estate = Estate({reading.address: reading.resource for reading in readings})
    aside = fenced_off(tools.plan, estate)
    known = {reference: value for reference, value in finished.values.items() if address_of(reference) not in aside}
    if wrong := changed(known, estate):
        raise Stale(
            f"this plan was run to its end ({tools.options.run}), and the estate has changed since: {listed(wrong)}",
            hint=f"oceana-dr plan {tools.plan.site}",
        )
    return RunResult(tools.options.run, readings, dict(how), 0, _skipped(tools))


def _note_stop(tools: Tools, error: OceanaError, done: int) -> None:
    """Best effort: the run resumes from what stands in the journal, with or without this record."""
    with suppress(OceanaError):
        tools.log.record(records.Stopped(error.message, error.exit_code))
    doubts = (step_id for step_id, past in pasts(tools.log.entries).items() if past.standing is Standing.DOUBT)
    total = len(tools.plan.steps)
    in_doubt, resumable = tuple(sorted(doubts)), not isinstance(error, Stale)
    tools.log.tell(
        events.Stopped(tools.options.run, error.message, done, total, in_doubt, resumable, _exit_code(tools, error))
    )
