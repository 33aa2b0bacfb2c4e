"""Plan a site: compile, read, compare, draft, prove.

In: a project, a site's name, options. Out: `Planned`: the plan and all it was made from.
Planning reads and never writes: nothing here can reach a driver's writer.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from oceana_dr import __version__
from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.compile.desired import Compiled, compile_site
from oceana_dr.diff.compare import Difference, compare, narrow, settle_off
from oceana_dr.estate.address import Address, Ref
from oceana_dr.estate.estate import Estate
from oceana_dr.estate.values import Json
from oceana_dr.guard.limits import limit_findings
from oceana_dr.guard.proof import judge, prove_draft
from oceana_dr.operations.access import has_gateway
from oceana_dr.operations.governing import limits_of, settable
from oceana_dr.operations.live import Live, lose, still_answering
from oceana_dr.operations.revision import asking_git
from oceana_dr.operations.routing import routes_of
from oceana_dr.plan.build import draft_plan
from oceana_dr.plan.context import Context
from oceana_dr.plan.model import Cause, Estimate, Plan, Source
from oceana_dr.plan.select import STEADY
from oceana_dr.source.cache import Cache
from oceana_dr.source.durations import duration_seconds
from oceana_dr.source.prepared import PreparedSite, prepare_site
from oceana_dr.source.project import DEFAULTS_FILE, PROJECT_FILE, Project

LiveReader = Callable[[Compiled], Live]
NOTHING_KEPT = Cache(None)


@dataclass(frozen=True)
class Planned:
    """A plan with the site, what it compiles to, what was found and what differs."""

    plan: Plan
    prepared: PreparedSite
    compiled: Compiled
    live: Live
    difference: Difference


def make_plan(
    project: Project,
    site: str,
    read: LiveReader,
    baseline: Callable[[str], Estate | None],
    *,
    operational: str | None = None,
    scenario: str | None = None,
    targets: tuple[Address, ...] = (),
    lost: tuple[str, ...] = (),
    cache: Cache = NOTHING_KEPT,
) -> Planned:
    """The plan for a site as its files say it should be; raises what loading and reading raise."""
    prepared = prepare_site(project, site, operational, cache)
    with asking_git(project.root, _files(project, prepared)) as asked:
        compiled = compile_site(prepared, load_catalogue())
        started = time.perf_counter()
        found = read(compiled)
        live = lose(found, lost)
        read_ms = round((time.perf_counter() - started) * 1000)
        settled = settle_off(live.estate, compiled.bound, compiled.expected_off)
        difference = compare(compiled.estate, settled, baseline(site), compiled.bound)
        if targets:
            difference = narrow(difference, targets)
            scenario = scenario or STEADY
        context = make_context(
            prepared,
            compiled,
            replace(live, estate=settled),
            asked(prepared.digest),
            what_if=operational is not None,
            lost=lost,
            answering=still_answering(found, lost),
            gateway=has_gateway(project),
        )
    draft = draft_plan(context, difference, scenario)
    started = time.perf_counter()
    proof = prove_draft(draft, settled)
    proof_ms = round((time.perf_counter() - started) * 1000)
    limits = limit_findings(draft.plan, settable(compiled.bound), limits_of(project, prepared, draft.plan))
    plan = judge(draft, proof, limits)
    meta: dict[str, Json] = {
        "created_at": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "tool": f"oceana-dr {__version__}",
        "observed_at": {address: live.observed_at[address] for address in sorted(live.observed_at)},
        "proof_ms": proof_ms,
        "read_ms": read_ms,
        "compared": sum(1 for _ in compiled.estate.refs()),
    }
    return Planned(replace(plan, meta=meta), prepared, compiled, live, difference)


def make_context(
    prepared: PreparedSite,
    compiled: Compiled,
    live: Live,
    source: Source,
    *,
    what_if: bool = False,
    lost: tuple[str, ...] = (),
    answering: tuple[Address, ...] = (),
    gateway: bool = True,
) -> Context:
    """The planner's view of a site; `live` is settled. In a what-if, no line says `operational`."""
    routes = routes_of(prepared, gateway=gateway)
    decided = () if what_if else prepared.contributors("operational")[:1]
    return Context(
        bound=compiled.bound,
        site=prepared.name,
        operational=compiled.operational,
        desired=compiled.estate,
        live=live.estate,
        desired_digest=compiled.digest,
        expected_off=compiled.expected_off,
        source=source,
        operational_cause=tuple(Cause(span.file, span.line) for span in decided),
        causes=lambda reference: causes_of(compiled, reference, what_if=what_if),
        resolve=prepared.value,
        driver_of=routes.writer_of,
        watcher_of=routes.watcher_of,
        verifiable=routes.can_verify,
        readable=routes.is_read,
        drivers=routes.chosen,
        sources=live.sources,
        estimates=_estimates(prepared),
        lost=lost,
        answering=tuple(sorted(set(answering) - compiled.bound.cut_off(live.estate.get))),
    )


def causes_of(compiled: Compiled, reference: Ref, *, what_if: bool = False) -> tuple[Cause, ...]:
    """The lines of the site behind a desired value; none for a value of a passing state."""
    if reference not in compiled.reads:
        return ()
    found = compiled.provenance(reference).contributions
    spans = [item.spans[0] for item in found if item.spans and not (what_if and item.path == "operational")]
    return tuple(dict.fromkeys(Cause(span.file, span.line) for span in spans))


def _files(project: Project, prepared: PreparedSite) -> tuple[str, ...]:
    return (project.shown(prepared.path), project.shown(project.sites_dir / DEFAULTS_FILE), PROJECT_FILE)


def _estimates(prepared: PreparedSite) -> dict[str, Estimate]:
    named = prepared.data.get("estimates")
    if not isinstance(named, Mapping):
        return {}
    return {
        step: Estimate(duration_seconds(item["p50"]), duration_seconds(item["p95"])) for step, item in named.items()
    }
