"""Runs that were: found by id or site, with their plans and journals.

In: a project, a run's id or a site's name. Out: rows, plans, journal entries.
Reading must create nothing: a site that was never applied has no runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from oceana_dr.diagnostics import InputRefused, OceanaError
from oceana_dr.diagnostics.nearest import nearest
from oceana_dr.operations.stores import state_of
from oceana_dr.plan.codec import read_plan
from oceana_dr.plan.model import Plan
from oceana_dr.source.project import Project, list_sites, missing_site
from oceana_dr.store.index import RunRow, list_runs
from oceana_dr.store.journal import Entry
from oceana_dr.store.locks import read_lock
from oceana_dr.store.refusals import Refusals
from oceana_dr.store.runs import RunFiles, Runs


@dataclass(frozen=True, slots=True)
class PastRun:
    """A run: the plan it ran and its journal."""

    files: RunFiles
    plan: Plan
    entries: tuple[Entry, ...]


def runs_of(project: Project, site: str) -> Sequence[RunRow]:
    """Every run of a site, oldest first; raises `InputRefused` for a site that never was.

    The index knows of a killed process only what it wrote last: without its process a run is `interrupted`.
    """
    rows = list_runs(state_of(project).database, site)
    if not rows:
        _check_site(project, site)
    live = _live_run(project, site)
    return [replace(row, state="interrupted") if row.state == "running" and row.run != live else row for row in rows]


def refusals_of(project: Project, site: str) -> tuple[Entry, ...]:
    """Who was kept from running a plan of a site, oldest first; raises `InputRefused` for a site that never was."""
    found = Refusals(state_of(project).database).all(site)
    if not found:
        _check_site(project, site)
    return found


def find_run(project: Project, run: str) -> PastRun:
    """The run of this id, whatever its site; raises `OceanaError` with the nearest id."""
    runs = state_of(project).runs
    every = [place for site in runs.sites() for place in runs.all(site)]
    for place in every:
        if place.run == run:
            return _open(runs, place)
    near = _meant([place.run for place in every], run)
    hint = f"did you mean {near}?" if near else "oceana-dr history SITE lists the runs"
    raise OceanaError(f"there is no run {run!r}", hint=hint)


def _meant(runs: Sequence[str], asked: str) -> str | None:
    """The run that has these characters as a part, or the one that is a slip away; None where several are.

    A run's id is a moment and a plan: people copy a part of it, and two runs of one day look alike, so that the first
    of several would most often be another run than the one that is meant.
    """
    parts = [run for run in runs if asked and asked in run]
    return parts[0] if len(parts) == 1 else nearest(asked, runs, most=2)


def latest_run(project: Project, site: str) -> PastRun | None:
    """The last run of a site that was begun, if any; raises `InputRefused` for a site that never was."""
    runs = state_of(project).runs
    if site in runs.sites() and (places := runs.all(site)):
        return _open(runs, places[-1])
    _check_site(project, site)
    return None


def is_alive(project: Project, past: PastRun) -> bool:
    """Whether the process of this run holds the site's lock and lives, as far as this machine can tell."""
    try:
        return _live_run(project, past.files.site) == past.files.run
    except OceanaError:  # the journal tells what was done, with or without a database beside it
        return False


def _live_run(project: Project, site: str) -> str | None:
    """The run whose process holds the site's lock and lives."""
    held = read_lock(state_of(project).database, site)
    return None if held is None or held.is_free() else held.lock.run


def zone_of(plan: Plan) -> ZoneInfo:
    """The zone in which the people of the plan's site read times."""
    return zone_named(plan.bindings.get("site.time_zone", "UTC"))


def zone_named(name: str) -> ZoneInfo:
    """The zone of this name; UTC where this machine does not know it."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # a folder of zones is no zone
        return ZoneInfo("UTC")


def _check_site(project: Project, site: str) -> None:
    if site not in list_sites(project):
        raise InputRefused((missing_site(project, site),))


def _open(runs: Runs, place: RunFiles) -> PastRun:
    plan = read_plan(runs.plan_file(place), str(place.plan))
    return PastRun(place, plan, runs.read(place).entries)
