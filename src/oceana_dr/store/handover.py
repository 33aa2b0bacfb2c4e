"""What a site's state holds beside its runs, brought from one database to another.

In: where from, where to, a site, the runs that went with it. Out: what was new there.
What is newer there must never be written over. Questions at the desk stay: whoever goes on with a run asks them anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from oceana_dr.store.approvals import Approvals
from oceana_dr.store.baseline import observe, read_baseline, read_observations, write_baseline
from oceana_dr.store.database import Database
from oceana_dr.store.index import list_runs, note_run
from oceana_dr.store.refusals import Refusals


@dataclass(frozen=True, slots=True)
class Brought:
    """What was new where it was brought to: the baseline, or not; so many observations, approvals and refusals."""

    baseline: bool
    observations: int
    approvals: int
    refusals: int

    @property
    def anything(self) -> bool:
        """Whether anything was."""
        return self.baseline or bool(self.observations or self.approvals or self.refusals)


def hand_over(source: Database, target: Database, site: str, runs: frozenset[str]) -> Brought:
    """Bring rows of these runs, newer observations, the newer baseline, and the greater fencing token; approvals with
    their plans, and refusals, too, which only become more.
    """
    approvals = Approvals(target).bring(site, Approvals(source).rows(site))
    for plan, file, at in Approvals(source).plans(site):
        Approvals(target).keep_plan(site, plan, file, at)
    refusals = Refusals(target).bring(site, Refusals(source).rows(site))
    for row in list_runs(source, site):
        if row.run in runs:
            note_run(target, row)
    known = read_observations(target, site)
    newer = {
        address: seen
        for address, seen in read_observations(source, site).items()
        if address not in known or _is_later(seen.at, known[address].at)
    }
    observe(target, site, newer)
    _raise_token(source, target, site)
    ours, theirs = read_baseline(source, site), read_baseline(target, site)
    baseline = ours is not None and (theirs is None or _is_later(ours.at, theirs.at))
    if ours is not None and baseline:
        write_baseline(target, site, ours)
    return Brought(baseline, len(newer), approvals, refusals)


def _raise_token(source: Database, target: Database, site: str) -> None:
    """A gateway has seen the greatest of either: the next must be greater still."""
    with source.reading() as connection:
        row = connection and connection.execute("SELECT token FROM fence WHERE site = ?", (site,)).fetchone()
    if row:
        with target.writing(site) as connection:
            connection.execute(
                "INSERT INTO fence VALUES (?, ?) ON CONFLICT (site) DO UPDATE SET token = excluded.token"
                " WHERE excluded.token > fence.token",
                (site, row[0]),
            )


def _is_later(one: str, other: str) -> bool:
    return datetime.fromisoformat(one) > datetime.fromisoformat(other)
