"""What a store's database offers, whichever it is: SQLite in the state folder, or the team's PostgreSQL.

In: statements that both understand, with `?` for values. Out: rows, in transactions that are whole or not at all.
Nothing above may know which of the two it works with, and reading must create nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Protocol


class Rows(Protocol):
    """What a statement found."""

    def fetchone(self) -> Any:
        """The next row as a tuple, or None."""
        ...

    def fetchall(self) -> list[Any]:
        """Every row that is left."""
        ...


class Connection(Protocol):
    """One transaction."""

    def execute(self, statement: str, values: Sequence[object] = ()) -> Rows:
        """Run one statement; `?` stands for a value."""
        ...

    def now(self) -> datetime:
        """The time by the one clock that everybody who shares this database goes by."""
        ...


class Database(Protocol):
    """A store's database. What goes wrong in it is an `OceanaError`: unreadable, full, locked, out of reach."""

    @property
    def name(self) -> str:
        """What it is called in messages: a file, or a server; never a secret."""
        ...

    def reading(self) -> AbstractContextManager[Connection | None]:
        """A consistent look; None where there is nothing yet."""
        ...

    def writing(self, site: str) -> AbstractContextManager[Connection]:
        """A transaction that no other writer of this site overlaps; committed at the end, or undone."""
        ...
