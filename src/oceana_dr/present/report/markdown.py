"""A run's report as GitHub's Markdown: for an issue, a pull request or a wiki.

In: a `Report`, the site's zone. Out: Markdown of at most as many bytes as a comment may have.
What took too long, what was not done and what people overrode must never be cut.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from typing import Final

from oceana_dr.plan.model import Phase
from oceana_dr.present.budget import Block, fit
from oceana_dr.present.durations import about, both, exact, moment
from oceana_dr.present.markdown import code, folded, prose
from oceana_dr.present.pace import median_pace
from oceana_dr.present.phrases import STEADY, counted, scenario_title, side_title
from oceana_dr.present.plan_summary import channel_name
from oceana_dr.present.report.facts import owed_after, refused_before, timers_after
from oceana_dr.present.report.model import Report
from oceana_dr.present.report.sections import (
    act_text,
    channel_text,
    done_text,
    happened,
    notes,
    noticed,
    outage_text,
    outcome_text,
    promise_text,
    rto_text,
    timer_text,
)
from oceana_dr.present.run_view import State
from oceana_dr.present.style import Style

ROOM: Final = 65_536
"""Most bytes of a comment on GitHub."""
_PLAIN: Final = Style()
_CUT: Final = "> Shortened to what a comment can hold: `oceana-dr report` has all of it."


def render_markdown(report: Report, *, zone: tzinfo, room: int = ROOM) -> str:
    """The report; steps unfold by phase."""
    blocks = [
        Block((_head(report, zone),)),
        Block((_callers(report),)),
        Block((_noticed(report, zone),)),
        *(_phase(report, phase) for phase in report.plan.phases),
        _people(report, zone),
        Block((_refused(report, zone),)),
        Block((_after(report, zone),)),
        Block((_foot(report),)),
    ]
    return fit([block for block in blocks if block.forms[0]], room, _CUT)


def _head(report: Report, zone: tzinfo) -> str:
    plan, view = report.plan, report.view
    moved = plan.scenario != STEADY and plan.from_side != plan.to_side
    where = f", {side_title(plan, plan.from_side, _PLAIN)} → {side_title(plan, plan.to_side, _PLAIN)}" if moved else ""
    ended, last = view.finished_at or view.last_at, "ended" if view.finished_at else "last sign"
    who = ", ".join(view.people) or "nobody"
    lines = [
        f"**{prose(outcome_text(report))}.** {prose(done_text(report))}.",
        f"Took {exact(report.total_s)} on the estate's clock; planned {about(median_pace(plan).total)}.",
        f"Began {prose(_when(view.began_at, zone))}, {last} {prose(_when(ended, zone))}, run by {prose(who)}.",
        f"Run {code(report.run or 'none')} of plan {code(plan.id)}.",
    ]
    if plan.undoes:
        lines.append(f"It takes back run {code(plan.undoes)}.")
    return f"### {prose(f'{plan.site}: {scenario_title(plan.scenario)}{where}')}\n\n" + "  \n".join(lines)


def _callers(report: Report) -> str:
    """A table: how long each channel was closed, and until when it was verified."""
    if not report.channels:
        return ""
    rows = [
        f"| {prose(channel_name(item.channel))} | {prose(outage_text(item))}; "
        f"{prose(promise_text((item.planned.p50_s, item.planned.p95_s)))} | {prose(rto_text(item))}; "
        f"{prose(promise_text(item.planned_rto_s))} | {prose(channel_text(item))} |"
        for item in report.channels
    ]
    head = "| channel | turned away | from declaration to verified | by |\n| --- | --- | --- | --- |"
    return f"**Callers**\n\n{head}\n" + "\n".join(rows)


def _noticed(report: Report, zone: tzinfo) -> str:
    """What somebody has to know who opens nothing: late, not done, skipped, in doubt, overridden, stopped."""
    rows = [f"- {code(step.id)} {prose(said)} {_record(report, step.id)}" for step, said in noticed(report)]
    rows += [f"- {label}: {prose(text)} (record {entry.number})" for label, text, entry in happened(report, zone)]
    return "**Worth knowing**\n\n" + "\n".join(rows) if rows else ""


def _phase(report: Report, phase: Phase) -> Block:
    """Every step in a table; the ids of the steps; their number."""
    runs = [(report.plan.step(name), report.view.step(name)) for name in phase.steps]
    done = sum(run.state is State.DONE for _, run in runs)
    head = f"<b>{prose(phase.title)}</b>: {done} of {counted(len(runs), 'step')} done"
    rows = [
        f"| {code(step.id)} | {prose('. '.join([step.title, *notes(step, run)]))} | "
        f"{exact(run.duration_s) if run.state is State.DONE else prose(run.state.value)} | "
        f"{about(step.estimate.p50)} | {about(step.estimate.p95)} | {_number(report, step.id)} |"
        for step, run in runs
    ]
    table = "| step | what | took | planned | p95 | record |\n| --- | --- | --- | --- | --- | --- |\n" + "\n".join(rows)
    short = ", ".join(f"{code(step.id)} {prose(run.state.value)}" for step, run in runs)
    return Block((folded(head, table), folded(head, short), head))


def _people(report: Report, zone: tzinfo) -> Block:
    if not report.acts:
        return Block(("",))
    rows = []
    for act in report.acts:
        at = moment(act.entry.at)
        shown = f"{at.astimezone(zone):%H:%M:%S} " if at else ""
        rows.append(f"- {shown}**{prose(' and '.join(act.who))}** {prose(act_text(act))} (record {act.entry.number})")
    who = dict.fromkeys(name for act in report.acts for name in act.who)
    head = f"<b>Who did what</b>: {prose(', '.join(who))}"
    return Block((folded(head, "\n".join(rows)), head))


def _refused(report: Report, zone: tzinfo) -> str:
    rows = []
    for entry, record in refused_before(report.entries):
        said = "; ".join(map(str, record.findings.values())) or record.reason
        at = _when(record.refused_at or entry.at, zone)
        rows.append(f"- {prose(f'{at}, {record.by}: {said}')} (record {entry.number})")
    return f"**Turned away before ({len(rows)})**\n\n" + "\n".join(rows) if rows else ""


def _after(report: Report, zone: tzinfo) -> str:
    rows = [f"- {prose(item.title)} ({code(item.step)})" for item in owed_after(report.plan, report.view)]
    running = timers_after(report.plan, report.entries)
    rows += [f"- {prose(timer_text(item, zone))} (record {item.since.number})" for item in running]
    return "**Left to do after it**\n\n" + "\n".join(rows) if rows else ""


def _foot(report: Report) -> str:
    rows: Sequence[str] = [
        f"{counted(len(report.entries), 'record')}; the last one's hash is {code(report.head)}.",
        f"To check it: {code(f'oceana-dr audit verify {report.run} --head {report.head}')}" if report.run else "",
    ]
    return "---\n" + "  \n".join(row for row in rows if row)


def _record(report: Report, step: str) -> str:
    number = _number(report, step)
    return f"(record {number})" if number else ""


def _number(report: Report, step: str) -> str:
    rests_on = report.rests_on(step)
    return str(rests_on.number) if rests_on is not None else ""


def _when(at: str, zone: tzinfo) -> str:
    found = moment(at)
    return both(found, zone) if found else at
