"""A silence, from the site file to the exit code, the JSON and the plan."""

import json
from pathlib import Path

from tests.end_to_end.program import Program
from tests.planning import edit


def silenced(program: Program, entry: str) -> None:
    edit(program.root / "sites/globex/site.yaml", ("change_windows:", f"silences:\n  - {{{entry}}}\nchange_windows:"))


def test_a_silenced_rule_is_counted_and_its_reason_told_to_machines(tmp_path: Path) -> None:
    program = Program(tmp_path)
    edit(program.root / "sites/globex/site.yaml", ("agents: 250", "agents: 620"))
    assert "error[OD2101]" in program.run("validate", "globex", code=1).stdout
    program.run("plan", "globex", code=1)
    silenced(program, 'rule: OD2101, reason: "620 agents, confirmed by Avaya in March"')
    assert program.run("validate", "globex").stdout == "globex: valid, 1 silenced\n"
    (found,) = json.loads(program.run("validate", "globex", "--format", "json").stdout)
    assert (found["name"], found["silenced"]) == ("webrtc-agent-limit", "620 agents, confirmed by Avaya in March")
    program.run("plan", "globex")


def test_a_silenced_notice_is_gone_from_plans_and_nothing_else(tmp_path: Path) -> None:
    program = Program(tmp_path)
    before = program.run("plan", "globex", "--operational", "dc2").stdout
    silenced(program, "rule: reporting-data-loss, reason: the controllers know")
    after = program.run("plan", "globex", "--operational", "dc2").stdout
    assert "OD2227" in before
    assert "OD2227" not in after
    assert "OD2122" in after
    assert program.run("validate", "globex").stdout == "globex: valid\n"


def test_a_rule_is_explained_by_its_code_and_by_its_id(tmp_path: Path) -> None:
    program = Program(tmp_path)
    by_code = program.run("explain", "od2101").stdout
    assert by_code == program.run("explain", "webrtc-agent-limit").stdout
    assert by_code.startswith("error[OD2101]: at most 500 WebRTC agents\n")
    assert "did you mean webrtc-agent-limit?" in program.run("explain", "webrtc-agents-limit", code=1).stderr
    rows = json.loads(program.run("catalogue", "rules", "--format", "json").stdout)
    (row,) = [row for row in rows if row["id"] == "webrtc-agent-limit"]
    assert (row["kind"], row["code"], row["subject"], row["may_be_silenced"]) == ("rule", "OD2101", "site", True)
