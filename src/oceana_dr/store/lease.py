"""A lock that is ours: renewed while we live, looked at before every act, and the guard of what we write.

In: a lock just taken. Out: its fencing token; `StateLocked` from the moment on that it is not ours any more.
Whoever was paused past the lease must find out before the next act, and must not write in the store again.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from oceana_dr.diagnostics import OceanaError, StateLocked, StateUnreachable
from oceana_dr.store.database import Connection, Database
from oceana_dr.store.lock import BEAT, Lock, in_ms, iso, read_row

_MARGIN: Final = 0.5
"""The part of a lease that is trusted when the store cannot be asked: an act takes time to arrive."""
_RESUME: Final = "see `oceana-dr status`; run the same command again to resume"


class Lease:
    """A lock that is ours. `check` costs a read; now and then it says that we are still alive."""

    def __init__(self, database: Database, lock: Lock, wall: Callable[[], datetime] | None, length: timedelta) -> None:
        self.lock = lock
        self._database = database
        self._wall = wall
        self._length = length
        self._beat = min(BEAT, length / 4)
        self._renewed = _uptime()

    @property
    def token(self) -> int:
        """The fencing token: who checks it refuses a smaller one than it has seen."""
        return self.lock.token

    def check(self) -> None:
        """Raises `StateLocked` if the lock is no longer ours; renews it when it is time.

        A store that does not answer is believed to still say so for half of a lease, by a clock that no pause stops.
        """
        try:
            with self._database.reading() as connection:
                held = None if connection is None else read_row(connection, self.lock.site)
                now = self._now(connection)
        except StateUnreachable as error:
            if _uptime() - self._renewed < self._length.total_seconds() * _MARGIN:
                return
            raise StateUnreachable(
                f"{error.message}, and the lock on {self.lock.site} could not be renewed", hint=error.hint
            ) from error
        if held is None or held.id != self.lock.id:
            raise self._lost(held)
        due = datetime.fromisoformat(held.heartbeat) + self._beat
        if held.ends_ms is None or now >= due or in_ms(now) >= held.ends_ms:
            self.renew()

    def renew(self) -> None:
        """Give a sign of life; raises `StateLocked` if the lock is no longer ours."""
        began = _uptime()
        with self._database.writing(self.lock.site) as connection:
            self.confirm(connection)
            now = self._now(connection)
            connection.execute(
                "UPDATE lock SET heartbeat = ?, ends_ms = ? WHERE id = ?",
                (iso(now), in_ms(now + self._length), self.lock.id),
            )
        self._renewed = began

    def confirm(self, connection: Connection) -> None:
        """Raises `StateLocked` if, in this very transaction, the lock is no longer ours."""
        held = read_row(connection, self.lock.site)
        if held is None or held.id != self.lock.id:
            raise self._lost(held)

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Renew it in a thread of its own, for as long as the block runs."""
        ended = threading.Event()

        def beat() -> None:
            while not ended.wait(self._beat.total_seconds()):
                with suppress(OceanaError):  # `check` finds it out, in the thread that acts
                    self.renew()

        thread = threading.Thread(target=beat, name="heartbeat", daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()

    def name_run(self, run: str) -> None:
        """Say which run the lock is for, once it has a name."""
        with self._database.writing(self.lock.site) as connection:
            connection.execute("UPDATE lock SET run = ? WHERE id = ?", (run, self.lock.id))
        self.lock = replace(self.lock, run=run)

    def release(self) -> None:
        """Give the lock back; nothing happens if it is no longer ours."""
        with self._database.writing(self.lock.site) as connection:
            connection.execute("DELETE FROM lock WHERE id = ?", (self.lock.id,))

    @property
    def fenced(self) -> Database:
        """The database for what only the holder may write: each write checks that it still is."""
        return _Fenced(self._database, self)

    def _now(self, connection: Connection | None) -> datetime:
        if self._wall is not None or connection is None:
            return self._wall() if self._wall else datetime.fromisoformat(self.lock.heartbeat)
        return connection.now()

    def _lost(self, held: Lock | None) -> StateLocked:
        by = f" by {held.who}" if held else ""
        return StateLocked(f"the lock on {self.lock.site} was taken away{by}", hint=_RESUME)


class _Fenced:
    """A database in which a write first confirms the lease, in the same transaction."""

    def __init__(self, database: Database, lease: Lease) -> None:
        self._database = database
        self._lease = lease

    @property
    def name(self) -> str:
        return self._database.name

    def reading(self) -> AbstractContextManager[Connection | None]:
        return self._database.reading()

    @contextmanager
    def writing(self, site: str) -> Iterator[Connection]:
        with self._database.writing(site) as connection:
            self._lease.confirm(connection)
            yield connection


def _uptime() -> float:
    """Seconds, counted on while the machine sleeps."""
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if clock is None else time.clock_gettime(clock)
