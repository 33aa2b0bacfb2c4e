"""Tabletops that were played: found by id or site, with their plans and journals, apart from the runs.

In: a project, an id, a site. Out: where they lie, rows of a list, a plan with its journal.
Nothing of them may be taken for a run: they have a folder of their own, and no index.
"""

from __future__ import annotations

from oceana_dr.plan.codec import read_plan
from oceana_dr.plan.model import Plan
from oceana_dr.source.project import Project
from oceana_dr.store.index import RunRow
from oceana_dr.store.journal import Entry
from oceana_dr.store.runs import Runs
from oceana_dr.store.state import local_state


def plays_of(project: Project) -> Runs:
    """The plays of a project, in files of the same form as runs and in a folder of their own."""
    return local_state(project.state_dir / "drills").runs


def find_play(project: Project, name: str) -> tuple[Plan, tuple[Entry, ...]] | None:
    """The play of this id, whatever its site; None if there is none."""
    runs = plays_of(project)
    for site in runs.sites():
        for place in runs.all(site):
            if place.run == name:
                return read_plan(runs.plan_file(place), str(place.plan)), runs.read(place).entries
    return None


def played(project: Project, site: str) -> tuple[RunRow, ...]:
    """The plays of a site as rows of a list, oldest first; one that cannot be read is passed over."""
    rows = []
    for summary in plays_of(project).sound(site):
        entries, started = summary.contents.entries, summary.started
        if started is None:
            continue
        last = entries[-1].at if summary.finished else None
        state = "finished" if summary.finished else "stopped"
        row = (site, started.run, started.plan, started.scenario, started.operator, state, entries[0].at, last)
        rows.append(RunRow(*row, path=str(summary.files.journal), head=summary.contents.head))
    return tuple(rows)
