"""The contract's table of exit codes, one row for each way to end that a user can meet now."""

import json
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.end_to_end.program import Program
from tests.planning import edit

EDIT = ("lab", "set", "acme", "dc1/smgr/cluster3/SocialConnector", "MaintenanceMode=true", "--as", "bob")
REFUSES = {"outcome": "fail", "by": "ann", "observed": "two calls still ring"}


def nothing(_: Program) -> None:
    """The project as it is."""


def edited(program: Program) -> None:
    program.run(*EDIT)


def planned(program: Program) -> None:
    """A switchover in plan.json, and people who confirm all of it in answers.json."""
    program.move("acme")
    program.answers(program.json("plan", "acme", "--format", "json", "-o", "plan.json"))


def doubted(program: Program) -> None:
    planned(program)
    program.answers(json.loads((program.root / "plan.json").read_text()), P01=REFUSES)


def overtaken(program: Program) -> None:
    planned(program)
    program.run("lab", "set", "acme", "dc2/smgr/cluster1/CallServerConnector", "Deploy CSC=true", "--as", "bob")


def applied(program: Program) -> None:
    planned(program)
    program.run("apply", "plan.json", "--yes", "--answers", "answers.json")


def applied_and_edited(program: Program) -> None:
    applied(program)
    program.run("lab", "set", "acme", "dc2/smgr/cluster3/SocialConnector", "MaintenanceMode=true", "--as", "bob")


def broken(program: Program) -> None:
    edit(program.root / "sites/acme/site.yaml", ("operational: dc1", "operational: dc3"))


def unheard(program: Program) -> None:
    program.run("lab", "break", "acme", "gateway-down")


def two_active(program: Program) -> None:
    """An estate in which no plan that is built can be made."""
    program.run("lab", "set", "acme", "dc2/cluster-activity", "status=ACTIVE", "--force")


def tampered(program: Program) -> None:
    """A plan whose proof does not hold, with the right id."""
    from tests.end_to_end.hostile import changed

    planned(program)
    path = program.root / "plan.json"
    plan = json.loads(path.read_text())
    path.write_text(json.dumps(changed(plan, ("proof", "states"), 1)))


def lagging(program: Program) -> None:
    """A plan that a check of its own refuses when it is run."""
    planned(program)
    program.run("lab", "set", "acme", "dc2/cluster/1/state", "nodes=Mixed", "--force")
    program.answers(program.json("plan", "acme", "--format", "json", "-o", "plan.json"))


@dataclass(frozen=True)
class Row:
    """What was done before, the command, its code, and what it says or leaves."""

    before: Callable[[Program], None]
    line: str
    code: int
    says: str = ""
    leaves: str | None = None


APPLY = "apply plan.json --yes --answers answers.json"
TABLE = (
    Row(nothing, "--version", 0, "oceana-dr"),
    Row(nothing, "--help", 0, "Commands"),
    Row(nothing, "validate", 0, "valid"),
    Row(nothing, "plan acme", 0, "nothing to do"),
    Row(nothing, "plan acme --detailed-exitcode", 0, "nothing to do"),
    Row(nothing, "drift acme", 0, "no drift"),
    Row(nothing, "drill acme --scenario split-wan --at-rest --faults 1", 0, "drill passed"),
    Row(edited, "plan acme -o out.json", 0, "1 change", "out.json"),
    Row(planned, "verify plan.json", 0, "holds"),
    Row(planned, APPLY, 0, "finished"),
    Row(applied, APPLY, 0),
    Row(applied, "plan acme --detailed-exitcode", 0, "nothing to do"),
    Row(broken, "validate", 1, "OD1104"),
    Row(broken, "plan acme -o out.json", 1, "OD1104"),
    Row(nothing, "plan acme --no-such-option", 1, "no-such-option"),
    Row(nothing, "no-such-command", 1, "no-such-command"),
    Row(nothing, "plan", 1, "SITE"),
    Row(nothing, "show no-such-file.json", 1, "OD1505"),
    Row(unheard, "plan acme", 1, "does not answer"),
    Row(edited, "plan acme --detailed-exitcode -o out.json", 2, "1 change", "out.json"),
    Row(edited, "drift acme", 2, "bob"),
    Row(nothing, "plan acme --operational dc2 --detailed-exitcode", 2, "planned switchover"),
    Row(two_active, "plan acme --detailed-exitcode -o out.json", 3, "Refused", "out.json"),
    Row(nothing, "plan acme --scenario recovery -o out.json", 3, "does not fit", "out.json"),
    Row(nothing, "plan acme --scenario planned-switchover --detailed-exitcode", 3, "does not fit"),
    Row(nothing, "drill acme", 3, "nothing to drill"),
    Row(tampered, "verify plan.json", 3, "does not hold"),
    Row(nothing, "lab set acme dc1/smgr/cluster3/SocialConnector MaintenanceMode=maybe", 3, "the console refuses"),
    Row(doubted, APPLY, 4, "two calls still ring"),
    Row(overtaken, APPLY, 5, "Deploy CSC"),
    Row(applied_and_edited, APPLY, 5, "MaintenanceMode"),
    Row(nothing, "drill acme --level tabletop --scenario split-wan", 8, "W00"),
    Row(planned, "apply plan.json --yes", 8, "P01"),
    Row(planned, "apply plan.json", 8, "--yes"),
)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.code}-{row.before.__name__}-{row.line.replace('/', '_')}")
def test_the_table(row: Row, tmp_path: Path) -> None:
    program = Program(tmp_path)
    row.before(program)
    done = program.run(*row.line.split(), code=row.code)
    assert row.says in done.stdout + done.stderr
    if row.code not in {0, 2, 3}:
        assert "error" in (done.stdout + done.stderr).casefold()
    assert (program.root / "out.json").exists() is (row.leaves is not None)


