"""The main job of both sites: a one-line pull request becomes an applied switchover."""

import json
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.program import Program
from tests.planning import SITES


@pytest.mark.parametrize("site", SITES)
def test_the_crew_applies_it_and_nothing_is_left(site: str, tmp_path: Path) -> None:
    program = Program(tmp_path)
    program.run("validate")
    program.run("plan", site, "--detailed-exitcode")
    program.move(site)
    program.run("plan", site, "-o", "plan.json", "--detailed-exitcode", code=2)
    program.run("verify", "plan.json")
    program.run("lab", "crew", site, "on")
    done = program.run("apply", "plan.json", "--yes")
    assert "finished" in done.stderr
    program.run("plan", site, "--detailed-exitcode")
    program.run("drift", site)
    program.run("apply", "plan.json", "--yes")
    assert done_once(program, site, json.loads((program.root / "plan.json").read_text()))


@pytest.mark.parametrize("site", SITES)
def test_scripted_answers_apply_it(site: str, tmp_path: Path) -> None:
    program = Program(tmp_path)
    program.move(site)
    plan = program.json("plan", site, "--format", "json", "-o", "plan.json")
    program.run("apply", "plan.json", "--yes", "--answers", str(program.answers(plan)))
    assert program.json("plan", site, "--format", "json")["steps"] == []
    (row,) = program.json("history", site, "--format", "json")
    assert row["state"] == "finished"
    report = program.json("report", row["run"], "--format", "json")
    assert report["outcome"] == "finished"
    assert program.run("report", row["run"]).stdout == program.run("report", row["run"]).stdout
    assert "finished" in program.run("status", site).stdout


def done_once(program: Program, site: str, plan: dict[str, Any]) -> bool:
    """Every procedure of class N was carried out exactly once."""
    procedures = Counter(event.detail["action"].get("run") for event in program.acts(site))
    for step in plan["steps"]:
        if step["class"] == "N":
            assert procedures[step["action"]["run"]] == 1, f"{step['id']}: {procedures[step['action']['run']]} times"
    return True


def test_a_site_in_the_argument_is_planned_shown_and_run(tmp_path: Path) -> None:
    program = Program(tmp_path)
    program.run("lab", "set", "acme", "dc1/smgr/cluster3/SocialConnector", "MaintenanceMode=true", "--as", "bob")
    done = program.run("apply", "acme", "--yes")
    assert "dc1" in done.stdout
    program.run("plan", "acme", "--detailed-exitcode")
    drift = program.json("drift", "acme", "--format", "json")
    assert drift["items"] == []
    assert drift["baseline"] is True


def test_the_same_edit_again_is_mended_again(tmp_path: Path) -> None:
    program = Program(tmp_path)
    program.run("apply", "acme", "--yes")
    plans = []
    for name in ("first.json", "second.json"):
        program.run("lab", "set", "acme", "dc1/smgr/cluster3/SocialConnector", "MaintenanceMode=true", "--as", "bob")
        plans.append(program.json("plan", "acme", "-o", name, "--format", "json"))
        program.run("apply", name, "--yes")
        program.run("plan", "acme", "--detailed-exitcode")
        time.sleep(1.1)  # a plan says when it was made, to the second
    assert plans[0]["id"] == plans[1]["id"], "identical inputs give an identical plan"
    program.run("apply", "first.json", "--yes")
    program.run("lab", "set", "acme", "dc1/smgr/cluster3/SocialConnector", "MaintenanceMode=true", "--as", "bob")
    program.run("apply", "first.json", "--yes", code=5)


def test_drift_names_what_somebody_edited_and_who(tmp_path: Path) -> None:
    program = Program(tmp_path)
    program.run("apply", "acme", "--yes")
    program.run(
        "lab", "set", "acme", "dc2/smgr/cluster3/EmailService", "Deployment status of emailmanager=true", "--as", "bob"
    )
    done = program.run("drift", "acme", code=2)
    assert "dc2/smgr/cluster3/EmailService#Deployment status of emailmanager" in done.stdout
    assert "bob" in done.stdout
    plan = program.json("plan", "acme", "--format", "json")
    (step,) = plan["steps"]
    assert step["change"]["reason"] == "drift"


