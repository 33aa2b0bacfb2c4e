"""A report in its forms: what is late, what callers waited for, texts of strangers, and the record of each word."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from markdown_it import MarkdownIt

from oceana_dr.plan.model import Plan
from oceana_dr.present.durations import whole
from oceana_dr.present.report.document import report_to_json
from oceana_dr.present.report.facts import Pace, pace_of
from oceana_dr.present.report.markdown import ROOM, render_markdown
from oceana_dr.present.report.model import Report, make_report
from oceana_dr.present.report.page import render_page
from oceana_dr.present.report.text import render_report
from oceana_dr.store import records
from tests.present.samples import Entry, journal, numbered, switchover

BERLIN = ZoneInfo("Europe/Berlin")
AT = "2026-03-14T05:00:00.000Z"
HOSTILE = "<img src=x onerror=alert(1)> [a](https://evil.example) @all #1 \x1b[31m \u202e | `"


def slowed(plan: Plan, step: str, factor: int) -> Report:
    """The run in which one step took so many times its 95th percentile."""
    late, entries = 0, []
    for entry in journal(plan):
        record = entry.record
        if isinstance(record, records.Done) and record.step == step:
            seconds = plan.step(step).estimate.p95 * factor
            late = seconds * 1000 - record.duration_ms
            record = replace(record, duration_ms=seconds * 1000)
        entries.append(replace(entry, record=record, estate_ms=entry.estate_ms + late))
    return make_report(plan, numbered(entries))


def hostile(plan: Plan) -> Report:
    """Everything that people may type is markup."""
    answer = {"outcome": "confirm", "by": HOSTILE, "second": HOSTILE, "observed": HOSTILE, "evidence": HOSTILE}
    more = (
        Entry(AT, 1, records.Turned(plan.id, "steady", HOSTILE, HOSTILE, 7, {"x": HOSTILE}, {"reason": HOSTILE})),
        Entry(AT, 1, records.Override("limit", HOSTILE, HOSTILE)),
        Entry(AT, 1, records.Decision("P24", "run", HOSTILE, HOSTILE)),
        Entry(AT, 1, records.Done("P24", "attested", answer=answer, duration_ms=1)),
        Entry(AT, 1, records.Skipped("P28.restore", HOSTILE, HOSTILE, HOSTILE, ("S-60",))),
        Entry(AT, 1, records.Stopped(HOSTILE, 4)),
        Entry(AT, 1, records.Resumed(HOSTILE)),
    )
    return make_report(plan, numbered((*journal(plan, upto="P24"), *more)))


def test_a_window_that_the_run_went_past_is_worth_knowing() -> None:
    plan = switchover("acme")
    past = Entry(AT, 1, records.Overran("2026-03-14T05:00:00Z"))
    report = make_report(plan, numbered((*journal(plan, upto="P24"), past)))
    said = "it ended 2026-03-14 06:00:00 CET (05:00:00 UTC), and the run went on, as its site says"
    for text in (render_report(report, zone=BERLIN), render_markdown(report, zone=BERLIN)):
        assert f"window {said}" in " ".join(text.replace("window:", "window").split())
    assert f"window: {said}" in render_page(report, zone=BERLIN)


def test_a_step_beyond_its_95th_percentile_is_late_everywhere() -> None:
    plan = switchover("acme")
    report = slowed(plan, "P10", 2)
    late = [step.id for step in plan.steps if pace_of(step, report.view.step(step.id)) is Pace.LATE]
    assert late == ["P10"]
    assert "later than p95: P10" in render_report(report, zone=BERLIN)
    assert "late: 2 h 00 min 00 s over its p95" in render_report(report, zone=BERLIN)
    assert whole("late: 2 h 00 min 00 s over its p95") in render_markdown(report, zone=BERLIN)
    assert ">late</span>" in render_page(report, zone=BERLIN)
    document = report_to_json(report, BERLIN)
    assert isinstance(document["steps"], list)
    assert [item["id"] for item in document["steps"] if isinstance(item, dict) and item["pace"] == "late"] == ["P10"]


def test_each_channel_is_measured_from_its_closing_to_its_opening_and_from_the_declaration_to_the_signature() -> None:
    plan = switchover("acme")
    report = slowed(plan, "P10", 2)
    chat = next(item for item in report.channels if item.channel == "chat")
    assert (chat.planned.closed_by, chat.planned.opened_by, chat.verified_by) == ("P06.ed", "P40.chat", "P41")
    assert (chat.closed, chat.opened, chat.verified) != (None, None, None)
    first = next(e for e in report.entries if isinstance(e.record, records.Intent) and e.record.step == "P06.ed")
    done = {e.record.step: e for e in report.entries if isinstance(e.record, records.Done)}
    assert (chat.closed, chat.opened, chat.verified) == (first, done["P40.chat"], done["P41"])
    assert chat.outage_s == (done["P40.chat"].estate_ms - first.estate_ms) // 1000
    assert chat.rto_s == done["P41"].estate_ms // 1000
    assert chat.pace is Pace.LATE, "one step after the other, and one of them twice its p95"
    half = make_report(plan, journal(plan, upto="P24")).channels[0]
    assert half.closed is not None
    assert (half.opened, half.verified, half.outage_s, half.rto_s) == (None, None, None, None)


@pytest.mark.parametrize("name", ["acme", "globex"])
def test_every_statement_names_a_record_that_is_there(name: str) -> None:
    plan = switchover(name)
    report = make_report(plan, journal(plan))
    known = {entry.number for entry in report.entries}
    numbers = {int(found) for found in re.findall(r"#(\d+)", render_report(report, zone=BERLIN))}
    assert numbers <= known
    page = render_page(report, zone=BERLIN)
    anchors = {int(found) for found in re.findall(r'id="r(\d+)"', page)}
    linked = {int(found) for found in re.findall(r'href="#r(\d+)"', page)}
    assert anchors == known
    assert linked <= anchors
    assert {report.rests_on(step.id).number for step in plan.steps} <= linked  # type: ignore[union-attr] # all are done
    assert all(entry.digest in page for entry in report.entries)
    assert all(f"| {report.rests_on(step.id).number} |" in render_markdown(report, zone=BERLIN) for step in plan.steps)  # type: ignore[union-attr] # as above


class Tags(HTMLParser):
    """Every element with its attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, Any]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, Any]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_nothing_that_people_typed_becomes_markup_and_the_page_asks_for_nothing() -> None:
    report = hostile(switchover("acme"))
    page = render_page(report, zone=BERLIN)
    tags = Tags()
    tags.feed(page)
    assert not {"img", "script", "iframe", "object", "form", "base"} & {tag for tag, _ in tags.found}
    for tag, attributes in tags.found:
        assert not [name for name in attributes if name.startswith("on") or name == "src"], tag
        assert attributes.get("href", "#").startswith(("#", "data:,")), attributes
    policy = next(item["content"] for tag, item in tags.found if item.get("http-equiv") == "Content-Security-Policy")
    assert "default-src 'none'" in policy
    assert "\x1b" not in page
    assert "\u202e" not in page
    text = render_report(report, zone=BERLIN)
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_nothing_that_people_typed_becomes_markdown() -> None:
    text = render_markdown(hostile(switchover("acme")), zone=BERLIN)
    tokens = MarkdownIt("gfm-like").parse(text)
    inline = [child for token in tokens for child in token.children or ()]
    assert not [child for child in inline if child.type in {"link_open", "image"}]
    raw = "".join(token.content for token in [*tokens, *inline] if token.type in {"html_inline", "html_block"})
    assert set(re.findall(r"<(\w+)", raw)) <= {"details", "summary", "b"}
    assert "@all" not in text


def test_markdown_stays_within_its_room_and_keeps_what_matters() -> None:
    report = hostile(switchover("globex"))
    short = render_markdown(report, zone=BERLIN, room=6_000)
    assert len(short.encode()) <= 6_000
    assert "Shortened" in short
    assert "- override: limit by" in short
    assert len(render_markdown(report, zone=BERLIN).encode()) <= ROOM


def test_what_the_run_leaves_is_told_from_its_own_plan() -> None:
    plan = switchover("acme")
    text = render_report(make_report(plan, journal(plan)), zone=BERLIN)
    left = text[text.index("Left to do after it") :]
    assert "administration is frozen, since" in left
    assert "Left to do" not in render_report(make_report(plan, journal(plan)[:1]), zone=BERLIN)
    assert "Turned away before" not in text
    refused = render_report(hostile(plan), zone=BERLIN)
    assert "Turned away before" in refused
