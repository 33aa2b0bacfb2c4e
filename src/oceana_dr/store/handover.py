"""What a site's state holds beside its runs, brought from one database to another.

In: where from, where to, a site, the runs that went with it. Out: whether the baseline was the newer one.
What is newer there must never be written over.
"""

from __future__ import annotations

from datetime import datetime

from oceana_dr.store.approvals import Approvals
from oceana_dr.store.baseline import observe, read_baseline, read_observations, write_baseline
from oceana_dr.store.database import Database
from oceana_dr.store.index import list_runs, note_run
from oceana_dr.store.refusals import Refusals


def hand_over(source: Database, target: Database, site: str, runs: frozenset[str]) -> bool:
    """Bring rows of these runs, newer observations, the newer baseline, and the greater fencing token; approvals and
    refusals, too, which only become more.
    """
    Approvals(target).bring(site, Approvals(source).rows(site))
    Refusals(target).bring(site, Refusals(source).rows(site))
    for row in list_runs(source, site):
        if row.run in runs:
            note_run(target, row)
    known = read_observations(target, site)
    observe(
        target,
        site,
        {
            address: seen
            for address, seen in read_observations(source, site).items()
            if address not in known or _is_later(seen.at, known[address].at)
        },
    )
    _raise_token(source, target, site)
    ours, theirs = read_baseline(source, site), read_baseline(target, site)
    if ours is None or (theirs is not None and not _is_later(ours.at, theirs.at)):
        return False
    write_baseline(target, site, ours)
    return True


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
