"""A run's report as data: planned against actual, how each step was done, who said what.

In: the plan of a run and its journal. Out: a `Report` for text, and the same as JSON.
The same journal must give the same report; what was not done must never be called completed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo

from oceana_dr.estate.values import Json
from oceana_dr.plan.model import Plan, Step
from oceana_dr.present.durations import both, moment
from oceana_dr.present.pace import median_pace
from oceana_dr.present.run_view import Logged, RunView, State, StepRun, view_run


@dataclass(frozen=True, slots=True)
class Report:
    """A plan, its run, and both together: `start_s` by step, from the run's begin on the estate's clock."""

    plan: Plan
    view: RunView
    start_s: Mapping[str, int]
    total_s: int
    alive: bool

    @property
    def outcome(self) -> str:
        """`finished`, `incomplete` (steps were skipped), `stopped`, `running`, `interrupted` or `not begun`."""
        if self.view.finished_at:
            return "incomplete" if self.view.skipped else "finished"
        if self.view.started is None:
            return "not begun"
        if not self.view.running:
            return "stopped"
        return "running" if self.alive else "interrupted"

    def count(self, state: State) -> int:
        """How many steps of the plan stand so."""
        return sum(self.view.step(step.id).state is state for step in self.plan.steps)


def make_report(plan: Plan, entries: Sequence[Logged], *, alive: bool = False) -> Report:
    """Read the journal against the plan; `alive` tells whether a process still works on the run."""
    view = view_run(entries)
    start = {name: max(0, (run.began_ms - view.began_ms) // 1000) for name, run in view.steps.items() if run.attempts}
    return Report(plan, view, start, max(0, (view.last_ms - view.began_ms) // 1000), alive)


def report_to_json(report: Report, zone: tzinfo) -> dict[str, Json]:
    """The report as data; times in UTC as recorded, and as the site's clocks showed them."""
    plan, view = report.plan, report.view
    return {
        "format_version": "1.0",
        "run": view.started.run if view.started else None,
        "plan": plan.id,
        "site": plan.site,
        "scenario": plan.scenario,
        "from": plan.from_side,
        "to": plan.to_side,
        "outcome": report.outcome,
        "people": list(view.people),
        "began": _times(view.began_at, zone),
        "ended": _times(view.finished_at or view.last_at, zone),
        "resumed": [{"at": _times(at, zone), "by": by} for at, by in view.resumed],
        "stopped": [
            {"at": _times(at, zone), "reason": stop.reason, "exit_code": stop.exit_code} for at, stop in view.stops
        ],
        "approvals": [
            {"by": item.by, "role": item.role, "principal": item.principal, "key": item.key, "expires": item.expires}
            for item in view.approvals
        ],
        "overrides": [{"finding": item.finding, "by": item.by, "reason": item.reason} for item in view.overrides],
        "planned_s": median_pace(plan).total,
        "actual_s": report.total_s,
        "totals": {state.value: report.count(state) for state in State},
        "steps": [_step(step, view.step(step.id), report.start_s.get(step.id), zone) for step in plan.steps],
    }


def _step(step: Step, run: StepRun, start: int | None, zone: tzinfo) -> Json:
    return {
        "id": step.id,
        "title": step.title,
        "address": step.address,
        "state": run.state.value,
        "how": run.how or None,
        "reason": run.reason or None,
        "attempts": run.attempts,
        "start_s": start,
        "planned_s": step.estimate.p50,
        "actual_s": run.duration_s if run.state is State.DONE else None,
        "began": _times(run.began_at, zone),
        "ended": _times(run.ended_at, zone),
        "answer": dict(run.answer) or None,
        "decisions": [
            {"choice": item.choice, "by": item.by, "second": item.second, "read_back": dict(item.read_back)}
            for item in run.decisions
        ],
        **_skipped(run),
    }


def _skipped(run: StepRun) -> dict[str, Json]:
    """Only where it is so."""
    found = run.skipped
    if found is None or run.state is not State.SKIPPED:
        return {}
    return {"skipped": {"by": found.by, "second": found.second, "reason": found.reason, "waived": list(found.waived)}}


def _times(at: str, zone: tzinfo) -> Json:
    found = moment(at)
    return None if found is None else {"utc": at, "site": both(found, zone)}
