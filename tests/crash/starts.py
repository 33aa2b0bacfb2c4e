"""Where each scenario of the matrix begins: every start of the catalogue, on any topology."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import Final, TypeAlias

from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.catalogue.starts import Start, load_starts
from oceana_dr.diff.compare import compare, settle_off
from oceana_dr.estate.estate import Estate
from oceana_dr.guard.proof import prove_plan
from oceana_dr.operations.live import Live
from oceana_dr.operations.planning import make_context
from oceana_dr.plan.build import draft_plan
from oceana_dr.plan.candidate import fill_scenario
from oceana_dr.plan.model import Plan, Source
from tests.scenarios.estates import begins, compiled, site

Topology: TypeAlias = tuple[bool, ...]
STARTS: Final = load_starts().starts


@dataclass(frozen=True)
class Planned:
    """A plan of the matrix, and the estate it was made for."""

    start: Start
    topology: Topology
    plan: Plan
    live: Estate
    listed: tuple[str, ...]
    """Every step of the scenario, also those that this plan does not need."""


def live_at(start: Start, topology: Topology) -> Estate:
    """The estate of a start."""
    return begins(start.id, topology)


def planned(start: Start, topology: Topology) -> Planned:
    """Made once a process. Steps act through a gateway where there is an interface, as people where there is none."""
    return _planned(start.id, topology)


@cache
def _planned(start_id: str, topology: Topology) -> Planned:
    start = next(item for item in STARTS if item.id == start_id)
    to_side, version = load_catalogue().scenarios[start.scenario].to_side, start.site.get("mirror.omnichannel_version")
    live, written = live_at(start, topology), site(topology, to_side, version)
    prepared = replace(written, data={key: value for key, value in written.data.items() if key != "drivers"})
    made = compiled(topology, to_side, version)
    settled = settle_off(live, made.bound, made.expected_off)
    difference = compare(made.estate, settled, None, made.bound)
    context = make_context(prepared, made, Live(settled, {}, {}), Source(None, True, "sha256:of-the-files"))
    plan = prove_plan(draft_plan(context, difference), settled)
    assert (plan.scenario, plan.refused, plan.proof.violations) == (start.scenario, False, 0), plan.findings
    listed = tuple(fill_scenario(context, load_catalogue().scenarios[start.scenario]))
    return Planned(start, topology, plan, live, listed)
