"""Several people at one run: real processes, on this machine's store and on a team's, from two machines."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from oceana_dr.cli.main import run
from oceana_dr.operations.runs import latest_run
from oceana_dr.operations.stores import state_of
from oceana_dr.source.project import open_project
from oceana_dr.store.records import Answered, Claim
from tests.end_to_end.program import Program
from tests.planning import edit


class Team:
    """A lab and whoever works at it: the run is a process of its own, people come from another machine, which shares
    its state alone. Their commands run in this process: a new one for each would cost more than they do.
    """

    def __init__(
        self, folder: Path, url: str | None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self.program = Program(folder)
        self.root = self.program.root
        self._capsys, self._environment, self._folder = capsys, monkeypatch, folder
        monkeypatch.setenv("OCEANA_DR_NO_CACHE", "1")
        self._shares = url is None
        if url is not None:
            edit(self.root / "oceana-dr.yaml", ("policy:", "state: {backend: postgres}\npolicy:"))
            self.program.environment["OCEANA_DR_STATE_URL"] = url
            monkeypatch.setenv("OCEANA_DR_STATE_URL", url)
        self._runs: list[subprocess.Popen[str]] = []

    def here(self, *arguments: str, code: int = 0) -> str:
        """A command at the machine that has the lab."""
        self._environment.setenv("OCEANA_DR_STATE", str(self.root / ".oceana-dr"))
        return self._run(*arguments, code=code)

    def there(self, *arguments: str, code: int = 0) -> str:
        """A command at the other machine."""
        self._environment.setenv("OCEANA_DR_STATE", str(self.root / ".oceana-dr" if self._shares else self._folder))
        return self._run(*arguments, code=code)

    def _run(self, *arguments: str, code: int) -> str:
        found = run(["-C", str(self.root), *arguments])
        out, err = self._capsys.readouterr()
        assert found == code, out + err
        return out + err

    def json(self, *arguments: str) -> Any:
        return json.loads(self.there(*arguments))

    def start(self, *more: str) -> subprocess.Popen[str]:
        """The run, without a terminal, waiting for answers."""
        command = self.program.command("apply", "plan.json", "--yes", "--wait", "--json", *more)
        process = subprocess.Popen(
            command,
            cwd=self.root,
            env=self.program.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._runs.append(process)
        return process

    def until(self, process: subprocess.Popen[str], done: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The first event of which that is so."""
        assert process.stdout
        while line := process.stdout.readline():
            if done(event := json.loads(line)):
                return event  # type: ignore[no-any-return]
        raise AssertionError(process.communicate()[1])

    def until_shown(self, site: str) -> Any:
        """What waits at the desk, once something does: the run tells that it asks a moment before."""
        for _ in range(200):
            if waiting := self.json("desk", "show", site, "--format", "json")["waiting"]:
                return waiting
            time.sleep(0.02)
        raise AssertionError("nothing comes to the desk")

    def close(self) -> None:
        for process in self._runs:
            process.kill()
            process.communicate()


