"""A tabletop is played by people, goes on where it stopped, and is never taken for a run."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from oceana_dr.cli.main import run
from oceana_dr.operations.drilling.opening import Asked
from oceana_dr.operations.drilling.plays import find_play, plays_of
from oceana_dr.operations.drilling.tabletop import begin_tabletop
from oceana_dr.operations.schemas import schema_text
from oceana_dr.source.cache import Cache
from oceana_dr.source.project import open_project
from tests.planning import copy_project

CONFIRM = {"outcome": "confirm", "by": "ann", "second": "bob", "observed": "seen"}
STEPS = ("W00", "W01", "W02", "W03", "W04", "W06", "W07", "W08")
DRILL = ("drill", "acme", "--level", "tabletop", "--scenario", "split-wan", "--operator", "lea")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return copy_project(tmp_path)


def answers(root: Path, **changes: dict[str, str]) -> str:
    path = root / "answers.json"
    path.write_text(json.dumps(dict.fromkeys(STEPS, CONFIRM) | changes))
    return str(path)


def test_it_stops_where_nobody_answers_and_goes_on_to_a_report(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    at = ("-C", str(root))
    assert run([*at, *DRILL]) == 8
    assert "nothing that is confirmed here touches the estate" in " ".join(capsys.readouterr().err.split())
    cannot = {"outcome": "cannot", "by": "ann", "observed": "the console is down"}
    assert run([*at, *DRILL, "--answers", answers(root, W03=cannot)]) == 4
    capsys.readouterr()
    assert run([*at, *DRILL, "--answers", answers(root), "--format", "json"]) == 0
    said = capsys.readouterr()
    found = json.loads(said.out)
    assert (found["level"], found["scenario"], found["passed"]) == ("tabletop", "split-wan", True)
    assert [error.message for error in Draft202012Validator(json.loads(schema_text("drill"))).iter_errors(found)] == []
    report = found["report"]
    assert (report["outcome"], report["people"], len(report["stopped"])) == ("finished", ["lea"], 2)
    assert "the twin it was begun on" in " ".join(said.err.split())
    # The two evenings apart, the clock of the play is that of the estate: what people wait for is skipped.
    waited = next(step for step in report["steps"] if step["id"] == "W05")
    assert waited["actual_s"] >= waited["planned_s"] == 3600
    # It can be read later, and is in no list of runs.
    assert run([*at, "report", report["run"]]) == 0
    assert "split WAN" in capsys.readouterr().out
    assert run([*at, "history", "acme", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == []
    assert run([*at, "history", "acme"]) == 0
    assert f"Tabletops (nothing was touched)\n✔  {report['run']}" in capsys.readouterr().out
    assert run([*at, "history", "acme", "--drills", "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["run"], row["scenario"], row["state"]) == (report["run"], "split-wan", "finished")
    assert run([*at, "audit", "verify", report["run"], "--head", row["head"]]) == 0
    assert f"{report['run']} (tabletop)" in capsys.readouterr().out
    assert not (root / ".oceana-dr/runs").exists()
    assert not (root / ".oceana-dr/state.db").exists()


def test_the_report_says_what_to_talk_about(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["-C", str(root), *DRILL, "--answers", answers(root)]) == 0
    said = capsys.readouterr().out
    assert "no step took longer than its p95" in said
    assert "one for every step" in said
    assert "W03" in said[said.index("on a word") :]


def test_only_the_last_unfinished_play_of_the_same_scenario_is_gone_on_with(root: Path) -> None:
    project, cache = open_project(root), Cache(None)
    asked = Asked("acme", "split-wan")
    assert run(["-C", str(root), *DRILL, "--at-rest"]) == 8
    first = begin_tabletop(project, asked, cache, anew=False)
    assert first.resumed
    assert begin_tabletop(project, Asked("acme", None), cache, anew=False).place == first.place
    other = begin_tabletop(project, Asked("acme", "planned-switchover"), cache, anew=False)
    assert (other.resumed, other.plan.scenario) == (False, "planned-switchover")
    assert begin_tabletop(project, asked, cache, anew=True).place != first.place
    found = find_play(project, first.place.run)
    assert found is not None
    assert found[0].id == first.plan.id
    assert find_play(project, "no-such-play") is None


def test_a_play_whose_twin_is_gone_is_begun_again(root: Path) -> None:
    assert run(["-C", str(root), *DRILL, "--at-rest"]) == 8
    project = open_project(root)
    (place,) = plays_of(project).all("acme")
    for path in place.plan.parent.glob("*.lab.db*"):
        path.unlink()
    assert not begin_tabletop(project, Asked("acme", "split-wan"), Cache(None), anew=False).resumed
