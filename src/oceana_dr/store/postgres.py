"""A team's state: one PostgreSQL schema that all machines of a team share.

In: a URL, asked for when it is first needed. Out: transactions with the schema in place, errors a command may end with.
Reading must create nothing; a process that is paused in a transaction must not keep the others waiting for long.
"""

from __future__ import annotations

import os
import threading
import weakref
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final
from zlib import crc32

from oceana_dr.diagnostics import Unreadable
from oceana_dr.store import schema
from oceana_dr.store.database import Connection, Rows

if TYPE_CHECKING:
    import psycopg

    from oceana_dr.store.postgres_url import Address

_LIMITS: Final = """
SET LOCAL lock_timeout = '8s';
SET LOCAL statement_timeout = '10s';
SET LOCAL idle_in_transaction_session_timeout = '5s'
"""
_LOOK: Final = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;{limits}"
_CHANGE: Final = "BEGIN;{limits};SELECT pg_advisory_xact_lock"
_LOCKS: Final = 847434
"""Of no other program that we know. With a site's number: who writes there; alone: who makes the tables."""
_MOST_IDLE: Final = 2
_MISSING: Final = "install it: pip install 'oceana-dr[postgres]'"


class _Connection:
    """psycopg's connection, as stores see one. The clock is the server's: machines disagree."""

    def __init__(self, raw: psycopg.Connection) -> None:
        self._raw = raw

    def execute(self, statement: str, values: Sequence[object] = ()) -> Rows:
        return self._raw.execute(statement.replace("?", "%s").encode(), values or None)

    def now(self) -> datetime:
        found: datetime = self.execute("SELECT clock_timestamp()").fetchone()[0]
        return found.astimezone(UTC)


class _Idle:
    """Connections between two operations: one for the run, one for the heartbeat. A forked child has none."""

    def __init__(self) -> None:
        self._kept: list[psycopg.Connection] = []
        self._lock = threading.Lock()
        self._owner = os.getpid()

    def take(self) -> psycopg.Connection | None:
        with self._lock:
            return self._kept.pop() if self._kept and self._owner == os.getpid() else None

    def put(self, connection: psycopg.Connection) -> None:
        with self._lock:
            if len(self._kept) < _MOST_IDLE and self._owner == os.getpid():
                self._kept.append(connection)
                return
        connection.close()

    def close(self) -> None:
        while (connection := self.take()) is not None:
            connection.close()


class PostgresDatabase:
    """One schema of a server. Connections that are idle are kept for the next operation, nothing else is."""

    def __init__(self, url: Callable[[], str], reference: str) -> None:
        self._url = url
        self._reference = reference
        self._address: Address | None = None
        self._prepared = False
        """Whether the tables were seen: nobody takes them away again."""
        self._idle = _Idle()
        weakref.finalize(self, self._idle.close)

    @property
    def name(self) -> str:
        """The server and the database."""
        return self._found().name

    @contextmanager
    def reading(self) -> Iterator[Connection | None]:
        """A consistent look; None while there are no tables. Those of an earlier version are migrated first."""
        with self._transaction("read", _LOOK) as (connection, found):
            if found is None:
                yield None
                return
            if found == schema.VERSION:
                yield connection
                return
        with self.writing(""):
            pass
        with self.reading() as migrated:
            yield migrated

    @contextmanager
    def writing(self, site: str) -> Iterator[Connection]:
        """A transaction that no other writer of this site overlaps; committed at the end, or undone."""
        begin = f"{_CHANGE}({_LOCKS}, {crc32(site.encode()) - 2**31})"
        with self._transaction("written", begin) as (connection, found):
            if found is None or found < schema.VERSION:
                self._prepare(connection)
            yield connection

    def _prepare(self, connection: Connection) -> None:
        """Make this version's tables, unless another writer has made them while we waited for it."""
        connection.execute(f"SELECT pg_advisory_xact_lock({_LOCKS})")
        if not _is_prepared(connection):
            schema.create(connection, schema.POSTGRES)
        elif (found := schema.version_of(connection, self.name)) < schema.VERSION:
            schema.migrate(connection, schema.POSTGRES, found)

    @contextmanager
    def _transaction(self, doing: str, begin: str) -> Iterator[tuple[Connection, int | None]]:
        """A transaction, and the version of the tables that it finds; None where there are none."""
        address = self._found()
        import psycopg

        from oceana_dr.store.postgres_trouble import postgres_trouble

        try:
            raw = self._begun(address, begin.format(limits=_LIMITS).encode())
            try:
                connection = _Connection(raw)
                self._prepared = self._prepared or _is_prepared(connection)
                yield connection, schema.version_of(connection, address.name) if self._prepared else None
                raw.execute("COMMIT")
            except BaseException:
                raw.close()  # the server undoes what was begun
                raise
            self._idle.put(raw)
        except psycopg.Error as error:
            raise postgres_trouble(error, address.name, doing) from None

    def _begun(self, address: Address, begin: bytes) -> psycopg.Connection:
        """A connection in a transaction: an idle one if it still lives, else a new one."""
        import psycopg

        if (kept := self._idle.take()) is not None:
            try:
                kept.execute(begin)
            except psycopg.OperationalError:
                kept.close()  # it died while it was idle: nothing was lost with it
            else:
                return kept
        # Nothing is prepared for the next transaction: poolers between us and the server like that.
        raw = psycopg.connect(**address.parameters, autocommit=True, prepare_threshold=None)
        raw.execute(begin)
        return raw

    def _found(self) -> Address:
        if self._address is None:
            try:
                from oceana_dr.store.postgres_url import read_url

                self._address = read_url(self._url(), self._reference)
            except ImportError:
                raise Unreadable("a team's state needs psycopg, which is not installed here", hint=_MISSING) from None
        return self._address


def _is_prepared(connection: Connection) -> bool:
    """Whether the schema is there: its tables come together. `to_regclass` would answer from what it knew before."""
    return (
        connection.execute(
            "SELECT 1 FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'journal'"
        ).fetchone()
        is not None
    )
