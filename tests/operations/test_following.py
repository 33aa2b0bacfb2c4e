"""A run as a second terminal sees it: executor, window, time left, the way back, from what stands in the state."""

from __future__ import annotations

import json
import os
import pty
import select
import signal
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from oceana_dr.cli.main import run
from oceana_dr.operations.following import Following, Look
from oceana_dr.operations.stores import state_of
from oceana_dr.plan.codec import write_text
from oceana_dr.plan.model import Plan
from oceana_dr.present.outlook_text import executor_text, latest_text, window_text
from oceana_dr.present.status_text import render_status
from oceana_dr.source.cache import Cache
from oceana_dr.source.project import Project, open_project
from oceana_dr.store.locks import acquire
from oceana_dr.store.records import Override, RunStarted
from oceana_dr.store.runs import digest_of_plan
from tests.end_to_end.program import Program
from tests.planning import copy_project, edit, plan_case
from tests.present.samples import BEGAN, journal, switchover

LAB = """  # The lab is open at any time; a site that is in earnest has no such line.
  - {start: "2026-01-01T00:00", duration: 24h, recurrence: FREQ=DAILY, time_zone: UTC, reason: practice in the lab}
"""


class Site:
    """A project at a time of its own, with one run whose journal is made up around a real plan."""

    def __init__(self, folder: Path, hours: str = "4h", more: str = "") -> None:
        root = copy_project(folder)
        edit(root / "oceana-dr.yaml", ("time_scale: 600 ", "time_scale: 1 "))
        day = f'  - {{start: "2026-03-14T01:40", duration: {hours}, time_zone: UTC}}\n{more}'
        edit(root / "sites/acme/site.yaml", (LAB, day))
        self.project: Project = open_project(root)
        self.plan: Plan = plan_case("acme", "dc2").plan
        self.state = state_of(self.project)

    def begin(self, upto: str | None, *extra: Override) -> None:
        data = write_text(self.plan).encode()
        place = self.state.runs.begin("acme", self.plan.id, data, BEGAN)
        lease = acquire(self.state.database, "acme", who="alice", why="apply")
        lease.name_run(place.run)
        kept = self.state.runs.open(place, lease)
        for number, entry in enumerate(journal(self.plan, upto=upto)):
            record = entry.record
            if isinstance(record, RunStarted):
                record = replace(record, plan_copy=digest_of_plan(data))
            kept.append(record, at=entry.at, estate_ms=entry.estate_ms)
            if number == 0:
                for item in extra:
                    kept.append(item, at=entry.at, estate_ms=0)
        kept.close()

    def look(self, minutes: int) -> Look:
        found = Following(self.project, "acme", Cache(None)).look(BEGAN + timedelta(minutes=minutes))
        assert found is not None
        return found

    def said(self, look: Look) -> tuple[str, str]:
        window, latest = window_text(look.outlook, UTC), latest_text(look.outlook, UTC)
        return (window.text if window else ""), (latest.text if latest else "")


