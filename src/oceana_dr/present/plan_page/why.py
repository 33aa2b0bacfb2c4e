"""Why a step stands where it stands, and how it is done, as facts for the page of a plan.

In: a plan, one of its steps, the order rules behind it, the manual's pages. Out: a list of facts.
It must answer from the plan file alone: what it says is what `apply` will do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import assert_never

from markupsafe import Markup

from oceana_dr.estate.action import Action, RunProcedure, SetValues
from oceana_dr.estate.in_words import condition_parts
from oceana_dr.plan.model import Kind, Plan, Step
from oceana_dr.present.durations import about, whole
from oceana_dr.present.explain.text import Page
from oceana_dr.present.page import Content, bullets, code, element, facts, joined
from oceana_dr.present.phrases import REASONS, cause_text, changes_of, manual_text, value_text
from oceana_dr.present.shapes import Rule
from oceana_dr.present.style import Style

_PLAIN = Style()
_Row = tuple[str, Content]


def step_facts(plan: Plan, step: Step, rules: Mapping[str, Rule], manual_page: Page) -> Markup:
    """What, why, how, and the way back."""
    return facts(
        [*_what(step, manual_page), *_why(plan, step, rules, manual_page), *_gate(step), *_how(step), *_back(step)]
    )


def _what(step: Step, manual_page: Page) -> Iterator[_Row]:
    if step.address is not None:
        yield "Address", code(step.address)
    written = {reference for reference, _, _ in changes_of(step)}
    then = [
        joined([code(reference), " → ", code(value_text(value, _PLAIN))])
        for reference, value in sorted(step.effects.items())
        if reference not in written
    ]
    if then:
        yield "Then", bullets(then)
    if step.change is not None:
        yield "Reason", REASONS[step.change.reason.value]
    if step.cause:
        yield "Site", code(cause_text(step.cause, _PLAIN))
    if step.procedure:
        yield "Procedure", code(step.procedure)
    if step.manual:
        yield "Manual", whole(manual_text(step.manual, manual_page)).removeprefix("manual ")


def _why(plan: Plan, step: Step, rules: Mapping[str, Rule], manual_page: Page) -> Iterator[_Row]:
    told: list[Content] = []
    for name in step.rules:
        rule = rules.get(name)
        source = whole(manual_text(rule.manual, manual_page)) if rule else ""
        told.append(
            joined(
                [
                    code(name),
                    f": {rule.reason}" if rule else None,
                    element("span", f" · {source}", class_="faint") if source else None,
                ]
            )
        )
    if told:
        yield "Why here", bullets(told)
    yield "After", _links(step.after) or "nothing: it may begin at once"
    waiting = [other.id for other in plan.steps if step.id in other.after]
    yield "Before", _links(waiting) or "nothing waits for it"
    for needed in step.requires:
        waive = "; two people may waive it, with a reason" if needed.waivable else ""
        parts: list[Content] = list(condition_parts(needed.condition))
        said = element("span", f"read right before it: {needed.rule}{waive}", class_="faint")
        yield "Only if", joined([bullets(parts), said])
    if step.pair is not None:
        yield "Pair", f"with {step.pair}: nothing stops the run or comes between them"


def _gate(step: Step) -> Iterator[_Row]:
    if step.condition is not None and step.kind in {Kind.WAIT, Kind.CHECK, Kind.CONFIRM}:
        yield "Holds when", bullets(condition_parts(step.condition))
    if step.kind is Kind.WAIT:
        yield "Waits", f"up to {about(step.timeout_s)}, then a person is asked"
    yield "Takes", f"{about(step.estimate.p50)} (slow: {about(step.estimate.p95)})"


def _how(step: Step) -> Iterator[_Row]:
    how = step.instructions
    yield "Who", "a person" if step.needs_person else f"the driver {step.driver}"
    if how is None:
        return
    if how.console:
        yield "Console", how.console
    if how.clicks:
        yield "Clicks", element("ol", *(element("li", click) for click in how.clicks))
    for label, value in how.copy:
        yield "Copy", joined([f"{label}: ", code(value)])
    if how.expect:
        yield "See", how.expect
    if how.second_person:
        yield "People", "two: one does it, the other looks on"
    if how.apart_from:
        yield "Apart from", joined(["not by who confirmed ", _links(how.apart_from)])


def _back(step: Step) -> Iterator[_Row]:
    if step.irreversible is not None:
        yield "No way back", step.irreversible
    elif step.action is not None and not step.inverse:
        yield "Undo", f"nothing: {step.no_inverse or 'a rollback leaves what this step did as it is'}"
    undo = [part for action in step.inverse for part in _undo(action)]
    if undo:
        yield "Undo", bullets(undo)


def _undo(action: Action) -> Iterator[Content]:
    match action:
        case SetValues(values=values):
            for reference, value in sorted(values.items()):
                yield joined([code(reference), " → ", code(value_text(value, _PLAIN))])
        case RunProcedure(procedure=procedure, arguments=arguments):
            told = ", ".join(f"{name} {value}" for name, value in sorted(arguments.items()))
            yield joined(["procedure ", code(procedure), f" ({told})" if told else None])
        case _:
            assert_never(action)


def _links(ids: tuple[str, ...] | list[str]) -> Markup | None:
    if not ids:
        return None
    return joined((element("a", code(name), href=f"#step-{name}") for name in ids), ", ")
