"""Change windows and limits at the keyboard: what `apply` says when it may not, and what `window` answers."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from oceana_dr.cli.main import run
from oceana_dr.store.records import Override, Turned
from oceana_dr.store.refusals import Refusals
from oceana_dr.store.state import local_state
from tests.golden_files import Golden
from tests.planning import copy_project, edit

LAB = """  # The lab is open at any time; a site that is in earnest has no such line.
  - {start: "2026-01-01T00:00", duration: 24h, recurrence: FREQ=DAILY, time_zone: UTC, reason: practice in the lab}
"""
OVER = """  - {start: "2020-01-05T02:00", duration: 4h}
"""
GOLDENS = Path(__file__).parents[1] / "goldens/windows"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = copy_project(tmp_path)
    edit(root / "oceana-dr.yaml", ("time_scale: 600 ", "time_scale: 20000 "))
    monkeypatch.setenv("OCEANA_DR_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("OCEANA_DR_NO_CACHE", "1")
    monkeypatch.chdir(root)
    return root


@pytest.mark.parametrize("columns", [80, 100])
def test_a_refused_plan_names_the_way_past_each_finding(
    columns: int, project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    windows = 'change_windows:\n  - {start: "2026-01-04T02:00", duration: 4h, recurrence: "FREQ=WEEKLY;BYDAY=SU"'
    edit(
        project / "sites/acme/site.yaml",
        (f"{windows}, time_zone: Europe/Berlin}}\n{LAB}", f"limits: {{changes: 1}}\nchange_windows:\n{OVER}"),
        ("directory: /srv/backup/acme", "directory: /srv/backup/acme2"),
    )
    assert run(["plan", "acme", "-o", "change.json"]) == 3
    capsys.readouterr()
    assert run(["apply", "change.json", "--yes", "--operator", "jane"]) == 3
    said = capsys.readouterr().err
    assert all(len(line) <= columns for line in said.splitlines() if "oceana-dr apply" not in line)
    told = " ".join(said.split())
    assert "Refused: 2 findings must be settled before this plan may run." in told
    assert "OD2020 the plan changes 2 addresses (dc2/smgr/backup-storage, dc1/smgr/backup-storage); at most 1" in told
    assert "may be changed (sites/acme/site.yaml:92)" in told
    assert "None opens any more: the site's windows have all ended" in told
    one = 'oceana-dr apply change.json --override limit-changes --reason "..."'
    assert [line for line in said.splitlines() if one in line], "it stands on one line, to be copied"
    assert 'oceana-dr apply change.json --override limit-changes --outside-window --reason "..."' in told
    once = ["--override", "limit-changes", "--reason", "x"]
    assert run(["apply", "change.json", "--yes", "--operator", "jane", *once]) == 7
    capsys.readouterr()
    both = ["--override", "limit-changes", "--outside-window", "--reason", "CHG-114"]
    assert run(["apply", "change.json", "--yes", "--operator", "jane", *both]) == 0
    state = project / "state"
    runs = local_state(state).runs
    (place,) = runs.all("acme")
    kept = [entry.record for entry in runs.read(place).entries]
    assert [item for item in kept if isinstance(item, Override)] == [
        Override("limit-changes", "jane", "CHG-114"),
        Override("outside-window", "jane", "CHG-114"),
    ]
    turned = [entry.record for entry in Refusals(local_state(state).database).all("acme")]
    assert [item.exit_code for item in turned if isinstance(item, Turned)] == [3, 7]
    capsys.readouterr()
    assert run(["history", "acme"]) == 0
    assert "turned away: 2" in capsys.readouterr().out
    assert run(["history", "acme", "--refusals"]) == 0
    listed = capsys.readouterr().out
    assert all(len(line) <= columns for line in listed.splitlines())
    assert "steady · jane" in listed.replace("\n  ", " ")
    assert listed.count("OD2025") == 2
    assert listed.count("OD2020") == 1
    assert "their reason: x" in listed
    assert run(["history", "acme", "--refusals", "--format", "json"]) == 0
    assert [item["exit_code"] for item in json.loads(capsys.readouterr().out)] == [3, 7]
    assert run(["history", "globex", "--refusals"]) == 0
    assert "nobody was turned away" in capsys.readouterr().out


@pytest.mark.parametrize("columns", [80, 100])
def test_window_answers_for_any_time(
    columns: int, project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], golden: Golden
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    freeze = '  - {start: "2026-12-20T00:00", duration: 16d, kind: deny, reason: "end of the year"}\n'
    edit(project / "sites/acme/site.yaml", (LAB, freeze))
    for name, at, code in [
        ("open", "2026-11-29T02:40", 0),
        ("closed", "2026-11-28T22:40Z", 7),
        ("frozen", "2026-12-27T03:00", 7),
    ]:
        assert run(["window", "acme", "--at", at]) == code
        said = capsys.readouterr().out
        assert all(len(line) <= columns for line in said.splitlines())
        golden(GOLDENS / f"{name}-{columns}.txt", said)


def test_window_answers_for_a_plan_and_for_machines(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit(project / "sites/acme/site.yaml", (LAB, ""))
    assert run(["plan", "acme", "--operational", "dc2", "-o", "move.json"]) == 0
    capsys.readouterr()
    asked = ["window", "acme", "--plan", "move.json", "--format", "json"]
    assert run([*asked, "--at", "2026-11-29T05:20+01:00"]) == 7
    said = json.loads(capsys.readouterr().out)
    assert (said["open"], said["scenario"]) == (True, "planned-switchover")
    assert said["until"] == {"local": "2026-11-29T06:00:00+01:00", "utc": "2026-11-29T05:00:00Z"}
    assert [item["id"] for item in said["findings"]] == ["window-too-short"]
    assert said["openings"][0]["opens"]["local"] == "2026-12-06T02:00:00+01:00"
    assert run([*asked, "--at", "2026-11-29T02:20"]) == 0
    assert run(["window", "globex", "--plan", "move.json"]) == 1
    assert "the plan is one of acme" in capsys.readouterr().err


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("at", ["tomorrow", "0001-01-01", "9999-12-31"])
def test_a_moment_that_is_none_is_explained(at: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["window", "acme", "--at", at]) == 1
    assert ("no moment" if at == "tomorrow" else "too far") in capsys.readouterr().err


@pytest.mark.usefixtures("project")
def test_a_window_that_never_closes_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["window", "acme"]) == 0
    assert "no end comes within a year" in capsys.readouterr().out.replace("\n  ", " ")


def test_a_run_stops_where_its_window_ends_and_goes_on_in_the_next(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(project / "sites/acme/site.yaml", (LAB, ""), ("directory: /srv/backup/acme", "directory: /srv/backup/acme2"))
    runs = project / "state/runs/acme"
    night = datetime.fromisoformat("2026-11-29T04:50Z")

    def after_one_step_it_is_late() -> datetime:
        done = any('"type":"done"' in place.read_text() for place in runs.glob("*.journal"))
        return night + timedelta(minutes=20 if done else 0)

    monkeypatch.setattr("oceana_dr.operations.applying.wall", after_one_step_it_is_late)
    assert run(["plan", "acme", "-o", "change.json"]) == 0
    assert run(["apply", "change.json", "--yes"]) == 7
    said = " ".join(capsys.readouterr().err.split())
    assert "1 of 2" in said
    assert "The step in hand was finished. The next one opens Sun 6 Dec 02:00 CET (01:00 UTC)" in said
    assert 'to go on before: oceana-dr apply change.json --outside-window --reason "..."' in said
    assert run(["apply", "change.json", "--yes"]) == 7, "nor does it go on when it is run again"
    assert "no change window is open" in " ".join(capsys.readouterr().err.split())
    monkeypatch.setattr("oceana_dr.operations.applying.wall", lambda: night + timedelta(days=7))
    assert run(["apply", "change.json", "--yes"]) == 0
    (journal,) = runs.glob("*.journal")
    assert journal.read_text().count('"type":"intent"') == 2


def test_window_says_who_may_act_all_the_same(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    control = "change_control: {override_roles: [change-manager], window_end: finish}\nchange_windows:\n"
    edit(project / "sites/acme/site.yaml", (LAB, ""), ("change_windows:\n", control))
    edit(project / "oceana-dr.yaml", ("policy:\n", "roles: {change-manager: [jane, omar]}\npolicy:\n"))
    closed = ["window", "acme", "--at", "2026-11-30T12:00"]
    assert run(closed) == 7
    said = capsys.readouterr().out
    assert "change-manager (jane, omar), with a reason." in said
    assert "At the end of a window: the plan runs on to its end." in said
    assert run([*closed, "--scenario", "unplanned-outage"]) == 7
    assert "anybody, with a reason; the plan asks two people itself." in capsys.readouterr().out
    assert run([*closed, "--scenario", "planned-switchovr"]) == 1
