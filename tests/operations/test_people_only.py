"""Communication Manager and outbound campaigns, left to people: what rests on their word, and how to look."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from oceana_dr.cli.main import run
from tests.planning import copy_project, edit

TELLS = "drivers: {dc1/cm: cm, dc2/ess: cm, shared/phones: cm, shared/pom: pom}\n"
SEEN = (
    "dc1/cm#state=running",
    "dc2/ess#state=standby",
    "shared/phones#registered with=Communication Manager",
    "shared/pom#campaigns=running",
)


def test_a_plan_leaves_to_people_what_they_alone_can_tell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = copy_project(tmp_path)
    edit(root / "oceana-dr.yaml", ("  operator: {}\n", "  operator: {}\n  cm: {}\n  pom: {}\n"))
    site = root / "sites" / "acme" / "site.yaml"
    site.write_text(site.read_text("utf-8").replace("operational: dc1", "operational: dc2", 1) + TELLS, "utf-8")
    assert run(["-C", str(root), "observe", "acme", *SEEN, "--by", "ines"]) == 0
    capsys.readouterr()
    assert run(["-C", str(root), "plan", "acme", "--format", "json"]) == 0
    steps = {step["id"]: step for step in json.loads(capsys.readouterr().out)["steps"]}
    assert "shared/pom#campaigns" in steps["P03"]["attested"]
    assert {"dc1/cm#state", "dc2/ess#state"} <= set(steps["P14.shutdown"]["attested"])
    assert "shared/phones#registered with" in steps["P14.registered"]["attested"]
    assert {steps[name]["driver"] for name in ("P03", "P14.shutdown", "P14.registered")} == {"operator"}
    clicks = steps["P14.registered"]["instructions"]["clicks"]
    assert clicks[:2] == ["list registered-ip-stations", "status media-gateways"]
