"""What a topology lacks is in no plan, whatever the scenario; what it has is in each that concerns it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import pytest

from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.plan.model import Kind, Step
from tests.scenarios.estates import TOPOLOGIES, begins, end_of, left_over, name_of, plan_for


@dataclass(frozen=True)
class Case:
    """The start of the catalogue, and where the scenario leads."""

    start: str
    operational: str
    version: str | None = None


CASES: Final[Mapping[str, Case]] = {
    "initial-deployment": Case("nothing", "dc1"),
    "planned-switchover": Case("working-day", "dc2"),
    "unplanned-outage": Case("lost", "dc2"),
    "oceana-outage": Case("all-but-telephony", "dc2"),
    "cm-outage": Case("ess-serves", "dc2"),
    "split-wan": Case("network-split", "dc1"),
    "recovery": Case("after-a-planned-move", "dc1"),
    "database-upgrade": Case("older-version", "dc1", "3.5.0.2"),
}


def words(step: Step) -> str:
    """Everything that a step names: itself, where it acts, what it changes, looks at and tells people."""
    told = step.instructions
    return "\n".join(
        (
            step.id,
            step.title,
            step.procedure or "",
            step.address or "",
            *step.touches,
            *(name for moment in step.moments for name in moment.values),
            *((told.console, *told.clicks, told.expect) if told else ()),
        )
    )


def names(*texts: str) -> Callable[[Step], bool]:
    """Whether a step speaks of one of these."""
    return lambda step: any(text in words(step) for text in texts)


BY_HAND: Final = ("acm-connection-string", "acm-start-services")


def by_hand(step: Step) -> bool:
    """People bring Control Manager to the other side's database."""
    return step.procedure in BY_HAND


def by_itself(step: Step) -> bool:
    """Control Manager's high-availability service does it, and is waited for."""
    return step.kind is Kind.WAIT and step.id.endswith(".moved")


@dataclass(frozen=True)
class Dimension:
    """A fact of the topology: its place there, what shows that a step is about it, the scenarios that have such a step.

    `holds`: what the fact has to be for that.
    """

    place: int
    concerns: Callable[[Step], bool]
    scenarios: frozenset[str]
    holds: bool = True


FOLLOWS: Final = frozenset({"planned-switchover", "unplanned-outage", "cm-outage"})
MIRRORS: Final = frozenset({"initial-deployment", "recovery", "database-upgrade"})
DIMENSIONS: Final[Mapping[str, Dimension]] = {
    "Server B": Dimension(
        0, names("omnichannel/B", "Server B", "A and B"), MIRRORS | {"planned-switchover", "cm-outage"}
    ),
    "mirror TLS": Dimension(1, names(" secured", "secure-cache"), MIRRORS),
    "Oracle": Dimension(
        2, names("oracle", "Oracle", "Analytics"), frozenset(CASES) - {"split-wan", "database-upgrade"}
    ),
    "Web Voice": Dimension(
        3,
        names("WebVoice", "Web Voice", "WebVideo", "Web Video", "AvayaMobileCommunications"),
        frozenset(CASES) - {"split-wan", "oceana-outage"},
    ),
    "Control Manager by hand": Dimension(4, by_hand, FOLLOWS | {"oceana-outage"}),
    "Control Manager by itself": Dimension(4, by_itself, FOLLOWS, holds=False),
}


@pytest.mark.parametrize("topology", TOPOLOGIES, ids=name_of)
@pytest.mark.parametrize("scenario", CASES)
def test_it_is_planned_for_what_there_is_and_leaves_nothing(scenario: str, topology: tuple[bool, ...]) -> None:
    case = CASES[scenario]
    live = begins(case.start, topology)
    plan, _ = plan_for(topology, case.operational, live, version=case.version)
    assert (plan.scenario, plan.refused, plan.proof.violations) == (scenario, False, 0), plan.findings
    for name, dimension in DIMENSIONS.items():
        steps = [step.id for step in plan.steps if dimension.concerns(step)]
        there = topology[dimension.place] is dimension.holds
        assert bool(steps) is (there and scenario in dimension.scenarios), (name, steps)
    assert [step.id for step in plan.steps if by_hand(step) and step.driver != "operator"] == []
    end = end_of(plan, live)
    assert left_over(topology, case.operational, end, case.version).empty
    again, _ = plan_for(topology, case.operational, end, version=case.version)
    assert (again.scenario, again.steps, again.refused) == ("steady", (), False), again.findings
    assert again.owed == plan.owed


def test_no_scenario_is_left_out() -> None:
    assert CASES.keys() == load_catalogue().scenarios.keys()
