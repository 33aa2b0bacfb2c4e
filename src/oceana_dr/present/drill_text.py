"""A drill as text: a head, a line for everything that happens, and what it came to.

In: a plan, `DrillEvent`s as they come, a `Drilled` at the end. Out: lines of text.
The verdict must never be better than the worst thing that stands above it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, assert_never

from oceana_dr.estate.values import show
from oceana_dr.lab.drill_events import Broke, Died, Drilled, DrillEvent, Halted, Passed, Struck, WentOn
from oceana_dr.plan.model import Plan
from oceana_dr.present.durations import about, clock, exact
from oceana_dr.present.layout import Word, dotted, hanging, placed, words, wrapped
from oceana_dr.present.pace import median_pace, slow_pace
from oceana_dr.present.phrases import STEADY, counted, how_text, scenario_title, side_title, site_title
from oceana_dr.present.plan_summary import channel_name
from oceana_dr.present.report.model import Report
from oceana_dr.present.signs import Sign
from oceana_dr.present.style import Style

_TIME: Final = 2
_SIGN: Final = 10
_STEP: Final = 12
_WIDEST_STEP: Final = 16
_LABEL: Final = 12
_MOST_REASONS: Final = 2
_AS_PLANNED: Final = frozenset({"acted", "waited", "checked"})


class DrillText:
    """The lines of one drill, in the order in which it happens."""

    def __init__(self, plan: Plan, style: Style, width: int) -> None:
        self._plan = plan
        self._style = style
        self._width = width
        self._phases = {step: phase.title for phase in plan.phases for step in phase.steps}
        self._phase = ""
        longest = max((len(step.id) for step in plan.steps), default=0)
        self._indent = _STEP + min(longest, _WIDEST_STEP) + 2

    def head(self, base: str, says: Sequence[str], seed: int, faults: str) -> Iterator[str]:
        """What is drilled, on what, and what is supposed."""
        plan, style = self._plan, self._style
        yield from hanging((*words("drill of", style.strong), *title(plan, style)), self._width)
        yield from row("on", f"a twin of {base}; the estate itself is not touched", style, self._width)
        if says:
            yield from row("supposed", "; ".join(says), style, self._width)
        yield from row("faults", f"{faults}, seed {seed}", style, self._width)

    def line(self, event: DrillEvent) -> Iterator[str]:
        """What an event has to say, under the heading of its phase."""
        style = self._style
        match event:
            case Passed(step=step):
                yield from self._heading(step)
                again = (f"{event.attempts} attempts",) if event.attempts > 1 else ()
                how = () if event.how in _AS_PLANNED else (how_text(event.how),)
                text = (self._plan.step(step).title, *how, exact(event.took_s), *again)
                yield from self._told(event.at_s, Word(style.sign(Sign.DONE), style.good), step, text)
            case Struck(step=step):
                yield from self._heading(step)
                where = f" at {event.target}" if event.target else ""
                text = (f"fault {event.fault}{where}: {event.says}",)
                yield from self._told(event.at_s, Word(style.sign(Sign.WARNING), style.doubtful), step, text)
            case Halted(step=step):
                text = (f"stopped (exit {event.exit_code}): {_without(event.reason, step)}",)
                yield from self._told(event.at_s, Word(style.sign(Sign.FAILED), style.bad), step, text)
            case Died(step=step):
                text = ("the process is gone",)
                yield from self._told(event.at_s, Word(style.sign(Sign.FAILED), style.bad), step, text)
            case WentOn():
                text = (", ".join(event.mended), f"the same command goes on, {event.done} of {event.total} done")
                yield from self._told(event.at_s, Word(style.sign(Sign.PROCEDURE), style.strong), "", text)
            case Broke(step=step):
                yield from self._heading(step)
                blame = f"by the fault {event.fault}" if event.fault else "BROKEN"
                values = ", ".join(f"{name} {show(value)}" for name, value in event.values)
                text = (f"{event.invariant} {blame}: {event.title}", values)
                paint = style.doubtful if event.fault else style.bad
                yield from self._told(event.at_s, Word(style.sign(Sign.FAILED), paint), step, text)
            case _:
                assert_never(event)

    def _heading(self, step: str) -> Iterator[str]:
        title = self._phases.get(step, "")
        if title and title != self._phase:
            self._phase = title
            yield ""
            yield self._style.strong(self._style.text(title))

    def _told(self, at_s: int, sign: Word, step: str, parts: Sequence[str]) -> Iterator[str]:
        style = self._style
        head, end = placed(
            (
                (_TIME, Word(f"{clock(at_s):>6}", style.faint)),
                (_SIGN, sign),
                (_STEP, Word(style.text(step), style.named)),
            )
        )
        first = max(self._indent, end + 2)
        said, *short = [part for part in parts if part]
        tail = [Word(f"{style.sign(Sign.DOT)} {style.text(part)}") for part in short]
        row = [*words(style.text(said)), *(word for part in tail for word in self._whole(part))]
        lines = wrapped(row, self._width, self._indent, first=first)
        yield head + " " * (first - end) + lines[0]
        yield from lines[1:]

    def _whole(self, part: Word) -> tuple[Word, ...]:
        """A part on one line, if a line can hold it."""
        return (part,) if part.width <= self._width - self._indent else words(part.text, part.paint)


def drill_end(found: Drilled, again: str, style: Style, width: int) -> Iterator[str]:
    """The verdict first, then the figures."""
    yield ""
    if found.passed:
        yield from hanging(words(style.text(f"drill passed: {_played(found)}"), style.good), width)
    else:
        first, *others = found.failures
        yield from hanging(words(style.text(f"drill failed: {first}"), style.bad), width)
        for text in others[:_MOST_REASONS]:
            yield from hanging(words(style.text(f"and: {text}"), style.bad), width)
        if len(others) > _MOST_REASONS:
            more = f"and {len(others) - _MOST_REASONS} more; --format json has all of them"
            yield from hanging(words(more, style.bad), width)
    if found.events:
        yield from row("invariants", _invariants(found), style, width)
        yield from row("time", _time(found), style, width)
        if found.turned_away_s:
            yield from row("callers", _callers(found, style), style, width)
    if found.unplaced:
        yield from row("not struck", f"{', '.join(found.unplaced)}: this plan has no place for it", style, width)
    yield from row("again", again, style, width)


def tabletop_begins(
    plan: Plan, base: str, says: Sequence[str], style: Style, width: int, *, resumed: bool
) -> Iterator[str]:
    """What everybody at the table has to know before the first question."""
    yield from hanging((*words("tabletop of", style.strong), *title(plan, style)), width)
    played = "the twin it was begun on" if resumed else f"a twin of {base}"
    yield from row("on", f"{played}; nothing that is confirmed here touches the estate", style, width)
    if says:
        yield from row("supposed", "; ".join(says), style, width)
    asked = sum(step.needs_person for step in plan.steps)
    planned = about(median_pace(plan).total)
    text = f"{counted(len(plan.steps), 'step')}, {asked} ask a person; {planned} on the critical path, as planned"
    yield from row("plan", text, style, width)
    yield from row("clock", "runs while people think and type; what the estate takes is skipped", style, width)


def tabletop_gaps(report: Report, style: Style, width: int) -> Iterator[str]:
    """What the table should talk about: steps that took too long, that needed more than one go, on a word alone."""
    yield ""
    runs = [(step, report.view.step(step.id)) for step in report.plan.steps]
    slow = [
        f"{step.id} {exact(run.duration_s)} (p95 {about(step.estimate.p95)})"
        for step, run in runs
        if run.duration_s > step.estimate.p95
    ]
    again = [f"{step.id} ({run.attempts})" for step, run in runs if run.attempts > 1]
    word = [step.id for step, run in runs if run.how == "attested"]
    yield from row("too slow", "; ".join(slow) or "no step took longer than its p95", style, width)
    yield from row("attempts", "; ".join(again) or "one for every step", style, width)
    yield from row("on a word", ", ".join(word) or "nothing: everything was read back", style, width)


def title(plan: Plan, style: Style) -> tuple[Word, ...]:
    """Site, scenario and the way it moves."""
    arrow = style.sign(Sign.ARROW)
    way = f"{side_title(plan, plan.from_side, style)} {arrow} {side_title(plan, plan.to_side, style)}"
    moved = plan.scenario != STEADY and plan.from_side != plan.to_side
    title = f"{site_title(plan, style)} {style.sign(Sign.DOT)} {style.text(scenario_title(plan.scenario))}"
    return (*words(title, style.strong), *((Word(way, style.strong),) if moved else ()))


def row(label: str, text: str, style: Style, width: int) -> Iterator[str]:
    """A labelled line, wrapped behind its label."""
    first, *others = wrapped(words(style.text(text)), width, _LABEL, first=_LABEL)
    yield f"{style.faint(f'{label:<{_LABEL}}')}{first}"
    yield from others


def _played(found: Drilled) -> str:
    struck = [item for item in found.faults if item.struck]
    stops = sum(isinstance(event, Halted | Died) for event in found.events)
    total = len(found.plan.steps)
    text = f"all {total} steps done" if total != 1 else "its one step done"
    if struck:
        text += f", {counted(len(struck), 'fault')} struck"
    if stops:
        text += f", {counted(stops, 'stop')} gone on from"
    return f"{text}; planned again, nothing is left to do"


def _invariants(found: Drilled) -> str:
    broken = {event.invariant for event in found.events if isinstance(event, Broke)}
    text = f"{found.checked} held against {counted(found.states, 'state')} of the twin"
    return f"{text}; not held: {', '.join(sorted(broken))}" if broken else text


def _time(found: Drilled) -> str:
    fast, slow = median_pace(found.plan).total, slow_pace(found.plan).total
    return (
        f"{about(found.simulated_s)} on the critical path with mending, played one by one in {about(found.played_s)};"
        f" planned {about(fast)}, {about(slow)} if every step is slow (p95)"
    )


def _callers(found: Drilled, style: Style) -> str:
    parts = [
        Word(f"{channel_name(channel)} {about(seconds)} (planned {about(found.plan.outage[channel].p50_s)})")
        for channel, seconds in found.turned_away_s.items()
    ]
    return "turned away: " + " ".join(word.text for word in dotted(parts, style))


def _without(reason: str, step: str) -> str:
    """A reason that begins with the step's id does not say it twice."""
    return reason.removeprefix(f"{step} ")
