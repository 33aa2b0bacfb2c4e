"""The steps of a plan as lines: phases, columns, what runs together, what cannot be undone.

In: a plan, a style, a width. Out: lines of text.
No id, address, value or mark of no return may be lost at any width: what does not fit moves to its own line.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from oceana_dr.plan.model import Cause, Kind, Plan, Step
from oceana_dr.present.durations import about, clock
from oceana_dr.present.layout import Paint, Word, joined, length, placed, ruled, words, wrapped
from oceana_dr.present.pace import Pace, median, median_pace, point_of_no_return
from oceana_dr.present.phrases import (
    REASONS,
    STEADY,
    attribute_title,
    cause_text,
    changes_of,
    local_part,
    step_list,
    step_sign,
    value_text,
)
from oceana_dr.present.signs import Sign
from oceana_dr.present.style import Style

NARROW, WIDE = 80, 100
MARGIN = 2


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the parts of a step's line begin."""

    width: int
    sign: int
    side: int
    address: int
    detail: int
    driver: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """What every line needs to know.

    `reasons`: each change says why it is there. `seen`: how long ago a person observed an address.
    `reasoned`: the steps that say why there is no way back; the others with the same reason only mark it.
    """

    plan: Plan
    style: Style
    columns: Columns
    pace: Pace
    reasons: bool
    seen: Mapping[str, str]
    reasoned: frozenset[str]


def step_lines(plan: Plan, style: Style, width: int, seen: Mapping[str, str]) -> Iterator[str]:
    """Phase by phase. `seen` says by address how long ago a person observed it."""
    first = {step.irreversible: step.id for step in reversed(plan.steps) if step.irreversible is not None}
    reasoned = frozenset(first.values())
    reasons = plan.scenario == STEADY and plan.undoes is None and common_reason(plan) is None
    sheet = Sheet(plan, style, _columns(plan, style, width), median_pace(plan), reasons, seen, reasoned)
    before: tuple[str, ...] = ()
    for phase in plan.phases:
        steps = [plan.step(name) for name in phase.steps]
        yield ""
        yield _heading(sheet, phase.title, steps)
        for group in together(steps):
            for place, step in enumerate(group):
                yield from _step(sheet, step, _bracket(place, len(group)), before)
            before = tuple(step.id for step in group)


def common_reason(plan: Plan) -> tuple[str, tuple[Cause, ...]] | None:
    """Reason and lines that all changes of a steady plan share, if they do."""
    found = {(step.change.reason.value, step.cause) for step in plan.steps if step.change is not None}
    return found.pop() if len(found) == 1 and plan.scenario == STEADY else None


def together(steps: Sequence[Step]) -> Iterator[list[Step]]:
    """Neighbours that wait for the same steps, and so may run at the same time."""
    group: list[Step] = []
    for step in steps:
        if group and frozenset(step.after) != frozenset(group[-1].after):
            yield group
            group = []
        group.append(step)
    if group:
        yield group


