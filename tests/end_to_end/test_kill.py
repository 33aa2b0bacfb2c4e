"""The real process killed at random moments of a switchover: nothing twice, nothing lost, and it gets to its end."""

import random
import signal
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from oceana_dr.operations.runs import find_run
from oceana_dr.source.project import open_project
from oceana_dr.store.records import Done
from tests import warm
from tests.end_to_end.program import Program
from tests.planning import SITES

KILLS = 14
SCALES = (1800, 900, 450)  # of the lab's clock: the faster the machine, the sooner a run is over, the slower the clock
PATIENCE_S = 30


def size_of(folder: Path) -> int:
    """How much stands in the journals: it tells when a process has got to its work."""
    return sum(path.stat().st_size for path in folder.rglob("*.journal"))


def killed(program: Program, command: list[str], delay_s: float, *, working: bool) -> int | None:
    """Start the run and kill it; None, or its exit code if it ended before that."""
    journals = program.root / ".oceana-dr/runs"
    before = size_of(journals)
    running = warm.begin(command, program.root, program.environment)
    deadline = time.monotonic() + PATIENCE_S
    while working and size_of(journals) == before and running.runs() and time.monotonic() < deadline:
        time.sleep(0.005)
    done = running.end(killed_after_s=delay_s)
    if done.returncode == -signal.SIGKILL:
        return None
    assert "Traceback" not in done.stderr, done.stderr
    assert done.returncode in {0, 4, 8}, done.stderr
    return done.returncode


def kill_often(program: Program, command: list[str], chance: random.Random) -> int:
    """Start and kill the run until it was killed often enough or got to its end; how often it was killed."""
    kills = 0
    while kills < KILLS:
        # One in four anywhere, start and resumption included; the others while steps are being done.
        working = chance.random() < 0.75
        code = killed(program, command, chance.uniform(0, 0.2 if working else 0.3), working=working)
        if code == 0:
            break
        kills += code is None
    return kills


@pytest.mark.parametrize(("site", "target"), [*((site, "plan.json") for site in SITES), ("acme", "acme")])
def test_killed_at_any_moment_it_does_nothing_twice_and_loses_nothing(site: str, target: str, tmp_path: Path) -> None:
    """The saved plan is gone on with, and so is a site: neither begins anew what was begun."""
    kills = 0
    for scale in SCALES:
        program, chance = Program(tmp_path / str(scale), scale=scale), random.Random(f"{site} 1")
        program.move(site)
        plan = program.json("plan", site, "--format", "json", "-o", "plan.json")
        command = ["apply", target, "--yes", "--answers", str(program.answers(plan))]
        kills = kill_often(program, command, chance)
        check_the_end(program, site, plan, command)
        if kills == KILLS:
            return
    pytest.fail(f"even with the slowest clock of the lab the run was over after {kills} kills")


def check_the_end(program: Program, site: str, plan: dict[str, Any], command: list[str]) -> None:
    program.run(*command)
    assert program.json("plan", site, "--format", "json")["steps"] == []
    program.run("drift", site)
    program.run(*command)

    procedures = Counter(event.detail["action"].get("run") for event in program.acts(site))
    once = {step["id"]: procedures[step["action"]["run"]] for step in plan["steps"] if step["class"] == "N"}
    assert set(once.values()) == {1}, once
    rows = program.json("history", site, "--format", "json")
    (row,) = [row for row in rows if done_in(program, row["run"])]
    assert done_in(program, row["run"]) == {step["id"]: 1 for step in plan["steps"]}
    assert row["state"] == "finished"
    # A site is planned anew where nothing was begun yet, and when all is done.
    assert len(rows) == 1 or command[1] == site


def done_in(program: Program, run: str) -> Counter[str]:
    """How often each step was done in a run."""
    entries = find_run(open_project(program.root), run).entries
    return Counter(entry.record.step for entry in entries if isinstance(entry.record, Done))