def test_every_code_that_can_occur_stands_in_the_table() -> None:
    alone = {6}  # needs a second process: below
    assert {row.code for row in TABLE} | alone == {0, 1, 2, 3, 4, 5, 6, 8}


def test_a_refused_plan_is_written_and_not_run(tmp_path: Path) -> None:
    program = Program(tmp_path)
    two_active(program)
    program.run("plan", "acme", "-o", "plan.json", code=3)
    program.run("show", "plan.json")
    done = program.run("apply", "plan.json", "--yes", code=3)
    assert "explain OD" in done.stderr
    program.run("apply", "acme", "--yes", code=3)
    assert [
        event for event in program.acts("acme") if event.actor != "lab" and "edit/" not in event.detail["key"]
    ] == []


def test_an_error_comes_before_a_refusal_and_a_refusal_before_a_change(tmp_path: Path) -> None:
    program = Program(tmp_path)
    edited(program)
    two_active(program)
    program.run("plan", "acme", "--detailed-exitcode", code=3)
    program.run("plan", "acme", "--detailed-exitcode", "-o", "/nowhere/plan.json", code=1)


@contextmanager
def waiting(program: Program) -> Iterator[subprocess.Popen[str]]:
    """A run in another process that waits for people, as long as it takes them."""
    command = program.command("apply", "plan.json", "--yes", "--wait", "--operator", "ann")
    with subprocess.Popen(
        command, cwd=program.root, env=program.environment, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stderr is not None
            assert any("asks two people" in line for line in process.stderr)
            yield process
        finally:
            process.kill()


def test_a_site_that_another_process_runs_is_locked(tmp_path: Path) -> None:
    program = Program(tmp_path)
    planned(program)
    with waiting(program) as other:
        for line in (APPLY, "apply acme --yes"):
            done = program.run(*line.split(), code=6)
            assert "ann" in done.stderr
            assert str(other.pid) in done.stderr
        program.run("plan", "acme")
        assert "asked     P01 " in program.run("status", "acme").stdout
        program.run("apply", "globex", "--yes")  # another site is another lock
        other.send_signal(signal.SIGTERM)
        assert other.stderr is not None
        assert "SIGTERM" in other.stderr.read()
        assert other.wait(20) == 4
    done = program.run("apply", "plan.json", "--yes", code=8)
    assert "waits for a person" in done.stderr


def test_a_lock_of_a_dead_process_is_taken_over(tmp_path: Path) -> None:
    program = Program(tmp_path)
    planned(program)
    with waiting(program) as other:
        other.kill()
        other.wait()
    program.run("apply", "plan.json", "--yes", code=8)


def test_a_move_without_people_stops_before_it_changes_anything(tmp_path: Path) -> None:
    """No automatic switchover (manual, line 2282): `--yes` says that the plan may run, and answers no gate."""
    program = Program(tmp_path)
    program.move("globex")
    before = program.json("snapshot", "globex")["resources"]
    done = program.run("apply", "globex", "--yes", code=8)
    assert "P01" in done.stderr
    assert program.json("snapshot", "globex")["resources"] == before
