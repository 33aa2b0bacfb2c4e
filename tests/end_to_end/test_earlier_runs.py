"""What earlier runs of a site mean for later commands: gone on with, asked about, told as they are."""

import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from oceana_dr.lab.records import Event
from tests.end_to_end.program import Program
from tests.planning import edit

STOP = {"outcome": "cannot", "by": "ann", "observed": "the console does not load"}


def stopped_at(program: Program, step: str, target: str = "plan.json") -> None:
    """A switchover of acme that somebody stops at a step."""
    program.move("acme")
    plan = program.json("plan", "acme", "--format", "json", "-o", "plan.json")
    answers = program.answers(plan, **{step.replace(".", "_"): STOP})
    program.run("apply", target, "--yes", "--answers", str(answers), code=4)
    program.answers(plan)


@contextmanager
def running(program: Program, *more: str) -> Iterator[subprocess.Popen[str]]:
    """An apply that waits for a lab whose clock hardly moves."""
    with subprocess.Popen(
        program.command("apply", "plan.json", "--yes", "--answers", "answers.json", *more),
        cwd=program.root,
        env=program.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if "P10" in line and "waits" in line:
                break
        yield process
        process.kill()
        process.communicate()


def slow(program: Program) -> None:
    """A planned switchover in a lab that takes its time."""
    program.move("acme")
    program.answers(program.json("plan", "acme", "--format", "json", "-o", "plan.json"))
    edit(program.root / "oceana-dr.yaml", ("time_scale: 20000 ", "time_scale: 60 "))


def test_a_site_goes_on_with_the_run_that_was_begun_for_it(tmp_path: Path) -> None:
    program = Program(tmp_path)
    stopped_at(program, "P12.acm", target="acme")
    done = program.run("apply", "acme", "--yes", "--answers", "answers.json")
    assert "going on with its plan" in done.stderr
    (row,) = program.json("history", "acme", "--format", "json")
    assert row["state"] == "finished"


def test_a_site_that_was_changed_since_is_planned_anew(tmp_path: Path) -> None:
    program = Program(tmp_path)
    stopped_at(program, "P04", target="acme")
    path = program.root / "sites/acme/site.yaml"
    path.write_text(path.read_text().replace("operational: dc2", "operational: dc1"))
    done = program.run("apply", "acme", "--yes", "--answers", "answers.json", code=None)
    assert "going on with its plan" not in done.stderr


def backups(program: Program) -> list[Event]:
    """Every time that the backup of UCMService was begun."""
    return [event for event in program.acts("acme") if "ucm" in str(event.detail["action"].get("run"))]


def test_a_new_plan_does_not_do_again_what_an_earlier_run_left_in_doubt(tmp_path: Path) -> None:
    program = Program(tmp_path)
    slow(program)
    edit(program.root / "oceana-dr.yaml", ("time_scale: 60 ", "time_scale: 3000 "))
    with subprocess.Popen(
        program.command("apply", "plan.json", "--yes", "--answers", "answers.json"),
        cwd=program.root,
        env=program.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if "P12.ucm" in line and "▶" in line:
                break
        while not backups(program) and process.poll() is None:
            time.sleep(0.01)
        process.kill()
        process.communicate()
    program.json("plan", "acme", "--format", "json", "-o", "new.json")
    done = program.run("apply", "new.json", "--yes", code=8)
    assert "P12.ucm" not in [line.split()[2] for line in done.stderr.splitlines() if "done and read back" in line]
    assert len(backups(program)) == 1, "the backup was begun once, by the first run"


def test_a_killed_run_is_called_interrupted_and_a_living_one_running(tmp_path: Path) -> None:
    program = Program(tmp_path)
    slow(program)
    with running(program) as process:
        (row,) = program.json("history", "acme", "--format", "json")
        assert row["state"] == "running"
        process.send_signal(signal.SIGKILL)
        process.wait()
        (row,) = program.json("history", "acme", "--format", "json")
        assert row["state"] == "interrupted"
        assert program.json("report", row["run"], "--format", "json")["outcome"] == "not ended"


def test_nothing_is_reset_or_taken_back_under_a_living_run(tmp_path: Path) -> None:
    program = Program(tmp_path)
    slow(program)
    with running(program):
        (row,) = program.json("history", "acme", "--format", "json")
        program.run("lab", "reset", "acme", code=6)
        program.run("rollback", row["run"], code=6)
    program.run("lab", "reset", "acme")


def test_a_run_is_taken_back_once(tmp_path: Path) -> None:
    program = Program(tmp_path)
    stopped_at(program, "P11")
    run = program.json("history", "acme", "--format", "json")[0]["run"]
    undo = program.json("rollback", run, "-o", "undo.json", "--format", "json")
    program.run("apply", "undo.json", "--yes", "--answers", str(program.answers(undo)))
    assert "taken back already" in program.run("rollback", run, code=3).stderr


def test_answers_for_steps_that_the_plan_does_not_have_are_named(tmp_path: Path) -> None:
    program = Program(tmp_path)
    program.move("acme")
    plan = program.json("plan", "acme", "--format", "json", "-o", "plan.json")
    program.answers(plan, P99=STOP, P01=STOP)
    done = program.run("apply", "plan.json", "--yes", "--answers", "answers.json", code=4)
    assert "does not have: P99." in done.stderr
