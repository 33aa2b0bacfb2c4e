"""How a site's run stands now, from any machine that shares its state: executor, desk, window, the way back.

In: a project, a site. Out: the run, and facts as JSON that `present` shows and programs read.
It reads only, and what cannot be read is left out: neither a window nor a lock must keep somebody from seeing a run.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.diagnostics import OceanaError
from oceana_dr.estate.values import Json
from oceana_dr.execute.resume import Standing, pasts
from oceana_dr.guard.timing import OUTSIDE, Control, ruling_of
from oceana_dr.operations.access import LAB, endpoint_of
from oceana_dr.operations.desk import look_at_desk, waits_to_json
from oceana_dr.operations.governing import control_of
from oceana_dr.operations.runs import PastRun, latest_run
from oceana_dr.operations.stores import state_of
from oceana_dr.plan.model import Plan
from oceana_dr.plan.turning_back import Left, TurningBack, Undoing, left, turning_back
from oceana_dr.source.cache import Cache
from oceana_dr.source.prepared import prepare_site
from oceana_dr.source.project import Project
from oceana_dr.store.journal import Entry
from oceana_dr.store.locks import Held, read_lock
from oceana_dr.store.records import Finished, Intent, Override, Resumed, RunStarted


@dataclass(frozen=True, slots=True)
class Look:
    """A run at a moment. `pace`: seconds of the estate's clock in one of ours; `alive`: its process is there."""

    past: PastRun
    now: datetime
    pace: float
    alive: bool
    outlook: dict[str, Json]

    @property
    def ended(self) -> bool:
        """Whether the run has come to its end."""
        return any(isinstance(entry.record, Finished) for entry in self.past.entries)


class Following:
    """A site that is looked at again and again; what does not change is read once."""

    def __init__(self, project: Project, site: str, cache: Cache) -> None:
        self._project = project
        self._site = site
        self._cache = cache
        self._control: Control | None = None
        self._undoing: tuple[str, Undoing] | None = None
        self.pace = float(project.time_scale) if endpoint_of(project) == LAB else 1.0
        with suppress(OceanaError):
            self._control = control_of(project, prepare_site(project, site, None, cache))

    def look(self, now: datetime) -> Look | None:
        """The last run as it is now; None if there is none. Raises `InputRefused` for a site that never was."""
        past = latest_run(self._project, self._site)
        if past is None:
            return None
        database = state_of(self._project).database
        held: Held | None = None
        outlook: dict[str, Json] = {"executor": None, "desk": [], "left": None, "window": None, "turn_back": None}
        with suppress(OceanaError):  # the journal tells what was done, with or without a database beside it
            held = read_lock(database, self._site)
        ours = held if held is not None and held.lock.run == past.files.run else None
        alive = ours is not None and not ours.is_free()
        if ours is not None:
            outlook["executor"] = _executor(ours)
        if any(isinstance(entry.record, Finished) for entry in past.entries):
            return Look(past, now, self.pace, alive, outlook)
        with suppress(OceanaError):
            outlook["desk"] = [waits_to_json(item) for item in look_at_desk(database, past, alive=alive).waiting]
        self._look_ahead(past, now, outlook)
        return Look(past, now, self.pace, alive, outlook)

    def _look_ahead(self, past: PastRun, now: datetime, outlook: dict[str, Json]) -> None:
        plan, found = past.plan, pasts(past.entries)
        over = {step for step, one in found.items() if one.standing in {Standing.DONE, Standing.SKIPPED}}
        begun = {step for step, one in found.items() if one.standing in {Standing.DONE, Standing.DOUBT}}
        ahead = left(plan, over, _elapsed(past.entries, over, now, self.pace))
        fast, slow = (now + timedelta(seconds=seconds / self.pace) for seconds in (ahead.p50_s, ahead.p95_s))
        outlook["left"] = {"p50_s": ahead.p50_s, "p95_s": ahead.p95_s, "done_p50": _utc(fast), "done_p95": _utc(slow)}
        until = self._window(past, now, slow, fast, outlook)
        room = None if until is None else int((until - now).total_seconds() * self.pace)
        final = [step.id for step in plan.steps if step.irreversible is not None and step.id in begun]
        if plan.behind or final:
            name = plan.behind[0].step if plan.behind else final[0]
            doubt = not plan.behind and found[name].standing is Standing.DOUBT
            outlook["turn_back"] = {"possible": None if doubt else False, "step": name}
            return
        outlook["turn_back"] = self._turn_back(plan, begun, ahead, room, now)

    def _window(
        self, past: PastRun, now: datetime, slow: datetime, fast: datetime, outlook: dict[str, Json]
    ) -> datetime | None:
        """When the run has to be over; None where nothing says so."""
        if self._control is None:
            return None
        found = ruling_of(self._control, past.plan.scenario, now)
        asked = any(item.finding == OUTSIDE for item in _overrides(past.entries))
        end = "overridden" if asked else "finish" if self._control.finish else "stop"
        until = found.until if found.open else None
        fits = None if until is None else "p95" if slow <= until else "p50" if fast <= until else "no"
        outlook["window"] = {
            "open": found.open,
            "until": None if until is None else _utc(until),
            "left_s": None if until is None else max(0, int((until - now).total_seconds())),
            "opens": None if found.open or found.until is None else _utc(found.until),
            "at_end": end,
            "fits": fits,
        }
        return until

    def _turn_back(self, plan: Plan, begun: set[str], ahead: Left, room: int | None, now: datetime) -> dict[str, Json]:
        found: TurningBack = turning_back(plan, begun, ahead, self._undoing_of(plan), room)
        latest = None if found.until_s is None else now + timedelta(seconds=found.until_s / self.pace)
        return {
            "possible": True,
            "step": found.step,
            "step_in_s": found.step_s,
            "undo_p95_s": found.undo_s,
            "latest": None if latest is None else _utc(latest),
            "latest_in_s": found.until_s,
            "limited_by": None if found.until_s is None else "step" if found.by_step else "window" if room else None,
            "too_late_for_window": room is not None and found.until_s is None,
        }

    def _undoing_of(self, plan: Plan) -> Undoing:
        if self._undoing is None or self._undoing[0] != plan.id:
            catalogue = load_catalogue()
            rules, mirror = catalogue.orders.get(plan.scenario, ()), catalogue.mirrors.get(plan.scenario, {})
            self._undoing = (plan.id, Undoing(plan, rules, mirror))
        return self._undoing[1]


def _executor(held: Held) -> dict[str, Json]:
    """The process that runs it: where, and whether it gives signs of life."""
    lock = held.lock
    state = "dead" if held.is_dead() else "stale" if held.has_run_out else "fresh"
    about: dict[str, Json] = {"state": state, "who": lock.who, "host": lock.host, "pid": lock.pid}
    return {**about, "since": lock.since, "silent_s": held.silent_s}


def _overrides(entries: tuple[Entry, ...]) -> tuple[Override, ...]:
    """What was overridden by the call that runs it now: an override of the time counts for one call."""
    found: list[Override] = []
    for entry in entries:
        if isinstance(entry.record, RunStarted | Resumed):
            found = []
        elif isinstance(entry.record, Override):
            found.append(entry.record)
    return tuple(found)


def _elapsed(entries: tuple[Entry, ...], over: set[str], now: datetime, pace: float) -> dict[str, int]:
    """For how many seconds of the estate's clock the steps in hand have run."""
    found = {}
    for entry in entries:
        record = entry.record
        if isinstance(record, Intent) and (step := record.step) not in over:
            began = datetime.fromisoformat(entry.at)
            found[step] = max(0, int((now - began).total_seconds() * pace))
    return found


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
