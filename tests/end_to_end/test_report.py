"""The same journal gives the same bytes: at another time, in another place, on another machine, from another store."""

import json
import shutil
from pathlib import Path

import pytest

from oceana_dr.cli.main import run
from oceana_dr.source.project import open_project
from tests.end_to_end.program import Program
from tests.end_to_end.test_team_state import CHANGE, Team, team  # noqa: F401 - the fixture is used by its name

FORMS = ("text", "markdown", "html", "json")
CLOSED = '  - {start: "2020-01-05T02:00", duration: 4h}\n'


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Program:
    monkeypatch.setenv("OCEANA_DR_NO_CACHE", "1")
    return Program(tmp_path / "here")


def test_a_report_is_the_same_bytes_everywhere(
    here: Program, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def said(program: Program, *arguments: str, code: int = 0) -> str:
        capsys.readouterr()
        assert run(["-C", str(program.root), *arguments]) == code
        return capsys.readouterr().out

    def reports(program: Program) -> dict[str, str]:
        return {form: said(program, "report", name, "--format", form) for form in FORMS}

    said(here, *CHANGE)
    said(here, "lab", "break", "acme", "refuse:dc1/smgr", "--once")
    said(here, "apply", "acme", "--yes", "--operator", "ann", code=4)
    name = json.loads(said(here, "history", "acme", "--json"))[0]["run"]
    stopped = json.loads(said(here, "report", name, "--format", "json"))
    assert (stopped["outcome"], stopped["stopped"][0]["record"]) == ("stopped", stopped["journal"]["records"])
    said(here, "apply", "acme", "--yes", "--operator", "bea")
    found = reports(here)
    document = json.loads(found["json"])
    assert document["outcome"] == "finished"
    assert document["records"][: len(stopped["records"])] == stopped["records"], "what stood there stands there"
    assert [act["did"] for act in document["acts"]] == ["began the run", "went on with the run"]
    # A process of its own, in another zone and locale, with a narrower terminal.
    here.environment |= {"LC_ALL": "C", "TZ": "Pacific/Auckland", "COLUMNS": "60", "PYTHONIOENCODING": "ascii"}
    assert here.run("report", name).stdout == found["text"]
    # Another machine has a copy of the state, without the index and without the lab.
    other = Program(tmp_path / "there")
    shutil.copytree(here.root / ".oceana-dr/runs", other.root / ".oceana-dr/runs")
    assert reports(other) == found
    said(other, "report", name, "--format", "html", "-o", str(other.root / "report.html"))
    assert (other.root / "report.html").read_text("utf-8") == found["html"]
    assert "the last one" in said(here, "audit", "verify", name, "--head", document["journal"]["head"])
    assert said(here, "report", name, "--width", "120") != said(here, "report", name, "--width", "60")


def test_a_report_from_the_teams_database_is_that_of_the_files(team: Team) -> None:  # noqa: F811 - the fixture
    team.run(*CHANGE)
    team.run("apply", "acme", "--yes")
    (row,) = team.json("history", "acme")
    shared = [team.run("report", row["run"], "--format", form) for form in FORMS]
    alone = ("--local-state", "the database is away")
    assert [team.run(*alone, "report", row["run"], "--format", form) for form in FORMS] == shared
    team.put_away_copies()
    assert [team.run("report", row["run"], "--format", form) for form in FORMS] == shared
    assert "audit passed" in team.run("audit", "verify", "acme")


def test_who_was_turned_away_stands_in_the_report_of_the_run_that_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    program = Program(tmp_path)
    monkeypatch.setenv("OCEANA_DR_NO_CACHE", "1")
    site = program.root / "sites/acme/site.yaml"
    text = site.read_text("utf-8")
    windows = text[text.index("change_windows:") : text.index("\n", text.index("practice in the lab")) + 1]
    site.write_text(text.replace(windows, f"change_windows:\n{CLOSED}"), "utf-8")
    at = ("-C", str(program.root))
    assert run([*at, *CHANGE]) == 0
    assert run([*at, "apply", "acme", "--yes", "--operator", "jane"]) == 7
    why = "agreed with Jo, +49 69 5550 123, password: hunter2"
    assert run([*at, "apply", "acme", "--yes", "--operator", "jane", "--outside-window", "--reason", why]) == 0
    capsys.readouterr()
    assert run([*at, "history", "acme", "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert run([*at, "report", row["run"], "--format", "json"]) == 0
    said = capsys.readouterr().out
    document = json.loads(said)
    (refused,) = document["refusals"]
    assert (refused["by"], refused["exit_code"]) == ("jane", 7)
    number, _, digest = refused["refusal"].partition(":")
    assert (number, len(digest)) == ("1", 64)
    (override,) = document["overrides"]
    assert override["reason"] == "agreed with Jo, ***23, password: ********"
    assert "hunter2" not in said
    assert (document["journal"]["previous_run"], document["journal"]["previous_head"]) == (None, None)
    assert run([*at, *CHANGE]) == 0
    assert run([*at, "apply", "acme", "--yes", "--operator", "jo", "--outside-window", "--reason", "agreed"]) == 0
    capsys.readouterr()
    assert run([*at, "history", "acme", "--json"]) == 0
    newest = json.loads(capsys.readouterr().out)[-1]["run"]
    assert run([*at, "report", newest, "--format", "json"]) == 0
    following = json.loads(capsys.readouterr().out)
    assert (following["journal"]["previous_run"], following["refusals"]) == (row["run"], [])
    assert following["journal"]["previous_head"] == document["journal"]["head"]
    assert run([*at, "audit", "verify"]) == 0
    kept = b"".join(path.read_bytes() for path in open_project(program.root).state_dir.rglob("*.journal"))
    assert b"hunter2" not in kept
    assert b"5550" not in kept
