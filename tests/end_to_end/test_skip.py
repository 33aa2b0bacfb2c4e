"""A step is skipped from the command line: exit code, history, drift, the plan afterwards say so."""

import json
from pathlib import Path

from tests.end_to_end.program import Program

SKIP = "A01: {outcome: skip, by: ines, second: jon, reason: the console is down, waiver: [S-68]}\n"


def test_a_skipped_step_is_reported_everywhere_and_planned_again(tmp_path: Path) -> None:
    program = Program(tmp_path)
    program.run("lab", "set", "acme", "dc1/workflow/Chat", "MaintenanceMode=true", "--as", "Mallory")
    program.run("plan", "acme", "-o", "plan.json")
    (program.root / "answers.yaml").write_text(SKIP, "utf-8")
    done = program.run("apply", "plan.json", "--yes", "--answers", "answers.yaml", code=4)
    assert "Ended, not complete: 0 of 1 steps" in done.stderr
    assert "skipped: A01. oceana-dr plan acme shows what is still to be done" in done.stderr
    history = " ".join(program.run("history", "acme").stdout.split())
    assert " incomplete " in history
    assert "Skipped: A01 Chat workflow in Frankfurt, by ines and jon in run " in history
    assert "the console is down; waived: S-68" in history
    (left,) = json.loads(program.run("drift", "acme", "--format", "json", code=2).stdout)["skipped"]
    assert (left["step"], left["by"], left["second"], left["waived"]) == ("A01", "ines", "jon", ["S-68"])
    program.run("plan", "acme", "-o", "again.json", "--detailed-exitcode", code=2)
    program.run("lab", "crew", "acme")
    program.run("apply", "again.json", "--yes")
    assert "Skipped" not in program.run("history", "acme").stdout
