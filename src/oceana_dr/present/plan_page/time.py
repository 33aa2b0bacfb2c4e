"""When things happen, on the page of a plan: outages, phases, the critical path, every step.

In: a plan. Out: sections with bars.
The bars must show the same seconds as the plan's text: both come from `pace`.
"""

from __future__ import annotations

from markupsafe import Markup

from oceana_dr.plan.model import Plan, Step
from oceana_dr.present.durations import about, clock
from oceana_dr.present.pace import Pace, median, median_pace, point_of_no_return, slow_pace
from oceana_dr.present.page import code, element, folded, joined, paragraph, section
from oceana_dr.present.page_chart import Bar, Mark, timeline
from oceana_dr.present.phrases import counted
from oceana_dr.present.plan_summary import channel_name

_SHORT = 32


def outages(plan: Plan) -> Markup:
    """A bar for each channel, the longest first; what is lighter is how far it may reach if every step is slow."""
    pace = median_pace(plan)
    bars = []
    for name, found in sorted(plan.outage.items(), key=lambda item: (-item[1].p50_s, item[0])):
        start = 0 if found.closed_by is None else pace.end.get(found.closed_by, 0)
        already = ", closed already" if found.closed_by is None else ""
        if found.opened_by is None:
            bars.append(Bar(channel_name(name), f"stays closed{already}", start, pace.total, "bad"))
            continue
        said = f"{about(found.p50_s)} (slow: {about(found.p95_s)}){already}"
        end, late = start + found.p50_s, start + found.p95_s
        bars.append(Bar(channel_name(name), said, start, end, "bad", late))
    drawn = timeline("How long each channel turns callers away", "outage", bars, _marks(plan, pace))
    return joined(
        [drawn, paragraph("Hours from the start. The lighter part is added if steps are slow.", class_="faint")]
    )


def schedule(plan: Plan) -> Markup:
    """Phases one under the other, the critical path, and every step where it is unfolded."""
    pace = median_pace(plan)
    critical = frozenset(pace.critical)
    known = {step.id: step for step in plan.steps}
    bars = []
    for phase in plan.phases:
        steps = [known[name] for name in phase.steps]
        start, end = min(pace.start[name] for name in phase.steps), max(pace.end[name] for name in phase.steps)
        share = sum(median(step) for step in steps if step.id in critical)
        cost = about(share) if share else "alongside"
        bars.append(Bar(phase.title, f"{counted(len(steps), 'step')}, {cost}", start, end))
    path = joined((element("a", code(name), href=f"#step-{name}") for name in pace.critical), " → ")
    slow = about(slow_pace(plan).total)
    return section(
        "time",
        f"Time: {about(pace.total)} (slow: {slow})",
        timeline("When each phase runs", "phases", bars, _marks(plan, pace)),
        paragraph(f"The critical path, {counted(len(pace.critical), 'step')}: ", path),
        folded(
            f"Every step on the clock ({len(plan.steps)})",
            timeline("When each step runs", "clock", [_bar(step, pace, critical) for step in plan.steps]),
            paragraph("Steps marked critical make the plan longer if they take longer.", class_="faint"),
        ),
    )


def _bar(step: Step, pace: Pace, critical: frozenset[str]) -> Bar:
    label = f"{step.id} {step.title}"
    short = label if len(label) <= _SHORT else f"{label[: _SHORT - 1]}…"
    on_path = step.id in critical
    said = f"{about(median(step))}{', critical' if on_path else ''}"
    return Bar(short, said, pace.start[step.id], pace.end[step.id], "warn" if on_path else "plain")


def _marks(plan: Plan, pace: Pace) -> list[Mark]:
    last = point_of_no_return(plan)
    if last is None or plan.behind:
        return []
    at = pace.start[last.id]
    return [Mark(at, f"no way back from {last.id}, {clock(at)}")]