def test_a_plan_against_a_snapshot_needs_no_estate(tmp_path: Path) -> None:
    program = Program(tmp_path)
    program.run("snapshot", "globex", "-o", "live.json")
    program.run("lab", "break", "globex", "gateway-down")
    program.run("plan", "globex", code=1)
    plan = program.json("plan", "globex", "--operational", "dc2", "--live", "live.json", "--format", "json")
    assert plan["scenario"] == "planned-switchover"
    again = program.json("plan", "globex", "--operational", "dc2", "--live", "live.json", "--format", "json")
    assert plan["id"] == again["id"], "identical inputs give an identical plan"


def test_what_moved_since_the_plan_stops_it_and_is_named(tmp_path: Path) -> None:
    program = Program(tmp_path)
    program.move("acme")
    plan = program.json("plan", "acme", "--format", "json", "-o", "plan.json")
    program.run("lab", "set", "acme", "dc2/smgr/cluster1/CallServerConnector", "Deploy CSC=true", "--as", "bob")
    done = program.run("apply", "plan.json", "--yes", "--answers", str(program.answers(plan)), code=5)
    assert "dc2/smgr/cluster1/CallServerConnector#Deploy CSC" in done.stderr


def test_without_an_answer_a_run_waits_and_goes_on_later(tmp_path: Path) -> None:
    program = Program(tmp_path)
    program.move("acme")
    plan = program.json("plan", "acme", "--format", "json", "-o", "plan.json")
    done = program.run("apply", "plan.json", "--yes", code=8)
    assert "P01" in done.stderr
    assert "waiting" in program.run("status", "acme").stdout.lower()
    program.run("apply", "plan.json", "--yes", "--answers", str(program.answers(plan)))
    (row,) = program.json("history", "acme", "--format", "json")
    assert row["state"] == "finished"


def test_a_person_who_says_no_stops_the_run(tmp_path: Path) -> None:
    program = Program(tmp_path)
    program.move("acme")
    plan = program.json("plan", "acme", "--format", "json", "-o", "plan.json")
    refused = {"outcome": "fail", "by": "ann", "observed": "two calls still ring"}
    program.run("apply", "plan.json", "--yes", "--answers", str(program.answers(plan, P11=refused)), code=4)
    report = program.run("report", program.json("history", "acme", "--format", "json")[0]["run"]).stdout
    assert "two calls still ring" in report
    program.run("apply", "plan.json", "--yes", "--answers", str(program.answers(plan)))


def test_a_second_person_is_needed_where_the_plan_says_so(tmp_path: Path) -> None:
    program = Program(tmp_path)
    program.move("acme")
    plan = program.json("plan", "acme", "--format", "json", "-o", "plan.json")
    alone = {"outcome": "confirm", "by": "ann", "second": "ann", "observed": "done"}
    done = program.run("apply", "plan.json", "--yes", "--answers", str(program.answers(plan, P01=alone)), code=8)
    assert "P01" in done.stderr


def test_a_confirmation_without_the_deed_is_caught(tmp_path: Path) -> None:
    program = Program(tmp_path)
    program.move("acme")
    plan = program.json("plan", "acme", "--format", "json", "-o", "plan.json")
    program.run("lab", "break", "acme", "people-confirm-without-doing:dc1/workflow")
    done = program.run("apply", "plan.json", "--yes", "--answers", str(program.answers(plan)), code=None)
    assert done.returncode in {4, 8}
    assert "P06.ed" in done.stderr


