"""The figures of a plan in sentences: what it takes, what it costs, what is proven, the way back.

In: a plan, a style, a width. Out: lines of text for the foot of a plan.
A figure must never be shown without its unit, nor an estimate as if it were a promise.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from oceana_dr.estate.address import SIDES
from oceana_dr.estate.values import Unknown, show
from oceana_dr.plan.model import Kind, Loss, Owed, Plan, Step
from oceana_dr.present.durations import about
from oceana_dr.present.layout import Word, dotted, paragraph, words
from oceana_dr.present.pace import median_pace, point_of_no_return, slow_pace
from oceana_dr.present.phrases import APPLY_FILE, STEADY, counted, local_part, step_list, step_sign
from oceana_dr.present.signs import Sign
from oceana_dr.present.style import Style

MOST_OWED = 6
_NAMES = {
    Sign.CHANGE: "change",
    Sign.CREATE: "create",
    Sign.REMOVE: "remove",
    Sign.PROCEDURE: "procedure",
    Sign.GATE: "gate (a wait or a question)",
    Sign.CHECK: "check",
}


def summary_lines(plan: Plan, style: Style, width: int, saved: str | None) -> Iterator[str]:
    """Everything under the steps."""
    for label, row in _paragraphs(plan, style, saved):
        yield from paragraph(f"{label}:", row, width, style)


def _paragraphs(plan: Plan, style: Style, saved: str | None) -> Iterator[tuple[str, Sequence[Word]]]:
    yield "Plan", (*words(f"{counts(plan)}."), Word(f" {sides(plan, style)}"))
    yield "By hand", words(f"{people(plan)}.")
    yield "Time", words(f"{duration(plan)}.")
    if may_run(plan):
        yield "May run", words(style.text(f"{may_run(plan)}."))
    if approvals(plan):
        told = _command(f"oceana-dr approvals {saved or APPLY_FILE}", style)
        yield "Approvals", (*words(style.text(f"{approvals(plan)}.")), *words("Who did:"), told)
    if plan.outage:
        yield "Callers are turned away", outage(plan, style)
    yield "Safety", words(f"{safety(plan)}.", style.bad if plan.proof.violations or plan.proof.inherited else str)
    if plan.undoes is None:
        yield "Back", words(style.text(back(plan)))
    if plan.owed:
        yield "Owed", words(style.text(f"{owed(plan)}."))
    if plan.timers:
        yield "Timers", words(style.text(f"{timers(plan)}."))
    if plan.scenario != STEADY and plan.undoes is None:
        yield "Not covered", words("outbound campaigns stop and stay stopped (manual p. 38).")
    yield "Signs", legend(plan, style)
    yield "Next", _next(plan, style, saved)


def owed(plan: Plan) -> str:
    """What has to be done behind a fence when the plan has ended, by the steps of recovery that do it."""
    number = counted(len(plan.owed), "action")
    return f"{number} before the fence is lifted, collected by recovery: {owed_actions(plan.owed)}"


def owed_actions(items: Sequence[Owed]) -> str:
    """The first of them by title and step, the others as a number."""
    shown = "; ".join(f"{item.title} ({item.step})" for item in items[:MOST_OWED])
    return f"{shown}; and {len(items) - MOST_OWED} more" if len(items) > MOST_OWED else shown


def timers(plan: Plan) -> str:
    """What begins to run with which step, and for how long."""
    return "; ".join(
        f"{item.title}, from {item.started_by}" + (f", {about(item.limit_s)}" if item.limit_s is not None else "")
        for item in plan.timers
    )


def counts(plan: Plan) -> str:
    """`34 changes, 6 procedures, 5 gates, 11 checks`; a steady plan names only what it has."""
    kinds = [step.kind for step in plan.steps]
    numbers = {
        "change": kinds.count(Kind.SET),
        "procedure": kinds.count(Kind.RUN),
        "gate": kinds.count(Kind.WAIT) + kinds.count(Kind.CONFIRM),
        "check": kinds.count(Kind.CHECK),
    }
    return ", ".join(counted(number, name) for name, number in numbers.items() if number or plan.scenario != STEADY)


def sides(plan: Plan, style: Style) -> str:
    """`dc1 24 · dc2 31 · shared 9`."""
    found = [local_part(step)[0] for step in plan.steps]
    return f" {style.sign(Sign.DOT)} ".join(f"{side} {found.count(side)}" for side in (*SIDES, "shared"))


def people(plan: Plan) -> str:
    """How many steps need a person, and a second one."""
    by_hand = [step for step in plan.steps if step.needs_person]
    pairs = [step.id for step in plan.steps if step.instructions is not None and step.instructions.second_person]
    text = f"{len(by_hand)} of {counted(len(plan.steps), 'step')} need a person"
    text = f"{text}; two people: {', '.join(pairs)}" if pairs else text
    word = sum(1 for step in plan.steps if step.attested)
    return (
        f"{text}; {word} {'rests' if word == 1 else 'rest'} on what a person sees: no driver reads it" if word else text
    )


def duration(plan: Plan) -> str:
    """The critical path, at its median and if everything is slow."""
    fast, slow = median_pace(plan).total, slow_pace(plan).total
    return f"{about(fast)} on the critical path, {about(slow)} if every step is slow (p95)"


def may_run(plan: Plan) -> str:
    """When it fits into a change window, as it was when the plan was made; empty where nobody looked."""
    return _said(plan, "window")


def approvals(plan: Plan) -> str:
    """How many people of which roles must approve it, as the site asked when the plan was made; empty if nobody."""
    return _said(plan, "approvals")


def _said(plan: Plan, name: str) -> str:
    found = plan.meta.get(name)
    says = found.get("says") if isinstance(found, Mapping) else None
    return says if isinstance(says, str) else ""


def outage(plan: Plan, style: Style) -> tuple[Word, ...]:
    """`voice 1 h 25 min · chat, SMS 1 h 10 min · e-mail 0 (queued) (longest: …)`: equal lengths together."""
    by_length: dict[tuple[int, str], list[str]] = {}
    for channel, found in plan.outage.items():
        if found.opened_by is not None:
            already = " (closed already)" if found.closed_by is None else ""
            by_length.setdefault((found.p50_s, already), []).append(channel_name(channel))
    parts = [f"{', '.join(by_length[key])} {about(key[0])}{key[1]}" for key in sorted(by_length, reverse=True)]
    parts += [f"{text}, until another plan opens it" for text in staying_closed(plan)]
    if "email" not in plan.outage and any("EmailService" in (step.address or "") for step in plan.steps):
        parts.append("e-mail 0 (queued)")
    ended = [item for item in plan.outage.items() if item[1].opened_by is not None]
    if ended:
        name, longest = max(ended, key=lambda item: (item[1].p50_s, item[1].p95_s))
        parts.append(f"longest if every step is slow: {channel_name(name)} {about(longest.p95_s)}")
    return dotted((Word(style.text(part)) for part in parts), style)


def lost(plan: Plan) -> list[str]:
    """`Omnichannel Database 40 s`: what a failover loses of each component, by what is known now."""
    known = [f"{item.component} {show(item.value)} {item.unit}" for item in plan.losses if not _unknown(item)]
    unknown = [item.component for item in plan.losses if _unknown(item)]
    return [*known, *([f"unknown of {', '.join(unknown)}"] if unknown else [])]


def _unknown(loss: Loss) -> bool:
    return isinstance(loss.value, Unknown)


def staying_closed(plan: Plan) -> list[str]:
    """`chat from A01 on` for every channel that this plan closes and does not open again."""
    return [
        f"{channel_name(channel)} from {found.closed_by} on"
        for channel, found in plan.outage.items()
        if found.opened_by is None
    ]


def channel_name(channel: str) -> str:
    """`web_voice` as people write it."""
    return {"sms": "SMS", "email": "e-mail"}.get(channel, channel.replace("_", " "))


def safety(plan: Plan) -> str:
    """What the proof found, over how many states."""
    proof = plan.proof
    milliseconds = plan.meta.get("proof_ms")
    effort = counted(proof.states, "state") + (f", {milliseconds} ms" if isinstance(milliseconds, int) else "")
    if proof.violations:
        text = f"{proof.violations} of {counted(proof.checked, 'invariant')} broken in some reachable state ({effort})"
    elif proof.inherited:
        holding = proof.checked - len(proof.inherited)
        already = f"{len(proof.inherited)} {'is' if len(proof.inherited) == 1 else 'are'} broken already"
        text = f"{counted(holding, 'invariant')} hold in every reachable intermediate state"
        text += f", {already}: {', '.join(proof.inherited)} ({effort})"
    else:
        text = f"{counted(proof.checked, 'invariant')} hold in every reachable intermediate state ({effort})"
    if not plan.steps:
        return text  # what people are asked for, they are asked for when something is done
    if proof.attested:
        text += f"; {len(proof.attested)} are kept by people, checks, timers"
    idle = len(proof.not_applicable)
    return f"{text}; {idle} {'does' if idle == 1 else 'do'} not apply here" if idle else text


def back(plan: Plan) -> str:
    """Up to where a run can be undone, and what the undoing leaves out."""
    if plan.behind:
        first = plan.behind[0]
        return f"there is none: {first.step} is done already. From {first.step} on: {first.irreversible}."
    last = point_of_no_return(plan)
    acting = [step for step in plan.steps if step.action is not None]
    if last is None:
        text = "every change can be undone with `oceana-dr rollback`"
        return f"{text}{_left_alone(acting, plan)}."
    before = plan.steps[: plan.steps.index(last)]
    when = about(median_pace(plan).start[last.id])
    text = f"until {last.id} begins, about {when} in, `oceana-dr rollback` undoes what was done"
    kept = _left_alone([step for step in before if step.action is not None], plan)
    return f"{text}{kept}. From {last.id} on: {last.irreversible}."


def _left_alone(acting: Sequence[Step], plan: Plan) -> str:
    """`, except P03 (campaigns stay stopped …)`: what a rollback does nothing about, and why."""
    by_reason: dict[str, list[str]] = {}
    for step in acting:
        if not step.inverse:
            by_reason.setdefault(step.no_inverse or "left as it is", []).append(step.id)
    parts = [f"{step_list(names, plan)} ({reason})" for reason, names in by_reason.items()]
    return f", except {', '.join(parts)}" if parts else ""


def legend(plan: Plan, style: Style) -> tuple[Word, ...]:
    """The signs that this plan uses, in words."""
    used = {step_sign(step) for step in plan.steps}
    parts = [f"{style.sign(sign)} {name} " for sign, name in _NAMES.items() if sign in used]
    afters = [frozenset(step.after) for step in plan.steps]
    if any(one == two for one, two in pairwise(afters)):
        parts.append(f"{style.sign(Sign.TOGETHER_FIRST)}{style.sign(Sign.TOGETHER_LAST)} together")
    return tuple(Word(part, style.faint) for part in parts)


def _next(plan: Plan, style: Style, saved: str | None) -> tuple[Word, ...]:
    step = point_of_no_return(plan) or plan.steps[0]
    if plan.refused:
        first: tuple[Word, ...] = words("settle the findings above; nothing runs before.")
    elif saved is None:
        source = f"plan {plan.site}" if plan.undoes is None else f"rollback {plan.undoes}"
        made = f"oceana-dr {source} -o {APPLY_FILE}"
        first = (_command(made, style), *words("then"), _command(f"oceana-dr apply {APPLY_FILE}", style))
    else:
        first = (_command(f"oceana-dr apply {saved}", style),)
    explain = _command(f"oceana-dr explain {step.id}", style)
    return (*first, Word(style.sign(Sign.DOT)), *words("why a step is here:"), explain)


def _command(text: str, style: Style) -> Word:
    return Word(style.text(text), style.strong)
