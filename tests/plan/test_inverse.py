"""Every step that acts can be undone, cannot, or says why nothing of it has to be."""

import pytest

from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.plan.codec import encode_plan
from oceana_dr.present.plan_summary import back
from tests.planning import SITES, plan_case


def test_every_step_of_a_scenario_that_runs_something_says_how_it_is_undone() -> None:
    """In the catalogue, so for every topology; a `set` is undone by what it found, unless it says why not."""
    for scenario in load_catalogue().scenarios.values():
        for step in scenario.steps:
            ways = [name for name in ("inverse", "irreversible", "no_inverse") if step.get(name)]
            acts = step["kind"] in {"run", "confirm"} and "procedure" in step
            assert len(ways) == 1 if acts else len(ways) <= (step["kind"] == "set"), f"{step['id']}: {ways}"


@pytest.mark.parametrize("site", SITES)
def test_the_plan_file_says_it_of_every_acting_step(site: str) -> None:
    plan = plan_case(site, "dc2").plan
    for step in encode_plan(plan)["steps"]:  # type: ignore[union-attr]  # a list of mappings
        ways = [bool(step["inverse"]["steps"]), step["irreversible"] is not None, step["inverse"]["none"] is not None]  # type: ignore[index,call-overload]
        assert sum(ways) == (step["action"] is not None), step["id"]  # type: ignore[index,call-overload]


def test_the_text_says_what_a_rollback_leaves_and_why() -> None:
    text = back(plan_case("acme", "dc2").plan)
    assert "P03 (campaigns stay stopped until their owner starts them again)" in text
    assert "P12 (a backup changes nothing" in text
