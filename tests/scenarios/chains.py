"""What recovery begins on: the end of an earlier scenario's plan, with Data Center 1 back as it died.

In: a topology. Out: the estate. Nothing is put right by hand: what the earlier plan left undone is left undone here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from oceana_dr.estate.estate import Estate
from oceana_dr.estate.values import Unknown, Value
from oceana_dr.twin.transitions import after
from tests.scenarios.estates import at, changed, darkened, end_of, plan_for, rest
from tests.scenarios.test_cm_outage import outage as cm_outage
from tests.scenarios.test_oceana_outage import PARTS
from tests.scenarios.test_oceana_outage import outage as oceana_outage
from tests.scenarios.test_split_wan import split
from tests.scenarios.test_unplanned_outage import TAKEN_OVER, outage, returned

Topology: TypeAlias = tuple[bool, ...]
Start: TypeAlias = Callable[[Topology], Estate]


def planned_switchover(topology: Topology) -> Estate:
    """Data Center 1 was left in order."""
    live = rest(topology, "dc1")
    return _end(topology, live)


def unplanned_outage(topology: Topology) -> Estate:
    """Data Center 1 is back as it died, behind its fence."""
    return returned(topology, _end(topology, outage(topology)))


def without_fence(topology: Topology) -> Estate:
    """The same, and nobody holds a fence up: its group is ACTIVE, its servers are primary, it fetches mail."""
    live = unplanned_outage(topology)
    return changed(live, {f"shared/fence/dc1#{part}": "none" for part in live.attributes(at("shared/fence/dc1"))})


def oceana_alone(topology: Topology) -> Estate:
    """Oceana's clusters are back as they died; System Manager, Cache and databases moved as in a switchover."""
    return _recovered(topology, oceana_outage(topology, ()))


def oceana_and_its_servers(topology: Topology) -> Estate:
    """Everything but telephony had died, and is back."""
    return _recovered(topology, oceana_outage(topology, tuple(PARTS)))


def cm_lost(topology: Topology) -> Estate:
    """Communication Manager runs again behind its fence; the calls it held are gone."""
    return changed(_recovered(topology, cm_outage(topology)), {"dc1/queues#voice": 0})


def lost_in_a_split(topology: Topology) -> Estate:
    """Data Center 1 was lost while the network was split and promotions were locked; the network is back."""
    live = split(topology)
    plan, _ = plan_for(topology, "dc1", live)
    for step in plan.steps[: [step.id for step in plan.steps].index("W05")]:
        live = after(live, step.moments)
    seen: Mapping[str, Value] = {**TAKEN_OVER, "shared/wan#Data Center 1 seen from outside": "dead"}
    end = _end(topology, darkened(changed(live, seen), "dc1"))
    return changed(returned(topology, end), {"shared/wan#state": "up"})


STARTS: Final[tuple[Start, ...]] = (planned_switchover, unplanned_outage, oceana_alone, cm_lost, lost_in_a_split)


def _end(topology: Topology, live: Estate) -> Estate:
    """The end of the plan that takes Data Center 2 into service."""
    plan, _ = plan_for(topology, "dc2", live)
    assert not plan.refused, plan.findings
    return end_of(plan, live)


def _recovered(topology: Topology, live: Estate) -> Estate:
    """That end, and what did not answer is back as it was before."""
    end, before = _end(topology, live), rest(topology, "dc1").resources
    dead = {address for address, found in live.resources.items() if isinstance(found, Unknown)}
    return Estate({**end.resources, **{address: before[address] for address in dead}})
