"""A plan as a comment on a pull request: the verdict, what callers notice, what cannot be undone, then the steps.

In: a plan, how many bytes there is room for. Out: GitHub's Markdown.
Whatever the room: no removal, no step without a way back and no finding may be left out without being counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from oceana_dr.plan.model import Finding, Plan
from oceana_dr.present.budget import Block, fit
from oceana_dr.present.comment_steps import phase_blocks, removals
from oceana_dr.present.durations import about, whole
from oceana_dr.present.findings_text import INFO, REFUSE
from oceana_dr.present.markdown import code, folded, prose
from oceana_dr.present.pace import median_pace
from oceana_dr.present.phrases import APPLY_FILE, counted
from oceana_dr.present.plan_summary import (
    approvals,
    back,
    lost,
    may_run,
    owed,
    safety,
    staying_closed,
    timers,
)
from oceana_dr.present.plan_verdict import allowed, common_cause, figures, headline, refusal, turned_away

ROOM: Final = 65_536
"""Most bytes of a comment: GitHub takes 65,536 letters, and no letter has less than one byte."""
_SHORT, _ID = 120, 19
_NO_NAME: Final = re.compile(r"[^A-Za-z0-9._]+")
_CUT: Final = "> Shortened to what a comment can hold: the whole plan is in the plan file."


def render_comment(plan: Plan, *, room: int = ROOM) -> str:
    """The plan; the first line, which nobody sees, tells the comments of different sites apart."""
    blocks = [
        Block((f"{marker(plan.site)}\n### {prose(headline(plan))}\n\n{_verdict(plan)}",)),
        *_findings("Refused", [item for item in plan.findings if item.severity == REFUSE]),
        Block((_callers(plan),)),
        _no_way_back(plan),
        removals(plan),
        *_findings("Warnings", [item for item in plan.findings if item.severity not in {REFUSE, INFO}]),
        *phase_blocks(plan),
        *_known(plan),
        Block((_foot(plan),)),
    ]
    return fit([block for block in blocks if block.forms[0]], room, _CUT)


def marker(site: str) -> str:
    """What a comment about the site begins with, so that it is found again and updated in place."""
    return f"<!-- oceana-dr plan {_NO_NAME.sub('-', site)[:_SHORT]} -->"


def _verdict(plan: Plan) -> str:
    """For who reads no further."""
    refused = refusal(plan)
    lines = [f"**{refused}**"] if refused else []
    if not plan.steps:
        return "  \n".join(lines or [f"The estate is as the site says. {prose(safety(plan))}."])
    said = prose(figures(plan))
    lines.append(said if refused else f"**{allowed(plan)}** {said}")
    cause, says = common_cause(plan)
    if cause:
        lines.append(f"Because of {code(cause)}{prose(f', {says}') if says else ''}.")
    if may_run(plan):
        lines.append(f"May run {prose(may_run(plan))}.")
    if approvals(plan):
        lines.append(f"Has to be approved by {prose(approvals(plan))}: {code(f'oceana-dr approve {APPLY_FILE}')}")
    if plan.lost:
        lines.append(f"Declared lost: {prose(', '.join(plan.lost))}.")
    return "  \n".join(lines)


def _callers(plan: Plan) -> str:
    """What they notice, channel by channel, the longest first."""
    rows = [
        f"- {prose(', '.join(names))}: "
        + prose(f"turned away {about(p50_s)} (slow: {about(p95_s)})" + (", closed already" if already else ""))
        for (p50_s, p95_s, already), names in turned_away(plan).items()
    ]
    rows += [f"- {prose(text)}: turned away until another plan opens it" for text in staying_closed(plan)]
    if plan.losses:
        rows.append(f"- data lost: {prose('; '.join(lost(plan)))}")
    if not rows:
        return "**Callers notice** nothing." if plan.steps else ""
    return "**Callers notice**\n\n" + "\n".join(rows)


def _no_way_back(plan: Plan) -> Block:
    """Every step without a way back: with its reason, by its title, by its id, as a count."""
    gone = [f"- {code(item.step)} is done already: {prose(item.irreversible)}" for item in plan.behind]
    steps = [step for step in plan.steps if step.irreversible is not None]
    if not gone and not steps:
        return Block((f"**Way back**: {prose(back(plan))}" if plan.steps and plan.undoes is None else "",))
    start = median_pace(plan).start
    items = [(step, f"- {code(step.id)} {prose(step.title[:_SHORT])}") for step in steps]
    since = f" from {code(steps[0].id)} on, {whole(about(start[steps[0].id]))} in" if steps and not plan.behind else ""
    head = f"**No way back{since}**\n\n"
    return Block(
        (
            head + "\n".join([*gone, *(f"{item}: {prose(step.irreversible or '')}" for step, item in items)]),
            head + "\n".join([*gone, *(item for _, item in items)]),
            head + ", ".join(code(step.id) for step in steps),
            f"{head}{counted(len(steps), 'step')}; their ids are in the plan file.",
        )
    )


def _findings(title: str, found: Sequence[Finding]) -> Iterator[Block]:
    """Each with its code: whole, shortened, by its id, as counts by code."""
    if not found:
        return
    head = f"**{title} ({len(found)})**\n\n"
    by_code: dict[str, list[str]] = {}
    for item in found:
        by_code.setdefault(item.code, []).append(item.id)
    yield Block(
        (
            head + "\n".join(f"- {code(item.code)} {prose(item.message)}{_way_past(item)}" for item in found),
            head + "\n".join(f"- {code(item.code)} {prose(item.message[:_SHORT])}" for item in found),
            head + "\n".join(f"- {code(name)}: {', '.join(map(code, ids))}" for name, ids in by_code.items()),
            head + "\n".join(f"- {code(name)}: {counted(len(ids), 'finding')}" for name, ids in by_code.items()),
        )
    )


def _way_past(item: Finding) -> str:
    if item.severity != REFUSE or not item.overridable:
        return ""
    return f" (to run it all the same: {code(f'--override {item.id} --reason …')})"


def _known(plan: Plan) -> Iterator[Block]:
    known = [item for item in plan.findings if item.severity == INFO]
    if known:
        body = "\n".join(f"- {code(item.code)} {prose(item.message)}" for item in known)
        head = f"Good to know ({len(known)})"
        yield Block((folded(head, body), f"{head}: in the plan file."))


def _foot(plan: Plan) -> str:
    rows = [f"Safety: {prose(safety(plan))}."] if plan.steps else []
    if plan.owed:
        rows.append(f"Owed: {prose(owed(plan))}.")
    if plan.timers:
        rows.append(f"Timers: {prose(timers(plan))}.")
    commit = plan.source.commit
    of = f" of commit {code(commit[:12])}" if commit is not None else ""
    changed = " and what was not committed" if commit is not None and plan.source.dirty else ""
    run = f" In a window: {code(f'oceana-dr apply {APPLY_FILE}')}" if plan.steps and not plan.refused else ""
    who = f" Who approved it: {code(f'oceana-dr approvals {APPLY_FILE}')}" if approvals(plan) else ""
    rows.append(f"Plan {code(plan.id[:_ID])}{of}{changed}.{run}{who}")
    return "---\n" + "  \n".join(rows)
