"""A wholly new site: nothing is there, one plan builds both data centres, and afterwards there is nothing to do."""

from pathlib import Path

from oceana_dr.operations.starting import seed_text
from tests.end_to_end.program import Program
from tests.planning import plan_case
from tests.scenarios.estates import begin


def new_site(folder: Path, site: str) -> Program:
    """The example project, its lab with neither data centre in it."""
    program = Program(folder)
    made = plan_case(site, "dc1").compiled
    (program.root / "sites" / site / "lab.seed.json").write_text(
        seed_text(made, begin("nothing", lambda _: made)), "utf-8"
    )
    return program


def test_a_crew_builds_both_data_centres_and_the_site_can_move(tmp_path: Path) -> None:
    program = new_site(tmp_path, "acme")
    program.run("plan", "acme", "-o", "plan.json", "--detailed-exitcode", code=2)
    program.run("verify", "plan.json")
    program.run("lab", "crew", "acme", "on")
    done = program.run("apply", "acme", "--yes")
    assert "finished" in done.stderr
    program.run("plan", "acme", "--detailed-exitcode")
    program.run("drift", "acme")
    program.move("acme")
    plan = program.json("plan", "acme", "--format", "json")
    assert plan["scenario"] == "planned-switchover"
    assert [item for item in plan["findings"] if item["severity"] == "refuse"] == []


def test_scripted_answers_build_them(tmp_path: Path) -> None:
    program = new_site(tmp_path, "globex")
    plan = program.json("plan", "globex", "--format", "json", "-o", "plan.json")
    assert plan["scenario"] == "initial-deployment"
    program.run("verify", "plan.json")
    program.run("apply", "plan.json", "--yes", "--answers", str(program.answers(plan)))
    assert program.json("plan", "globex", "--format", "json", "--detailed-exitcode")["steps"] == []
    program.run("drift", "globex")
    (row,) = program.json("history", "globex", "--format", "json")
    assert row["state"] == "finished"
