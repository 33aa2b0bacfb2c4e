"""Moves whose Oracle steps go through dgmgrl, of which a stand-in replays dialogues; everything else is the lab."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from oceana_dr.drivers.dataguard.stand_in import StandIn, make_stand_in
from tests.end_to_end.program import Program
from tests.end_to_end.test_outage import break_it
from tests.end_to_end.test_recovery import back
from tests.planning import edit

FASTER = 100_000
SITE = "globex"
PASSWORD = "Canary-4d1e-of-Oracle"
_OPTIONS = """\
  operator: {{}}
  dataguard:
    program: {program}
    user: sys
    secret: env:GLOBEX_ORACLE_PASSWORD
    settle_s: 0.2
"""


@pytest.fixture
def oracle(tmp_path: Path) -> StandIn:
    return make_stand_in(tmp_path / "oracle", password=PASSWORD)


@pytest.fixture
def program(oracle: StandIn, tmp_path: Path) -> Program:
    """The example project, whose databases the driver `dataguard` serves, and a switchover to come."""
    found = Program(tmp_path, scale=FASTER)
    found.environment["GLOBEX_ORACLE_PASSWORD"] = PASSWORD
    edit(found.root / "oceana-dr.yaml", ("  operator: {}\n", _OPTIONS.format(program=oracle.program)))
    site = found.root / "sites" / SITE / "site.yaml"
    site.write_text(f"{site.read_text('utf-8')}drivers: {{dc1/oracle: dataguard, dc2/oracle: dataguard}}\n", "utf-8")
    found.move(SITE)
    return found


def own(plan: Any) -> dict[str, Any]:
    return {step["id"]: step for step in plan["steps"] if step["driver"] == "dataguard"}


def written(program: Program) -> bytes:
    return b"".join(path.read_bytes() for path in program.root.glob(".oceana-dr/**/*") if path.is_file())


def test_a_switchover_that_leaves_steps_to_people_is_never_sent_again(program: Program, oracle: StandIn) -> None:
    program.run("lab", "crew", SITE, "on")
    plan = program.json("plan", SITE, "-o", "plan.json", "--format", "json", "--detailed-exitcode", code=2)
    assert list(own(plan)) == ["P26"]
    assert {item["source"] for item in plan["live"] if item["address"].endswith("/oracle")} == {"dataguard"}

    with oracle.being("half"):
        stopped = program.run("apply", "plan.json", "--yes", code=5)
    assert "P26 Oracle Data Guard switchover was begun, and reads neither as before nor as after it" in stopped.stderr
    assert "the roles have changed, and this is left to do by hand: start up and mount instance" in stopped.stderr
    program.run("apply", "plan.json", "--yes", code=5)

    oracle.state = "dc2"  # somebody has mounted it
    program.run("apply", "plan.json", "--yes")
    assert oracle.sent == ("orcl\tSWITCHOVER TO orcl_stby",)
    again = program.json("plan", SITE, "--format", "json", "--detailed-exitcode")
    assert again["steps"] == []
    assert PASSWORD.encode() not in written(program)
    assert PASSWORD not in (program.root / "plan.json").read_text("utf-8")


def test_an_old_primary_that_has_come_back_is_reinstated_and_takes_over_again(
    program: Program, oracle: StandIn
) -> None:
    oracle.state = "lost"
    break_it(program, SITE, "dc1")
    lost = program.json("plan", SITE, "--lost", "dc1", "--format", "json", "-o", "plan.json", code=None)
    assert list(own(lost)) == ["U05.failover"]
    program.run("lab", "crew", SITE, "on")
    program.run("apply", "plan.json", "--yes")
    assert oracle.state == "failed-over"

    program.run("lab", "break", SITE, "--mend")
    back(program, SITE)
    plan = program.json("plan", SITE, "--format", "json", "-o", "back.json", code=None)
    assert [item for item in plan["findings"] if item["severity"] == "refuse"] == []
    assert list(own(plan)) == ["R03.reinstate", "R17"]
    refused = program.run("apply", "back.json", "--yes", code=4)
    assert "ORA-16653" in refused.stderr
    assert "is the old primary mounted" in " ".join(refused.stderr.split())
    oracle.state = "mounted"
    # The lab has a database of its own, which nobody asks but its people when they open the listener.
    program.run("lab", "set", SITE, "dc1/oracle", "Role=PHYSICAL STANDBY", "--force")
    program.run("apply", "back.json", "--yes")
    assert oracle.state == "dc1"
    assert oracle.sent == (
        "orcl_stby\tFAILOVER TO orcl_stby",
        "orcl_stby\tREINSTATE DATABASE orcl",
        "orcl_stby\tREINSTATE DATABASE orcl",
        "orcl_stby\tSWITCHOVER TO orcl",
    )
    assert PASSWORD.encode() not in written(program)
    assert PASSWORD not in (program.root / "plan.json").read_text("utf-8")