def test_the_window_and_the_way_back_are_set_against_what_is_left(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.begin("P12.ocp")
    look = site.look(82)
    window, latest = site.said(look)
    assert (
        "ends 2026-03-14 05:40 UTC, in 2 h 38 min: what is left fits at the median, NOT if every step is slow" in window
    )
    assert "the run stops" in window
    assert latest.startswith("turn back by ")
    assert "before P23: there is no way back behind it; undoing takes 45 min now if every step is slow" in latest
    back: Any = look.outlook["turn_back"]
    assert back["limited_by"] == "step"
    assert datetime.fromisoformat(back["latest"]) < BEGAN + timedelta(hours=4)


def test_a_window_that_ends_soon_ends_the_way_back_before_the_step_does(tmp_path: Path) -> None:
    site = Site(tmp_path, hours="3h")
    site.begin("P10")
    window, latest = site.said(site.look(40))
    assert "does NOT fit, not even at the median" in window
    assert "to be back when the window ends; undoing takes 25 min now if every step is slow; behind P23" in latest
    assert site.look(40).outlook["turn_back"]["limited_by"] == "window"  # type: ignore[index,call-overload]
    _, latest = site.said(site.look(160))
    assert latest.startswith("the way back is open (and ends with P23), but no more within the window")


def test_outside_of_a_window_it_says_so_and_who_lets_it_run_on(tmp_path: Path) -> None:
    site = Site(tmp_path, more="change_control: {window_end: finish}\n")
    site.begin("P10")
    assert site.said(site.look(300))[0] == "none is open any more: the run goes on all the same"
    assert "the run goes on past it" in site.said(site.look(200))[0]


def test_an_override_of_the_window_is_told(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.begin("P10", Override("outside-window", "alice", "CHG-7"))
    assert "as somebody has overridden the window" in site.said(site.look(200))[0]


def test_behind_the_step_that_cannot_be_undone_there_is_no_way_back_and_it_says_so(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.begin("P24")
    look = site.look(165)
    assert look.outlook["turn_back"] == {"possible": False, "step": "P23"}
    entries = look.past.entries
    text = render_status(look.past.plan, entries, now=look.now, zone=UTC, width=80, height=24, outlook=look.outlook)
    assert "no way back: P23 is done" in text
    assert "turn back by" not in text
    site = Site(tmp_path / "doubt")
    site.begin("P23")
    assert site.look(165).outlook["turn_back"] == {"possible": None, "step": "P23"}


def test_the_executor_is_alive_stale_or_dead(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.begin("P10")

    def said() -> tuple[bool, str]:
        look = site.look(40)
        text = executor_text(look.outlook, UTC)
        assert text is not None
        return look.alive, text.text

    alive, text = said()
    assert alive
    assert f"alice at {os.uname().nodename}, process {os.getpid()}, since" in text
    assert "alive, last sign of life" in text
    with site.state.database.writing("acme") as connection:
        connection.execute("UPDATE lock SET ends_ms = 0, host = 'elsewhere'")
    alive, text = said()
    assert not alive
    assert "STALE, anybody may take the run over" in text
    with site.state.database.writing("acme") as connection:
        connection.execute("UPDATE lock SET host = ?, pid = 1, process = process", (os.uname().nodename,))
    assert "its process is dead" in said()[1]
    site.state.database.path.unlink()  # type: ignore[attr-defined]
    assert site.look(40).outlook["executor"] is None, "the journal alone tells what was done"


@pytest.mark.parametrize("name", ["acme", "globex"])
def test_what_matters_stands_on_the_first_screen_at_every_step(name: str) -> None:
    plan = switchover(name)
    outlook = {
        "executor": {"state": "fresh", "who": "alice", "host": "jump-host-1.acme.example", "pid": 4711, "silent_s": 4}
        | {"since": "2026-03-14T01:40:00Z"},
        "desk": [],
        "left": {"p50_s": 9000, "p95_s": 18000}
        | {"done_p50": "2026-03-14T04:00:00Z", "done_p95": "2026-03-14T07:00:00Z"},
        "window": {"open": True, "until": "2026-03-14T05:00:00Z", "left_s": 7000, "at_end": "stop", "fits": "no"},
        "turn_back": {"possible": True, "step": "P23", "latest": "2026-03-14T03:00:00Z", "latest_in_s": 3000}
        | {"undo_p95_s": 4000, "limited_by": "window", "too_late_for_window": False},
    }
    for step in plan.steps:
        entries = journal(plan, upto=step.id)
        text = render_status(plan, entries, now=BEGAN, zone=UTC, width=80, height=24, outlook=outlook)
        lines = text.splitlines()
        assert len(lines) <= 24
        assert all(len(line) <= 80 for line in lines), text
        labels = {line.split(maxsplit=1)[0] for line in lines[1:] if not line.startswith(" ")}
        assert {"state", "by", "executor", "left", "window", "back"} <= labels
        assert f" {step.id} " in text
    cramped = render_status(plan, journal(plan, upto="P10"), now=BEGAN, zone=UTC, width=80, height=14, outlook=outlook)
    assert len(cramped.splitlines()) <= 14


def test_watching_redraws_until_ctrl_c_and_ends_with_the_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    program = Program(tmp_path)

    def here(*arguments: str, code: int = 0) -> str:
        assert run(["-C", str(program.root), *arguments]) == code
        return capsys.readouterr().out

    here("lab", "set", "acme", "dc1/workflow/Chat", "MaintenanceMode=true")
    here("apply", "acme", "--yes", code=8)
    keys, screen = pty.openpty()
    command = program.command("status", "acme", "--watch", "--every", "0.2")
    environment = program.environment | {"COLUMNS": "80", "LINES": "24", "TERM": "xterm"}
    with subprocess.Popen(command, cwd=program.root, env=environment, stdout=screen, stderr=screen) as process:
        shown = ""
        while shown.count("\x1b[H") < 2:
            shown += os.read(keys, 4096).decode("utf-8", "replace")
        process.send_signal(signal.SIGINT)
        while process.poll() is None:  # a terminal goes on reading; one that is full would hold it up
            if select.select([keys], [], [], 0.05)[0]:
                shown += os.read(keys, 4096).decode("utf-8", "replace")
        assert process.returncode == 0
    os.close(screen)
    os.close(keys)
    assert "A01" in shown
    assert "Traceback" not in shown
    here("lab", "crew", "acme")
    here("apply", "acme", "--yes")
    assert json.loads(here("status", "acme", "--watch", "--json"))["state"] == "finished"
