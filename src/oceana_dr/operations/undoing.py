"""A plan that takes a run back, as far as its point of no return.

In: a project, a run's id. Out: a proven plan; it is applied like any other, through the same gates.
Nothing is undone here, and nothing that is irreversible is ever planned to be.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from oceana_dr import __version__
from oceana_dr.catalogue.bind import BoundCatalogue
from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.diagnostics import Refused, StateLocked
from oceana_dr.diff.compare import settle_off
from oceana_dr.estate.canonical import digest
from oceana_dr.estate.estate import Estate
from oceana_dr.estate.values import Json
from oceana_dr.execute.resume import Standing, pasts
from oceana_dr.execute.rollback import undo
from oceana_dr.execute.verify import mismatches
from oceana_dr.guard.proof import prove_plan
from oceana_dr.operations.access import has_gateway, transport_of
from oceana_dr.operations.live import Live, read_live
from oceana_dr.operations.routing import open_reader, routes_of_plan
from oceana_dr.operations.runs import PastRun, find_run, is_alive
from oceana_dr.operations.stores import state_of
from oceana_dr.plan.build import draft_rollback
from oceana_dr.plan.context import Context
from oceana_dr.plan.model import Plan
from oceana_dr.source.project import Project


def rollback_plan(project: Project, run: str) -> Plan:
    """The plan that undoes the run; raises `Refused` past the point of no return, `StateLocked` while it goes on."""
    past = find_run(project, run)
    if is_alive(project, past):
        raise StateLocked(f"run {run} is going on", hint=f"stop it first; oceana-dr status {past.plan.site} shows it")
    if run in state_of(project).runs.taken_back(past.plan.site):
        raise Refused(f"run {run} was taken back already", hint=f"oceana-dr history {past.plan.site}")
    context = _context(project, past)
    undoing = undo(past.plan, _done(past, context.live))
    draft = draft_rollback(context, past.plan, [(item.step, item.actions) for item in undoing], run)
    plan = prove_plan(draft, context.live)
    meta: dict[str, Json] = {
        "created_at": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "tool": f"oceana-dr {__version__}",
        "observed_at": {},
        "proof_ms": 0,
    }
    return replace(plan, meta=meta)


def _done(past: PastRun, live: Estate) -> set[str]:
    """The steps that have happened; raises `Refused` where nobody knows and it cannot be undone."""
    done: set[str] = set()
    for name, one in pasts(past.entries).items():
        if one.standing is Standing.DONE:
            done.add(name)
        elif one.standing is Standing.DOUBT:
            step = past.plan.step(name)
            if step.expect and not mismatches(step.expect, live):
                continue  # it reads as it did before: the step has not happened
            if step.irreversible and mismatches(step.verify, live):
                text = f"nobody knows whether {name} was done, and it cannot be undone"
                raise Refused(text, hint="resume the run: it finds out, or asks")
            done.add(name)
    return done


def _context(project: Project, past: PastRun) -> Context:
    plan = past.plan
    bound = BoundCatalogue(load_catalogue(), plan.bindings)
    routes = routes_of_plan(project, plan.drivers, gateway=has_gateway(project))
    way = transport_of(project, plan.site, bound) if routes.gateway else None
    live: Live = read_live(open_reader(project, plan.site, routes, bound, way))
    # Nothing is desired here: what was switched off on record is off.
    live = replace(live, estate=settle_off(live.estate, bound, frozenset()))
    return Context(
        bound=bound,
        site=plan.site,
        operational=plan.from_side,
        desired=plan.initial,
        live=live.estate,
        desired_digest=digest(dict(plan.initial.to_json())),
        expected_off=frozenset(),
        source=plan.source,
        operational_cause=(),
        causes=lambda _: (),
        resolve=_no_site,
        driver_of=routes.writer_of,
        watcher_of=routes.watcher_of,
        verifiable=routes.can_verify,
        readable=routes.is_read,
        drivers=plan.drivers,
        sources=live.sources,
    )


def _no_site(path: str) -> object:
    raise KeyError(path)
