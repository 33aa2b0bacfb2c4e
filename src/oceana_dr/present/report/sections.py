"""The parts of a report that are sentences: the outcome, callers, people, what was refused before, what is left.

In: a `Report`, a style. Out: lines of text; the sentences also serve the other forms.
A sentence must never say more than a record does, and names that record as `#12`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo
from typing import Final

from oceana_dr.plan.model import Step
from oceana_dr.present.durations import about, both, exact, moment
from oceana_dr.present.layout import Word, placed, words, wrapped
from oceana_dr.present.phrases import counted, how_text
from oceana_dr.present.plan_summary import channel_name
from oceana_dr.present.report.facts import (
    ATTESTED,
    Act,
    ChannelRun,
    Kept,
    Pace,
    Running,
    approval_text,
    owed_after,
    pace_of,
    refused_before,
    seen,
    timers_after,
)
from oceana_dr.present.report.model import Report
from oceana_dr.present.run_view import State, StepRun
from oceana_dr.present.style import Style
from oceana_dr.store.records import Approved, Overran, Override, Resumed, Stopped

TABLE: Final = 96
"""From this width on, what can be a table is one."""
_MOST_LATE: Final = 8
_COLUMNS: Final = (2, 14, 56)


def outcome_text(report: Report) -> str:
    """How the run ended, and how many of its steps stand how."""
    total = len(report.plan.steps)
    if report.outcome == "finished":
        return f"finished, all {total} steps done"
    counts = [(report.count(state), state.value) for state in State]
    return f"{report.outcome}: of {total} steps " + ", ".join(f"{number} {name}" for number, name in counts if number)


def done_text(report: Report) -> str:
    """How many steps rest on what was read, and how many on whose word alone; how many took too long."""
    done = [(step, run) for step in report.plan.steps if (run := report.view.step(step.id)).state is State.DONE]
    told = [run for _, run in done if run.how == ATTESTED]
    names = dict.fromkeys(str(run.answer[part]) for run in told for part in ("by", "second") if run.answer.get(part))
    word = f", {len(told)} on the word of {', '.join(names) or 'a person'}" if told else ""
    late = [step.id for step, run in done if pace_of(step, run) is Pace.LATE]
    more = f" and {len(late) - _MOST_LATE} more" if len(late) > _MOST_LATE else ""
    slow = "; none took longer than its p95" if done else ""
    if late:
        slow = f"; later than p95: {', '.join(late[:_MOST_LATE])}{more}"
    return f"{counted(len(done), 'step')}: {len(done) - len(told)} read back or waited for{word}{slow}"


def notes(step: Step, run: StepRun) -> Iterator[str]:
    """How a step was done, by whose word, what people decided, and whether it was late."""
    who = _said(run)
    if run.state is State.SKIPPED and run.skipped is not None:
        waived = f"; waived: {', '.join(run.skipped.waived)}" if run.skipped.waived else ""
        yield f"skipped by {run.skipped.by} and {run.skipped.second}: {run.skipped.reason}{waived}"
    elif run.state is State.DONE and (who or run.how not in {"acted", "waited", "checked"}):
        yield f"{how_text(run.how)}{f', {who}' if who else ''}"
    elif who:
        yield f"answered by {who.removeprefix('by ')}"
    if run.reason:
        yield run.reason
    if run.attempts > 1:
        yield f"{run.attempts} attempts"
    if pace_of(step, run) is Pace.LATE:
        yield f"late: {exact(run.duration_s - step.estimate.p95)} over its p95"
    for item in run.decisions:
        second = f" and {item.second}" if item.second else ""
        yield f"in doubt: {item.by}{second} decided to {item.choice}"


def noticed(report: Report) -> Iterator[tuple[Step, str]]:
    """What somebody has to know who reads no table: late, begun and not done, skipped, or decided in doubt."""
    for step in report.plan.steps:
        run = report.view.step(step.id)
        said = list(notes(step, run))
        if run.state is State.DONE:
            said = [text for text in said if text.startswith(("late:", "in doubt:"))]
        elif run.state is not State.UNTOUCHED:
            said = said or [run.state.value]
        else:
            said = []
        if said:
            yield step, f"{step.title}: {'; '.join(said)}"


def happened(report: Report, zone: tzinfo) -> Iterator[tuple[str, str, Kept]]:
    """What befell the run, in words, by which record: `resumed`, `stopped`, `approved`, `override`, `window`."""
    for entry in report.entries:
        at = moment(entry.at)
        when = both(at, zone) if at else entry.at
        match entry.record:
            case Resumed(operator=by):
                yield "resumed", f"{when} by {by}", entry
            case Stopped() as record:
                yield "stopped", f"{when}: {record.reason} (exit {record.exit_code})", entry
            case Approved() as record:
                yield "approved", approval_text(record), entry
            case Override() as record:
                yield "override", f"{record.finding} by {record.by}: {record.reason}", entry
            case Overran(ended=ended):
                end = moment(ended)
                said = both(end, zone) if end else ended
                yield "window", f"it ended {said}, and the run went on, as its site says", entry
            case _:
                pass


def channel_text(item: ChannelRun) -> str:
    """A channel's way, each point with its step and record."""
    points = [
        _point("closed", item.planned.closed_by, item.closed) if item.planned.closed_by else "closed before the run",
        _point("opened", item.planned.opened_by, item.opened),
        _point("verified", item.verified_by, item.verified) if item.verified_by else "no step verifies it",
    ]
    return ", ".join(points)


