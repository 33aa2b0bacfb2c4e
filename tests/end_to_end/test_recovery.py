"""Back to Data Center 1 through the command line: after a planned move, and after it was lost and has come back."""

import re
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.program import Program
from tests.end_to_end.test_outage import break_it


@pytest.fixture
def program(tmp_path: Path) -> Program:
    return Program(tmp_path)


def back(program: Program, site: str) -> None:
    """The one-line pull request that takes the move back."""
    path = program.root / "sites" / site / "site.yaml"
    text = path.read_text("utf-8")
    assert len(re.findall(r"^operational: dc2", text, flags=re.MULTILINE)) == 1
    path.write_text(re.sub(r"^operational: dc2", "operational: dc1", text, flags=re.MULTILINE), "utf-8")


def refused(plan: Any) -> list[Any]:
    return [item for item in plan["findings"] if item["severity"] == "refuse"]


def recover(program: Program, site: str) -> None:
    back(program, site)
    plan = program.json("plan", site, "--format", "json", "-o", "back.json", code=None)
    assert refused(plan) == []
    assert plan["scenario"] == "recovery"
    program.run("verify", "back.json")
    program.run("apply", "back.json", "--yes")
    after = program.json("plan", site, "--format", "json")
    assert (after["scenario"], after["steps"], after["owed"], refused(after)) == ("steady", [], [], [])
    assert program.json("drift", site, "--format", "json")["items"] == []


def test_after_a_planned_move(program: Program) -> None:
    program.move("acme")
    program.run("lab", "crew", "acme", "on")
    program.run("plan", "acme", "-o", "plan.json", code=None)
    program.run("apply", "plan.json", "--yes")
    recover(program, "acme")


def test_after_data_center_1_has_come_back_as_it_died(program: Program) -> None:
    program.move("globex")
    break_it(program, "globex", "dc1")
    program.run("plan", "globex", "--lost", "dc1", "-o", "plan.json", code=None)
    program.run("lab", "crew", "globex", "on")
    program.run("apply", "plan.json", "--yes")
    program.run("lab", "break", "globex", "--mend")
    recover(program, "globex")
