"""A run's report as JSON: what the other forms show, and under each statement the record it rests on.

In: a `Report`, the site's zone. Out: data that `schemas/report.schema.json` describes.
Fields are added and never renamed: what checks a run in a pipeline reads them.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import tzinfo
from typing import TypeVar

from oceana_dr.estate.values import Json
from oceana_dr.plan.model import Step
from oceana_dr.present.durations import both, moment
from oceana_dr.present.pace import median_pace, slow_pace
from oceana_dr.present.report.facts import Act, ChannelRun, Kept, owed_after, pace_of, refused_before, timers_after
from oceana_dr.present.report.model import Report
from oceana_dr.present.run_view import State, StepRun
from oceana_dr.store.records import Approved, Decision, Override, Resumed, Stopped, type_of

Kind = TypeVar("Kind", Approved, Override, Resumed, Stopped)


def report_to_json(report: Report, zone: tzinfo) -> dict[str, Json]:
    """The report as data; times in UTC as recorded, and as the site's clocks showed them."""
    plan, view = report.plan, report.view
    return {
        "format_version": "1.0",
        "run": report.run or None,
        "plan": plan.id,
        "site": plan.site,
        "scenario": plan.scenario,
        "from": plan.from_side,
        "to": plan.to_side,
        "undoes": plan.undoes,
        "outcome": report.outcome,
        "people": list(view.people),
        "began": _times(view.began_at, zone),
        "ended": _times(view.finished_at or view.last_at, zone),
        "resumed": _each(report, Resumed, lambda at, record: {"at": _times(at, zone), "by": record.operator}),
        "stopped": _each(
            report,
            Stopped,
            lambda at, record: {"at": _times(at, zone), "reason": record.reason, "exit_code": record.exit_code},
        ),
        "approvals": _each(
            report,
            Approved,
            lambda _, record: {
                "by": record.by,
                "role": record.role,
                "principal": record.principal,
                "key": record.key,
                "expires": record.expires,
            },
        ),
        "overrides": _each(
            report,
            Override,
            lambda _, record: {"finding": record.finding, "by": record.by, "reason": record.reason},
        ),
        "planned_s": median_pace(plan).total,
        "planned_p95_s": slow_pace(plan).total,
        "actual_s": report.total_s,
        "totals": {state.value: report.count(state) for state in State},
        "channels": [_channel(item, zone) for item in report.channels],
        "steps": [_step(report, step, zone) for step in plan.steps],
        "acts": [_act(item, zone) for item in report.acts],
        "refusals": [
            {
                "at": _times(record.refused_at or entry.at, zone),
                "by": record.by,
                "plan": record.plan,
                "reason": record.reason,
                "exit_code": record.exit_code,
                "findings": dict(record.findings),
                "asked": dict(record.asked),
                "refusal": record.origin or None,
                "record": entry.number,
            }
            for entry, record in refused_before(report.entries)
        ],
        "owed": [{"id": item.id, "title": item.title, "step": item.step} for item in owed_after(plan, view)],
        "timers": [
            {
                "id": item.timer.id,
                "title": item.timer.title,
                "started_by": item.timer.started_by,
                "since": _times(item.since.at, zone),
                "limit_s": item.timer.limit_s,
                "record": item.since.number,
            }
            for item in timers_after(plan, report.entries)
        ],
        "journal": {
            "records": len(report.entries),
            "head": report.head,
            "plan_copy": view.started.plan_copy if view.started is not None else "",
            "previous_run": view.started.previous or None if view.started is not None else None,
            "previous_head": view.started.previous_head or None if view.started is not None else None,
        },
        "records": [
            {"record": item.number, "type": type_of(item.record), "at": item.at, "hash": item.digest}
            for item in report.entries
        ],
    }


def _each(report: Report, kind: type[Kind], told: Callable[[str, Kind], dict[str, Json]]) -> list[Json]:
    """Every record of a kind, in order: what is told of it, with its number."""
    return [
        {**told(item.at, item.record), "record": item.number}
        for item in report.entries
        if isinstance(item.record, kind)
    ]


def _step(report: Report, step: Step, zone: tzinfo) -> Json:
    run, rests_on, pace = report.view.step(step.id), report.rests_on(step.id), pace_of(step, report.view.step(step.id))
    trail = report.trail.get(step.id, ())
    return {
        "id": step.id,
        "title": step.title,
        "address": step.address,
        "state": run.state.value,
        "how": run.how or None,
        "reason": run.reason or None,
        "attempts": run.attempts,
        "start_s": report.start_s.get(step.id),
        "planned_s": step.estimate.p50,
        "planned_p95_s": step.estimate.p95,
        "actual_s": run.duration_s if run.state is State.DONE else None,
        "pace": None if pace is None else pace.value,
        "began": _times(run.began_at, zone),
        "ended": _times(run.ended_at, zone),
        "answer": dict(run.answer) or None,
        "decisions": [
            {
                "choice": item.record.choice,
                "by": item.record.by,
                "second": item.record.second,
                "read_back": dict(item.record.read_back),
                "record": item.number,
            }
            for item in trail
            if isinstance(item.record, Decision)
        ],
        **_skipped(run),
        "record": None if rests_on is None else rests_on.number,
        "records": [item.number for item in trail],
    }


def _skipped(run: StepRun) -> dict[str, Json]:
    """Only where it is so."""
    found = run.skipped
    if found is None or run.state is not State.SKIPPED:
        return {}
    return {"skipped": {"by": found.by, "second": found.second, "reason": found.reason, "waived": list(found.waived)}}


def _channel(item: ChannelRun, zone: tzinfo) -> Json:
    return {
        "channel": item.channel,
        "closed_by": item.planned.closed_by,
        "closed": _point(item.closed, zone),
        "opened_by": item.planned.opened_by,
        "opened": _point(item.opened, zone),
        "verified_by": item.verified_by,
        "verified": _point(item.verified, zone),
        "declared": _point(item.declared, zone),
        "planned_outage_s": item.planned.p50_s,
        "planned_outage_p95_s": item.planned.p95_s,
        "outage_s": item.outage_s,
        "pace": None if item.pace is None else item.pace.value,
        "planned_rto_s": None if item.planned_rto_s is None else item.planned_rto_s[0],
        "planned_rto_p95_s": None if item.planned_rto_s is None else item.planned_rto_s[1],
        "rto_s": item.rto_s,
    }


def _act(item: Act, zone: tzinfo) -> Json:
    return {
        "record": item.entry.number,
        "at": _times(item.entry.at, zone),
        "who": list(item.who),
        "did": item.did,
        "step": item.step or None,
        "text": item.text or None,
    }


def _point(entry: Kept | None, zone: tzinfo) -> Json:
    return None if entry is None else {"at": _times(entry.at, zone), "record": entry.number}


def _times(at: str, zone: tzinfo) -> Json:
    found = moment(at)
    return None if found is None else {"utc": at, "site": both(found, zone)}
