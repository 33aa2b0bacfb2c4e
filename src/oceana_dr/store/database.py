"""The state folder's small database: one SQLite file, opened when first needed.

In: the state folder. Out: connections with the schema in place, errors a command may end with.
Reading must create nothing, and no failure of the disk may come out as a traceback.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from oceana_dr.diagnostics import Unreadable
from oceana_dr.store.files import FilePort, SystemFiles, trouble

if TYPE_CHECKING:
    import sqlite3

SCHEMA_VERSION: Final = 1
_BUSY_S: Final = 5.0
_PAUSE_S: Final = 0.01
_DAMAGED: Final = "move it away: journals and plans lie beside it and are not affected"
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL);
INSERT INTO schema_version SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM schema_version);
CREATE TABLE IF NOT EXISTS baseline (site TEXT PRIMARY KEY, estate TEXT NOT NULL, run TEXT, at TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS lock (
  site TEXT PRIMARY KEY, id TEXT NOT NULL, who TEXT NOT NULL, host TEXT NOT NULL, pid INTEGER NOT NULL,
  process TEXT NOT NULL, why TEXT NOT NULL, run TEXT, since TEXT NOT NULL, heartbeat TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS lock_event (
  site TEXT NOT NULL, at TEXT NOT NULL, event TEXT NOT NULL, by TEXT NOT NULL, lock TEXT NOT NULL,
  note TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS run (
  site TEXT NOT NULL, run TEXT NOT NULL, plan TEXT NOT NULL, scenario TEXT NOT NULL, operator TEXT NOT NULL,
  state TEXT NOT NULL, started TEXT NOT NULL, finished TEXT, path TEXT NOT NULL, head TEXT NOT NULL,
  PRIMARY KEY (site, run)) STRICT;
CREATE TABLE IF NOT EXISTS observation (
  site TEXT NOT NULL, address TEXT NOT NULL, resource TEXT NOT NULL, by TEXT NOT NULL, at TEXT NOT NULL,
  PRIMARY KEY (site, address)) STRICT;
"""


class Database:
    """`<state>/state.db`. A connection lives as long as one operation: nothing is held between them."""

    def __init__(self, state: Path, files: FilePort | None = None) -> None:
        self.path = state / "state.db"
        self._files = files or SystemFiles()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection | None]:
        """A connection that cannot write; None if there is no database yet."""
        with self._guarded("read"):
            if not self.path.exists():
                yield None
                return
            with closing(self._connect_to_read()) as connection:
                if not _is_prepared(connection):
                    yield None  # made a moment ago by somebody who was stopped, or has not written yet
                    return
                self._check_version(connection)
                yield connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction that holds the write lock from its beginning; committed at the end, or undone."""
        with self._guarded("written"):
            self._make_folder()
            self.path.touch(mode=0o600)  # SQLite's own would be open to everybody; its logs follow this file
            with closing(self._connect(f"file:{quote(str(self.path))}?mode=rwc")) as connection:
                self._use_log(connection)
                connection.execute("PRAGMA synchronous=FULL")
                self._prepare(connection)
                connection.execute("BEGIN IMMEDIATE")
                try:
                    yield connection
                except BaseException:
                    connection.execute("ROLLBACK")
                    raise
                connection.execute("COMMIT")

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

    def _prepare(self, connection: sqlite3.Connection) -> None:
        if not _is_prepared(connection):
            # Two processes may make the schema at once; the write lock puts them one after the other.
            connection.executescript(f"BEGIN IMMEDIATE;{_SCHEMA}COMMIT;")
        self._check_version(connection)

    def _check_version(self, connection: sqlite3.Connection) -> None:
        found = connection.execute("SELECT version FROM schema_version").fetchone()
        if found is None or found[0] != SCHEMA_VERSION:
            made = "nothing known" if found is None else f"version {found[0]}"
            raise Unreadable(
                f"{self.path} is of {made}; this program reads version {SCHEMA_VERSION}",
                hint="use the program that wrote it, or move the state folder with OCEANA_DR_STATE",
            )

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


def _is_prepared(connection: sqlite3.Connection) -> bool:
    """Whether the schema is there: its last table comes with all the others."""
    return connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'observation'").fetchone() is not None
