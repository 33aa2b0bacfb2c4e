"""What only people can tell: listed with where to look, kept with a name, refused where a driver reads it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from oceana_dr.cli.main import run
from tests.planning import copy_project, edit

TELLS = "drivers: {dc1/cm: cm, dc2/ess: cm, shared/phones: cm, shared/pom: pom}\n"
SEEN = ("dc1/cm#state=running", "dc2/ess#state=standby", "shared/phones#registered with=communication-manager")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    found = copy_project(tmp_path)
    edit(found / "oceana-dr.yaml", ("  operator: {}\n", "  operator: {}\n  cm: {}\n  pom: {}\n"))
    site = found / "sites" / "acme" / "site.yaml"
    site.write_text(site.read_text("utf-8").replace("operational: dc1", "operational: dc2", 1) + TELLS, "utf-8")
    return found


def told(root: Path, capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, dict[str, object]]:
    assert run(["-C", str(root), "desk", "observe", "acme", *words, "--operator", "ines", "--format", "json"]) == 0
    return {item["ref"]: item for item in json.loads(capsys.readouterr().out)["told"]}


def test_what_nothing_reads_is_told_by_people_with_their_name(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = told(root, capsys)
    assert sorted(before) == [
        "dc1/cm#state",
        "dc2/ess#state",
        "shared/phones#registered with",
        "shared/pom#campaigns",
    ]
    assert {item["seen"] for item in before.values()} == {None}
    look = before["dc2/ess#state"]["look"]
    assert isinstance(look, list)
    assert look[0] == "list survivable-processor"
    after = told(root, capsys, *SEEN, "shared/pom#campaigns=stopped")
    assert after["shared/phones#registered with"]["seen"] == "Communication Manager"
    assert {item["by"] for item in after.values()} == {"ines"}
    assert run(["-C", str(root), "desk", "observe", "acme"]) == 0
    assert "dc1/cm#state: running, says ines" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("word", "says"),
    [
        ("dc1/cm#state=runing", "it reads: running, shut down, not installed"),
        ("dc1/cmm#state=running", "did you mean dc1/cm#state?"),
        ("dc1/workflow/Chat#MaintenanceMode=true", "is read by the driver gateway"),
        ("running", "write ADDRESS#ATTRIBUTE=VALUE"),
    ],
)
def test_what_cannot_be_seen_so_is_refused(
    root: Path, capsys: pytest.CaptureFixture[str], word: str, says: str
) -> None:
    assert run(["-C", str(root), "desk", "observe", "acme", word]) != 0
    assert says in capsys.readouterr().err


def test_a_plan_leaves_to_people_what_they_alone_can_tell(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told(root, capsys, *SEEN, "shared/pom#campaigns=running")
    assert run(["-C", str(root), "plan", "acme", "--format", "json"]) == 0
    steps = {step["id"]: step for step in json.loads(capsys.readouterr().out)["steps"]}
    assert steps["P03"]["attested"] == ["shared/pom#campaigns"]
    assert steps["P14.shutdown"]["attested"] == ["dc1/cm#state", "dc2/ess#state"]
    assert steps["P14.registered"]["attested"] == ["shared/phones#registered with"]
    assert {steps[name]["driver"] for name in ("P03", "P14.shutdown", "P14.registered")} == {"operator"}
    assert steps["P14.registered"]["instructions"]["clicks"][:2] == [
        "list registered-ip-stations",
        "status media-gateways",
    ]
