"""Where a lab's state lies: one SQLite file for a site's name, shared by threads and processes.

In: transactions that take the saved state and give the next one. Out: the state, operations, events.
Reading must never create the file; a killed process must never leave half a change.
"""

from __future__ import annotations

import errno
import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from oceana_dr.catalogue.template import Bindings
from oceana_dr.diagnostics import OutOfSpace, Unreadable
from oceana_dr.estate.action import action_from_json, action_to_json
from oceana_dr.estate.address import Address
from oceana_dr.lab.clock import LabClock
from oceana_dr.lab.records import Event, Operation
from oceana_dr.lab.world import World, world_from_json, world_to_json
from oceana_dr.store.files import SystemFiles

if TYPE_CHECKING:
    import sqlite3  # imported where a store exists: most commands that only read never need it

_BUSY_S: Final = 30.0
_FORMAT: Final = 1
_ANEW: Final = "`oceana-dr lab reset` makes a new one from the site's seed"
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS lab (id INTEGER PRIMARY KEY CHECK (id = 1), format INTEGER NOT NULL, document TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS operation (
    key TEXT PRIMARY KEY, ends REAL NOT NULL, verdict TEXT NOT NULL, document TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS operation_ends ON operation (ends);
CREATE TABLE IF NOT EXISTS event (id INTEGER PRIMARY KEY, document TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS fence (id INTEGER PRIMARY KEY CHECK (id = 1), token INTEGER NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class Saved:
    """What is kept: the clock, the facts of the site the lab was made from, and its world."""

    clock: LabClock
    bindings: Bindings
    world: World


class Transaction:
    """One look or one change; what it reads stays true until it ends."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def saved(self) -> Saved | None:
        """The state, or None while the seed is the state."""
        row = self._connection.execute("SELECT format, document FROM lab").fetchone()
        if row is None:
            return None
        if row[0] != _FORMAT:
            raise Unreadable(f"the lab's store has format {row[0]}, this program writes {_FORMAT}", hint=_ANEW)
        try:
            data = json.loads(row[1])
            return Saved(LabClock(*data["clock"]), data["bindings"], world_from_json(data["world"]))
        except (ValueError, KeyError, TypeError) as error:
            raise Unreadable(f"the lab's store is damaged: {error}", hint=_ANEW) from None

    def save(self, saved: Saved) -> None:
        """Keep this state."""
        clock = saved.clock
        document = {
            "clock": [clock.lab, clock.wall, clock.scale],
            "bindings": dict(saved.bindings),
            "world": world_to_json(saved.world),
        }
        self._connection.execute("REPLACE INTO lab VALUES (1, ?, ?)", (_FORMAT, json.dumps(document)))

    def operation(self, key: str) -> Operation | None:
        """The operation of this key."""
        row = self._connection.execute("SELECT document FROM operation WHERE key = ?", (key,)).fetchone()
        return None if row is None else _operation(json.loads(row[0]))

    def running(self, now: float) -> tuple[Operation, ...]:
        """Operations that have not ended at this lab time."""
        rows = self._connection.execute("SELECT document FROM operation WHERE ends > ? ORDER BY key", (now,))
        return tuple(_operation(json.loads(row[0])) for row in rows)

    def keep(self, operation: Operation) -> None:
        """Keep an operation under its key."""
        self._connection.execute(
            "INSERT INTO operation VALUES (?, ?, ?, ?)",
            (operation.key, operation.ends, operation.verdict, json.dumps(_operation_json(operation))),
        )

    def greatest(self, token: int) -> int:
        """The greatest fencing token that was ever shown here, this one among them. A reset does not forget it."""
        row = self._connection.execute(
            "INSERT INTO fence VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET token = max(token, excluded.token)"
            " RETURNING token",
            (token,),
        ).fetchone()
        found: int = row[0]
        return found

    def record(self, event: Event) -> None:
        """Add a line to the log."""
        document = [event.lab_at, event.wall_at, event.actor, event.kind, dict(event.detail)]
        self._connection.execute("INSERT INTO event (document) VALUES (?)", (json.dumps(document),))

    def events(self, limit: int) -> tuple[Event, ...]:
        """The last lines of the log, oldest first."""
        rows = self._connection.execute("SELECT document FROM event ORDER BY id DESC LIMIT ?", (limit,)).fetchall()
        return tuple(Event(*json.loads(row[0])) for row in reversed(rows))

    def clear(self) -> None:
        """Forget everything: the seed is the state again. The file stays, since others may have it open."""
        for table in ("lab", "operation", "event"):
            self._connection.execute(f"DELETE FROM {table}")  # noqa: S608 - the names stand in this line


class Store:
    """The file of one lab."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @contextmanager
    def reading(self) -> Iterator[Transaction | None]:
        """A consistent look; None where there is no store."""
        with _told(self.path):
            there = self.path.exists()
        if not there:
            yield None
            return
        with _told(self.path), closing(self._connect()) as connection:
            if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'event'").fetchone() is None:
                yield None  # made a moment ago by somebody who has not written yet
                return
            connection.execute("BEGIN")
            yield Transaction(connection)

    @contextmanager
    def changing(self) -> Iterator[Transaction]:
        """A change: all of it or none; one at a time, across threads and processes."""
        with _told(self.path):
            SystemFiles().make_folder(self.path.parent)
            self.path.touch(mode=0o600)  # SQLite's own would be open to everybody; its logs follow this file
            with closing(self._connect(create=True)) as connection:
                connection.execute("BEGIN IMMEDIATE")
                for statement in _SCHEMA.split(";"):
                    connection.execute(statement)
                yield Transaction(connection)
                connection.execute("COMMIT")

    def clear(self) -> None:
        """Forget everything, also what cannot be read any more."""
        if not self.path.exists():
            return
        try:
            with self.changing() as transaction:
                transaction.clear()
        except Unreadable:
            self.remove()

    def remove(self) -> None:
        """Delete the files of a store that SQLite cannot use any more."""
        with _told(self.path):
            for name in (self.path.name, f"{self.path.name}-wal", f"{self.path.name}-shm"):
                self.path.with_name(name).unlink(missing_ok=True)

    def _connect(self, *, create: bool = False) -> sqlite3.Connection:
        import sqlite3
        from urllib.parse import quote

        uri = f"file:{quote(str(self.path))}?mode={'rwc' if create else 'rw'}"
        connection = sqlite3.connect(uri, uri=True, timeout=_BUSY_S, isolation_level=None)
        try:
            if create:
                _write_ahead(connection)
            connection.execute("PRAGMA synchronous = FULL")
        except BaseException:
            connection.close()
            raise
        return connection


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Switch to write-ahead logging once; SQLite does not wait for others here, so this does."""
    import sqlite3
    import time

    deadline = time.monotonic() + _BUSY_S
    while connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.005)
        else:
            return  # some file systems know no WAL; SQLite keeps its rollback journal there


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Errors of the disk and of SQLite as errors a command can show."""
    import sqlite3

    try:
        yield
    except sqlite3.Error as error:
        from oceana_dr.store.sqlite_trouble import sqlite_trouble

        raise sqlite_trouble(error, path, "used", damaged=_ANEW, busy_s=_BUSY_S) from None
    except OSError as error:
        kind = OutOfSpace if error.errno in {errno.ENOSPC, errno.EDQUOT} else Unreadable
        raise kind(f"the lab's store {path} cannot be used: {error.strerror}") from None


def _operation_json(operation: Operation) -> dict[str, Any]:
    return {
        "key": operation.key,
        "actor": operation.actor,
        "action": action_to_json(operation.action),
        "verdict": operation.verdict,
        "started_at": operation.started_at,
        "ends": operation.ends,
        "addresses": list(operation.addresses),
        "message": operation.message,
        "rule": operation.rule,
    }


def _operation(data: dict[str, Any]) -> Operation:
    addresses = tuple(Address(item) for item in data["addresses"])
    return Operation(**{**data, "action": action_from_json(data["action"]), "addresses": addresses})
