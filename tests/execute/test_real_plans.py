"""The crash matrix over the whole planned switchover of both example sites, on the twin.

Every act goes through the consoles' own refusals: promoting twice, restoring over an installed service or
demoting before promoting would be refused here, and fail the case.
"""

from dataclasses import dataclass
from functools import cache

import pytest

from oceana_dr.catalogue.bind import BoundCatalogue
from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.estate.action import Refusal
from oceana_dr.estate.address import Address, Ref
from oceana_dr.execute.ports import Ports, RunJournal
from oceana_dr.plan.model import Plan, Step
from oceana_dr.twin.transitions import moments
from tests.execute.matrix import NewProcess, crash_matrix, torn_write
from tests.execute.world import Gateway, Setting, World
from tests.planning import SITES, plan_case, seed

DARK = frozenset({Address("dc1/smgr"), Address("dc1/cm")})


@cache
def plan_of(site: str) -> Plan:
    return plan_case(site, "dc2").plan


@cache
def bound_of(site: str) -> BoundCatalogue:
    return BoundCatalogue(load_catalogue(), plan_of(site).bindings)


@dataclass
class TwinWorld(World):
    """A world whose consoles refuse as the catalogue says."""

    def perform(self, step: Step) -> None:
        assert step.action is not None
        passed = moments(bound_of(self.plan.site), self.estate, step.action)
        assert not isinstance(passed, Refusal), f"{step.id}: {passed}"
        super().perform(step)


def estate_of(site: str) -> NewProcess:
    plan = plan_of(site)
    queues = {Ref(f"dc1/queues#{label}"): 0 for label in seed(site).attributes(Address("dc1/queues"))}
    world = TwinWorld(plan, seed(site), reactions={"P08": [(1800, queues)]}, dark_when_off=DARK)

    def process(journal: RunJournal) -> Ports:
        return Setting(world, Gateway(world)).ports(journal)

    return process


@pytest.mark.parametrize("site", SITES)
@pytest.mark.parametrize("share", range(4))
def test_every_journal_write_cut_short(site: str, share: int) -> None:
    figures = crash_matrix(plan_of(site), lambda: estate_of(site), only=torn_write, part=(share, 4))
    assert figures.wrong == []
    assert figures.crashes >= figures.cases > 20
