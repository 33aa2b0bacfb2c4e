"""How a run stands, for a second terminal: what is in hand, who, what is next, how long, the way back.

In: the plan of the run, its journal, the time and the site's zone. Out: a few lines of text.
It must never call a step done that the journal does not call done.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from oceana_dr.diagnostics import Stale
from oceana_dr.estate.values import Json
from oceana_dr.plan.model import Plan, Step
from oceana_dr.present.durations import about, both, exact, moment
from oceana_dr.present.layout import Word, words, wrapped
from oceana_dr.present.pace import Pace, left_over, point_of_no_return
from oceana_dr.present.phrases import MOVED, RESUMABLE, site_title
from oceana_dr.present.run_view import Logged, RunView, State, StepRun, view_run
from oceana_dr.present.signs import Sign
from oceana_dr.present.style import Style

LABEL = 10
MOST_NEXT = 6
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
    colour: bool = False,
    ascii: bool = False,  # noqa: A002 - the word a caller would look for
) -> str:
    """The whole status. `pace`: seconds of the estate's clock in one of ours (a lab's time scale)."""
    style, view, clock = Style(ascii=ascii, color=colour), view_run(entries), Clock(now, zone, pace)
    lines = [_title(plan, view, style)]
    for label, row in _rows(plan, view, style, clock):
        head = f"{label:<{LABEL}}"
        first, *others = wrapped(row, width, LABEL, first=LABEL)
        lines += [style.strong(head) + first, *others]
    return "\n".join(lines) + "\n"


def _title(plan: Plan, view: RunView, style: Style) -> str:
    dot = style.sign(Sign.DOT)
    run = view.started.run if view.started else "not begun"
    count = f"{len(view.done)} of {len(plan.steps)} steps done"
    if view.skipped:
        count += f", {len(view.skipped)} skipped"
    return style.strong(f"{site_title(plan, style)} {dot} run {style.text(run)} {dot} {count}")


def _rows(plan: Plan, view: RunView, style: Style, clock: Clock) -> Iterator[tuple[str, tuple[Word, ...]]]:
    yield "state", words(style.text(_state(view, clock.zone)), style.bad if view.stops and not view.running else str)
    yield "by", words(style.text(", ".join(view.people) or "nobody yet"))
    for step in plan.steps:
        if (left_out := view.step(step.id).skipped) is not None and step.id in view.skipped:
            text = f"{step.id} {step.title}, by {left_out.by} and {left_out.second}: {left_out.reason}"
            yield "skipped", words(style.text(text), style.doubtful)
    if view.finished_at:
        return
    elapsed = {run.step: clock.since(run.began_at) for run in view.steps.values() if run.state in OPEN}
    for step in plan.steps:
        run = view.step(step.id)
        if run.state in OPEN:
            row = _open_step(step, run, style, elapsed[step.id], clock.zone)
            yield run.state.value.partition(" for")[0], row
    following = _next(plan, view)
    if following:
        more = f" and {len(following) - MOST_NEXT} more" if len(following) > MOST_NEXT else ""
        text = "; ".join(f"{step.id} {step.title}" for step in following[:MOST_NEXT]) + more
        yield "next", words(style.text(text))
    left = left_over(plan, view.done | view.skipped, elapsed)
    when = both(clock.now + timedelta(seconds=left.total / clock.pace), clock.zone)
    faster = "" if clock.pace == 1 else f" (the lab's clock runs {clock.pace:g} times as fast)"
    yield "left", words(style.text(f"{about(left.total)} if every step takes its median: done {when}{faster}"))
    yield "back", words(style.text(_back(plan, view, left)))


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


def _open_step(step: Step, run: StepRun, style: Style, elapsed: int, zone: tzinfo) -> tuple[Word, ...]:
    parts = [f"{step.title}", f"since {_when(run.began_at, zone)}", f"{exact(elapsed)} of {about(step.estimate.p50)}"]
    parts.append("a person at a console" if step.needs_person else step.driver)
    if run.attempts > 1:
        parts.append(f"attempt {run.attempts}")
    if run.reason:
        parts.append(run.reason)
    text = f" {style.sign(Sign.DOT)} ".join(parts)
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


def status_to_json(plan: Plan, entries: Sequence[Logged], *, alive: bool) -> dict[str, Json]:
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
        "left_s": 0 if view.finished_at else left_over(plan, view.done | view.skipped, dict.fromkeys(in_hand, 0)).total,
        "no_way_back_from": last.id if (last := point_of_no_return(plan)) else None,
    }
