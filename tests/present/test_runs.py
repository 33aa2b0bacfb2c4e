"""Runs as text: progress lines, status, report, history, from made-up journals of real plans."""

import json
import re
from dataclasses import dataclass, replace
from datetime import UTC, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from oceana_dr.execute import events
from oceana_dr.plan.model import Behind
from oceana_dr.present.durations import about, age, both, clock, exact, moment
from oceana_dr.present.history_text import render_history
from oceana_dr.present.progress import render_event
from oceana_dr.present.report.document import report_to_json
from oceana_dr.present.report.model import make_report
from oceana_dr.present.report.text import render_report
from oceana_dr.present.run_view import State, view_run
from oceana_dr.present.status_text import render_status
from oceana_dr.store import records
from tests.golden_files import Golden
from tests.present.samples import BEGAN, Entry, journal, numbered, switchover

GOLDENS = Path(__file__).parents[1] / "goldens" / "present"
BERLIN = ZoneInfo("Europe/Berlin")
AT = "2026-03-14T01:44:07.250Z"
EVENTS: tuple[events.Event, ...] = (
    events.RunStarted(
        at=AT, left_s=12060, run="r1", plan="sha256:" + "ab" * 32, site="acme", done=0, total=47, resumed=False
    ),
    events.StepStarted(at=AT, left_s=11800, step="P06.ed", title="chat closed", attempt=2),
    events.StepWaiting(at=AT, left_s=11800, step="P10", text="dc1/queues#voice 12 (to 0)"),
    events.Asking(
        at=AT, step="P01", title="the window is open", console="Change calendar", text="Is it?", second_person=True
    ),
    events.Called(at=AT, target="plan.json", operator="alice", tool="0.2.0"),
    events.NotBegun(
        at=AT,
        reason="acme is not changed now: 1 finding forbids it",
        hint="",
        exit_code=7,
        findings={"x": "OD2025 it is"},
    ),
    events.AlreadyDone(at=AT, total=47),
    events.StepClaimed(
        at=AT, step="P23", act="handed over", by="bob", to="carol", place="ops-2", until="2026-03-14T02:00:00Z"
    ),
    events.StepAnswered(at=AT, left_s=60, step="P23", outcome="confirm", by="bob", second="carol"),
    events.WindowOverrun(at=AT, left_s=60, ended="2026-03-14T01:40:00Z"),
    events.StepDone(at=AT, left_s=60, step="P23", title="promote", how="read-back", duration_s=95, done=27, total=47),
    events.StepSkipped(
        at=AT, left_s=60, step="P41", title="test", by="ines", second="jon", reason="nobody is there", waived=("S-78",)
    ),
    events.StepFailed(at=AT, step="P23", title="promote", reason="no answer\x1b[2J", in_doubt=True),
    events.StepFailed(at=AT, step="P23", title="promote", reason="refused", in_doubt=False),
    events.StopWished(at=AT, reason="Ctrl-C", finishing=("P23", "P24")),
    events.LeftInDoubt(at=AT, steps=("P23",)),
    events.Stopped(at=AT, run="r1", reason="a signal came", done=27, total=47, in_doubt=("P23",)),
    events.Finished(at=AT, run="r1", duration_s=11298, total=47),
    events.Finished(at=AT, run="r1", duration_s=11298, total=47, skipped=("P03", "P41")),
)


def lines(*, ascii_only: bool = False, colour: bool = False) -> list[str]:
    began = "2026-03-14T01:40:00.000Z"
    return [render_event(event, began=began, zone=BERLIN, colour=colour, ascii=ascii_only) for event in EVENTS]


def test_events_as_lines(golden: Golden) -> None:
    golden(GOLDENS / "progress.txt", "\n".join(lines()) + "\n")


def test_an_event_is_one_line_without_escapes() -> None:
    for line in [*lines(), *lines(ascii_only=True)]:
        assert "\n" not in line
        assert "\x1b" not in line
        assert line.startswith("02:44:07")
    assert all(line.isascii() for line in lines(ascii_only=True))
    assert [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in lines(colour=True)] == lines()