def outage_text(item: ChannelRun) -> str:
    """How long it turned contacts away, and how that was against the promise."""
    if item.outage_s is None:
        return "not closed" if item.closed is None else "closed, and not opened again"
    return f"turned away {exact(item.outage_s)}: {item.pace}"


def rto_text(item: ChannelRun) -> str:
    """From the declaration to the signature under what people saw."""
    return "RTO open: not verified" if item.rto_s is None else f"RTO {exact(item.rto_s)}"


def promise_text(planned: tuple[int, int] | None) -> str:
    """What the plan promised, at the median and where every step is slow."""
    return "nothing planned" if planned is None else f"planned {about(planned[0])}, p95 {about(planned[1])}"


def act_text(act: Act) -> str:
    """`did P11: 0 contacts`."""
    step = f" {act.step}" if act.step else ""
    return f"{act.did}{step}{f': {act.text}' if act.text else ''}"


def timer_text(item: Running, zone: tzinfo) -> str:
    """What runs since when, and for how long."""
    since = moment(item.since.at)
    shown = both(since, zone) if since else item.since.at
    limit = f", for {about(item.timer.limit_s)}" if item.timer.limit_s is not None else ""
    return f"{item.timer.title}, since {shown}{limit}"


def callers_lines(report: Report, style: Style, width: int) -> Iterator[str]:
    """Channel by channel: how long, against what was promised; by which steps."""
    if not report.channels:
        return
    yield ""
    yield style.strong("Callers")
    for item in report.channels:
        paint = style.doubtful if item.pace is Pace.LATE else str
        name = Word(style.text(channel_name(item.channel)), style.strong)
        told, due = outage_text(item), promise_text((item.planned.p50_s, item.planned.p95_s))
        rto, rto_due = rto_text(item), promise_text(item.planned_rto_s)
        if width >= TABLE:
            yield placed(zip(_COLUMNS, (name, Word(told, paint), Word(rto)), strict=True))[0]
            yield placed(zip(_COLUMNS[1:], (Word(due, style.faint), Word(rto_due, style.faint)), strict=True))[0]
        else:
            yield "  " + str(name)
            yield from wrapped(words(f"{told}, {due}", paint), width, 4)
            yield from wrapped(words(f"{rto}, {rto_due}"), width, 4)
        yield from wrapped(
            words(style.text(channel_text(item)), style.faint), width, _COLUMNS[1] if width >= TABLE else 4
        )
    declared = report.channels[0].declared.number
    text = f"RTO: from the declaration, the run's begin (#{declared}), to the signature that contacts are answered"
    yield "  " + "\n  ".join(wrapped(words(text, style.faint), width - 2, 0))


def people_lines(report: Report, style: Style, zone: tzinfo, width: int) -> Iterator[str]:
    """Who did what, in the order of the records; and who was turned away before."""
    if report.acts:
        yield ""
        yield style.strong("People")
    for act in report.acts:
        at = moment(act.entry.at)
        shown = f"{at.astimezone(zone):%H:%M:%S}" if at else ""
        row = (
            Word(f"{f'#{act.entry.number}':>6}  {shown}"),
            Word(style.text(" and ".join(act.who)), style.strong),
            *words(style.text(act_text(act))),
        )
        yield from wrapped(row, width, 18, first=0)
    refused = refused_before(report.entries)
    if refused:
        yield ""
        yield style.strong("Turned away before")
    for entry, record in refused:
        at = moment(record.refused_at or entry.at)
        shown = both(at, zone) if at else entry.at
        said = [str(text) for text in record.findings.values()] or [record.reason]
        row = (Word(f"{f'#{entry.number}':>6}"), Word(shown), Word(style.text(record.by), style.strong))
        yield from wrapped((*row, *words(style.text("; ".join(said)))), width, 8, first=0)
        if reason := record.asked.get("reason"):
            yield from wrapped(words(style.text(f"their reason: {reason}"), style.faint), width, 8)


def after_lines(report: Report, style: Style, zone: tzinfo, width: int) -> Iterator[str]:
    """What is owed and what runs when the run has ended; how to check what stands here."""
    rows = [f"{item.title} ({item.step})" for item in owed_after(report.plan, report.view)]
    running = timers_after(report.plan, report.entries)
    rows += [f"{timer_text(item, zone)} (#{item.since.number})" for item in running]
    rows += [f"{step.id} {step.title}: skipped" for step in report.plan.steps if step.id in report.view.skipped]
    if rows:
        yield ""
        yield style.strong("Left to do after it")
    for text in rows:
        first, *others = wrapped(words(style.text(text)), width, 4, first=2)
        yield f"  {first}"
        yield from others
    if report.run:
        yield ""
        text = f"#12 is record 12 of the journal. To check it: oceana-dr audit verify {report.run} --head {report.head}"
        yield from wrapped(words(style.text(text), style.faint), width, 0, first=0)


def _said(run: StepRun) -> str:
    answer = run.answer
    if not answer.get("by"):
        return ""
    second = f" and {answer['second']}" if answer.get("second") else ""
    text = seen(answer)
    return f"by {answer['by']}{second}" + (f": {text}" if text else "")


def _point(did: str, step: str | None, entry: object) -> str:
    number = getattr(entry, "number", None)
    where = f"by {step} " if step else ""
    return f"{did} {where}(#{number})" if number is not None else f"not {did}" + (f" ({step})" if step else "")
