"""Where each scenario of the matrix begins: one table, a start or two a scenario, on any topology."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Final, TypeAlias

from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.diff.compare import compare, settle_off
from oceana_dr.estate.estate import Estate
from oceana_dr.guard.proof import prove_plan
from oceana_dr.operations.live import Live
from oceana_dr.operations.planning import make_context
from oceana_dr.plan.build import draft_plan
from oceana_dr.plan.candidate import fill_scenario
from oceana_dr.plan.model import Plan, Source
from tests.scenarios import test_cm_outage as cm_outage
from tests.scenarios import test_database_upgrade as database_upgrade
from tests.scenarios import test_oceana_outage as oceana_outage
from tests.scenarios import test_recovery as recovery
from tests.scenarios import test_split_wan as split_wan
from tests.scenarios import test_unplanned_outage as unplanned_outage
from tests.scenarios.blank import alone, nothing
from tests.scenarios.estates import changed, compiled, rest, site

Topology: TypeAlias = tuple[bool, ...]


@dataclass(frozen=True)
class Start:
    """A scenario from one estate: the side that is to be in service, what is live before it."""

    name: str
    scenario: str
    operational: str
    live: Callable[[Topology], Estate]
    version: str | None = None


def working_day(topology: Topology) -> Estate:
    """Callers wait, agents work, yesterday's backup."""
    return changed(
        rest(topology, "dc1"),
        {"dc1/queues#voice": 3, "dc1/queues#chat": 2, "dc1/sessions#agents": 40, "dc1/sessions#supervisors": 4},
    )


STARTS: Final = (
    Start("from nothing", "initial-deployment", "dc1", lambda topology: nothing(compiled(topology, "dc1"))),
    Start("beside a first", "initial-deployment", "dc1", lambda topology: alone(compiled(topology, "dc1"))),
    Start("on a working day", "planned-switchover", "dc2", working_day),
    Start("all dark", "unplanned-outage", "dc2", unplanned_outage.outage),
    Start("Oceana alone dark", "oceana-outage", "dc2", lambda topology: oceana_outage.outage(topology, ())),
    Start(
        "all but telephony dark",
        "oceana-outage",
        "dc2",
        lambda topology: oceana_outage.outage(topology, tuple(oceana_outage.PARTS)),
    ),
    Start("the ESS active", "cm-outage", "dc2", cm_outage.outage),
    Start("both work", "split-wan", "dc1", split_wan.split),
    Start("after a planned move", "recovery", "dc1", recovery.planned),
    Start("after an unplanned move", "recovery", "dc1", recovery.unplanned),
    Start("all outdated", "database-upgrade", "dc1", database_upgrade.at_work, database_upgrade.NEW),
)
"""All eight scenarios."""


@dataclass(frozen=True)
class Planned:
    """A plan of the matrix, and the estate it was made for."""

    start: Start
    topology: Topology
    plan: Plan
    live: Estate
    listed: tuple[str, ...]
    """Every step of the scenario, also those that this plan does not need."""


@cache
def planned(start: Start, topology: Topology) -> Planned:
    """Made once a process. Steps act through a gateway where there is an interface, as people where there is none."""
    live, written = start.live(topology), site(topology, start.operational, start.version)
    prepared = replace(written, data={key: value for key, value in written.data.items() if key != "drivers"})
    made = compiled(topology, start.operational, start.version)
    settled = settle_off(live, made.bound, made.expected_off)
    difference = compare(made.estate, settled, None, made.bound, made.expected_off)
    context = make_context(prepared, made, Live(settled, {}, {}), Source(None, True, "sha256:of-the-files"))
    plan = prove_plan(draft_plan(context, difference), settled)
    assert (plan.scenario, plan.refused, plan.proof.violations) == (start.scenario, False, 0), plan.findings
    listed = tuple(fill_scenario(context, load_catalogue().scenarios[start.scenario]))
    return Planned(start, topology, plan, live, listed)
