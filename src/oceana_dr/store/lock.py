"""A site's lock as it stands in a store.

In: a row. Out: the lock: who, where, why, since when, with which token and until when.
Times that are compared are milliseconds by the store's clock; the others are for people.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from oceana_dr.store.database import Connection

LEASE: Final = timedelta(seconds=60)
"""How long a lock is kept for a holder that gives no sign of life."""
BEAT: Final = timedelta(seconds=10)
"""How often a holder gives one."""


@dataclass(frozen=True, slots=True)
class Lock:
    """A site's lock. `process` tells a process from a later one with the same number; `ends_ms` is None for ever."""

    site: str
    id: str
    who: str
    host: str
    pid: int
    process: str
    why: str
    run: str | None
    since: str
    heartbeat: str
    token: int = 0
    ends_ms: int | None = None


def read_row(connection: Connection, site: str) -> Lock | None:
    """The site's lock, if there is one."""
    row = connection.execute(
        "SELECT site, id, who, host, pid, process, why, run, since, heartbeat, token, ends_ms FROM lock WHERE site = ?",
        (site,),
    ).fetchone()
    return None if row is None else Lock(*row)


def in_ms(moment: datetime) -> int:
    """Milliseconds since 1970."""
    return round(moment.timestamp() * 1000)


def iso(moment: datetime) -> str:
    """ISO 8601 in UTC, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
