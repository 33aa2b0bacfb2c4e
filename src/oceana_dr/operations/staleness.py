"""What is known to have moved since a plan was made, without looking at the estate.

In: a plan, the folder of a project. Out: since when it is stale, and by what; None if nothing is known.
A plan can always be shown: broken files, or no project at all, must never keep it from being so.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from oceana_dr.diagnostics import OceanaError, Stale
from oceana_dr.operations.stores import state_of
from oceana_dr.plan.model import Plan
from oceana_dr.source.cache import Cache
from oceana_dr.source.prepared import prepare_site
from oceana_dr.source.project import DEFAULTS_FILE, Project, open_project
from oceana_dr.store.journal import Entry
from oceana_dr.store.records import Done, Finished, Stopped
from oceana_dr.store.runs import RunSummary, summarise

_SEEN_ONLY: Final = frozenset({"checked", "waited"})


@dataclass(frozen=True, slots=True)
class Staleness:
    """Since when (UTC), and by what."""

    at: datetime
    why: str


def stale_since(plan: Plan, folder: Path, cache: Cache, alone: str | None = None) -> Staleness | None:
    """The first thing that is known to have moved after the plan was made; `alone`: the team's state is not asked."""
    found: list[Staleness] = []
    with suppress(OceanaError):
        project = open_project(folder, cache)
        project = replace(project, state=replace(project.state, alone=alone))
        with suppress(OceanaError):  # a site whose files are broken still has its runs
            found += _files(plan, project, cache)
        found += _runs(plan, project)
    return min(found, key=lambda item: item.at, default=None)


def _files(plan: Plan, project: Project, cache: Cache) -> Iterator[Staleness]:
    site = prepare_site(project, plan.site, None, cache)
    if site.digest == plan.source.digest:
        return
    times = [0.0]
    for path in (site.path, project.sites_dir / DEFAULTS_FILE):
        with suppress(OSError):
            times.append(path.stat().st_mtime)
    changed = datetime.fromtimestamp(max(times), UTC)
    yield Staleness(changed, f"{project.shown(site.path)} or its defaults were changed")


def _runs(plan: Plan, project: Project) -> Iterator[Staleness]:
    made = _moment(str(plan.meta.get("created_at", ""))) or datetime.min.replace(tzinfo=UTC)
    runs = state_of(project).runs
    for place in runs.all(plan.site):
        with suppress(OceanaError):
            summary = summarise(place, runs.read(place))
            moved = [item for entry in summary.contents.entries for item in _moved(plan, summary, entry)]
            yield from [item for item in moved if item.at > made][:1]


def _moved(plan: Plan, summary: RunSummary, entry: Entry) -> Iterator[Staleness]:
    """What an entry says: of the plan's own run its end, of another run the first thing that it did."""
    at, run = _moment(entry.at), summary.files.run
    if at is None or summary.started is None:
        return
    own = summary.started.plan == plan.id
    match entry.record:
        case Finished() if own:
            yield Staleness(at, f"run {run} has run it to its end")
        case Stopped(reason=reason, exit_code=Stale.exit_code) if own:
            yield Staleness(at, f"run {run} stopped: {reason}")
        case Done(step=step, how=how) if not own and how not in _SEEN_ONLY:
            yield Staleness(at, f"run {run} ({summary.started.scenario}) has changed the estate, {step} first")


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None
