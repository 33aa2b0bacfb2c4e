"""The state folder of a project: what is remembered of a site, and a lock that its holder left behind.

In: a project and a site's name. Out: plain facts; a lock released by hand, with a record of who and why.
A lock whose holder is known to live must never be released here: two runs on one site would follow.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime

from oceana_dr.diagnostics import OceanaError, StateLocked
from oceana_dr.estate.values import Json
from oceana_dr.source.project import Project
from oceana_dr.store.baseline import read_baseline
from oceana_dr.store.database import Database
from oceana_dr.store.index import list_runs
from oceana_dr.store.locks import holder_is_dead, lock_events, read_lock, this_machine, unlock


def describe_state(project: Project, site: str) -> dict[str, Json]:
    """Where the state lies, the site's lock, its baseline, its runs, and every lock that was taken from somebody."""
    database = Database(project.state_dir)
    lock, baseline = read_lock(database, site), read_baseline(database, site)
    return {
        "folder": str(project.state_dir),
        "site": site,
        "lock": None if lock is None else {**asdict(lock), "dead": holder_is_dead(lock)},
        "baseline": None if baseline is None else {"run": baseline.run, "at": baseline.at},
        "runs": len(list_runs(database, site)),
        "lock_events": [dict(asdict(event)) for event in lock_events(database, site)],
    }


def release_lock(project: Project, site: str, *, by: str, reason: str) -> str:
    """Release the site's lock; raises `StateLocked` while its holder lives on this machine."""
    database = Database(project.state_dir)
    held = read_lock(database, site)
    if held is None:
        raise OceanaError(f"{site} is not locked")
    if held.host == this_machine().host and not holder_is_dead(held):
        raise StateLocked(
            f"{held.who} holds the lock of {site} and lives (process {held.pid})", hint=f"oceana-dr status {site}"
        )
    unlock(database, site, by=by, reason=reason, now=datetime.now(UTC))
    return f"released: the lock of {site} that {held.who} held since {held.since} on {held.host}"