def test_before_the_point_of_no_return_a_run_is_undone_through_the_same_gates(tmp_path: Path) -> None:
    program = Program(tmp_path)
    program.move("globex")
    plan = program.json("plan", "globex", "--format", "json", "-o", "plan.json")
    stop = {"outcome": "cannot", "by": "ann", "observed": "Server B does not answer"}
    program.run("apply", "plan.json", "--yes", "--answers", str(program.answers(plan, P22=stop)), code=4)
    run = program.json("history", "globex", "--format", "json")[0]["run"]
    undo = program.json("rollback", run, "-o", "undo.json", "--format", "json")
    assert undo["undoes"] == run
    assert {"undo.P17", "undo.P20.activate", "undo.P14.shutdown"} <= {step["id"] for step in undo["steps"]}
    assert undo["proof"]["violations"] == 0
    program.run("verify", "undo.json")
    program.run("apply", "undo.json", "--yes", "--answers", str(program.answers(undo)))
    path = program.root / "sites/globex/site.yaml"
    path.write_text(path.read_text().replace("operational: dc2", "operational: dc1"))
    assert program.json("plan", "globex", "--format", "json")["steps"] == []


def test_a_run_that_was_taken_back_is_not_gone_on_with(tmp_path: Path) -> None:
    program = Program(tmp_path)
    program.move("acme")
    plan = program.json("plan", "acme", "--format", "json", "-o", "plan.json")
    stop = {"outcome": "fail", "by": "ann", "observed": "we turn back"}
    program.run("apply", "plan.json", "--yes", "--answers", str(program.answers(plan, P11=stop)), code=4)
    run = program.json("history", "acme", "--format", "json")[0]["run"]
    undo = program.json("rollback", run, "-o", "undo.json", "--format", "json")
    program.run("apply", "undo.json", "--yes", "--answers", str(program.answers(undo)))
    assert program.json("history", "acme", "--format", "json")[0]["state"] == "taken back"
    program.run("apply", "plan.json", "--yes", "--answers", str(program.answers(plan)))
    states = [row["state"] for row in program.json("history", "acme", "--format", "json")]
    assert states == ["taken back", "finished", "finished"], "the switchover tried again is a run of its own"


def test_an_edit_while_a_run_was_stopped_stops_it_from_going_on(tmp_path: Path) -> None:
    program = Program(tmp_path)
    program.move("acme")
    plan = program.json("plan", "acme", "--format", "json", "-o", "plan.json")
    program.run("apply", "plan.json", "--yes", code=8)
    mail = "Deployment status of emailmanager"
    program.run("lab", "set", "acme", "dc2/smgr/cluster3/EmailService", f"{mail}=true", "--as", "mallory")
    done = program.run("apply", "plan.json", "--yes", "--answers", str(program.answers(plan)), code=5)
    assert f"dc2/smgr/cluster3/EmailService#{mail}" in done.stderr


def test_after_the_point_of_no_return_a_rollback_says_why_not(tmp_path: Path) -> None:
    program = Program(tmp_path)
    program.move("acme")
    plan = program.json("plan", "acme", "--format", "json", "-o", "plan.json")
    stop = {"outcome": "cannot", "by": "ann", "observed": "the portal does not load"}
    program.run("apply", "plan.json", "--yes", "--answers", str(program.answers(plan, P36=stop)), code=4)
    run = program.json("history", "acme", "--format", "json")[0]["run"]
    done = program.run("rollback", run, code=3)
    assert "P23" in done.stderr
    assert "recovery" in done.stderr


def test_the_json_events_of_a_run_are_lines(tmp_path: Path) -> None:
    program = Program(tmp_path)
    program.run("lab", "set", "acme", "dc1/smgr/cluster3/SocialConnector", "MaintenanceMode=true")
    lines = program.run("apply", "acme", "--yes", "--json").stdout.splitlines()
    events = [json.loads(line)["type"] for line in lines]
    assert events[:2] == ["called", "run-started"]
    assert events[-1] == "finished"


@pytest.mark.parametrize("first", [("lab", "crew", "acme"), ("apply", "acme", "--yes")])
def test_what_is_remembered_is_private_whichever_command_comes_first(tmp_path: Path, first: tuple[str, ...]) -> None:
    program = Program(tmp_path)
    program.run(*first)
    program.run("apply", "acme", "--yes")
    state = program.root / ".oceana-dr"
    open_to_others = [path for path in (state, *state.rglob("*")) if path.stat().st_mode & 0o077]
    assert open_to_others == []
