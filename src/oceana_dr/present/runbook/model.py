"""A plan as a document to follow by hand when the tool is down: what each step needs, in the order of the plan.

In: a plan. Out: sheets, one a step, of labels and texts; Markdown and HTML are made of the same ones.
It must need nothing but the plan, and leave out no click, no value and no condition.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, assert_never

from oceana_dr.estate.action import Action, RunProcedure, SetValues
from oceana_dr.estate.in_words import condition_parts
from oceana_dr.estate.values import show
from oceana_dr.plan.model import Kind, Plan, Step
from oceana_dr.present.durations import about, clock
from oceana_dr.present.explain.text import Page, no_page
from oceana_dr.present.pace import Pace, median_pace, point_of_no_return
from oceana_dr.present.phrases import attribute_title, changes_of, manual_text, step_list, value_text
from oceana_dr.present.plan_summary import back, owed, staying_closed, timers
from oceana_dr.present.plan_verdict import figures, refusal, turned_away
from oceana_dr.present.style import Style

_PLAIN: Final = Style()
SIGNED: Final = "begun .......... done .......... by ...................."
SECOND: Final = "looked on by ...................."


@dataclass(frozen=True, slots=True)
class Line:
    """A label and what there is to it: one text, or several in order; `copied` are values to be typed as they are."""

    label: str
    texts: tuple[str, ...]
    numbered: bool = False
    copied: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A step: its id, what it is, warnings, lines, and where people sign."""

    id: str
    title: str
    warnings: tuple[str, ...]
    lines: tuple[Line, ...]
    signed: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """A phase with its steps."""

    title: str
    sheets: tuple[Sheet, ...]


def before_you_begin(plan: Plan) -> Iterator[str]:
    """How to follow the document, and what to know first."""
    if plan.refused:
        yield refusal(plan)
        yield from (f"{item.code} {item.message}" for item in plan.findings if item.severity == "refuse")
    yield figures(plan)
    yield (
        "Take the steps in this order. A step may begin when the steps named under After are done; steps that do not "
        "wait for each other may be done side by side."
    )
    yield "Look before each step whether what stands under Only if holds, and after it whether you see what you should."
    yield "Where something does not hold, stop and find out why. Do not go on because the next step may look right."
    if plan.undoes is None:
        yield f"The way back: {back(plan)}"
    for (p50_s, p95_s, _), names in turned_away(plan).items():
        yield f"{', '.join(names)}: turned away {about(p50_s)} (slow: {about(p95_s)})"
    yield from (f"{text}: turned away until another plan opens it" for text in staying_closed(plan))
    if plan.owed:
        yield f"Owed afterwards: {owed(plan)}"
    if plan.timers:
        yield f"Clocks that begin to run: {timers(plan)}"
    again = f"`oceana-dr plan {plan.site}`"
    yield f"When the tool is back, make a new plan ({again}): it reads what was done and plans the rest."


def chapters(plan: Plan, manual_page: Page = no_page) -> tuple[Chapter, ...]:
    """Each phase, each step."""
    pace = median_pace(plan)
    known = {step.id: step for step in plan.steps}
    return tuple(
        Chapter(phase.title, tuple(_sheet(plan, known[name], pace, manual_page) for name in phase.steps))
        for phase in plan.phases
    )


def way_back(plan: Plan) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The steps that can be undone, the last one first, with what undoes each; up to the point of no return."""
    last = point_of_no_return(plan)
    steps = plan.steps if last is None else plan.steps[: plan.steps.index(last)]
    return tuple(
        (f"{step.id} {step.title}", tuple(text for action in step.inverse for text in _undo(action)))
        for step in reversed(steps)
        if step.inverse and not plan.behind
    )


def _sheet(plan: Plan, step: Step, pace: Pace, manual_page: Page) -> Sheet:
    lines = tuple(_lines(plan, step, pace, manual_page))
    return Sheet(step.id, step.title, tuple(_warnings(step)), lines, _signed(step))


def _warnings(step: Step) -> Iterator[str]:
    if step.irreversible is not None:
        yield f"No way back: {step.irreversible}"
    if step.pair is not None:
        yield f"Right after {step.pair}, without a stop: nothing comes between them"
    if step.instructions is not None and step.instructions.second_person:
        yield "Two people: one does it, the other looks on"
    if step.instructions is not None and step.instructions.apart_from:
        yield f"Not by who confirmed {', '.join(step.instructions.apart_from)}"


def _lines(plan: Plan, step: Step, pace: Pace, manual_page: Page) -> Iterator[Line]:
    planned = f"about {clock(pace.start[step.id])} after the start; takes {about(step.estimate.p50)}"
    yield Line("When", (f"{planned} (slow: {about(step.estimate.p95)})",))
    yield Line("After", (step_list(step.after, plan) or "nothing: it may begin at once",))
    for needed in step.requires:
        yield Line("Only if", tuple(condition_parts(needed.condition)))
    if step.address is not None:
        yield Line("At", (step.address,))
    changes = [
        f"{attribute_title(step, reference)}: {value_text(old, _PLAIN)} → {value_text(new, _PLAIN)}"
        for reference, old, new in changes_of(step)
    ]
    if changes:
        yield Line("Change", tuple(changes))
    yield from _how(step)
    if step.condition is not None:
        word = "Wait until" if step.kind is Kind.WAIT else "Holds when"
        yield Line(word, tuple(condition_parts(step.condition)))
    if step.kind is Kind.WAIT:
        yield Line("At most", (f"{about(step.timeout_s)}; then somebody decides whether to go on waiting",))
    if step.manual:
        yield Line("Manual", (manual_text(step.manual, manual_page).removeprefix("manual "),))


def _how(step: Step) -> Iterator[Line]:
    how = step.instructions
    if how is None:
        return
    if how.console:
        yield Line("Console", (how.console,))
    if how.clicks:
        yield Line("Do", how.clicks, numbered=True)
    for label, value in how.copy:
        yield Line(label, (value,), copied=True)
    if how.expect:
        yield Line("See", (how.expect,))


def _signed(step: Step) -> str:
    two = step.instructions is not None and step.instructions.second_person
    return f"{SIGNED} {SECOND}" if two else SIGNED


def _undo(action: Action) -> Sequence[str]:
    match action:
        case SetValues(values=values):
            return [f"set {reference} to {show(value)}" for reference, value in sorted(values.items())]
        case RunProcedure(procedure=procedure, arguments=arguments):
            told = ", ".join(f"{name} {value}" for name, value in sorted(arguments.items()))
            return [f"procedure {procedure}" + (f" ({told})" if told else "")]
        case _:
            assert_never(action)