def test_every_event_has_a_line() -> None:
    assert {type(event) for event in EVENTS} == set(events.Event.__args__)


@pytest.mark.parametrize(("upto", "minutes"), [("P12.ocp", 82), ("P24", 165)])
def test_status(upto: str, minutes: int, golden: Golden) -> None:
    plan = switchover("acme")
    text = render_status(plan, journal(plan, upto=upto), now=BEGAN + timedelta(minutes=minutes), zone=BERLIN)
    golden(GOLDENS / f"status-{upto}.txt", text)


def test_status_says_until_when_one_can_turn_back() -> None:
    plan = switchover("acme")
    before = render_status(plan, journal(plan, upto="P12.ocp"), now=BEGAN + timedelta(minutes=82), zone=UTC)
    behind = render_status(plan, journal(plan, upto="P24"), now=BEGAN + timedelta(minutes=165), zone=UTC)
    assert "turn back before P23" in before
    assert "no way back: P23 is done" in behind
    failed = (*journal(plan, upto="P20.nodes"), Entry(AT, 1, records.Failed("P23", "cannot be done", clean=False)))
    unsure = render_status(plan, failed, now=BEGAN + timedelta(minutes=165), zone=UTC)
    assert "no way back" not in unsure
    assert "P23 was begun" in unsure


def test_status_of_a_plan_made_half_way_knows_that_there_is_no_way_back_already() -> None:
    plan = replace(switchover("acme"), behind=(Behind("P23", "contacts are written in Data Center 2"),))
    text = render_status(plan, journal(plan, upto="P20.nodes"), now=BEGAN, zone=UTC, width=200)
    assert "no way back: P23 was done before this plan was made" in text
    assert "turn back before" not in text


def test_status_of_a_run_whose_estate_moved_does_not_say_that_the_same_command_goes_on() -> None:
    plan = switchover("acme")
    stop = Entry(AT, 1, records.Stopped("the estate has changed", 5))
    text = render_status(plan, (*journal(plan, upto="P16"), stop), now=BEGAN, zone=UTC, width=200)
    assert "put back what has changed" in text


def test_status_of_a_stopped_and_of_a_finished_run() -> None:
    plan = switchover("acme")
    stop = Entry("2026-03-14T03:00:00.000Z", 4_800_000, records.Stopped("the VPN is gone", 4))
    stopped = render_status(plan, (*journal(plan, upto="P16"), stop), now=BEGAN, zone=UTC)
    assert "the VPN is gone; the same command goes on from here" in stopped
    finished = render_status(plan, journal(plan), now=BEGAN, zone=UTC)
    assert "47 of 47 steps done" in finished
    assert "next" not in finished


def test_what_is_left_shrinks_to_nothing() -> None:
    plan = switchover("globex")
    seen = []
    for step in plan.steps:
        text = render_status(plan, journal(plan, upto=step.id), now=BEGAN, zone=UTC)
        found = re.search(r"left +(?:(\d+) h ?)?(?:(\d+) min)?", text)
        assert found is not None
        seen.append(int(found[1] or 0) * 60 + int(found[2] or 0))
    assert seen[0] > 240
    assert seen == sorted(seen, reverse=True)


def test_the_report(golden: Golden) -> None:
    plan = switchover("acme")
    golden(GOLDENS / "report.txt", render_report(make_report(plan, journal(plan)), zone=BERLIN))


def test_the_report_as_json(golden: Golden) -> None:
    plan = switchover("acme")
    document = report_to_json(make_report(plan, journal(plan, upto="P24")), BERLIN)
    golden(GOLDENS / "report.json", json.dumps(document, ensure_ascii=False, indent=1) + "\n")


@pytest.mark.parametrize("width", [60, 80, 100])
def test_a_report_names_every_step_and_is_the_same_twice(width: int) -> None:
    plan = switchover("globex")
    report = make_report(plan, journal(plan))
    first, second = (render_report(report, zone=BERLIN, width=width) for _ in range(2))
    assert first == second
    assert all(f" {step.id} " in first for step in plan.steps)
    hashes = ("sha256:", report.head)
    assert all(len(line) <= width for line in first.splitlines() if not any(text in line for text in hashes))


