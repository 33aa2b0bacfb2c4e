"""Back to Data Center 1, after a planned move and after an unplanned one, whatever the topology."""

import pytest

from oceana_dr.twin.transitions import after
from tests.scenarios.estates import TOPOLOGIES, begins, end_of, left_over, name_of, plan_for

topologies = pytest.mark.parametrize("topology", TOPOLOGIES, ids=name_of)
# All off, all on, and two between: each value of every dimension twice. A plan for every step is too dear for all 32.
few = pytest.mark.parametrize(
    "topology",
    [(False,) * 5, (True,) * 5, (True, False, True, False, False), (False, True, False, True, True)],
    ids=name_of,
)


starts = pytest.mark.parametrize("start", ["after-a-planned-move", "after-an-outage"])


@topologies
@starts
def test_data_center_1_serves_and_is_protected(topology: tuple[bool, ...], start: str) -> None:
    live = begins(start, topology)
    plan, _ = plan_for(topology, "dc1", live)
    assert (plan.scenario, plan.refused, plan.proof.violations) == ("recovery", False, 0), plan.findings
    assert left_over(topology, "dc1", end_of(plan, live)).empty
    assert plan.owed == ()
    ids = [step.id for step in plan.steps]
    final = [step.id for step in plan.steps if step.irreversible]
    assert final[0] == "R26.remove-c"
    assert ids.index("R25") < ids.index("R26.remove-c")


@few
@starts
def test_from_every_half_way_state_the_rest_is_planned(topology: tuple[bool, ...], start: str) -> None:
    live = begins(start, topology)
    plan, _ = plan_for(topology, "dc1", live)
    ids = [step.id for step in plan.steps]
    again = {step.id for step in plan.steps if step.action is None}
    for place, step in enumerate(plan.steps[:-1], 1):
        live = after(live, step.moments)
        rest_of, _ = plan_for(topology, "dc1", live)
        assert (rest_of.scenario, rest_of.refused) == ("recovery", False), (step.id, rest_of.findings)
        left = {item.id for item in rest_of.steps}
        assert left >= {item.id for item in plan.steps[place:] if item.action is not None}, step.id
        assert left <= {*ids[place:], *again}, step.id
