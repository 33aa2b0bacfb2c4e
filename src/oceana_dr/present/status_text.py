"""How a run stands, for a second terminal: what is in hand, who, what is next, how long, the way back.

In: the plan of the run, its journal, the time and the site's zone. Out: a few lines of text.
It must never call a step done that the journal does not call done.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from typing import Any

from oceana_dr.diagnostics import Stale
from oceana_dr.estate.values import Json
from oceana_dr.plan.model import Plan, Step
from oceana_dr.present.durations import about, both, exact, moment
from oceana_dr.present.layout import Word, words, wrapped
from oceana_dr.present.outlook_text import claim_text, executor_text, latest_text, left_text, window_text
from oceana_dr.present.pace import Pace, left_over, point_of_no_return
from oceana_dr.present.phrases import MOVED, RESUMABLE, site_title
from oceana_dr.present.run_view import Logged, RunView, State, StepRun, view_run
from oceana_dr.present.signs import Sign
from oceana_dr.present.style import Style

LABEL = 10
MOST_NEXT = (6, 4, 2, 1)
"""How many of the next steps are named, the narrower the screen the fewer."""
MOST_LINES = 2
"""Lines of one row on a screen that has not enough of them."""
OPEN = (State.IN_HAND, State.ASKED, State.WAITING, State.FAILED, State.IN_DOUBT)


@dataclass(frozen=True, slots=True)
class Clock:
    """The time it is, the site's zone, and how many seconds of the estate's clock pass in one of ours."""

    now: datetime
    zone: tzinfo
    pace: float

    def since(self, at: str) -> int:
        """Seconds of the estate's clock since then."""
        began = moment(at)
        return max(0, int((self.now - began).total_seconds() * self.pace)) if began else 0


def render_status(
    plan: Plan,
    entries: Sequence[Logged],
    *,
    now: datetime,
    zone: tzinfo,
    pace: float = 1.0,
    width: int = 100,
    height: int = 0,
    colour: bool = False,
    ascii: bool = False,  # noqa: A002 - the word a caller would look for
    outlook: Mapping[str, Any] | None = None,
) -> str:
    """The whole status. `pace`: seconds of the estate's clock in one of ours (a lab's time scale).

    `outlook`: facts beside the journal, as `operations.following` finds them: executor, desk, window, way back.
    `height`: lines that there are; 0 for as many as it takes. What is in hand and whose it is comes before all else.
    """
    style, clock = Style(ascii=ascii, color=colour), Clock(now, zone, pace)
    shown = _Shown(plan, view_run(entries), style, clock, outlook or {})
    lines: list[str] = []
    for narrow in range(len(MOST_NEXT)):
        lines = _page(replace(shown, narrow=narrow), width)
        if not height or len(lines) <= height:
            break
    return "\n".join(lines[:height] if height else lines) + "\n"


@dataclass(frozen=True, slots=True)
class _Shown:
    """All that a status shows; `narrow`: how much of it has to be left out."""

    plan: Plan
    view: RunView
    style: Style
    clock: Clock
    outlook: Mapping[str, Any]
    narrow: int = 0


def _page(shown: _Shown, width: int) -> list[str]:
    title = words(_title(shown.plan, shown.view, shown.style), shown.style.strong)
    lines = wrapped(title, width, 2, first=0)
    for label, row in _rows(shown):
        if shown.narrow > 1:
            row = _cut(row, width, shown.style)  # noqa: PLW2901 - the same row, shorter
        first, *others = wrapped(row, width, LABEL, first=LABEL)
        lines += [shown.style.strong(f"{label:<{LABEL}}") + first, *others]
    return lines


def _cut(row: tuple[Word, ...], width: int, style: Style) -> tuple[Word, ...]:
    """As many words as two lines hold."""
    tail, kept = Word(style.sign(Sign.WAITING)), row
    while len(wrapped((*kept, tail), width, LABEL, first=LABEL)) > MOST_LINES:
        kept = kept[:-1]
    return row if len(wrapped(row, width, LABEL, first=LABEL)) <= MOST_LINES else (*kept, tail)


def _title(plan: Plan, view: RunView, style: Style) -> str:
    dot = style.sign(Sign.DOT)
    run = view.started.run if view.started else "not begun"
    count = f"{len(view.done)} of {len(plan.steps)} steps done"
    if view.skipped:
        count += f", {len(view.skipped)} skipped"
    return f"{site_title(plan, style)} {dot} run {style.text(run)} {dot} {count}"


def _rows(shown: _Shown) -> Iterator[tuple[str, tuple[Word, ...]]]:
    plan, view, style, clock = shown.plan, shown.view, shown.style, shown.clock
    stopped = view.stops and not view.running
    yield "state", words(style.text(_state(view, clock.zone)), style.bad if stopped else str)
    yield "by", words(style.text(", ".join(view.people) or "nobody yet"))
    if (executor := executor_text(shown.outlook, clock.zone)) is not None and view.running:
        yield "executor", words(style.text(executor.text), style.bad if executor.bad else str)
    for step in plan.steps:
        if (left_out := view.step(step.id).skipped) is not None and step.id in view.skipped:
            text = f"{step.id} {step.title}, by {left_out.by} and {left_out.second}: {left_out.reason}"
            yield "skipped", words(style.text(text), style.doubtful)
    if view.finished_at:
        return
    # A run that stopped has not gone on with anything since.
    until = clock if view.running else replace(clock, now=moment(view.last_at) or clock.now)
    elapsed = {run.step: until.since(run.began_at) for run in view.steps.values() if run.state in OPEN}
    for step in plan.steps:
        run = view.step(step.id)
        if run.state in OPEN:
            row = _open_step(step, run, shown, elapsed[step.id])
            yield run.state.value.partition(" for")[0], row
    if following := _next(plan, view):
        yield "next", words(style.text(_named(following, MOST_NEXT[shown.narrow])))
    left = left_over(plan, view.done | view.skipped, elapsed)
    if (found := left_text(shown.outlook, clock.zone, clock.pace)) is not None:
        yield "left", words(style.text(found.text))
    else:
        when = both(clock.now + timedelta(seconds=left.total / clock.pace), clock.zone)
        faster = "" if clock.pace == 1 else f" (the lab's clock runs {clock.pace:g} times as fast)"
        yield "left", words(style.text(f"{about(left.total)} if every step takes its median: done {when}{faster}"))
    if (window := window_text(shown.outlook, clock.zone)) is not None:
        yield "window", words(style.text(window.text), style.doubtful if window.bad else str)
    back = _back(plan, view, left)
    if (latest := latest_text(shown.outlook, clock.zone)) is not None:
        yield "back", words(style.text(latest.text), style.bad if latest.bad else str)
    else:
        yield "back", words(style.text(back), style.doubtful if back.startswith("no way back") else str)


