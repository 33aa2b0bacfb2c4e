"""A plan as a page: for a reviewer on a phone and for a room that looks at a wall screen.

In: a plan, the order rules behind its steps, the manual's pages. Out: one HTML file, self-contained.
Plans with the same id must give the same bytes, but for the approvals that the site asked for when each was made:
nothing here tells of the time or of who made the plan.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from markupsafe import Markup

from oceana_dr.plan.model import Finding, Plan
from oceana_dr.present.durations import about, whole
from oceana_dr.present.explain.text import Page, no_page
from oceana_dr.present.findings_text import INFO, OUTSIDE, REFUSE
from oceana_dr.present.pace import median_pace, point_of_no_return
from oceana_dr.present.page import (
    Content,
    Tone,
    badge,
    banner,
    bullets,
    code,
    element,
    facts,
    joined,
    page,
    paragraph,
    section,
    spoken,
)
from oceana_dr.present.phrases import APPLY_FILE, STEADY, counted, manual_text
from oceana_dr.present.plan_page.sides import before_and_after
from oceana_dr.present.plan_page.steps import removed, steps_by_phase
from oceana_dr.present.plan_page.time import outages, schedule
from oceana_dr.present.plan_summary import approvals, back, lost, safety, staying_closed
from oceana_dr.present.plan_verdict import allowed, common_cause, figures, headline, refusal
from oceana_dr.present.shapes import Lines, Rule

_ID: Final = 19
_SHOWN: Final = ("approvals",)
"""Of what stands beside a plan, under no id of it."""
NOT_COVERED: Final = "outbound campaigns stop and stay stopped (manual p. 38)"


def render_plan_page(plan: Plan, rules: Mapping[str, Rule], *, manual_page: Page = no_page) -> str:
    """The whole plan. `rules` by id; a step names one that is not there without its reason."""
    plan = replace(plan, meta={name: plan.meta[name] for name in _SHOWN if name in plan.meta})
    header = [element("h1", headline(plan)), paragraph(_origin(plan), class_="faint")]
    main = [
        _verdict(plan),
        *_findings(plan),
        _callers(plan),
        _no_way_back(plan, manual_page),
        _owed(plan, manual_page),
        *([schedule(plan), before_and_after(plan), removed(plan)] if plan.steps else []),
        *([steps_by_phase(plan, rules, manual_page)] if plan.steps else []),
        *_known(plan),
    ]
    return page(headline(plan), header, main, [paragraph(part) for part in _foot(plan)])


def _origin(plan: Plan) -> Markup:
    release = plan.catalogue.partition("@")[0].rpartition("-")[2]
    cause, says = common_cause(plan)
    because: list[Content] = []
    if plan.undoes is not None:
        because = [" · because run ", code(plan.undoes), " is to be taken back"]
    elif cause:
        because = [" · because of ", code(cause), f", {says}" if says else None]
    return joined([f"Oceana {release}", *because])


def _verdict(plan: Plan) -> Markup:
    refused = refusal(plan)
    if not plan.steps:
        said = f"The estate is as the site says. {safety(plan)}."
        return banner("bad", paragraph(refused)) if refused else banner("good", paragraph("Nothing to do."), said)
    last = point_of_no_return(plan)
    if plan.behind:
        way = f"No way back: {plan.behind[0].step} is done already."
    elif last is not None:
        way = f"No way back from {last.id} on, {about(median_pace(plan).start[last.id])} in."
    else:
        way = "Every step that changes something can be undone."
    lost_sides = f"Declared lost: {', '.join(plan.lost)}." if plan.lost else None
    return banner(
        "bad" if refused else "good",
        paragraph(refused or allowed(plan)),
        paragraph(spoken(figures(plan))),
        paragraph(way if plan.undoes is None else None),
        paragraph(lost_sides) if lost_sides else None,
        paragraph(
            f"Has to be approved by {approvals(plan)}: ",
            code(f"oceana-dr approve {APPLY_FILE}"),
            "; who did: ",
            code(f"oceana-dr approvals {APPLY_FILE}"),
        )
        if approvals(plan)
        else None,
    )


def _findings(plan: Plan) -> Iterator[Markup]:
    groups: tuple[tuple[str, str, Tone, Sequence[Finding]], ...] = (
        ("refused", "Refused", "bad", [item for item in plan.findings if item.severity == REFUSE]),
        ("warnings", "Warnings", "warn", [item for item in plan.findings if item.severity not in {REFUSE, INFO}]),
    )
    for name, title, tone, found in groups:
        if found:
            items = [_finding(item, tone) for item in found]
            yield section(name, f"{title} ({len(found)})", bullets(items))


def _finding(item: Finding, tone: Tone) -> Markup:
    parts: list[Content] = [badge(tone, item.code), " ", item.message]
    if item.details:
        parts.append(bullets(item.details))
    if item.severity == REFUSE:
        option = "--outside-window" if item.id == OUTSIDE else f"--override {item.id}"
        way: list[Content] = ["No override; what to do: ", code(f"oceana-dr explain {item.code}")]
        if item.overridable:
            way = ["To run it all the same: ", code(f'oceana-dr apply {APPLY_FILE} {option} --reason "..."')]
        parts.append(paragraph(*way, class_="faint"))
    return joined(parts)


def _known(plan: Plan) -> Iterator[Markup]:
    known = [item for item in plan.findings if item.severity == INFO]
    if known:
        yield section("known", "Good to know", bullets(_finding(item, "info") for item in known))


def _callers(plan: Plan) -> Markup | None:
    if not plan.steps:
        return None
    rows: list[Content] = [f"{text}: turned away until another plan opens it" for text in staying_closed(plan)]
    if plan.losses:
        rows.append(f"data lost: {'; '.join(lost(plan))}")
    if "email" not in plan.outage and plan.outage:
        rows.append("e-mail: not turned away, it queues")
    if plan.scenario != STEADY and plan.undoes is None:
        rows.append(f"not covered: {NOT_COVERED}")
    if not plan.outage and not plan.losses:
        return section("callers", "What callers notice", paragraph("Nothing."), bullets(rows) if rows else None)
    picture = outages(plan) if plan.outage else None
    return section("callers", "What callers notice", picture, bullets(rows) if rows else None)


def _no_way_back(plan: Plan, manual_page: Page) -> Markup | None:
    if not plan.steps:
        return None
    gone: list[Content] = [joined([code(item.step), f" is done already: {item.irreversible}"]) for item in plan.behind]
    gone += [
        joined(
            [
                element("a", code(step.id), href=f"#step-{step.id}"),
                f" {step.title}: {step.irreversible}",
                _source(step.manual, manual_page),
            ]
        )
        for step in plan.steps
        if step.irreversible is not None
    ]
    if not gone:
        return section("back", "The way back", paragraph(spoken(back(plan)))) if plan.undoes is None else None
    tail = paragraph("The way back: ", spoken(back(plan))) if plan.undoes is None else None
    return section("back", f"No way back ({len(gone)})", bullets(gone), tail)


def _source(lines: Lines, manual_page: Page) -> Markup | None:
    text = whole(manual_text(lines, manual_page))
    return element("span", f" · {text}", class_="faint") if text else None


def _owed(plan: Plan, manual_page: Page) -> Markup | None:
    rows: list[tuple[str, Content]] = []
    rows += [
        (
            item.step,
            joined([item.title, " at ", code(item.address), _source(item.manual, manual_page)]),
        )
        for item in plan.owed
    ]
    clocks = [
        (
            f"from {item.started_by}",
            joined(
                [
                    item.title,
                    f", {about(item.limit_s)}" if item.limit_s is not None else ", the site names no limit",
                    f"; ended by {', '.join(item.stopped_by)}" if item.stopped_by else None,
                ]
            ),
        )
        for item in plan.timers
    ]
    if not rows and not clocks:
        return None
    number = counted(len(rows), "action")
    parts: list[Content] = []
    if rows:
        parts += [paragraph(f"{number} before the fence is lifted, collected by recovery:"), facts(rows)]
    if clocks:
        parts += [element("h3", "Clocks that begin to run") if rows else None, facts(clocks)]
    return section("owed", "What is owed afterwards" if rows else "Clocks that begin to run", *parts)


def _foot(plan: Plan) -> Iterator[Content]:
    commit = plan.source.commit
    of: list[Content] = [" of commit ", code(commit[:12])] if commit is not None else []
    changed = " and what was not committed" if commit is not None and plan.source.dirty else None
    yield joined(["Plan ", code(plan.id), *of, changed])
    if plan.steps:
        yield f"Safety: {safety(plan)}."
        if not plan.refused:
            yield joined(
                [
                    *("In a window: ", code(f"oceana-dr apply {APPLY_FILE}")),
                    *(" · why a step is here: ", code(f"oceana-dr explain {plan.steps[0].id} --plan {APPLY_FILE}")),
                ]
            )
    yield "Estimates are the catalogue's and the site's, not promises."