def test_what_was_not_done_is_never_called_done() -> None:
    plan = switchover("acme")
    report = make_report(plan, journal(plan, upto="P17"))
    document = report_to_json(report, UTC)
    assert report.outcome == "not ended"
    assert "all 47 steps done" not in render_report(report, zone=UTC)
    assert report.count(State.DONE) + report.count(State.UNTOUCHED) + report.count(State.IN_HAND) == 47
    assert document["totals"] == {state.value: report.count(state) for state in State}


def test_a_report_tells_doubts_decisions_and_overrides() -> None:
    plan = switchover("acme")
    more = (
        Entry(AT, 1, records.Override("approvals", "alice", "the second one is on a plane")),
        Entry(AT, 1, records.InDoubt("P17", "no answer")),
        Entry(AT, 1, records.Stopped("lost the VPN", 4)),
        Entry(AT, 1, records.Resumed("dora")),
        Entry(AT, 1, records.Decision("P17", "verify", "dora", "erik")),
    )
    text = render_report(make_report(plan, numbered((*journal(plan, upto="P17"), *more))), zone=UTC)
    for said in ("lost the VPN (exit 4)", "by dora", "on a plane", "dora and erik decided to verify", "alice, dora"):
        assert said in text


def test_a_torn_or_empty_journal_is_a_run_that_has_not_begun() -> None:
    plan = switchover("acme")
    assert view_run(()).done == frozenset()
    assert make_report(plan, ()).outcome == "not begun"
    assert "not begun" in render_status(plan, (), now=BEGAN, zone=UTC)
    assert "not begun" in render_report(make_report(plan, ()), zone=UTC)


@dataclass(frozen=True)
class Row:
    run: str
    scenario: str = "planned-switchover"
    operator: str = "alice"
    state: str = "finished"
    started: str = "2026-03-14T01:40:00Z"
    finished: str | None = "2026-03-14T05:58:18Z"


def test_history(golden: Golden) -> None:
    rows = (
        Row("20260314-014000-0a03a1fc"),
        Row("20260320-090000-77aa01bc", scenario="steady", state="stopped", finished=None),
        Row("20260320-091500-77aa01bc", state="waiting", operator="bob\x1b[31m", finished=None),
    )
    wide = render_history(rows, site="acme", zone=BERLIN)
    narrow = render_history(rows, site="acme", zone=BERLIN, width=60)
    assert "\x1b" not in wide
    assert all(len(line) <= 60 for line in narrow.splitlines())
    golden(GOLDENS / "history.txt", wide + "\n" + narrow)
    assert render_history((), site="acme", zone=UTC) == "acme: no runs yet\n"
    assert render_history(rows, site="acme", zone=UTC, ascii=True).isascii()


def test_lengths_and_moments() -> None:
    assert [about(seconds) for seconds in (0, 59, 60, 89, 3570, 3600, 7800)] == [
        "0 s", "59 s", "1 min", "1 min", "1 h", "1 h", "2 h 10 min",
    ]  # fmt: skip
    assert [exact(seconds) for seconds in (41, 185, 3725)] == ["41 s", "3 min 05 s", "1 h 02 min 05 s"]
    assert [age(seconds) for seconds in (40, 720, 10800, 200000)] == ["40 s", "12 min", "3 h", "2 d"]
    assert clock(7859) == "+2:10"
    assert moment("yesterday") is None
    assert moment("2026-03-14T01:40:00") is None
    late = replace_hour("2026-03-14T23:30:00Z")
    assert late == "2026-03-15 00:30:00 CET (2026-03-14 23:30:00 UTC)"
    assert both(BEGAN, UTC) == "2026-03-14 01:40:00 UTC"


def replace_hour(text: str) -> str:
    found = moment(text)
    assert found is not None
    return both(found, BERLIN)


def test_a_plan_without_a_point_of_no_return_can_be_undone() -> None:
    plan = switchover("acme")
    harmless = replace(plan, steps=tuple(replace(step, irreversible=None) for step in plan.steps))
    text = render_status(harmless, journal(plan, upto="P24"), now=BEGAN, zone=UTC)
    assert "everything that was done can be undone" in text
