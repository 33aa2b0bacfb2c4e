"""What a plan comes to, in the words that a comment and a page share: its title, the verdict, what callers notice.

In: a plan. Out: texts as they are; whoever shows them makes them harmless in the form at hand.
A comment and a page of one plan must never give it two verdicts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from oceana_dr.plan.model import Plan
from oceana_dr.present.durations import about
from oceana_dr.present.findings_text import REFUSE
from oceana_dr.present.pace import median_pace, slow_pace
from oceana_dr.present.phrases import STEADY, cause_text, counted, scenario_title, side_title
from oceana_dr.present.plan_summary import approvals, channel_name, counts, people
from oceana_dr.present.style import Style

_PLAIN: Final = Style()


def headline(plan: Plan) -> str:
    """`acme: planned switchover, dc1 Frankfurt → dc2 Leipzig`."""
    to_side = side_title(plan, plan.to_side, _PLAIN)
    if not plan.steps:
        return f"{plan.site}: {'refused, no steps' if plan.refused else 'nothing to do'}"
    if plan.scenario == STEADY:
        return f"{plan.site}: {counted(len(plan.steps), 'step')}, {to_side} stays operational"
    what = ("rollback of " if plan.undoes is not None else "") + scenario_title(plan.scenario)
    moves = plan.from_side != plan.to_side
    where = f"{side_title(plan, plan.from_side, _PLAIN)} → {to_side}" if moves else f"{to_side} stays operational"
    return f"{plan.site}: {what}, {where}"


def refusal(plan: Plan) -> str:
    """How many findings stand in the way; empty where none does."""
    number = sum(item.severity == REFUSE for item in plan.findings)
    return f"Refused: {counted(number, 'finding')} must be settled before this plan may run." if number else ""


def allowed(plan: Plan) -> str:
    """That nothing stands in the way, or nothing but that people have not approved it."""
    return "May be applied once it is approved." if approvals(plan) else "May be applied."


def figures(plan: Plan) -> str:
    """How much there is to do, how long it takes and how many people."""
    time = f"{about(median_pace(plan).total)} (slow: {about(slow_pace(plan).total)})"
    return f"{counts(plan)}; takes {time}; {people(plan)}."


def common_cause(plan: Plan) -> tuple[str, str]:
    """The line that every step comes from, and what it says; empty texts if there is no such line."""
    if not plan.steps:
        return "", ""
    causes = [item for item in plan.steps[0].cause if all(item in step.cause for step in plan.steps)][:1]
    said = f"operational: {plan.to_side}" if plan.scenario != STEADY else ""
    return (cause_text(causes, _PLAIN), said) if causes else ("", "")


def turned_away(plan: Plan) -> Mapping[tuple[int, int, bool], list[str]]:
    """Channels by how long they are closed (median, slow) and whether they are already, the longest first."""
    alike: dict[tuple[int, int, bool], list[str]] = {}
    for name, found in plan.outage.items():
        if found.opened_by is not None:
            alike.setdefault((found.p50_s, found.p95_s, found.closed_by is None), []).append(channel_name(name))
    return dict(sorted(alike.items(), key=lambda item: -item[0][0]))
