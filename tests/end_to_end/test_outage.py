"""Data Center 1 is lost: everything needed to take over works without its names, its secrets and a git remote (N22)."""

import json
import re
from pathlib import Path

import pytest

from oceana_dr.lab.lab import open_lab
from tests.end_to_end.program import Program
from tests.planning import SITES

NO_NAMES = """\
import socket


def refuse(host, *arguments, **names):
    raise socket.gaierror(f"{host} cannot be resolved")


socket.getaddrinfo = socket.gethostbyname = refuse
"""


def break_it(program: Program, site: str, *prefixes: str) -> None:
    """These systems are dead, and the estate has had a few minutes to react."""
    for prefix in prefixes:
        program.run("lab", "break", site, f"unreachable:{prefix}")
    lab = open_lab(program.root / ".oceana-dr", program.root / "sites", site)
    before = lab.time()[0]
    while lab.time()[0] < before + 180:  # of the lab's clock: a hundredth of a second
        pass


@pytest.fixture
def alone(tmp_path: Path) -> Program:
    """The program on a machine that resolves no name, knows no secret and has no git."""
    program = Program(tmp_path)
    site = tmp_path / "python"
    site.mkdir()
    (site / "sitecustomize.py").write_text(NO_NAMES)
    program.environment["PYTHONPATH"] += f":{site}"
    program.environment["PATH"] = str(tmp_path)
    return program


@pytest.mark.parametrize("site", SITES)
def test_the_other_data_centre_takes_over(site: str, alone: Program) -> None:
    alone.move(site)
    break_it(alone, site, "dc1")
    plan = alone.json("plan", site, "--lost", "dc1", "--format", "json", "-o", "plan.json", code=None)
    assert [item for item in plan["findings"] if item["severity"] == "refuse"] == []
    assert (plan["scenario"], plan["lost"]) == ("unplanned-outage", ["dc1"])
    alone.run("verify", "plan.json")
    text = alone.run("show", "plan.json").stdout
    assert "declared lost: dc1" in " ".join(text.split())
    alone.run("lab", "crew", site, "on")
    alone.run("apply", "plan.json", "--yes")
    assert alone.json("plan", site, "--format", "json")["steps"] == []
    # What outlives the run is said wherever somebody may look: what is owed, and the times that run.
    for command in ("status", "drift", "history"):
        said = " ".join(alone.run(command, site, code=None).stdout.split())
        assert "before the fence is lifted: cluster group to STANDBY" in said, command
        assert "Timer: administration is frozen:" in said, command
        assert ("the old Oracle primary is reinstated: 24 h left" in said) is (site == "globex"), command
    told = alone.json("status", site, "--format", "json")
    assert {item["id"] for item in told["owed"]} == {item["id"] for item in plan["owed"]}
    assert {item["id"] for item in told["timers"]} == {item["id"] for item in plan["timers"]}
    # It comes back as it died, behind its fence: nothing changes for who is in service.
    alone.run("lab", "break", site, "--mend")
    again = alone.json("plan", site, "--format", "json")
    assert (again["steps"], [item for item in again["findings"] if item["severity"] == "refuse"]) == ([], [])
    assert {item["id"] for item in again["owed"]} == {item["id"] for item in plan["owed"]}
    alone.run("apply", "plan.json", "--yes")


def test_oceana_moves_alone(alone: Program) -> None:
    """Other topologies move where names can be resolved: in the acceptance of every scenario."""
    site = "globex"
    alone.move(site)
    break_it(alone, site, "dc1/cluster-activity", "dc1/cluster", "dc1/service", "dc1/queues", "dc1/sessions")
    plan = alone.json("plan", site, "--format", "json", "-o", "plan.json")
    assert plan["scenario"] == "oceana-outage"
    alone.run("lab", "crew", site, "on")
    alone.run("apply", "plan.json", "--yes")
    assert alone.json("plan", site, "--format", "json")["steps"] == []


def test_one_person_is_not_two_observers(alone: Program) -> None:
    alone.move("acme")
    break_it(alone, "acme", "dc1")
    plan = alone.json("plan", "acme", "--format", "json", "-o", "plan.json")
    answers = str(alone.answers(plan))
    stopped = alone.run("apply", "plan.json", "--yes", "--answers", answers, code=8)
    asked = re.search(r"somebody else has to confirm (U00.observer-[12])", stopped.stderr)
    assert asked is not None, stopped.stderr
    other = {"outcome": "confirm", "by": "cleo", "observed": "nothing answers", "evidence": "call 12"}
    told = json.loads(Path(answers).read_text())
    Path(answers).write_text(json.dumps({**told, asked[1]: other}))
    alone.run("apply", "plan.json", "--yes", "--answers", answers)


def test_what_was_declared_lost_and_answers_makes_the_plan_stale(alone: Program) -> None:
    alone.move("acme")
    plan = alone.json("plan", "acme", "--lost", "dc1", "--format", "json", "-o", "plan.json")
    assert "OD2016" in {item["code"] for item in plan["findings"]}
    alone.run("lab", "crew", "acme", "on")
    stale = alone.run("apply", "plan.json", "--yes", code=5)
    assert "declared lost" in stale.stderr
    assert "behind no fence" in stale.stderr
