"""What recovery is proven of: each of its own invariants is broken by a plan that leaves out, or frees, a step."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

import pytest

from oceana_dr.estate.estate import Estate
from oceana_dr.estate.values import Value
from oceana_dr.plan.build import passages
from oceana_dr.safety.invariant import bind_invariants
from oceana_dr.safety.prove import prove
from tests.scenarios.chains import Start, Topology, planned_switchover, unplanned_outage
from tests.scenarios.estates import ENDS, changed, compiled, plan_for, rest

WHOLE = ENDS[1]


@dataclass(frozen=True)
class Mutant:
    """Recovery without a step, with steps that may run at any time, or from another start."""

    breaks: str
    start: Start = planned_switchover
    without: Collection[str] = ()
    freed: Collection[str] = ()
    found: Mapping[str, Value] = field(default_factory=dict)
    operational: str = "dc1"

    def __str__(self) -> str:
        told = [f"without-{step}" for step in self.without] + [f"{step}-at-any-time" for step in self.freed]
        return "-".join([self.breaks, *told, *("found-otherwise" for _ in self.found)])


def at_work(topology: Topology) -> Estate:
    return rest(topology, "dc1")


MUTANTS = [
    Mutant("S-20", without=["R14z"]),
    Mutant("S-27", without=["R26.join-c", "R26.mirror"]),
    Mutant("S-29", without=["R26.secure-c"]),
    Mutant("S-29", without=["R26.authorize-b"]),
    Mutant("S-30", without=["R14a.live-a"]),
    Mutant("S-30", start=unplanned_outage, without=["R14a.b"]),
    Mutant("S-31", without=["R07.ocp"]),
    Mutant("S-31", start=unplanned_outage, freed=["R14.restore"]),
    Mutant("S-32", without=["R25"]),
    Mutant("S-32", freed=["R26.remove-c"]),
    Mutant("S-41", without=["R16"]),
    Mutant("S-42", without=["R16"]),
    Mutant("S-42", without=["R12b.install"]),
    Mutant("S-43", freed=["R12b.restore"], found={"dc1/service/UCAStoreService#data": "outdated"}),
    Mutant("S-44", without=["R12a.restart"]),
    Mutant("S-50", without=["R07.set"]),
    Mutant("S-54", without=["R15"]),
    Mutant("S-57", without=["R26.gr"]),
    Mutant("S-58", freed=["R19a"]),
    Mutant("S-59", freed=["R11"]),
    Mutant("S-59", without=["R09b.attributes"]),
    Mutant("S-77", without=["R21.ttl"]),
    Mutant("S-94", found={"dc1/oracle#Database Status": "ORA-16661"}),
    Mutant("S-95", start=unplanned_outage, without=["R03.mount"]),
    Mutant("S-95", start=unplanned_outage, freed=["R17"]),
    Mutant("S-101", without=["R18.ha-service"]),
    Mutant("S-103", without=["R18.cm"]),
    Mutant("S-110", freed=["R26.unfreeze"]),
]
# What recovery relies on is kept on the way out already.
LEAVING = [
    Mutant("S-57", start=at_work, freed=["P19"], operational="dc2"),
    Mutant("S-58", start=at_work, freed=["P29"], operational="dc2"),
    Mutant("S-101", start=at_work, freed=["P27.connection"], operational="dc2"),
    Mutant("S-103", start=at_work, without=["P38.cm"], operational="dc2"),
    Mutant("S-110", start=at_work, freed=["P31"], operational="dc2"),
]


@pytest.mark.parametrize("mutant", [*MUTANTS, *LEAVING], ids=str)
def test_a_worse_plan_is_found_out(mutant: Mutant) -> None:
    bound = compiled(WHOLE, mutant.operational).bound
    live = mutant.start(WHOLE)
    plan, _ = plan_for(WHOLE, mutant.operational, live)
    assert {*mutant.without, *mutant.freed} <= {step.id for step in plan.steps}
    changes = [
        replace(item, before=frozenset() if item.id in mutant.freed else item.before - set(mutant.without))
        for item in passages(bound, plan.steps)
        if item.id not in mutant.without
    ]
    proof = prove(bind_invariants(bound, plan.scenario), changes, changed(live, mutant.found).get)
    assert mutant.breaks in {item.invariant for item in proof.broken}


def test_what_no_state_shows_is_said_to_be_kept_otherwise() -> None:
    """Of section 4.2 to 4.8, what recovery is told by people, by a check before it begins or by a timer."""
    bound = compiled(WHOLE, "dc1").bound
    found = {item.id: item for item in bind_invariants(bound, "recovery")}
    proven = {mutant.breaks for mutant in MUTANTS}
    assert all(found[name].checks for name in proven)
    for name in ("S-25", "S-33", "S-34", "S-49", "S-51", "S-85", "S-93", "S-112", "S-115"):
        assert found[name].attested, name
    elsewhere = {item.id: item for item in bind_invariants(bound, "planned-switchover")}
    assert elsewhere["S-50"].attested, "where no set is closed people answer for what is restored"
    assert not elsewhere["S-30"].checks, "in a switchover nothing is restored into an old mirror"
