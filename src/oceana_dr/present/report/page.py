"""A run's report as a page for a browser: the verdict, pictures of planned beside actual, then every step and record.

In: a `Report`, the site's zone. Out: one HTML file, the same bytes for the same journal; no script, no request.
Every statement links to the record it rests on, which stands further down with its hash.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo
from typing import Final

from markupsafe import Markup

from oceana_dr.plan.model import Phase, Step
from oceana_dr.present.durations import about, both, exact, moment, whole
from oceana_dr.present.pace import median_pace
from oceana_dr.present.page import (
    Content,
    Tone,
    badge,
    banner,
    bullets,
    code,
    element,
    facts,
    folded,
    joined,
    page,
    paragraph,
    section,
    spoken,
    table,
)
from oceana_dr.present.phrases import STEADY, counted, scenario_title, side_title, site_title
from oceana_dr.present.plan_summary import channel_name
from oceana_dr.present.report.chart import channels_chart, phases_chart
from oceana_dr.present.report.facts import (
    ChannelRun,
    Kept,
    Pace,
    owed_after,
    pace_of,
    refused_before,
    timers_after,
)
from oceana_dr.present.report.model import Report
from oceana_dr.present.report.sections import (
    act_text,
    done_text,
    happened,
    notes,
    noticed,
    outage_text,
    outcome_text,
    promise_text,
    rto_text,
    timer_text,
)
from oceana_dr.present.run_view import State, StepRun
from oceana_dr.present.style import Style
from oceana_dr.store.records import type_of

_PLAIN: Final = Style()
_TONES: Final[dict[str, Tone]] = {"finished": "good", "incomplete": "warn", "not ended": "info", "not begun": "plain"}
_PACES: Final[dict[Pace | None, Tone]] = {Pace.IN_TIME: "good", Pace.SLOW: "info", Pace.LATE: "warn"}
_LEGEND: Final = (
    "Above: planned, and in a lighter shade up to its 95th percentile. Below: as it was; what took longer than planned"
    " is slow, what took longer than its 95th percentile is late."
)
_BAD: Final = frozenset({State.FAILED, State.IN_DOUBT})


def render_page(report: Report, *, zone: tzinfo) -> str:
    """The whole page."""
    plan = report.plan
    moved = plan.scenario != STEADY and plan.from_side != plan.to_side
    way = f"{side_title(plan, plan.from_side, _PLAIN)} → {side_title(plan, plan.to_side, _PLAIN)}" if moved else ""
    title = f"{plan.site}: {scenario_title(plan.scenario)}{f', {way}' if way else ''}"
    return page(
        f"{title} · report of {report.run or 'no run'}",
        [
            element("h1", title),
            paragraph(f"{site_title(plan, _PLAIN)} · report of run ", code(report.run or "none"), class_="faint"),
        ],
        [
            _verdict(report),
            _facts(report, zone),
            *_callers(report),
            *_time(report),
            *_noticed(report, zone),
            section("steps", "Every step", *(_phase(report, phase) for phase in plan.phases)),
            *_people(report, zone),
            *_refused(report, zone),
            *_after(report, zone),
            *_records(report, zone),
        ],
        [paragraph(*_check(report))] if report.run else [],
    )


def _verdict(report: Report) -> Markup:
    return banner(
        _TONES.get(report.outcome, "bad"),
        paragraph(_sentence(outcome_text(report))),
        paragraph(_sentence(done_text(report))),
    )


def _facts(report: Report, zone: tzinfo) -> Markup:
    plan, view = report.plan, report.view
    took, planned = exact(report.total_s), about(median_pace(plan).total)
    rows: list[tuple[str, Content]] = [
        ("run by", ", ".join(view.people) or "nobody"),
        ("began", joined([_when(view.began_at, zone), " ", _link(report.entries[0] if report.entries else None)])),
        (
            "ended" if view.finished_at else "last sign",
            joined(
                [
                    _when(view.finished_at or view.last_at, zone),
                    " ",
                    _link(report.entries[-1] if report.entries else None),
                ]
            ),
        ),
        ("took" if view.finished_at else "so far", spoken(f"{took} on the estate's clock, {planned} planned")),
        *((("takes back", code(plan.undoes)),) if plan.undoes else ()),
        ("plan", code(plan.id)),
    ]
    if report.entries:
        rows.append(
            ("journal", joined([counted(len(report.entries), "record"), ", the last one is ", code(report.head)]))
        )
    return facts(rows)


def _callers(report: Report) -> Iterator[Markup]:
    if not report.channels:
        return
    rows = [
        (
            channel_name(item.channel),
            _under(_paced(item), promise_text((item.planned.p50_s, item.planned.p95_s))),
            _under(rto_text(item).removeprefix("RTO "), promise_text(item.planned_rto_s)),
            joined(
                [
                    _point("closed", item.planned.closed_by, item.closed)
                    if item.planned.closed_by
                    else element("div", "closed before the run"),
                    _point("opened", item.planned.opened_by, item.opened),
                    _point("verified", item.verified_by, item.verified),
                ]
            ),
        )
        for item in report.channels
    ]
    declared = report.channels[0].declared
    yield section(
        "callers",
        "What callers noticed",
        channels_chart(report),
        paragraph(_LEGEND, class_="faint"),
        table(
            "Channel by channel; RTO is the time from the declaration to the signature that contacts are answered.",
            ("channel", "turned away", "RTO", "by"),
            rows,
        ),
        paragraph("The run was declared by its first record, ", _link(declared), ".", class_="faint"),
    )


def _time(report: Report) -> Iterator[Markup]:
    if any(report.trail.get(name) for phase in report.plan.phases for name in phase.steps):
        yield section("time", "Planned and actual time", phases_chart(report))


def _noticed(report: Report, zone: tzinfo) -> Iterator[Markup]:
    rows: list[Content] = [
        joined([code(step.id), f" {said} ", _link(report.rests_on(step.id))]) for step, said in noticed(report)
    ]
    rows += [joined([f"{label}: {text} ", _link(entry)]) for label, text, entry in happened(report, zone)]
    if rows:
        yield section("noticed", "Worth knowing", bullets(rows))


def _phase(report: Report, phase: Phase) -> Markup:
    steps = [report.plan.step(name) for name in phase.steps]
    done = sum(report.view.step(step.id).state is State.DONE for step in steps)
    late = sum(pace_of(step, report.view.step(step.id)) is Pace.LATE for step in steps)
    said = f"{done} of {counted(len(steps), 'step')} done{f', {late} late' if late else ''}"
    return folded(
        joined([element("b", phase.title), f" · {said}"]),
        table(
            f"{phase.title}: what each step took, against the planned median and 95th percentile.",
            ("step", "what", "took", "planned", "p95", "record"),
            [_row(report, step) for step in steps],
        ),
        open_=bool(late) or done < len(steps),
        name=f"phase-{phase.id}",
    )


def _row(report: Report, step: Step) -> tuple[Content, ...]:
    run = report.view.step(step.id)
    what = joined([step.title, *(element("div", note, class_="faint") for note in notes(step, run))])
    took = (
        joined([whole(exact(run.duration_s)), " ", _pace(pace_of(step, run))])
        if run.state is State.DONE
        else _state(run)
    )
    return (
        code(step.id),
        what,
        took,
        whole(about(step.estimate.p50)),
        whole(about(step.estimate.p95)),
        _link(report.rests_on(step.id)),
    )


def _people(report: Report, zone: tzinfo) -> Iterator[Markup]:
    if not report.acts:
        return
    rows: list[tuple[Content, ...]] = []
    for act in report.acts:
        at = moment(act.entry.at)
        shown = f"{at.astimezone(zone):%H:%M:%S}" if at else act.entry.at
        rows.append((shown, " and ".join(act.who), act_text(act), _link(act.entry)))
    yield section(
        "people",
        "Who did what",
        table("In the order in which it was written down.", ("at", "who", "what", "record"), rows),
    )


def _refused(report: Report, zone: tzinfo) -> Iterator[Markup]:
    rows: list[Content] = []
    for entry, record in refused_before(report.entries):
        said = "; ".join(map(str, record.findings.values())) or record.reason
        rows.append(joined([f"{_when(record.refused_at or entry.at, zone)}, {record.by}: {said} ", _link(entry)]))
    if rows:
        yield section("refused", "Turned away before", bullets(rows))


def _after(report: Report, zone: tzinfo) -> Iterator[Markup]:
    rows: list[Content] = [f"{item.title} ({item.step})" for item in owed_after(report.plan, report.view)]
    rows += [
        joined([timer_text(item, zone), " ", _link(item.since)]) for item in timers_after(report.plan, report.entries)
    ]
    if rows:
        yield section("after", "Left to do after it", bullets(rows))


def _records(report: Report, zone: tzinfo) -> Iterator[Markup]:
    if not report.entries:
        return
    rows = [
        (
            element("span", f"#{entry.number}", id=f"r{entry.number}"),
            _when(entry.at, zone),
            type_of(entry.record),
            str(getattr(entry.record, "step", "")) or None,
            code(entry.digest),
        )
        for entry in report.entries
    ]
    yield section(
        "records",
        "The journal",
        folded(
            f"All {counted(len(rows), 'record')}, each under the hash of its line and of every line before it",
            table("Records in their order.", ("record", "written", "kind", "step", "hash"), rows),
        ),
    )


def _check(report: Report) -> Iterator[Content]:
    yield "To check that the journal is still the one that this page was made from: "
    yield code(f"oceana-dr audit verify {report.run} --head {report.head}")


def _paced(item: ChannelRun) -> Content:
    """How long callers were turned away, with a badge in place of the word."""
    if item.outage_s is None or item.pace is None:
        return outage_text(item)
    return joined([whole(exact(item.outage_s)), " ", badge(_PACES[item.pace], item.pace.value)])


def _under(first: Content, second: str) -> Markup:
    """Two lines of one cell."""
    said = whole(first) if isinstance(first, str) and not isinstance(first, Markup) else first
    return joined([said, element("div", whole(second), class_="faint")])


def _pace(pace: Pace | None) -> Content:
    """Only what is out of the ordinary: everything else would be noise."""
    return None if pace in {None, Pace.IN_TIME} else badge(_PACES[pace], pace.value)


def _state(run: StepRun) -> Markup:
    tone: Tone = "bad" if run.state in _BAD else "warn" if run.state is State.SKIPPED else "plain"
    return badge(tone, run.state.value)


def _point(did: str, step: str | None, entry: Kept | None) -> Content:
    where = f" by {step}" if step and entry is not None else f" ({step})" if step else ""
    return element("div", did if entry is not None else f"not {did}", where, " " if entry else None, _link(entry))


def _link(entry: Kept | None) -> Content:
    return None if entry is None else element("a", f"#{entry.number}", href=f"#r{entry.number}")


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def _when(at: str, zone: tzinfo) -> str:
    found = moment(at)
    return both(found, zone) if found else at
