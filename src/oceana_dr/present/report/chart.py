"""Pictures of a run: what was planned above what happened, for each phase and for each channel that was closed.

In: a `Report`. Out: inline SVG on one time line from the run's begin, on the estate's clock.
What has not ended must not look as if it had: its bar reaches to the last record and says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from markupsafe import Markup

from oceana_dr.plan.model import Outage
from oceana_dr.present.durations import about, exact
from oceana_dr.present.pace import median_pace
from oceana_dr.present.page import Tone
from oceana_dr.present.page_chart import Bar, timeline
from oceana_dr.present.plan_summary import channel_name
from oceana_dr.present.report.facts import ChannelRun, Kept, Pace, pace_between
from oceana_dr.present.report.model import Report
from oceana_dr.present.run_view import State

_PACES: Final[dict[Pace | None, Tone]] = {Pace.IN_TIME: "good", Pace.SLOW: "info", Pace.LATE: "bad", None: "warn"}


def channels_chart(report: Report) -> Markup:
    """Each channel from closed to opened, planned and actual; when it was verified."""
    bars = [bar for item in report.channels for bar in _channel(report, item)]
    for promised, took in dict.fromkeys((item.planned_rto_s, item.rto_s) for item in report.channels):
        if promised is None:
            continue
        promise = f"planned {about(promised[0])}, p95 {about(promised[1])}"
        bars.append(Bar("RTO", promise, 0, promised[0], "plain", promised[1]))
        if took is not None:
            pace = pace_between(took, *promised)
            bars.append(Bar("", f"{exact(took)}, {pace}", 0, took, _PACES[pace]))
    return timeline("How long each channel turned contacts away: planned, and as it was", "chart-callers", bars)


def phases_chart(report: Report) -> Markup:
    """Each phase from its first step to its last, planned and actual."""
    fast = median_pace(report.plan)
    bars: list[Bar] = []
    for phase in report.plan.phases:
        start, end = min(fast.start[name] for name in phase.steps), max(fast.end[name] for name in phase.steps)
        trail = [entry for name in phase.steps for entry in report.trail.get(name, ())]
        promise = f"planned {about(end - start)}{'' if trail else ', not begun'}"
        bars.append(Bar(phase.title, promise, start, end, "plain"))
        if not trail:
            continue
        began, ended = _since(report, min(trail, key=_clock)), _since(report, max(trail, key=_clock))
        whole = all(report.view.step(name).state is State.DONE for name in phase.steps)
        longer = ended - began > end - start
        said = f"took {exact(ended - began)}" if whole else f"{exact(ended - began)} so far"
        bars.append(Bar("", said, began, ended, ("info" if longer else "good") if whole else "warn"))
    return timeline("Each phase: planned, and as it was", "chart-phases", bars)


def _channel(report: Report, item: ChannelRun) -> Iterator[Bar]:
    start, end, late = _planned(report, item.planned)
    promise = f"planned {about(item.planned.p50_s)}, p95 {about(item.planned.p95_s)}"
    if item.closed is None:
        yield Bar(channel_name(item.channel), f"{promise}, not closed", start, end, "plain", late)
        return
    yield Bar(channel_name(item.channel), promise, start, end, "plain", late)
    began = _since(report, item.closed)
    ended = _since(report, item.opened) if item.opened is not None else report.total_s
    said = "closed so far" if item.outage_s is None else f"{exact(item.outage_s)}, {item.pace}"
    yield Bar("", said, began, ended, _PACES[item.pace])


def _planned(report: Report, outage: Outage) -> tuple[int, int, int]:
    fast = median_pace(report.plan)
    start = 0 if outage.closed_by is None else fast.start[outage.closed_by]
    return start, start + outage.p50_s, start + outage.p95_s


def _since(report: Report, entry: Kept | None) -> int:
    return 0 if entry is None else max(0, entry.estate_ms - report.view.began_ms) // 1000


def _clock(entry: Kept) -> int:
    return entry.estate_ms
