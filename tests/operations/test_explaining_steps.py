"""A step of any scenario is explained, whether a plan has it now or only the drill of its scenario."""

from pathlib import Path

import pytest

from oceana_dr.diagnostics import OceanaError
from oceana_dr.operations.explaining.answer import StepWhy, explain
from oceana_dr.operations.judging import with_rules
from oceana_dr.source.cache import Cache
from oceana_dr.source.project import Project, open_project
from tests.planning import copy_project


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return with_rules(open_project(copy_project(Path(tmp_path_factory.mktemp("steps")))))


@pytest.mark.parametrize(
    ("asked", "scenario", "drilled"),
    [
        ("P20", "planned-switchover", False),
        ("D09", "initial-deployment", True),
        ("U03", "unplanned-outage", True),
        ("C03", "cm-outage", True),
        ("W05", "split-wan", True),
        ("R05", "recovery", True),
    ],
)
def test_it_is_found_in_a_plan_of_its_scenario(asked: str, scenario: str, drilled: bool, project: Project) -> None:
    found = explain(project, asked, None, None, Cache(None))
    assert isinstance(found, StepWhy)
    assert (found.plan.scenario, found.plan.site, found.drilled) == (scenario, "acme", drilled)
    assert all(step.id == asked or step.id.startswith(f"{asked}.") for step in found.steps)


def test_a_step_that_no_plan_has_now_is_still_known(project: Project) -> None:
    with pytest.raises(
        OceanaError, match=r"V05 is a step of database-upgrade, and no plan for acme or globex has it now"
    ):
        explain(project, "V05", None, None, Cache(None))
