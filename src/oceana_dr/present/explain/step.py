"""Why a step is here: what it does, what it waits for and why, who waits for it, how it is done and undone.

In: a plan, one of its steps, the order rules behind it. Out: text.
It must answer from the plan file alone: what it says is what `apply` will do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from oceana_dr.estate.action import Action, RunProcedure, SetValues
from oceana_dr.estate.in_words import condition_parts
from oceana_dr.plan.model import Instructions, Plan, Step
from oceana_dr.present.durations import about
from oceana_dr.present.explain.text import Page, labelled, no_page
from oceana_dr.present.layout import Word, hanging, words
from oceana_dr.present.pace import median_pace
from oceana_dr.present.phrases import (
    REASONS,
    attribute_title,
    cause_text,
    changes_of,
    manual_text,
    step_list,
    step_sign,
    value_text,
)
from oceana_dr.present.shapes import Rule
from oceana_dr.present.signs import Sign
from oceana_dr.present.style import Style

Row = tuple[str, tuple[Word, ...]]


def render_step(
    plan: Plan,
    step: Step,
    rules: Mapping[str, Rule],
    *,
    width: int = 100,
    page: Page = no_page,
    colour: bool = False,
    ascii: bool = False,  # noqa: A002 - the word a caller would look for
) -> str:
    """A step of a plan. `rules` by id; one that is not there is named without its reason."""
    style = Style(ascii=ascii, color=colour)
    title = f"{step.id} {style.sign(step_sign(step))} {step.title}"
    lines = hanging(words(style.text(title), style.strong), width)
    for heading, rows in (
        ("What", _what(plan, step, style, page)),
        ("Why here", _why(plan, step, rules, style, page)),
        ("How", _how(step.instructions, style)),
        ("Back", _back(step, style)),
    ):
        found = list(rows)
        if found:
            lines += ["", style.strong(heading)]
            lines += [line for label, row in found for line in labelled(label, row, style, width)]
    return "\n".join(lines) + "\n"


def _what(plan: Plan, step: Step, style: Style, page: Page) -> Iterator[Row]:
    phase = next((phase.title for phase in plan.phases if step.id in phase.steps), "")
    start = about(median_pace(plan).start[step.id])
    yield "phase", words(style.text(f"{phase}, about {start} in; takes {about(step.estimate.p50)}"))
    if step.address is not None:
        yield "address", words(style.text(f"{step.address} by the driver {step.driver}"))
    for reference, before, after in changes_of(step):
        arrow = Word(f"{style.sign(Sign.ARROW)} {value_text(after, style)}", style.strong)
        yield (
            "change",
            (Word(style.text(f"{attribute_title(step, reference)}:")), Word(value_text(before, style)), arrow),
        )
    written = {reference for reference, _, _ in changes_of(step)}
    for reference, value in sorted(step.effects.items()):
        if reference not in written:
            yield "then", (Word(style.text(reference)), Word(f"{style.sign(Sign.ARROW)} {value_text(value, style)}"))
    if step.attested:
        some = ", ".join(step.attested[:3]) + (f" and {len(step.attested) - 3} more" if len(step.attested) > 3 else "")
        yield "attested", words(style.text(f"no driver reads {some}: a person says what they see"))
    if step.change is not None:
        yield "reason", words(style.text(REASONS[step.change.reason.value]))
    if step.cause:
        yield "site", words(cause_text(step.cause, style))
    if step.procedure:
        yield "procedure", words(style.text(step.procedure))
    if step.manual:
        yield "manual", words(manual_text(step.manual, page).removeprefix("manual "))


def _why(plan: Plan, step: Step, rules: Mapping[str, Rule], style: Style, page: Page) -> Iterator[Row]:
    for name in step.rules:
        rule = rules.get(name)
        if rule is None:
            yield "rule", words(style.text(name))
            continue
        where = f" {style.sign(Sign.DOT)} {manual_text(rule.manual, page)}" if rule.manual else ""
        yield "rule", (Word(style.text(f"{name}:"), style.named), *words(style.text(f"{rule.reason}{where}")))
    before = [plan.step(name) for name in step.after]
    yield "after", words(style.text(_named(before, plan) or "nothing: it may begin at once"))
    waiting = [other for other in plan.steps if step.id in other.after]
    yield "before", words(style.text(_named(waiting, plan) or "nothing waits for it"))
    for needed in step.requires:
        waive = "; two people may waive it, with a reason" if needed.waivable else ""
        for place, part in enumerate(condition_parts(needed.condition)):
            yield "" if place else "only if", words(style.text(part))
        yield "", words(style.text(f"(read right before it: {needed.rule}{waive})"), style.faint)
    if step.pair is not None:
        yield "pair", words(style.text(f"with {step.pair}: nothing stops the run or comes between them"))


def _named(steps: list[Step], plan: Plan) -> str:
    if len(steps) == 1:
        return f"{steps[0].id} {steps[0].title}"
    return step_list([step.id for step in steps], plan)


def _how(how: Instructions | None, style: Style) -> Iterator[Row]:
    if how is None:
        return
    yield "console", words(style.text(how.console))
    for number, click in enumerate(how.clicks, 1):
        yield f"{number}.", words(style.text(click))
    for label, value in how.copy:
        yield "copy", (Word(style.text(f"{label}:")), Word(style.text(value), style.strong))
    if how.expect:
        yield "see", words(style.text(how.expect))
    if how.second_person:
        yield "people", words("two: one does it, the other looks on")


def _back(step: Step, style: Style) -> Iterator[Row]:
    if step.irreversible is not None:
        yield "no way", words(style.text(f"{step.irreversible}"), style.bad)
    elif step.action is not None and not step.inverse:
        why = step.no_inverse or "a rollback leaves what this step did as it is"
        yield "undo", words(style.text(f"nothing: {why}"))
    for action in step.inverse:
        yield from _undo(action, style)


def _undo(action: Action, style: Style) -> Iterator[Row]:
    match action:
        case SetValues(values=values):
            for reference, value in sorted(values.items()):
                yield (
                    "undo",
                    (Word(style.text(reference)), Word(f"{style.sign(Sign.ARROW)} {value_text(value, style)}")),
                )
        case RunProcedure(procedure=procedure, arguments=arguments):
            told = ", ".join(f"{name} {value}" for name, value in sorted(arguments.items()))
            yield "undo", words(style.text(f"procedure {procedure}" + (f" ({told})" if told else "")))
