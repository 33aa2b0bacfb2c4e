"""One runner a site: a lock with a name behind it, a lease that its holder renews, and a fencing token.

In: who wants to run what. Out: a `Lease`, or `StateLocked` that names the holder.
A lock is taken over only from a process that is known to be dead or from a lease that has run out, and
never silently; a token is never given twice, and never a smaller one after a greater.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import astuple, dataclass
from datetime import datetime, timedelta
from typing import Final

from oceana_dr.diagnostics import OceanaError, StateLocked
from oceana_dr.store.database import Connection, Database
from oceana_dr.store.lease import Lease
from oceana_dr.store.lock import LEASE, Lock, in_ms, iso, read_row
from oceana_dr.store.machine import Machine, this_machine

_REPLACE: Final = """
INSERT INTO lock VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (site) DO UPDATE SET
  id = excluded.id, who = excluded.who, host = excluded.host, pid = excluded.pid, process = excluded.process,
  why = excluded.why, run = excluded.run, since = excluded.since, heartbeat = excluded.heartbeat,
  token = excluded.token, ends_ms = excluded.ends_ms
"""


@dataclass(frozen=True, slots=True)
class LockEvent:
    """A lock was taken over, or released by hand: when, by whom, which, why."""

    site: str
    at: str
    event: str
    by: str
    lock: str
    note: str


@dataclass(frozen=True, slots=True)
class Held:
    """A lock as it was found, and by the store's clock when."""

    lock: Lock
    now: datetime

    @property
    def silent_s(self) -> int:
        """Seconds since the holder's last sign of life."""
        return max(0, round((self.now - datetime.fromisoformat(self.lock.heartbeat)).total_seconds()))

    @property
    def has_run_out(self) -> bool:
        """Whether the lease is over; one that a version without leases gave never is."""
        return self.lock.ends_ms is not None and in_ms(self.now) >= self.lock.ends_ms

    def is_dead(self, machine: Machine | None = None) -> bool:
        """Whether the holder is known to be dead: a process of this machine that is not there any more."""
        lock = self.lock
        return (machine or this_machine()).knows_dead(lock.host, lock.pid, lock.process)

    def is_free(self, machine: Machine | None = None) -> bool:
        """Whether the next who asks gets it."""
        return self.has_run_out or self.is_dead(machine)


def acquire(
    database: Database,
    site: str,
    *,
    who: str,
    why: str,
    wall: Callable[[], datetime] | None = None,
    machine: Machine | None = None,
    lease: timedelta = LEASE,
) -> Lease:
    """Take the site's lock, or raise `StateLocked` naming who has it since when."""
    here = machine or this_machine()
    with database.writing(site) as connection:
        now = wall() if wall else connection.now()
        if (row := read_row(connection, site)) is not None:
            held = Held(row, now)
            if not held.is_free(here):
                raise _locked(held)
            note = f"process {row.pid} is dead" if held.is_dead(here) else f"no sign of life for {held.silent_s} s"
            _note(connection, LockEvent(site, iso(now), "taken over", who, row.id, note))
        token, ends = _next_token(connection, site, now), in_ms(now + lease)
        stamp = iso(now)
        mine = Lock(site, _lock_id(), who, here.host, here.pid, here.process, why, None, stamp, stamp, token, ends)
        connection.execute(_REPLACE, astuple(mine))
    return Lease(database, mine, wall, lease)


def read_lock(database: Database, site: str, wall: Callable[[], datetime] | None = None) -> Held | None:
    """Who holds the site's lock, if anyone."""
    with database.reading() as connection:
        row = None if connection is None else read_row(connection, site)
        if connection is None or row is None:
            return None
        return Held(row, wall() if wall else connection.now())


def unlock(
    database: Database,
    site: str,
    *,
    lock: str,
    by: str,
    reason: str,
    wall: Callable[[], datetime] | None = None,
    machine: Machine | None = None,
) -> Lock:
    """Release the lock of this id by hand, with a record of it; raises `StateLocked` while its holder gives signs."""
    with database.writing(site) as connection:
        row = read_row(connection, site)
        if row is None or row.id != lock:
            has = f"; it is {row.id} that {row.who} holds" if row else ": it is not locked"
            raise OceanaError(f"{site} has no lock {lock}{has}", hint=f"oceana-dr state show {site}")
        now = wall() if wall else connection.now()
        held = Held(row, now)
        if not held.is_free(machine) and row.ends_ms is not None:
            raise StateLocked(
                f"{row.who} holds the lock of {site} and gave a sign of life {held.silent_s} s ago"
                f" (process {row.pid} on {row.host})",
                hint=f"its lease runs out {LEASE.seconds} s after the last one; oceana-dr status {site}",
            )
        _note(connection, LockEvent(site, iso(now), "released by hand", by, row.id, reason))
        connection.execute("DELETE FROM lock WHERE id = ?", (row.id,))
    return row


def lock_events(database: Database, site: str) -> tuple[LockEvent, ...]:
    """Every lock of the site that was taken over or released by hand, oldest first."""
    with database.reading() as connection:
        if connection is None:
            return ()
        rows = connection.execute(
            "SELECT site, at, event, by, lock, note FROM lock_event WHERE site = ? ORDER BY rowid", (site,)
        ).fetchall()
    return tuple(LockEvent(*row) for row in rows)


def _next_token(connection: Connection, site: str, now: datetime) -> int:
    """Greater than every one before. It starts from the time: a store that was lost, or another one that takes
    its place, begins above what gateways have seen."""
    row = connection.execute("SELECT token FROM fence WHERE site = ?", (site,)).fetchone()
    token = max(in_ms(now), 0 if row is None else row[0] + 1)
    connection.execute(
        "INSERT INTO fence VALUES (?, ?) ON CONFLICT (site) DO UPDATE SET token = excluded.token", (site, token)
    )
    return token


def _note(connection: Connection, event: LockEvent) -> None:
    connection.execute(
        "INSERT INTO lock_event (site, at, event, by, lock, note) VALUES (?, ?, ?, ?, ?, ?)", astuple(event)
    )


def _locked(held: Held) -> StateLocked:
    lock = held.lock
    run = f", run {lock.run}" if lock.run else ""
    return StateLocked(
        f"{lock.site} is locked by {lock.who} since {lock.since} ({lock.why}{run}; process {lock.pid} on {lock.host},"
        f" last sign of life {held.silent_s} s ago)",
        hint=f"`oceana-dr status {lock.site}` shows what it does; a holder that is gone loses the lock"
        f" {LEASE.seconds} s after its last sign of life",
    )


def _lock_id() -> str:
    import secrets

    return secrets.token_hex(8)
