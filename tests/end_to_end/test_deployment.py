"""A wholly new site: nothing is there, one plan builds both data centres, and afterwards there is nothing to do."""

from pathlib import Path

import pytest

from oceana_dr.operations.starting import seed_text
from tests.end_to_end.program import Program
from tests.planning import SITES, plan_case
from tests.scenarios.estates import begin


def new_site(folder: Path, site: str) -> Program:
    """The example project, its lab with neither data centre in it."""
    program = Program(folder)
    made = plan_case(site, "dc1").compiled
    (program.root / "sites" / site / "lab.seed.json").write_text(
        seed_text(made, begin("nothing", lambda _: made)), "utf-8"
    )
    return program


@pytest.mark.parametrize("site", SITES)
def test_both_data_centres_are_built(site: str, tmp_path: Path) -> None:
    program = new_site(tmp_path, site)
    program.run("plan", site, "-o", "plan.json", "--detailed-exitcode", code=2)
    program.run("verify", "plan.json")
    program.run("lab", "crew", site, "on")
    done = program.run("apply", "plan.json", "--yes")
    assert "finished" in done.stderr
    program.run("plan", site, "--detailed-exitcode")
    program.run("drift", site)


def test_scripted_answers_build_them(tmp_path: Path) -> None:
    program = new_site(tmp_path, "globex")
    plan = program.json("plan", "globex", "--format", "json", "-o", "plan.json")
    assert plan["scenario"] == "initial-deployment"
    program.run("apply", "plan.json", "--yes", "--answers", str(program.answers(plan)))
    assert program.json("plan", "globex", "--format", "json")["steps"] == []
    (row,) = program.json("history", "globex", "--format", "json")
    assert row["state"] == "finished"


def test_the_new_site_can_move(tmp_path: Path) -> None:
    program = new_site(tmp_path, "acme")
    program.run("lab", "crew", "acme", "on")
    program.run("apply", "acme", "--yes")
    program.move("acme")
    plan = program.json("plan", "acme", "--format", "json")
    assert plan["scenario"] == "planned-switchover"
    assert [item for item in plan["findings"] if item["severity"] == "refuse"] == []