def _columns(plan: Plan, style: Style, width: int) -> Columns:
    """Columns that four of five steps keep; the others push to the right."""
    ids = _usual([len(step.id) for step in plan.steps])
    sign = MARGIN + min(max(ids, 3), 14 if width >= WIDE else 9 if width >= NARROW else 8) + 1
    side = sign + len(style.sign(Sign.GATE)) + 1
    address = side + (7 if width >= NARROW else 4)
    driver = width - max((len(style.text(step.driver)) for step in plan.steps), default=0)
    local = _usual([len(local_part(step)[1]) for step in plan.steps])
    return Columns(width, sign, side, address, address + min(local, (driver - address) * 45 // 100) + 2, driver)


def _usual(lengths: Sequence[int]) -> int:
    return sorted(lengths)[len(lengths) * 4 // 5] if lengths else 0


def _heading(sheet: Sheet, title: str, steps: Sequence[Step]) -> str:
    names = {step.id for step in steps}
    share = sum(median(step) for step in steps if step.id in sheet.pace.critical)
    start = min(sheet.pace.start[name] for name in names)
    cost = f"~{about(share)}" if share else "alongside"
    tail = cost if sheet.plan.scenario == STEADY else f"from {clock(start)}  {cost:>9}"
    return ruled(sheet.style.text(title), tail, sheet.columns.width, sheet.style)


def _bracket(place: int, size: int) -> Sign | None:
    if size == 1:
        return None
    if place == 0:
        return Sign.TOGETHER_FIRST
    return Sign.TOGETHER_LAST if place == size - 1 else Sign.TOGETHER_NEXT


def _step(sheet: Sheet, step: Step, bracket: Sign | None, before: Sequence[str]) -> Iterator[str]:
    """The lines of one step: what fits on the first one, the rest under it."""
    style, columns = sheet.style, sheet.columns
    side, local = local_part(step)
    sign = step_sign(step)
    mark = Word(style.sign(bracket), style.faint) if bracket else Word("")
    head, end = placed(
        (
            (0, mark),
            (MARGIN, Word(style.text(step.id), style.named)),
            (columns.sign, Word(style.sign(sign), style.moved if sign is Sign.CHANGE else style.strong)),
            (columns.side, Word(side)),
            (columns.address, Word(style.text(local))),
        )
    )
    rest = [*_details(sheet, step)]
    remarks = _remarks(sheet, step, before if bracket in {None, Sign.TOGETHER_FIRST} else ())
    if len(rest) == 1 and remarks and end + 4 + length((*rest[0], *remarks)) <= columns.driver:
        rest, remarks = [(*rest[0], *remarks)], ()
    if rest and end + 4 + length(rest[0]) <= columns.driver:
        column = max(end + 2, min(columns.detail, columns.driver - 2 - length(rest[0])))
        head += " " * (column - end) + joined(rest[0])
        end = column + length(rest[0])
        rest = rest[1:]
    paint = style.strong if step.needs_person else style.faint
    if end + 2 <= columns.driver:
        yield head + " " * (columns.driver - end) + paint(style.text(step.driver))
    else:
        yield head
        remarks = (*_remark(style.text(step.driver), style, paint), *remarks)
    rail = style.sign(Sign.TOGETHER_NEXT) if bracket in {Sign.TOGETHER_FIRST, Sign.TOGETHER_NEXT} else ""
    for line in _under(sheet, step, rest, remarks):
        yield style.faint(rail) + line[len(rail) :] if rail and line.startswith(" ") else line


def _under(sheet: Sheet, step: Step, rest: Sequence[tuple[Word, ...]], remarks: tuple[Word, ...]) -> Iterator[str]:
    """What did not fit on a step's line, that there is no way back, and why a change is there."""
    style, width = sheet.style, sheet.columns.width
    indent = sheet.columns.address + MARGIN if width >= NARROW else sheet.columns.side
    if rest and len(rest) == 1:
        rest, remarks = [(*rest[0], *remarks)], ()
    for row in rest:
        yield from wrapped(row, width, indent)
    if remarks:
        first = Word(remarks[0].text.removeprefix(f"{style.sign(Sign.DOT)} "), remarks[0].paint)
        yield from wrapped((first, *remarks[1:]), width, indent)
    if step.id in sheet.reasoned:
        yield from wrapped(words(_no_way_back(sheet, step, reason=True), style.bad), width, indent)
    if step.change is not None and sheet.reasons:
        yield from wrapped(reason_words(step.change.reason.value, step.cause, style), width, indent)


def _details(sheet: Sheet, step: Step) -> list[tuple[Word, ...]]:
    style = sheet.style
    if step.kind is Kind.SET:
        return [
            (
                Word(style.text(f"{attribute_title(step, reference)}:")),
                Word(value_text(old, style)),
                Word(f"{style.sign(Sign.ARROW)} {value_text(new, style)}", style.strong),
            )
            for reference, old, new in changes_of(step)
        ]
    title = words(style.text(step.title))
    if step.kind is Kind.WAIT:
        return [(*title, *words(_patience(step), style.faint))]
    return [(*words("confirm:", style.faint), *title)] if step.kind is Kind.CONFIRM else [title]


def _patience(step: Step) -> str:
    if step.estimate.p50 == step.estimate.p95 == step.timeout_s:
        return f"(takes {about(step.timeout_s)})"
    return f"(up to {about(step.timeout_s)}, then ask)"


def _remarks(sheet: Sheet, step: Step, before: Sequence[str]) -> tuple[Word, ...]:
    """What is special about how a step runs; `before` are the steps of the lines above."""
    style, found = sheet.style, list[Word]()
    if step.instructions is not None and step.instructions.second_person:
        found += _remark("two people", style, style.moved)
    if step.pair is not None:
        found += _remark(style.text(f"with {step.pair}, without a stop"), style, style.moved)
    if before and step.after and not set(step.after) & set(before):
        found += _remark(style.text(f"after {step_list(step.after, sheet.plan)}"), style, style.faint)
    if step.address is not None and step.address in sheet.seen:
        found += _remark(f"{style.sign(Sign.OLD)} seen {sheet.seen[step.address]} ago", style, style.doubtful)
    if step.irreversible is not None and step.id not in sheet.reasoned:
        found += _remark(_no_way_back(sheet, step, reason=False), style, style.bad)
    return tuple(found)


def _remark(text: str, style: Style, paint: Paint) -> tuple[Word, ...]:
    first, *others = text.split() or [""]
    return (Word(f"{style.sign(Sign.DOT)} {first}", paint), *(Word(other, paint) for other in others))


def _no_way_back(sheet: Sheet, step: Step, *, reason: bool) -> str:
    first = point_of_no_return(sheet.plan)
    here = first is not None and first.id == step.id and not sheet.plan.behind
    text = "no way back from here" if here else "no way back"
    return sheet.style.text(f"{sheet.style.sign(Sign.WARNING)} {text}" + (f": {step.irreversible}" if reason else ""))


def reason_words(reason: str, causes: Sequence[Cause], style: Style) -> tuple[Word, ...]:
    """`because sites/acme/site.yaml:12 (changed in the site)`."""
    said = REASONS[reason]
    text = f"because {cause_text(causes, style)} ({said})" if causes else f"because: {said}"
    return words(text, style.faint)
