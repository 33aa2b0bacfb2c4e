"""The steps of a plan for a comment: phases that unfold, and everything that is removed.

In: a plan. Out: blocks of Markdown, each in shorter and shorter forms.
Steps that make the same change stand together, and none of their ids and addresses may be lost by that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from oceana_dr.plan.model import Kind, Plan, Step
from oceana_dr.present.budget import Block
from oceana_dr.present.durations import about
from oceana_dr.present.markdown import code, codes, folded, prose
from oceana_dr.present.pace import median, median_pace
from oceana_dr.present.phrases import STEADY, attribute_title, changes_of, counted, step_sign, value_text
from oceana_dr.present.signs import Sign
from oceana_dr.present.style import Style

_PLAIN = Style()
_MOST_ADDRESSES = 20
_NEXT_LINE = "  \n  "
"""A new line inside of an item."""
_Change = tuple[tuple[str, str, str], ...]


def phase_blocks(plan: Plan) -> Iterator[Block]:
    """Each phase: every step with its values, every step by its title, every step by its id, how many there are."""
    known = {step.id: step for step in plan.steps}
    critical = frozenset(median_pace(plan).critical)
    for phase in plan.phases:
        steps = [known[name] for name in phase.steps]
        share = sum(median(step) for step in steps if step.id in critical)
        cost = "" if plan.scenario == STEADY else f", {about(share)}" if share else ", alongside"
        head = f"<b>{prose(phase.title)}</b>: {counted(len(steps), 'step')}{cost}"
        yield Block(
            (
                folded(head, "\n".join(_row(group) for group in alike(steps))),
                folded(head, "\n".join(f"- {code(step.id)} {prose(step.title)}" for step in steps)),
                folded(head, codes(step.id for step in steps)),
                head,
            )
        )


def alike(steps: Sequence[Step]) -> Iterator[list[Step]]:
    """The steps, those that make one and the same change, by the same hand, together where the first one stands."""
    groups: dict[object, list[Step]] = {}
    for step in steps:
        groups.setdefault(_sameness(step), []).append(step)
    yield from groups.values()


def removals(plan: Plan) -> Block:
    """Everything that is taken away: by attribute, by address, as a count by data centre."""
    gone = [step for step in plan.steps if step.kind is Kind.SET and step_sign(step) is Sign.REMOVE]
    if not gone:
        return Block(("",))
    head = f"**Removed ({len(gone)})**\n\n"
    sides = Counter((step.address or "").partition("/")[0] for step in gone)
    return Block(
        (
            head + "\n".join(f"- {code(step.id)} {code(step.address or '')}: {_values(step)}" for step in gone),
            head + codes(step.address or "" for step in gone),
            head + ", ".join(f"{side} {number:,}" for side, number in sorted(sides.items())),
        )
    )


def _sameness(step: Step) -> object:
    plain = step.kind is Kind.SET and step.irreversible is None and step.pair is None
    return (step.driver, _change(step), step_sign(step)) if plain and not _beside(step) else step.id


def _beside(step: Step) -> bool:
    """Whether it writes another address too: such a change is like no other."""
    return any(not reference.startswith(f"{step.address}#") for reference, _, _ in changes_of(step))


def _change(step: Step) -> _Change:
    return tuple(
        (attribute_title(step, reference), value_text(old, _PLAIN), value_text(new, _PLAIN))
        for reference, old, new in changes_of(step)
    )


def _row(group: Sequence[Step]) -> str:
    """One item of a list: ids, sign, addresses; under it what changes."""
    first = group[0]
    shown, more = group[:_MOST_ADDRESSES], len(group) - _MOST_ADDRESSES
    ids = codes(step.id for step in shown) + (f" and {more:,} more" if more > 0 else "")
    sign = prose(_PLAIN.sign(step_sign(first)))
    addresses = codes(dict.fromkeys(step.address or "" for step in shown if step.address))
    marks = [prose(first.driver), *_marks(first)]
    head = " ".join(part for part in (ids, sign, addresses) if part) + f" ({', '.join(marks)})"
    what = _values(first) if first.kind is Kind.SET else prose(first.title)
    return f"- {head}{_NEXT_LINE}{what}"


def _marks(step: Step) -> Iterator[str]:
    if step.instructions is not None and step.instructions.second_person:
        yield "two people"
    if step.pair is not None:
        yield f"with {code(step.pair)}, without a stop"
    if step.irreversible is not None:
        yield "**no way back**"


def _values(step: Step) -> str:
    return _NEXT_LINE.join(f"{prose(label)}: {code(old)} → {code(new)}" for label, old, new in _change(step))