def _named(following: Sequence[Step], most: int) -> str:
    """The next steps, and whose they are."""
    more = f" and {len(following) - most} more" if len(following) > most else ""
    return "; ".join(f"{step.id} {step.title} ({_whose(step)})" for step in following[:most]) + more


def _whose(step: Step) -> str:
    if not step.needs_person:
        return step.driver
    two = step.instructions is not None and step.instructions.second_person
    return "two people" if two else "a person"


def _state(view: RunView, zone: tzinfo) -> str:
    if view.started is None:
        return "not begun"
    if view.finished_at:
        verb = "ended, not complete," if view.skipped else "finished"
        return f"{verb} {_when(view.finished_at, zone)}"
    if view.running:
        return f"running since {_when(view.resumed[-1][0] if view.resumed else view.began_at, zone)}"
    at, stopped = view.stops[-1]
    onwards = MOVED if stopped.exit_code == Stale.exit_code else RESUMABLE
    return f"stopped {_when(at, zone)}: {stopped.reason}; {onwards}"


def _open_step(step: Step, run: StepRun, shown: _Shown, elapsed: int) -> tuple[Word, ...]:
    style, zone = shown.style, shown.clock.zone
    since = f"since {_when(run.began_at, zone)}" if not shown.narrow else ""
    parts = [f"{step.title}", since, f"{exact(elapsed)} of {about(step.estimate.p50)}"]
    parts.append(claim_text(shown.outlook, step.id, zone) or (_whose(step) if step.needs_person else step.driver))
    if run.attempts > 1:
        parts.append(f"attempt {run.attempts}")
    if run.reason:
        parts.append(run.reason)
    text = f" {style.sign(Sign.DOT)} ".join(part for part in parts if part)
    return (Word(style.text(step.id), style.named), *words(style.text(text)))


def _next(plan: Plan, view: RunView) -> list[Step]:
    """The steps that wait for nothing but what is in hand now."""
    near = view.done | view.skipped | {run.step for run in view.steps.values() if run.state in OPEN}
    return [step for step in plan.steps if step.id not in near and set(step.after) <= near]


def _back(plan: Plan, view: RunView, left: Pace) -> str:
    if plan.behind:
        return f"no way back: {plan.behind[0].step} was done before this plan was made; {plan.behind[0].irreversible}"
    last = point_of_no_return(plan)
    if last is None:
        return "everything that was done can be undone with `oceana-dr rollback`"
    aside = {State.UNTOUCHED, State.SKIPPED}
    begun = [step for step in plan.steps if step.irreversible and view.step(step.id).state not in aside]
    if done := [step for step in begun if step.id in view.done]:
        return f"no way back: {done[0].id} is done; {done[0].irreversible}"
    if begun:
        run = view.started.run if view.started else "RUN"
        return (
            f"{begun[0].id} was begun; whether it was done is read by `oceana-dr rollback {run}`, once nobody runs this"
        )
    away = min(left.start[step.id] for step in plan.steps if step.irreversible is not None and step.id in left.start)
    return f"until {last.id} begins, about {about(away)} from now; turn back before {last.id}: {last.title}"


def _when(at: str, zone: tzinfo) -> str:
    found = moment(at)
    return both(found, zone) if found else at


def status_to_json(
    plan: Plan, entries: Sequence[Logged], *, alive: bool, outlook: Mapping[str, Json] | None = None
) -> dict[str, Json]:
    """The same for programs; `alive` tells whether the process that runs it still lives."""
    view = view_run(entries)
    in_hand = [run.step for run in view.steps.values() if run.state in OPEN]
    ended = "incomplete" if view.skipped else "finished"
    state = ended if view.finished_at else "running" if view.running and alive else "stopped"
    return {
        "site": plan.site,
        "run": view.started.run if view.started else None,
        "plan": plan.id,
        "state": state if view.started else "not begun",
        "people": list(view.people),
        "done": len(view.done),
        "skipped_steps": [step.id for step in plan.steps if step.id in view.skipped],
        "total": len(plan.steps),
        "in_hand": [{"step": name, "state": view.step(name).state.value} for name in in_hand],
        "next": [step.id for step in _next(plan, view)],
        "next_by": {step.id: _whose(step) for step in _next(plan, view)},
        "overran": list(view.overran),
        "left_s": 0 if view.finished_at else left_over(plan, view.done | view.skipped, dict.fromkeys(in_hand, 0)).total,
        "no_way_back_from": last.id if (last := point_of_no_return(plan)) else None,
        **(outlook or {}),
    }
