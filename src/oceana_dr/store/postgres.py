"""A team's state: one PostgreSQL schema that all machines of a team share.

In: a URL, asked for when it is first needed. Out: transactions with the schema in place, errors a command may end with.
Reading must create nothing; a process that is paused in a transaction must not keep the others waiting for long.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from oceana_dr.diagnostics import Unreadable
from oceana_dr.store import schema
from oceana_dr.store.database import Connection, Rows

if TYPE_CHECKING:
    import psycopg

    from oceana_dr.store.postgres_url import Address

_WRITERS: Final = 0x0CEA_4A
"""The advisory lock that puts writers one after the other, as SQLite does."""
_LIMITS: Final = """
SET LOCAL lock_timeout = '8s';
SET LOCAL statement_timeout = '10s';
SET LOCAL idle_in_transaction_session_timeout = '5s'
"""
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


class PostgresDatabase:
    """One schema of a server. A connection lives as long as one operation: nothing is held between them."""

    def __init__(self, url: Callable[[], str], reference: str) -> None:
        self._url = url
        self._reference = reference
        self._address: Address | None = None

    @property
    def name(self) -> str:
        """The server and the database."""
        return self._found().name

    @contextmanager
    def reading(self) -> Iterator[Connection | None]:
        """A consistent look; None while there are no tables. Those of an earlier version are migrated first."""
        with self._transaction("read", "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY") as connection:
            if not _is_prepared(connection):
                yield None
                return
            if schema.version_of(connection, self.name) == schema.VERSION:
                yield connection
                return
        with self.writing():
            pass
        with self.reading() as migrated:
            yield migrated

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that no other writer overlaps; committed at the end, or undone."""
        with self._transaction("written", "BEGIN") as connection:
            connection.execute("SELECT pg_advisory_xact_lock(?)", (_WRITERS,))
            if not _is_prepared(connection):
                schema.create(connection, schema.POSTGRES)
            elif (found := schema.version_of(connection, self.name)) < schema.VERSION:
                schema.migrate(connection, schema.POSTGRES, found)
            yield connection

    @contextmanager
    def _transaction(self, doing: str, begin: str) -> Iterator[Connection]:
        address = self._found()
        import psycopg

        from oceana_dr.store.postgres_trouble import postgres_trouble

        try:
            # Nothing of a transaction is prepared for the next: poolers between us and the server like that.
            with psycopg.connect(**address.parameters, autocommit=True, prepare_threshold=None) as raw:
                raw.execute(f"{begin};{_LIMITS}".encode())
                try:
                    yield _Connection(raw)
                except BaseException:
                    with suppress(psycopg.Error):  # the server undoes it, told or not
                        raw.execute("ROLLBACK")
                    raise
                raw.execute("COMMIT")
        except psycopg.Error as error:
            raise postgres_trouble(error, address.name, doing) from None

    def _found(self) -> Address:
        if self._address is None:
            try:
                from oceana_dr.store.postgres_url import read_url

                self._address = read_url(self._url(), self._reference)
            except ImportError:
                raise Unreadable("a team's state needs psycopg, which is not installed here", hint=_MISSING) from None
        return self._address


def _is_prepared(connection: Connection) -> bool:
    """Whether the schema is there: its tables come together."""
    found: bool = connection.execute("SELECT to_regclass('journal') IS NOT NULL").fetchone()[0]
    return found
