"""The first deployment, from nothing and beside a data centre that serves, whatever the topology."""

from collections.abc import Callable

import pytest

from oceana_dr.compile.desired import Compiled
from oceana_dr.estate.estate import Estate
from oceana_dr.twin.transitions import after
from tests.scenarios.blank import alone, nothing
from tests.scenarios.estates import TOPOLOGIES, compiled, end_of, left_over, name_of, plan_for

topologies = pytest.mark.parametrize("topology", TOPOLOGIES, ids=name_of)
starts = pytest.mark.parametrize("start", [nothing, alone])


@topologies
@starts
def test_both_data_centres_are_as_the_site_says(
    topology: tuple[bool, ...], start: Callable[[Compiled], Estate]
) -> None:
    live = start(compiled(topology, "dc1"))
    plan, _ = plan_for(topology, "dc1", live)
    assert (plan.scenario, plan.refused, plan.proof.violations) == ("initial-deployment", False, 0), plan.findings
    assert {item.code for item in plan.findings} <= {"OD2008", "OD2011"}, plan.findings
    end = end_of(plan, live)
    assert left_over(topology, "dc1", end).empty
    again, _ = plan_for(topology, "dc1", end)
    assert (again.scenario, again.steps) == ("steady", ())


@topologies
@starts
def test_from_every_half_way_state_the_rest_is_planned(
    topology: tuple[bool, ...], start: Callable[[Compiled], Estate]
) -> None:
    live = start(compiled(topology, "dc1"))
    plan, _ = plan_for(topology, "dc1", live)
    ids = [step.id for step in plan.steps]
    for place, step in enumerate(plan.steps[:-1], 1):
        live = after(live, step.moments)
        rest_of, _ = plan_for(topology, "dc1", live)
        assert (rest_of.scenario, rest_of.refused) == ("initial-deployment", False), (step.id, rest_of.findings)
        left = {item.id for item in rest_of.steps}
        assert left >= {item.id for item in plan.steps[place:] if item.action is not None}, step.id
        assert left <= {*ids[place:], *(item.id for item in plan.steps if item.action is None)}, step.id
