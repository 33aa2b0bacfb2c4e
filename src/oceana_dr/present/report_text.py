"""A run's report as text: the outcome first, then each step with its place on the time line.

In: a `Report`, the site's zone. Out: text, the same bytes for the same journal.
Every step of the plan has its line, done or not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import tzinfo
from typing import Final

from oceana_dr.estate.values import Json
from oceana_dr.plan.model import Step
from oceana_dr.present.cells import display_width
from oceana_dr.present.durations import about, both, exact, moment
from oceana_dr.present.layout import Word, hanging, placed, words, wrapped
from oceana_dr.present.pace import median_pace
from oceana_dr.present.phrases import STEADY, counted, how_text, scenario_title, side_title, site_title
from oceana_dr.present.report import Report
from oceana_dr.present.run_view import State, StepRun
from oceana_dr.present.signs import Sign
from oceana_dr.present.style import Style

TABLE: Final = 96
ATTESTED: Final = "attested"
TITLE: Final = 20
TOOK: Final = 11
PLANNED: Final = 8
BAR_WIDTH: Final = 20
TAIL: Final = TOOK + 2 + PLANNED + 2 + BAR_WIDTH
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
        lines += ["", style.faint(f"{'took':>{width - TAIL + TOOK}}  {'planned':>{PLANNED}}  when")]
    for number, phase in enumerate(report.plan.phases):
        lines += [*([""] if number or width < TABLE else []), style.strong(style.text(phase.title))]
        for name in phase.steps:
            lines += _step(report, report.plan.step(name), style, width)
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
    paint = {"finished": style.good, "running": style.strong, "incomplete": style.doubtful}.get(
        report.outcome, style.bad
    )
    rows = [
        ("outcome", paint(style.text(_outcome(report)))),
        ("run", style.text(view.started.run if view.started else "none")),
        ("plan", style.text(plan.id)),
        ("by", style.text(", ".join(view.people) or "nobody")),
        ("began", _when(view.began_at, zone)),
        ("ended" if view.finished_at else "last sign", _when(view.finished_at or view.last_at, zone)),
        (
            "took" if view.finished_at else "so far",
            f"{exact(report.total_s)} on the estate's clock, {about(median_pace(plan).total)} planned",
        ),
        ("done", style.text(_done(report))),
        *(("resumed", style.text(f"{_when(at, zone)} by {by}")) for at, by in view.resumed),
        *(
            ("stopped", style.text(f"{_when(at, zone)}: {stop.reason} (exit {stop.exit_code})"))
            for at, stop in view.stops
        ),
        *(
            ("approved", style.text(f"by {item.by}{f' as {item.role}' if item.role else ''}: {item.key}"))
            for item in view.approvals
        ),
        *(("override", style.text(f"{item.finding} by {item.by}: {item.reason}")) for item in view.overrides),
    ]
    for label, text in rows:
        first, *others = wrapped(words(text), width, 10, first=10)
        yield f"{label:<10}{first}"
        yield from others


def _outcome(report: Report) -> str:
    total = len(report.plan.steps)
    if report.outcome == "finished":
        return f"finished, all {total} steps done"
    counts = [(report.count(state), state.value) for state in State]
    return f"{report.outcome}: of {total} steps " + ", ".join(f"{number} {name}" for number, name in counts if number)


def _done(report: Report) -> str:
    """How many steps rest on what was read, and how many on whose word alone."""
    runs = [run for run in report.view.steps.values() if run.state is State.DONE]
    told = [run for run in runs if run.how == ATTESTED]
    names = dict.fromkeys(str(run.answer[part]) for run in told for part in ("by", "second") if run.answer.get(part))
    word = f", {len(told)} on the word of {', '.join(names) or 'a person'}" if told else ""
    return f"{counted(len(runs), 'step')}: {len(runs) - len(told)} read back or waited for{word}"


def _step(report: Report, step: Step, style: Style, width: int) -> Iterator[str]:
    run = report.view.step(step.id)
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
    title, indent = words(style.text(step.title)), TITLE if width >= TABLE else 8
    first = max(indent, end + 2) if width >= TABLE else end + 2
    lines = wrapped(title, width - TAIL - 2 if width >= TABLE else width, indent, first=first)
    head += " " * (first - end) + lines[0]
    if width >= TABLE:
        tail = f"{took:>{TOOK}}  {about(step.estimate.p50):>{PLANNED}}  {_bar(report, step, style)}"
        here = first + display_width(lines[0])
        yield head + " " * (width - TAIL - here) + tail
        yield from lines[1:]
    else:
        yield from (head, *lines[1:])
        yield f"{' ' * indent}{took}, {about(step.estimate.p50)} planned  {_bar(report, step, style)}"
    for note in _notes(run):
        yield from wrapped(words(style.text(note), style.faint), width, indent)


def _bar(report: Report, step: Step, style: Style) -> str:
    """Where the step lies on the run's time line."""
    run, start = report.view.step(step.id), report.start_s.get(step.id)
    if start is None or not report.total_s:
        return ""
    length = run.duration_s if run.state is State.DONE else report.total_s - start
    first = min(BAR_WIDTH - 1, start * BAR_WIDTH // report.total_s)
    cells = max(1, min(BAR_WIDTH - first, round(length * BAR_WIDTH / report.total_s)))
    track = style.sign(Sign.TRACK)
    rest = BAR_WIDTH - first - cells
    return style.faint(track * first) + style.sign(Sign.BAR) * cells + style.faint(track * rest)


def _notes(run: StepRun) -> Iterator[str]:
    """How it was done, by whose word, and what people decided."""
    who = _said(run.answer)
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
    for item in run.decisions:
        second = f" and {item.second}" if item.second else ""
        yield f"in doubt: {item.by}{second} decided to {item.choice}"


def _said(answer: Mapping[str, Json]) -> str:
    if not answer.get("by"):
        return ""
    second = f" and {answer['second']}" if answer.get("second") else ""
    parts = [str(answer[name]) for name in ("observed", "evidence") if answer.get(name)]
    return f"by {answer['by']}{second}" + (f": {', '.join(parts)}" if parts else "")


def _when(at: str, zone: tzinfo) -> str:
    found = moment(at)
    return both(found, zone) if found else at
