"""What a run tells while it goes on, one line for each event, for a terminal's stderr.

In: an event, when the run began, the site's zone. Out: one line of text.
A line must never be more than one line, and never need the one before it to be understood.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import tzinfo
from typing import assert_never

from oceana_dr.execute.events import (
    AlreadyDone,
    Asking,
    Called,
    Event,
    Finished,
    LeftInDoubt,
    NotBegun,
    RunStarted,
    StepAnswered,
    StepClaimed,
    StepDone,
    StepFailed,
    StepSkipped,
    StepStarted,
    StepWaiting,
    Stopped,
    StopWished,
    WindowOverrun,
)
from oceana_dr.present.durations import about, exact, moment
from oceana_dr.present.phrases import MOVED, RESUMABLE, how_text
from oceana_dr.present.signs import Sign
from oceana_dr.present.style import Style

STEP_WIDTH = 12


def render_event(
    event: Event,
    *,
    began: str | None,
    zone: tzinfo,
    colour: bool = False,
    ascii: bool = False,  # noqa: A002 - the word a caller would look for
) -> str:
    """`02:41:07  +0:04  P06.ed       ✔ chat closed in Engagement Designer · acted, 58 s · 12 of 62 · 3 h 10 min left`.

    `began` is the time of the first event of this process; lines show what has passed since.
    """
    style = Style(ascii=ascii, color=colour)
    told = _told(event)
    dot = f" {style.sign(Sign.DOT)} "
    text = style.text(dot.join(part for part in told.parts if part))
    name = style.named(f"{style.text(told.step):<{STEP_WIDTH}}")
    return f"{style.faint(_times(event.at, began, zone))}  {name} {told.paint(style, style.sign(told.sign))} {text}"


def _times(at: str, began: str | None, zone: tzinfo) -> str:
    when, start = moment(at), moment(began or at)
    if when is None or start is None:
        return " " * 16
    passed = int((when - start).total_seconds())
    return f"{when.astimezone(zone):%H:%M:%S}  {f'+{passed // 60}:{passed % 60:02}':>7}"


@dataclass(frozen=True, slots=True)
class _Told:
    """The step if there is one, a sign and its paint, and what to say."""

    step: str
    sign: Sign
    paint: Callable[[Style, str], str]
    parts: tuple[str, ...]


def _told(event: Event) -> _Told:
    left = f"{about(event.left_s)} left" if event.left_s else ""
    match event:
        case Called() | NotBegun() | AlreadyDone() | RunStarted() | WindowOverrun() | Finished():
            return _told_of_call(event, left)
        case StopWished() | LeftInDoubt() | Stopped():
            return _told_of_stop(event)
        case _:
            return _told_of_step(event, left)


def _told_of_call(event: Called | NotBegun | AlreadyDone | RunStarted | WindowOverrun | Finished, left: str) -> _Told:
    match event:
        case RunStarted():
            verb = "goes on with" if event.resumed else "runs"
            text = f"{event.site}: run {event.run} {verb} plan {event.plan.rpartition(':')[2][:12]}"
            told = _Told("", Sign.PROCEDURE, Style.strong, (text, _count(event), left))
        case Called():
            told = _Told("", Sign.PROCEDURE, Style.strong, (f"{event.operator} asks to run {event.target}",))
        case NotBegun():
            told = _Told("", Sign.FAILED, Style.bad, (f"not begun: {event.reason}",))
        case AlreadyDone():
            told = _Told("", Sign.DONE, Style.good, (f"nothing to do: all {event.total} steps were done before",))
        case WindowOverrun():
            ended = moment(event.ended)
            clock = f" at {ended:%H:%M} UTC" if ended else ""
            text = f"the change window ended{clock}; the run goes on, as its site says"
            told = _Told("", Sign.WARNING, Style.doubtful, (text, left))
        case Finished():
            told = _ended(event)
        case _:
            assert_never(event)
    return told


def _told_of_stop(event: StopWished | LeftInDoubt | Stopped) -> _Told:
    match event:
        case StopWished():
            first = f", finishing {', '.join(event.finishing)} first" if event.finishing else ""
            told = _Told("", Sign.WARNING, Style.doubtful, (f"stopping: {event.reason}{first}",))
        case LeftInDoubt():
            told = _Told(
                "", Sign.FAILED, Style.bad, (f"left at once; in doubt: {', '.join(event.steps) or 'nothing'}",)
            )
        case Stopped():
            doubt = f"in doubt: {', '.join(event.in_doubt)}" if event.in_doubt else ""
            again = RESUMABLE if event.resumable else MOVED
            told = _Told("", Sign.FAILED, Style.bad, (f"stopped: {event.reason}", _count(event), doubt, again))
        case _:
            assert_never(event)
    return told


def _told_of_step(
    event: StepStarted | StepWaiting | Asking | StepClaimed | StepAnswered | StepDone | StepSkipped | StepFailed,
    left: str,
) -> _Told:
    match event:
        case StepStarted():
            again = f"attempt {event.attempt}" if event.attempt > 1 else ""
            told = _Told(event.step, Sign.PROCEDURE, Style.strong, (event.title, again, left))
        case StepWaiting():
            told = _Told(event.step, Sign.GATE, Style.moved, (f"waits: {event.text}", left))
        case Asking():
            who = "asks two people" if event.second_person else "asks a person"
            where = f"{who} at {event.console}" if event.console else who
            told = _Told(event.step, Sign.GATE, Style.doubtful, (f"{where}: {event.title}", left))
        case StepClaimed():
            told = _Told(event.step, Sign.GATE, Style.doubtful, (_claimed(event), left))
        case StepAnswered():
            second = f" and {event.second}" if event.second else ""
            told = _Told(
                event.step,
                Sign.GATE,
                Style.doubtful,
                (f"{event.outcome}, {'say' if second else 'says'} {event.by}{second}", left),
            )
        case StepDone():
            how = f"{how_text(event.how)}, {exact(event.duration_s)}"
            told = _Told(event.step, Sign.DONE, Style.good, (event.title, how, _count(event), left))
        case StepSkipped():
            waived = f"waived: {', '.join(event.waived)}" if event.waived else ""
            why = f"{event.title}: SKIPPED by {event.by} and {event.second}: {event.reason}"
            told = _Told(event.step, Sign.WARNING, Style.doubtful, (why, waived, left))
        case StepFailed():
            verdict = "IN DOUBT, nobody knows whether it was done" if event.in_doubt else "FAILED"
            told = _Told(event.step, Sign.FAILED, Style.bad, (f"{event.title}: {verdict}: {event.reason}",))
        case _:
            assert_never(event)
    return told


def _claimed(event: StepClaimed) -> str:
    """`claimed by ben at ops-2`, `handed over by ben to ines at ops-2`."""
    to = f" to {event.to}" if event.to else ""
    return f"{event.act} by {event.by}{to} at {event.place}"


def _ended(event: Finished) -> _Told:
    """What was skipped is not done, and a run with it is not complete."""
    took = f"took {exact(event.duration_s)}"
    if not event.skipped:
        return _Told("", Sign.DONE, Style.good, (f"finished: all {event.total} steps done", took))
    done = event.total - len(event.skipped)
    text = f"ended, not complete: {done} of {event.total} steps done; skipped: {', '.join(event.skipped)}"
    return _Told("", Sign.WARNING, Style.doubtful, (text, took))


def _count(event: RunStarted | StepDone | Stopped) -> str:
    return f"{event.done} of {event.total}"
