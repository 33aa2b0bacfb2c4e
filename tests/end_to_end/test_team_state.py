"""A team's state from the command line: another machine goes on, a lost database stops nobody who says so."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from oceana_dr.cli.main import run
from oceana_dr.operations.stores import state_of
from oceana_dr.source.project import open_project
from oceana_dr.store.locks import acquire
from tests.end_to_end.program import Program
from tests.planning import edit

SECRET = "s3cr3t-word"


class Team:
    """One lab and one database. Commands run in this process: a new one for each would cost more than they do."""

    def __init__(
        self, folder: Path, url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self.program = Program(folder)
        self.url = url.replace("postgres@", f"postgres:{SECRET}@")
        self.said = ""
        self._capsys = capsys
        self._environment = monkeypatch
        edit(self.program.root / "oceana-dr.yaml", ("policy:", "state: {backend: postgres}\npolicy:"))
        monkeypatch.setenv("OCEANA_DR_NO_CACHE", "1")
        self.reach(self.url)

    def reach(self, url: str) -> None:
        """The state lies at this URL from now on."""
        self._environment.setenv("OCEANA_DR_STATE_URL", url)

    def run(self, *arguments: str, code: int = 0) -> str:
        found = run(["-C", str(self.program.root), *arguments])
        out, self.said = self._capsys.readouterr()
        assert SECRET not in out + self.said
        assert found == code, out + self.said
        return out

    def json(self, *arguments: str) -> Any:
        return json.loads(self.run(*arguments, "--format", "json"))

    def put_away_copies(self) -> None:
        """What another machine with the same lab would not have."""
        state = self.program.root / ".oceana-dr"
        shutil.rmtree(state / "runs")
        (state / "state.db").unlink(missing_ok=True)


@pytest.fixture
def team(
    tmp_path: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Team:
    return Team(tmp_path, postgres_url, monkeypatch, capsys)


CHANGE = ("lab", "set", "acme", "dc1/smgr/cluster3/SocialConnector", "MaintenanceMode=true")


def test_what_one_machine_began_another_one_finishes(team: Team) -> None:
    team.run(*CHANGE)
    team.run("lab", "break", "acme", "refuse:dc1/smgr", "--once")
    team.run("apply", "acme", "--yes", code=4)
    (row,) = team.json("history", "acme")
    assert row["state"] == "stopped"
    team.put_away_copies()
    assert team.json("status", "acme")["run"] == row["run"]
    team.run("apply", "acme", "--yes")
    assert "going on with its plan" in team.said
    (after,) = team.json("history", "acme")
    assert (after["run"], after["state"]) == (row["run"], "finished")
    assert len([event for event in team.program.acts("acme") if event.actor != "anna"]) == 2
    team.put_away_copies()
    shown = team.json("state", "show", "acme")
    assert (shown["baseline"]["run"], shown["lock"], shown["unpushed"]) == (row["run"], None, [])
    assert row["run"] in team.run("report", row["run"])
    assert "pulled: run" in team.run("state", "pull", "acme")
    assert "nothing is new" in team.run("state", "pull", "acme")
    team.run("lab", "reset", "acme")
    assert team.json("history", "acme") == []


def test_a_database_that_is_lost_stops_nobody_who_says_so_and_is_told_afterwards(team: Team) -> None:
    team.run(*CHANGE)
    alone = ("--local-state", "DC1 is lost, CHG-7")
    team.reach(f"postgresql://ann:{SECRET}@/state?host={team.program.root}")
    team.run("apply", "acme", "--yes", code=1)
    assert "does not answer" in team.said
    assert "--local-state" in team.said
    team.reach("")
    team.run("history", "acme", code=1)
    assert "env:OCEANA_DR_STATE_URL: the URL of the team's state is looked up there" in team.said
    team.run(*alone, "apply", "acme", "--yes")
    assert "oceana-dr state push acme" in team.said
    name = json.loads(team.run(*alone, "history", "acme", "--format", "json"))[0]["run"]
    assert "DC1 is lost, CHG-7" in team.run(*alone, "report", name)
    team.run(*alone, "state", "push", "acme", code=3)
    team.reach(team.url)
    assert team.json("state", "show", "acme")["unpushed"] == [name]
    assert f"run {name}: oceana-dr state push acme" in team.run("state", "show", "acme")
    said = team.run("state", "push", "acme")
    assert f"pushed: run {name}" in said
    assert "what was last applied" in said
    assert "nothing is new" in team.run("state", "push", "acme")
    team.put_away_copies()
    assert team.json("history", "acme")[0]["run"] == name
    assert "nothing to do" in team.run("plan", "acme").lower()


def test_a_lock_is_shown_and_released_by_its_id_when_its_holder_is_gone(team: Team) -> None:
    state = state_of(open_project(team.program.root))
    lease = acquire(state.database, "acme", who="anna", why="apply")
    shown = team.json("state", "show", "acme")["lock"]
    assert (shown["id"], shown["who"], shown["fresh"]) == (lease.lock.id, "anna", True)
    assert lease.lock.id in team.run("state", "show", "acme")
    release = ("state", "unlock", "acme", "--reason", "its host burnt down", "--id")
    team.run(*release, lease.lock.id, code=6)
    assert "sign of life" in team.said
    team.run("apply", "acme", "--yes", code=6)
    with state.database.writing("acme") as connection:
        connection.execute("UPDATE lock SET ends_ms = 0, host = 'elsewhere'")
    assert "left behind" in team.run("state", "show", "acme")
    team.run(*release, "another", code=1)
    assert "released" in team.run(*release, lease.lock.id)
    (event,) = team.json("state", "show", "acme")["lock_events"]
    assert (event["event"], event["note"]) == ("released by hand", "its host burnt down")
    assert "its host burnt down" in team.run("state", "show", "acme")


def test_a_pipeline_runs_the_plan_that_was_reviewed_and_nothing_that_needs_a_person(team: Team) -> None:
    team.run(*CHANGE)
    plan = str(team.program.root / "acme.plan.json")
    team.run("plan", "acme", "-o", plan)
    reviewed = json.loads(Path(plan).read_text("utf-8"))["id"]
    pipeline = ("apply", "--unattended", "--operator", "ann")
    team.run(*pipeline, "acme", code=3)
    assert "name a plan file" in team.said
    team.run(*pipeline, plan, "--plan-id", "sha256:0", code=3)
    assert f"its id is {reviewed}" in team.said
    team.run("--local-state", "CHG-7", *pipeline, plan, code=3)
    assert "OD2037" in team.said
    assert team.json("history", "acme") == []
    team.run(*pipeline, plan, "--plan-id", reviewed)
    (row,) = team.json("history", "acme")
    assert (row["operator"], row["state"]) == ("ann", "finished")
    team.run("plan", "acme", "--operational", "dc2", "-o", plan)
    team.run(*pipeline, plan, code=3)
    assert f"a person runs it, at a terminal: oceana-dr apply {plan}" in team.said
    assert [code for code in ("OD2035", "OD2036", "OD2037") if code in team.said] == ["OD2035", "OD2036"]
