"""Why the order of a scenario is as it is: every edge judged on sites of every topology, from all of its starts.

In: a scenario's id. Out: the report over all topologies.
Nothing is read and nothing is kept: the sites and the estates are made for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import product
from typing import Final

from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.catalogue.model import Scenario
from oceana_dr.catalogue.starts import Start, starts_of
from oceana_dr.compile.desired import Compiled, compile_site
from oceana_dr.diagnostics import OceanaError
from oceana_dr.diff.compare import compare, settle_off
from oceana_dr.estate.estate import Estate
from oceana_dr.operations.drafting import Answers
from oceana_dr.operations.live import Live
from oceana_dr.operations.planning import make_context
from oceana_dr.operations.recognising import in_memory
from oceana_dr.operations.start_estates import site_data, start_of
from oceana_dr.plan.build import draft_plan
from oceana_dr.plan.candidate import fill_scenario
from oceana_dr.plan.edge_report import EdgeReport, merge_edges, report_edges
from oceana_dr.plan.edges import Edges, Proven, judge_edges
from oceana_dr.plan.model import Source
from oceana_dr.source.prepared import PreparedSite

SITE: Final = "site"
_NOWHERE: Final = Source(None, False, "sha256:of-no-files")


def judge_order(scenario: str, shapes: Iterable[Answers] | None = None) -> EdgeReport:
    """Judge the order of a scenario in these topologies, or in all; raises `OceanaError` for one that is not there."""
    catalogue = load_catalogue()
    if scenario not in catalogue.scenarios:
        named = ", ".join(sorted(catalogue.scenarios))
        raise OceanaError(f"the catalogue has no steps of a scenario {scenario}", hint=f"it has: {named}")
    judged: list[tuple[Proven, Estate, Edges]] = []
    by_topology: list[Edges] = []
    for answers in topologies() if shapes is None else shapes:
        by_start: list[Edges] = []
        for start in starts_of(scenario):
            plan, initial = _proven(catalogue.scenarios[scenario], start, answers)
            # A topology that makes no difference to the plan makes none to its edges.
            same = (edges for other, begun, edges in judged if begun == initial and _alike(other, plan))
            by_start.append(next(same, None) or judge_edges(plan))
            judged.append((plan, initial, by_start[-1]))
        by_topology.append(merge_edges(by_start))
    return report_edges(by_topology)


def _alike(one: Proven, other: Proven) -> bool:
    return (one.listed, one.passages, one.invariants) == (other.listed, other.passages, other.invariants)


def _proven(scenario: Scenario, start: Start, answers: Answers) -> tuple[Proven, Estate]:
    """The whole scenario on a new site, as the proof sees it, and all that steps, consoles and invariants look at."""

    @cache
    def site(side: str) -> PreparedSite:
        return in_memory(SITE, site_data(start, answers, side))

    @cache
    def compiled_for(side: str) -> Compiled:
        return compile_site(site(side), load_catalogue())

    wanted = compiled_for(scenario.to_side)
    live = settle_off(start_of(start, compiled_for), wanted.bound, wanted.expected_off)
    difference = compare(wanted.estate, live, None, wanted.bound)
    context = make_context(site(scenario.to_side), wanted, Live(live, {}, {}), _NOWHERE)
    drafted = draft_plan(context, difference, scenario.id)
    if not drafted.plan.steps:
        refused = "; ".join(item.message for item in drafted.plan.findings)
        raise AssertionError(f"the start {start.id} does not lead to a plan of {scenario.id}: {refused}")
    initial = drafted.plan.initial  # all that steps, consoles and invariants look at
    listed = tuple(fill_scenario(context, scenario))
    rules = load_catalogue().orders[scenario.id]
    return Proven(listed, rules, drafted.passages, drafted.invariants, initial.get), initial


def topologies() -> Iterator[Answers]:
    """Every shape of a site: Omnichannel single or HA, mirror TLS, Analytics, web voice, Control Manager by hand."""
    for ha, tls, analytics, web_voice, manual in product((False, True), repeat=5):
        yield Answers(
            SITE,
            ha=ha,
            mirror_tls=tls,
            analytics=analytics,
            web_voice=web_voice,
            control_manager="manual" if manual else "automatic",
            driver="gateway",
        )
