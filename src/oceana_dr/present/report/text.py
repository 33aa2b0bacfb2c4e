"""A run's report as text: the outcome first, then callers, each step on the time line, people, what is left.

In: a `Report`, the site's zone. Out: text, the same bytes for the same journal and width.
Every step of the plan has its line, done or not, and every statement the number of its record.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo
from typing import Final

from oceana_dr.plan.model import Step
from oceana_dr.present.cells import display_width
from oceana_dr.present.durations import about, both, exact, moment
from oceana_dr.present.layout import Word, hanging, placed, words, wrapped
from oceana_dr.present.pace import median_pace
from oceana_dr.present.phrases import STEADY, scenario_title, side_title, site_title
from oceana_dr.present.report.facts import Pace, pace_of
from oceana_dr.present.report.model import Report
from oceana_dr.present.report.sections import (
    TABLE,
    after_lines,
    callers_lines,
    done_text,
    happened,
    notes,
    outcome_text,
    people_lines,
)
from oceana_dr.present.run_view import State
from oceana_dr.present.signs import Sign
from oceana_dr.present.style import Style

TITLE: Final = 20
TOOK, PLANNED, BAR_WIDTH, RECORD = 11, 7, 14, 5
TAIL: Final = TOOK + 2 + PLANNED + 2 + PLANNED + 2 + BAR_WIDTH + 1 + RECORD
SIGNS: Final = {
    State.DONE: Sign.DONE,
    State.IN_HAND: Sign.PROCEDURE,
    State.ASKED: Sign.GATE,
    State.WAITING: Sign.GATE,
    State.FAILED: Sign.FAILED,
    State.IN_DOUBT: Sign.FAILED,
    State.SKIPPED: Sign.WARNING,
    State.UNTOUCHED: Sign.DOT,
}


def render_report(
    report: Report,
    *,
    zone: tzinfo,
    width: int = 100,
    colour: bool = False,
    ascii: bool = False,  # noqa: A002 - the word a caller would look for
) -> str:
    """The whole report."""
    style = Style(ascii=ascii, color=colour)
    lines = [*_head(report, style, zone, width)]
    if width >= TABLE:
        head = f"{'took':>{width - TAIL + TOOK}}  {'planned':>{PLANNED}}  {'p95':>{PLANNED}}  when"
        lines += ["", style.faint(f"{head:<{width - RECORD + 1}}#")]
    for number, phase in enumerate(report.plan.phases):
        lines += [*([""] if number or width < TABLE else []), style.strong(style.text(phase.title))]
        for name in phase.steps:
            lines += _step(report, report.plan.step(name), style, width)
    lines += people_lines(report, style, zone, width)
    lines += after_lines(report, style, zone, width)
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _head(report: Report, style: Style, zone: tzinfo, width: int) -> Iterator[str]:
    plan, view, dot = report.plan, report.view, style.sign(Sign.DOT)
    arrow = (
        f"{side_title(plan, plan.from_side, style)} {style.sign(Sign.ARROW)} {side_title(plan, plan.to_side, style)}"
    )
    stays = plan.scenario == STEADY or plan.from_side == plan.to_side
    moved = () if stays else (Word(""), Word(arrow, style.strong))
    title = f"{site_title(plan, style)} {dot} {style.text(scenario_title(plan.scenario))}"
    yield from hanging((*words(title, style.strong), *moved), width)
    last = f" (#{len(report.entries)})" if report.entries else ""
    paint = {"finished": style.good, "not ended": style.doubtful, "incomplete": style.doubtful}.get(
        report.outcome, style.bad
    )
    rows = [
        ("outcome", paint(style.text(outcome_text(report)))),
        ("run", style.text(report.run or "none")),
        ("plan", style.text(plan.id)),
        *((("undoes", style.text(plan.undoes)),) if plan.undoes else ()),
        ("by", style.text(", ".join(view.people) or "nobody")),
        ("began", f"{when(view.began_at, zone)}{' (#1)' if view.started else ''}"),
        ("ended" if view.finished_at else "last sign", f"{when(view.finished_at or view.last_at, zone)}{last}"),
        (
            "took" if view.finished_at else "so far",
            f"{exact(report.total_s)} on the estate's clock, {about(median_pace(plan).total)} planned",
        ),
        ("done", style.text(done_text(report))),
        *((label, style.text(f"{text} (#{entry.number})")) for label, text, entry in happened(report, zone)),
        ("journal", style.text(f"{len(report.entries)} records, the last one's hash is {report.head}")),
    ]
    for label, text in rows:
        first, *others = wrapped(words(text), width, 10, first=10)
        yield f"{label:<10}{first}"
        yield from others
    yield from callers_lines(report, style, width)


def _step(report: Report, step: Step, style: Style, width: int) -> Iterator[str]:
    run, pace = report.view.step(step.id), pace_of(step, report.view.step(step.id))
    done = run.state is State.DONE
    bad, left_out = run.state in {State.FAILED, State.IN_DOUBT}, run.state is State.SKIPPED
    paint = style.good if done else style.bad if bad else style.doubtful if left_out else style.faint
    head, end = placed(
        (
            (2, Word(style.sign(SIGNS[run.state]), paint)),
            (5, Word(style.text(step.id), style.named)),
        ),
        gap=2,
    )
    took = exact(run.duration_s) if done else run.state.value.partition(" for")[0]
    took_painted = style.doubtful if pace is Pace.LATE else str
    rests_on = report.rests_on(step.id)
    record = f"#{rests_on.number}" if rests_on is not None else ""
    title, indent = words(style.text(step.title)), TITLE if width >= TABLE else 8
    first = max(indent, end + 2) if width >= TABLE else end + 2
    lines = wrapped(title, width - TAIL - 2 if width >= TABLE else width, indent, first=first)
    head += " " * (first - end) + lines[0]
    if width >= TABLE:
        planned = f"{about(step.estimate.p50):>{PLANNED}}  {about(step.estimate.p95):>{PLANNED}}"
        tail = f"{took_painted(f'{took:>{TOOK}}')}  {planned}  {_bar(report, step, style)} {record:>{RECORD}}"
        yield head + " " * (width - TAIL - first - display_width(lines[0])) + tail
        yield from lines[1:]
    else:
        yield from (head, *lines[1:])
        planned = f"{about(step.estimate.p50)} planned (p95 {about(step.estimate.p95)})"
        room = width - indent - display_width(f"{took}, {planned}  {record}  ")
        bar = f"  {_bar(report, step, style)}" if room >= BAR_WIDTH else ""
        yield f"{' ' * indent}{took_painted(took)}, {planned}  {record}{bar}"
    for note in notes(step, run):
        yield from wrapped(words(style.text(note), style.faint), width, indent)


def _bar(report: Report, step: Step, style: Style) -> str:
    """Where the step lies on the run's time line."""
    run, start = report.view.step(step.id), report.start_s.get(step.id)
    if start is None or not report.total_s:
        return " " * BAR_WIDTH
    length = run.duration_s if run.state is State.DONE else report.total_s - start
    first = min(BAR_WIDTH - 1, start * BAR_WIDTH // report.total_s)
    cells = max(1, min(BAR_WIDTH - first, round(length * BAR_WIDTH / report.total_s)))
    track = style.sign(Sign.TRACK)
    rest = BAR_WIDTH - first - cells
    return style.faint(track * first) + style.sign(Sign.BAR) * cells + style.faint(track * rest)


def when(at: str, zone: tzinfo) -> str:
    """A moment of a record, in the site's zone and in UTC."""
    found = moment(at)
    return both(found, zone) if found else at
