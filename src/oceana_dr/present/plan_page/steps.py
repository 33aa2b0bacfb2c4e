"""The steps on the page of a plan: phases that unfold, equal changes together, behind each step its reasons.

In: a plan, the order rules behind it, the manual's pages. Out: sections.
Every id, address and value of every step must stand in it, folded or not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from markupsafe import Markup

from oceana_dr.plan.model import Kind, Phase, Plan, Step
from oceana_dr.present.comment_steps import alike
from oceana_dr.present.durations import about, clock
from oceana_dr.present.explain.text import Page
from oceana_dr.present.pace import Pace, median, median_pace
from oceana_dr.present.page import Content, badge, code, element, folded, joined, section, table
from oceana_dr.present.phrases import STEADY, attribute_title, changes_of, counted, step_sign, value_text
from oceana_dr.present.plan_page.why import step_facts
from oceana_dr.present.shapes import Rule
from oceana_dr.present.signs import Sign
from oceana_dr.present.style import Style

_PLAIN = Style()
_FEW = 12
"""A plan with no more steps than these is shown unfolded."""


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What every step needs to know."""

    plan: Plan
    pace: Pace
    rules: Mapping[str, Rule]
    manual_page: Page


def steps_by_phase(plan: Plan, rules: Mapping[str, Rule], manual_page: Page) -> Markup:
    """Each phase with its steps."""
    sheet = _Sheet(plan, median_pace(plan), rules, manual_page)
    known = {step.id: step for step in plan.steps}
    parts = [_phase(sheet, phase, [known[name] for name in phase.steps]) for phase in plan.phases]
    return section("steps", f"Steps ({len(plan.steps)})", *parts)


def removed(plan: Plan) -> Markup | None:
    """Everything that is taken away."""
    gone = [step for step in plan.steps if step.kind is Kind.SET and step_sign(step) is Sign.REMOVE]
    if not gone:
        return None
    rows = [[_link(step), code(step.address or ""), _values(step)] for step in gone]
    return section("removed", f"Removed ({len(gone)})", table("What is gone afterwards", ["Step", "At", "What"], rows))


def _phase(sheet: _Sheet, phase: Phase, steps: Sequence[Step]) -> Markup:
    plan, pace = sheet.plan, sheet.pace
    share = sum(median(step) for step in steps if step.id in pace.critical)
    start = clock(min(pace.start[step.id] for step in steps))
    cost = "" if plan.scenario == STEADY else f" · from {start} · {about(share) if share else 'alongside'}"
    by_hand = sum(step.needs_person for step in steps)
    hands = f" · {by_hand} by a person" if by_hand else ""
    fatal = sum(step.irreversible is not None for step in steps)
    head = joined(
        [
            element("h3", phase.title),
            element("span", f"{counted(len(steps), 'step')}{cost}{hands}", class_="faint"),
            joined([" ", badge("bad", f"no way back: {fatal}")]) if fatal else None,
        ]
    )
    items = [element("li", *_group(sheet, group)) for group in alike(steps)]
    return folded(head, element("ol", *items, class_="steps"), open_=len(plan.steps) <= _FEW)


def _group(sheet: _Sheet, group: Sequence[Step]) -> Iterator[Content]:
    """Steps that make one and the same change, once; then what is behind each of them."""
    first = group[0]
    for step in group:
        yield element(
            "div",
            element("strong", code(step.id), id=f"step-{step.id}"),
            f" {step.title} ",
            element("span", step.address, class_="faint") if step.address else None,
            class_="step",
        )
    yield element("div", *_marks(first, sheet.pace, len(group)), class_="marks")
    if first.kind is Kind.SET:
        yield element("div", _values(first), class_="values")
    for step in group:
        name = f"Why and how: {step.id}" if len(group) > 1 else "Why and how"
        yield folded(name, step_facts(sheet.plan, step, sheet.rules, sheet.manual_page))


def _marks(step: Step, pace: Pace, size: int) -> Iterator[Content]:
    """Words about how a step runs, each in a box."""
    yield badge("plain", _kind(step))
    yield " "
    yield badge("info", "a person" if step.needs_person else step.driver)
    if step.instructions is not None and step.instructions.second_person:
        yield joined([" ", badge("warn", "two people")])
    if step.pair is not None:
        yield joined([" ", badge("warn", f"with {step.pair}, without a stop")])
    if step.irreversible is not None:
        yield joined([" ", badge("bad", "no way back")])
    each = " each" if size > 1 else ""
    yield element("span", f" {clock(pace.start[step.id])} · {about(median(step))}{each}", class_="faint")


def _kind(step: Step) -> str:
    """What it is, in a word."""
    match step.kind:
        case Kind.SET:
            return {Sign.CREATE: "create", Sign.REMOVE: "remove"}.get(step_sign(step), "change")
        case Kind.RUN:
            return "procedure"
        case Kind.WAIT:
            return "wait"
        case Kind.CONFIRM:
            return "question"
        case Kind.CHECK:
            return "check"
        case _:
            assert_never(step.kind)


def _values(step: Step) -> Markup:
    rows = [
        joined(
            [
                f"{attribute_title(step, reference)}: ",
                code(value_text(old, _PLAIN)),
                " → ",
                element("strong", code(value_text(new, _PLAIN))),
            ]
        )
        for reference, old, new in changes_of(step)
    ]
    return joined(rows, element("br"))


def _link(step: Step) -> Markup:
    return element("a", code(step.id), href=f"#step-{step.id}")
