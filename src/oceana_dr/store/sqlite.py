"""The state folder's small database: one SQLite file, opened when first needed.

In: the state folder. Out: connections with the schema in place, errors a command may end with.
Reading must create nothing, and no failure of the disk may come out as a traceback.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from oceana_dr.store import schema
from oceana_dr.store.database import Connection, Rows
from oceana_dr.store.files import FilePort, SystemFiles, trouble

if TYPE_CHECKING:
    import sqlite3

_BUSY_S: Final = 5.0
_PAUSE_S: Final = 0.01
_DAMAGED: Final = "move it away: journals and plans lie beside it and are not affected"


class _Connection:
    """SQLite's connection, as stores see one. Who shares a file shares a machine, and so its clock."""

    def __init__(self, raw: sqlite3.Connection) -> None:
        self._raw = raw

    def execute(self, statement: str, values: Sequence[object] = ()) -> Rows:
        return self._raw.execute(statement, tuple(values))

    def now(self) -> datetime:
        return datetime.now(UTC)


class SqliteDatabase:
    """`<state>/state.db`. A connection lives as long as one operation: nothing is held between them."""

    def __init__(self, state: Path, files: FilePort | None = None) -> None:
        self.path = state / "state.db"
        self._files = files or SystemFiles()

    @property
    def name(self) -> str:
        """The file."""
        return str(self.path)

    @contextmanager
    def reading(self) -> Iterator[Connection | None]:
        """A connection that cannot write; None if there is no database yet. One of an earlier version is migrated."""
        with self._guarded("read"):
            if not self.path.exists():
                yield None
                return
            with closing(self._connect_to_read()) as raw:
                connection = _Connection(raw)
                if not _is_prepared(connection):
                    yield None  # made a moment ago by somebody who was stopped, or has not written yet
                    return
                if schema.version_of(connection, self.name) == schema.VERSION:
                    yield connection
                    return
        with self.writing(""):
            pass
        with self.reading() as migrated:
            yield migrated

    @contextmanager
    def writing(self, site: str) -> Iterator[Connection]:  # noqa: ARG002 - one file has one writer, whatever the site
        """A transaction that holds the write lock from its beginning; committed at the end, or undone."""
        with self._guarded("written"):
            self._make_folder()
            self.path.touch(mode=0o600)  # SQLite's own would be open to everybody; its logs follow this file
            with closing(self._connect(f"file:{quote(str(self.path))}?mode=rwc")) as raw:
                self._use_log(raw)
                raw.execute("PRAGMA synchronous=FULL")
                raw.execute("BEGIN IMMEDIATE")
                try:
                    connection = _Connection(raw)
                    self._prepare(connection)
                    yield connection
                except BaseException:
                    raw.execute("ROLLBACK")
                    raise
                raw.execute("COMMIT")

    def _prepare(self, connection: Connection) -> None:
        if not _is_prepared(connection):
            schema.create(connection, schema.SQLITE)
        elif (found := schema.version_of(connection, self.name)) < schema.VERSION:
            schema.migrate(connection, schema.SQLITE, found)

    def _use_log(self, connection: sqlite3.Connection) -> None:
        """Switch to the write-ahead log; SQLite does not wait by itself while another process switches too."""
        import sqlite3

        deadline = time.monotonic() + _BUSY_S
        while True:
            try:
                connection.execute("PRAGMA journal_mode=WAL")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() >= deadline:
                    raise
                time.sleep(_PAUSE_S)
            else:
                return

    def _connect_to_read(self) -> sqlite3.Connection:
        import sqlite3

        name = f"file:{quote(str(self.path))}"
        # Opened for writing though nothing is written: who closes last then clears away the log it opened.
        connection = self._connect(f"{name}?mode=rw")
        try:
            connection.execute("PRAGMA query_only=1")
            connection.execute("SELECT 1 FROM sqlite_master").fetchone()
        except sqlite3.OperationalError:
            connection.close()
            # Where nothing may be created, a database without a log can be read as it stands.
            log = self.path.with_name("state.db-wal").exists()
            return self._connect(f"{name}?mode=ro" if log else f"{name}?immutable=1")
        return connection

    def _connect(self, uri: str) -> sqlite3.Connection:
        import sqlite3

        return sqlite3.connect(uri, uri=True, timeout=_BUSY_S, isolation_level=None)

    def _make_folder(self) -> None:
        if self.path.parent.is_dir():
            return
        try:
            self._files.make_folder(self.path.parent)
        except OSError as error:
            raise trouble(error, self.path.parent, "created") from error

    @contextmanager
    def _guarded(self, doing: str) -> Iterator[None]:
        import sqlite3

        try:
            yield
        except sqlite3.Error as error:
            from oceana_dr.store.sqlite_trouble import sqlite_trouble

            raise sqlite_trouble(error, self.path, doing, damaged=_DAMAGED, busy_s=_BUSY_S) from error
        except OSError as error:
            raise trouble(error, self.path, doing) from error


def _is_prepared(connection: Connection) -> bool:
    """Whether the schema is there: the table of observations comes with all the others."""
    return connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'observation'").fetchone() is not None
