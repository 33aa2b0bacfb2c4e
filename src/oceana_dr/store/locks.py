"""One runner a site: a lock with a name behind it, checked again before every act.

In: who wants to run what. Out: a `Lease`, or `StateLocked` that names the holder.
A lock is taken over without asking only if its process is known to be dead, and never silently.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import astuple, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from oceana_dr.diagnostics import StateLocked
from oceana_dr.store.database import Database

if TYPE_CHECKING:
    import sqlite3

_BEAT: Final = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Lock:
    """A site's lock. `process` tells a process from a later one with the same number."""

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


@dataclass(frozen=True, slots=True)
class LockEvent:
    """A lock was taken over from the dead, or released by hand: when, by whom, which, why."""

    site: str
    at: str
    event: str
    by: str
    lock: str
    note: str


@dataclass(frozen=True, slots=True)
class Machine:
    """This machine as locks see it; injected, so that tests can be several machines."""

    host: str
    pid: int
    process_of: Callable[[int], str | None]

    @property
    def process(self) -> str:
        """This process's own mark."""
        return self.process_of(self.pid) or ""


def this_machine() -> Machine:
    """The machine and process we are."""
    return Machine(os.uname().nodename, os.getpid(), process_mark)


def process_mark(pid: int) -> str | None:
    """What tells a process from another of the same number: boot and start time. None if it is dead."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return None if Path("/proc/self/stat").exists() else _alive(pid)
    except OSError:
        return _alive(pid)
    state, *rest = stat.rpartition(")")[2].split()
    return None if state in {"Z", "X"} else f"{boot}/{rest[18]}"


def _alive(pid: int) -> str | None:
    """Without /proc: whether a process of this number exists at all."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return None
    except PermissionError:
        return "alive"
    return "alive"


class Lease:
    """A lock that is ours. `check` costs a read; now and then it says that we are still alive."""

    def __init__(self, database: Database, lock: Lock, wall: Callable[[], datetime]) -> None:
        self.lock = lock
        self._database = database
        self._wall = wall
        self._beaten = wall()

    def check(self) -> None:
        """Raises `StateLocked` if the lock is no longer ours."""
        with self._database.reading() as connection:
            held = None if connection is None else _read(connection, self.lock.site)
        if held is None or held.id != self.lock.id:
            raise StateLocked(
                f"the lock on {self.lock.site} was taken away" + (f" by {held.who}" if held else ""),
                hint="see `oceana-dr status`; run the same command again to resume",
            )
        now = self._wall()
        if now - self._beaten >= _BEAT:
            self._beaten = now
            with self._database.writing() as connection:
                connection.execute("UPDATE lock SET heartbeat = ? WHERE id = ?", (_iso(now), self.lock.id))

    def name_run(self, run: str) -> None:
        """Say which run the lock is for, once it has a name."""
        with self._database.writing() as connection:
            connection.execute("UPDATE lock SET run = ? WHERE id = ?", (run, self.lock.id))
        self.lock = replace(self.lock, run=run)

    def release(self) -> None:
        """Give the lock back; nothing happens if it is no longer ours."""
        with self._database.writing() as connection:
            connection.execute("DELETE FROM lock WHERE id = ?", (self.lock.id,))


def acquire(
    database: Database,
    site: str,
    *,
    who: str,
    why: str,
    run: str | None,
    wall: Callable[[], datetime],
    machine: Machine | None = None,
) -> Lease:
    """Take the site's lock, or raise `StateLocked` naming who has it since when."""
    here = machine or this_machine()
    now = wall()
    stamp = _iso(now)
    mine = Lock(site, _lock_id(), who, here.host, here.pid, here.process, why, run, stamp, stamp)
    with database.writing() as connection:
        held = _read(connection, site)
        if held is not None:
            if held.host != here.host or here.process_of(held.pid) == held.process:
                raise _locked(held)
            _note(connection, LockEvent(site, stamp, "taken over", who, held.id, f"process {held.pid} is dead"))
        connection.execute("INSERT OR REPLACE INTO lock VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", astuple(mine))
    return Lease(database, mine, wall)


def read_lock(database: Database, site: str) -> Lock | None:
    """Who holds the site's lock, if anyone."""
    with database.reading() as connection:
        return None if connection is None else _read(connection, site)


def holder_is_dead(lock: Lock, machine: Machine | None = None) -> bool:
    """Whether the holder is known to be dead: a process of this host that is not there any more."""
    here = machine or this_machine()
    return lock.host == here.host and here.process_of(lock.pid) != lock.process


def unlock(database: Database, site: str, *, by: str, reason: str, now: datetime) -> Lock | None:
    """Release a lock by hand, with a record of it; returns what was released."""
    with database.writing() as connection:
        held = _read(connection, site)
        if held is not None:
            _note(connection, LockEvent(site, _iso(now), "released by hand", by, held.id, reason))
            connection.execute("DELETE FROM lock WHERE id = ?", (held.id,))
    return held


def lock_events(database: Database, site: str) -> tuple[LockEvent, ...]:
    """Every lock of the site that was taken over or released by hand, oldest first."""
    with database.reading() as connection:
        if connection is None:
            return ()
        rows = connection.execute(
            "SELECT site, at, event, by, lock, note FROM lock_event WHERE site = ? ORDER BY rowid", (site,)
        ).fetchall()
    return tuple(LockEvent(*row) for row in rows)


def _read(connection: sqlite3.Connection, site: str) -> Lock | None:
    row = connection.execute("SELECT * FROM lock WHERE site = ?", (site,)).fetchone()
    return None if row is None else Lock(*row)


def _note(connection: sqlite3.Connection, event: LockEvent) -> None:
    connection.execute(
        "INSERT INTO lock_event (site, at, event, by, lock, note) VALUES (?, ?, ?, ?, ?, ?)",
        (event.site, event.at, event.event, event.by, event.lock, event.note),
    )


def _locked(held: Lock) -> StateLocked:
    run = f", run {held.run}" if held.run else ""
    return StateLocked(
        f"{held.site} is locked by {held.who} since {held.since} ({held.why}{run}; process {held.pid} on {held.host},"
        f" last sign of life {held.heartbeat})",
        hint=f"`oceana-dr status {held.site}` shows it; is that process gone? `oceana-dr state unlock {held.site}`",
    )


def _lock_id() -> str:
    import secrets

    return secrets.token_hex(8)


def _iso(now: datetime) -> str:
    return now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
