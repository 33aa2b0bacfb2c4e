"""Without a gateway people are eyes and hands: what they saw is what is read, with name and time, and no more."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from oceana_dr.cli.main import run
from tests.planning import copy_project, edit

MAIL = "dc1/smgr/cluster3/EmailService#Deployment status of emailmanager"


class Project:
    """Acme behind nothing but people."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.root = copy_project(folder)
        self._capsys = capsys
        self.run("snapshot", "acme", "-o", "live.json")
        edit(
            self.root / "oceana-dr.yaml",
            ("  gateway: {endpoint: lab}       # the embedded estate", "  #"),
            ("{required: 1}", "{required: 0}"),
        )
        edit(self.root / "sites" / "defaults.yaml", ("  required: 2", "  required: 0"))  # nobody approves here

    def run(self, *arguments: str, code: int = 0) -> str:
        self._capsys.readouterr()
        found = run(["-C", str(self.root), *arguments])
        said = self._capsys.readouterr()
        assert found == code, said.out + said.err
        return said.out + said.err


@pytest.fixture
def project(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.setenv("OCEANA_DR_NO_CACHE", "1")
    return Project(tmp_path, capsys)


def test_what_nobody_has_looked_at_is_not_known_and_no_lab_stands_in(project: Project) -> None:
    said = project.run("observe", "acme")
    assert "200 attributes that only people can see, 200 of them never looked at" in said
    assert "? Audit Log: never looked at; should be running" in said
    assert "never observed" in project.run("plan", "acme", code=3)
    assert "it is no lab" in project.run("lab", "status", "acme", code=3)
    assert "gateway" not in project.run("doctor", "acme")


def test_a_change_is_made_by_people_and_ends_on_their_word(project: Project) -> None:
    assert "200 attributes remembered as Ines saw them" in project.run(
        "observe", "acme", "--from", "live.json", "--by", "Ines"
    )
    assert "nothing to do" in project.run("plan", "acme")
    project.run("observe", "acme", f"{MAIL}=false", "--by", "Jonas")
    plan = json.loads(project.run("plan", "acme", "--format", "json", "-o", "plan.json"))
    (step,) = plan["steps"]
    assert (step["driver"], step["address"]) == ("operator", MAIL.partition("#")[0])
    assert MAIL in step["attested"]
    answer = {"outcome": "confirm", "by": "Jonas", "observed": "the box is ticked, true"}
    (project.root / "answers.json").write_text(json.dumps({step["id"]: answer}))
    assert "on a person's word" in project.run("apply", "plan.json", "--yes", "--answers", "answers.json")
    assert "nothing to do" in project.run("plan", "acme")
    (item,) = (
        item
        for item in json.loads(project.run("observe", "acme", "--format", "json"))["attributes"]
        if item["ref"] == MAIL
    )
    assert (item["seen"], item["by"]) == ("true", "Jonas")


def test_what_no_console_shows_is_not_remembered(project: Project) -> None:
    for typed, said in (
        ("dc1/cm#state", "says nothing"),
        ("dc1/cmx#state=running", "did you mean dc1/cm?"),
        ("dc1/cm#stat=running", "it has: state"),
        ("dc1/cm#state=fine", "a console does not show 'fine'"),
    ):
        assert said in project.run("observe", "acme", typed, "--by", "Ines", code=1)
    assert "a name behind it" in project.run("observe", "acme", "dc1/cm#state=running", code=1)
    assert "200 of them never" in project.run("observe", "acme")


def test_what_a_driver_reads_is_not_taken_from_people(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OCEANA_DR_NO_CACHE", "1")
    monkeypatch.chdir(copy_project(tmp_path))
    assert run(["observe", "acme"]) == 0
    assert "drivers read everything" in capsys.readouterr().out
    assert run(["observe", "acme", "dc1/cm#state=running", "--by", "Ines"]) == 3
    assert "dc1/cm#state is read by the driver gateway" in capsys.readouterr().err