@pytest.fixture(params=["sqlite", "postgres"])
def team(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[Team]:
    url = request.getfixturevalue("postgres_url") if request.param == "postgres" else None
    made = Team(tmp_path, url, monkeypatch, capsys)
    yield made
    made.close()


def test_people_at_other_terminals_claim_hand_over_and_answer_while_it_runs(team: Team) -> None:
    team.here("lab", "set", "acme", "dc1/workflow/Chat", "MaintenanceMode=true")
    team.here("plan", "acme", "-o", "plan.json")
    going = team.start()
    team.until(going, lambda event: event["type"] == "asking")
    (item,) = team.until_shown("acme")
    assert (item["step"], item["claimed_by"]) == ("A01", None)
    said = team.there("desk", "claim", "acme", "A01", "--operator", "ben", "--for", "30m")
    assert "Do this now, then confirm what you see." in said
    assert "claimed by ben at" in said
    status = team.json("status", "acme", "--json")
    assert (status["state"], status["executor"]["state"]) == ("running", "fresh")
    assert status["desk"][0]["claimed_by"] == "ben"
    assert "claimed by ben" in " ".join(team.there("status", "acme").split())
    answer = ("desk", "answer", "acme", "A01", "--outcome", "confirm", "--observed", "it reads false")
    refused = team.there(*answer, "--operator", "ines", code=6)
    assert "A01 is claimed by ben" in refused
    assert "oceana-dr desk hand-over acme 'A01' --to NAME" in refused
    assert "claimed by ines" in team.there("desk", "hand-over", "acme", "A01", "--operator", "ben", "--to", "ines")
    assert "claimed by ines" in team.there(*answer, "--operator", "ben", code=6)
    assert "The run takes it now." in team.there(*answer, "--operator", "ines")
    assert team.until(going, lambda event: event["type"] == "step-answered")["by"] == "ines"
    team.until(going, lambda event: event["type"] == "finished")
    assert going.wait(60) == 0
    team.there(*answer, "--operator", "ines", code=1)
    past = latest_run(open_project(team.root), "acme")
    assert past is not None
    claims = [entry.record for entry in past.entries if isinstance(entry.record, Claim)]
    assert [(item.act, item.by, item.to) for item in claims] == [
        ("claimed", "ben", ""),
        ("handed over", "ben", "ines"),
        ("answered", "ines", ""),
    ]
    assert sum(isinstance(entry.record, Answered) for entry in past.entries) == 1


def test_two_people_answer_from_two_terminals_while_nobody_runs_it(team: Team) -> None:
    team.program.move("acme")
    team.here("plan", "acme", "-o", "plan.json")
    team.here("apply", "plan.json", "--yes", code=8)
    assert "Nobody runs it now" in team.there("desk", "show", "acme")
    answer = ("desk", "answer", "acme", "P01", "--outcome", "confirm", "--observed", "CHG-7 is open")
    assert "a second person has to sign" in team.there(*answer, "--operator", "ben")
    assert "must be somebody else than Ben" in team.there("desk", "sign", "acme", "P01", "--operator", "Ben", code=3)
    assert "signed by ines, answered by ben" in team.there("desk", "sign", "acme", "P01", "--operator", "ines")
    said = team.here("apply", "plan.json", "--yes", "--json", code=8)
    events = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    (answered,) = [event for event in events if event["type"] == "step-answered"]
    assert (answered["step"], answered["by"], answered["second"]) == ("P01", "ben", "ines")
    assert [event["step"] for event in events if event["type"] == "asking"][-1] != "P01"


def test_what_is_said_at_the_desk_is_checked_where_it_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    team = Team(tmp_path, None, monkeypatch, capsys)
    assert "no runs yet" in team.there("desk", "show", "acme")
    assert "nothing waits" in team.there("desk", "claim", "acme", "P01", code=1)
    team.program.move("acme")
    team.here("plan", "acme", "-o", "plan.json")
    team.here("apply", "plan.json", "--yes", code=8)
    assert "did you mean P01?" in team.there("desk", "claim", "acme", "P1", code=1)
    confirm = ("desk", "answer", "acme", "P01", "--operator", "ben")
    assert "somebody else" in team.there(*confirm, "--outcome", "confirm", "--second", "BEN", code=3)
    assert "there is no terminal" in team.there(*confirm, code=8)
    assert "at most 4 hours" in team.there("desk", "claim", "acme", "P01", "--for", "5h", code=1)
    assert "not a duration" in team.there("desk", "claim", "acme", "P01", "--for", "soon", code=1)
    assert "nobody has claimed it" in team.there("desk", "release", "acme", "P01", "--operator", "ben")
    assert "says ben" in team.there(*confirm, "--outcome", "fail", "--observed", "the window is closed")
    said = team.here("apply", "plan.json", "--yes", code=4)
    assert "failed, says ben: the window is closed" in said


@pytest.mark.parametrize("damaged", ["{", "{}", '{"step": 1, "copy": 7}', "[]"])
def test_a_question_that_was_damaged_is_told_and_keeps_nobody_from_answering_at_the_run(
    damaged: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    team = Team(tmp_path, None, monkeypatch, capsys)
    team.here("lab", "set", "acme", "dc1/workflow/Chat", "MaintenanceMode=true")
    team.here("apply", "acme", "--yes", code=8)
    with state_of(open_project(team.root)).database.writing("acme") as connection:
        connection.execute("UPDATE question SET question = ?", (damaged,))
    assert "cannot be read" in team.there("desk", "show", "acme", code=1)
    team.there("status", "acme")
    (team.root / "answers.json").write_text('{"A01": {"outcome": "confirm", "by": "ben", "observed": "false"}}')
    team.here("apply", "acme", "--yes", "--answers", "answers.json")
