"""Why the order of a scenario is as it is: every edge judged on new sites of every topology.

In: a scenario's id. Out: the report over all topologies, or why no plan of it can be made from a quiet estate.
Nothing is read but what a new site is made of, and nothing is kept: the sites live in a temporary folder.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Final

from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.catalogue.model import Catalogue, Scenario
from oceana_dr.compile.desired import Compiled, compile_site
from oceana_dr.diagnostics import OceanaError
from oceana_dr.diff.compare import compare, settle_off
from oceana_dr.estate.address import ref
from oceana_dr.estate.estate import Estate
from oceana_dr.operations.drafting import Answers
from oceana_dr.operations.live import Live
from oceana_dr.operations.planning import make_context
from oceana_dr.operations.starting import at_rest, start_site
from oceana_dr.plan.build import Draft, draft_plan
from oceana_dr.plan.candidate import fill_scenario
from oceana_dr.plan.context import Context
from oceana_dr.plan.edge_report import EdgeReport, report_edges
from oceana_dr.plan.edges import Edges, Proven, judge_edges
from oceana_dr.plan.model import Source
from oceana_dr.source.cache import Cache
from oceana_dr.source.prepared import prepare_site
from oceana_dr.source.project import Project, open_project
from oceana_dr.twin.evolve import bind_dynamics

SITE: Final = "site"
_NOWHERE: Final = Source(None, False, "sha256:of-no-files")


@dataclass(frozen=True, slots=True)
class NotJudged:
    """A scenario of which no plan is made from an estate where all is well, and what planning says to that."""

    why: str


def judge_order(scenario: str) -> EdgeReport | NotJudged:
    """Judge the order of a scenario; raises `OceanaError` for one that the catalogue does not have."""
    catalogue = load_catalogue()
    if scenario not in catalogue.scenarios:
        named = ", ".join(sorted(catalogue.scenarios))
        raise OceanaError(f"the catalogue has no steps of a scenario {scenario}", hint=f"it has: {named}")
    judged: list[tuple[Proven, Estate, Edges]] = []
    for context, draft in _drafts(catalogue, catalogue.scenarios[scenario]):
        if not draft.plan.steps:
            return NotJudged("; ".join(item.message for item in draft.plan.findings))
        initial = draft.plan.initial  # all that steps, consoles and invariants look at
        listed = tuple(fill_scenario(context, catalogue.scenarios[scenario]))
        plan = Proven(listed, catalogue.orders[scenario], draft.passages, draft.invariants, initial.get)
        # A topology that makes no difference to the plan makes none to its edges.
        same = (edges for other, start, edges in judged if start == initial and _alike(other, plan))
        judged.append((plan, initial, next(same, None) or judge_edges(plan)))
    return report_edges([edges for _, _, edges in judged])


def _alike(one: Proven, other: Proven) -> bool:
    return (one.listed, one.passages, one.invariants) == (other.listed, other.passages, other.invariants)


def _drafts(catalogue: Catalogue, scenario: Scenario) -> Iterator[tuple[Context, Draft]]:
    """The whole scenario on a new site of every topology, from a working day in the data centre that it leaves."""
    for answers in topologies():
        with tempfile.TemporaryDirectory(prefix="oceana-dr-") as folder:
            start_site(Path(folder), answers)
            yield _draft(catalogue, scenario, open_project(Path(folder)))


def _draft(catalogue: Catalogue, scenario: Scenario, project: Project) -> tuple[Context, Draft]:
    before = compile_site(prepare_site(project, SITE, scenario.from_side, Cache(None)), catalogue)
    prepared = prepare_site(project, SITE, scenario.to_side, Cache(None))
    wanted = compile_site(prepared, catalogue)
    live = settle_off(working_day(before, scenario.from_side), wanted.bound, wanted.expected_off)
    difference = compare(wanted.estate, live, None, wanted.bound)
    context = make_context(prepared, wanted, Live(live, {}, {}), _NOWHERE)
    return context, draft_plan(context, difference, scenario.id)


def working_day(compiled: Compiled, side: str) -> Estate:
    """All healthy, but nothing quiet: what can be counted at the working side is there, what was saved is outdated."""
    counted = {
        ref(address, label): 1
        for address, resource in compiled.bound.resources.items()
        for label, attribute in resource.attributes.items()
        if resource.dc == side and attribute.type.type == "integer" and attribute.type.volatile
    }
    turned = {turn.ref: turn.after for turn in bind_dynamics(compiled.bound).turns if turn.side == side}
    return at_rest(compiled).with_values({**counted, **turned})


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
