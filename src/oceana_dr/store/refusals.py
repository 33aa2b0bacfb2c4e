"""Refusals: who was kept from running or approving which plan of a site, when and why.

In: a state's database, a site. Out: records, framed and chained as a run's journal is, one row each.
A refusal has no run: nothing was begun. A database goes on with its own chain only; those that were brought from
another one stand beside it as they were, so that none is written anew. Reading must create nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Final

from oceana_dr.store.database import Connection, Database
from oceana_dr.store.frame import GENESIS, digest_of
from oceana_dr.store.journal import Contents, Entry, JournalDamaged, contents_of, line_of
from oceana_dr.store.records import Turned

_ADD: Final = "INSERT INTO refusal VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a chain, as a database holds it."""

    chain: str
    number: int
    line: bytes


class Refusals:
    """The refusals of a state."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self, site: str) -> tuple[Entry, ...]:
        """Every refusal, oldest first; raises `JournalDamaged` where one was changed or is missing."""
        chains = self.chains(site)
        entries = [entry for chain, rows in chains.items() for entry in self.contents(site, chain, rows).entries]
        return tuple(sorted(entries, key=lambda entry: entry.at))

    def sites(self) -> tuple[str, ...]:
        """Every site that has refusals."""
        with self._database.reading() as connection:
            found = [] if connection is None else connection.execute("SELECT DISTINCT site FROM refusal").fetchall()
        return tuple(sorted(site for (site,) in found))

    def chains(self, site: str) -> dict[str, tuple[Row, ...]]:
        """The lines of each chain of a site, by the chain's name."""
        return {name: tuple(rows) for name, rows in groupby(self.rows(site), key=lambda row: row.chain)}

    def contents(self, site: str, chain: str, rows: tuple[Row, ...]) -> Contents:
        """A chain read as the journal it is; raises `JournalDamaged`."""
        name = Path(f"{self._database.name}: refusals of {site}, chain {chain}")
        found = contents_of(name, b"".join(row.line for row in rows))
        if found.torn:
            raise JournalDamaged(f"{name}: record {len(found.entries) + 1} is not whole")
        return found

    def add(self, site: str, record: Turned, *, at: str) -> None:
        """Write one down at the end of this database's own chain; it is durable when this returns."""
        with self._database.writing(site) as connection:
            own = _rows(connection, site, own=True)
            number, previous = (own[-1].number + 1, digest_of(own[-1].line)) if own else (1, GENESIS)
            line = line_of(record, number, previous, at=at, estate_ms=0)  # the estate has no part in it
            chain = own[-1].chain if own else digest_of(line)[:16]
            connection.execute(_ADD, (site, chain, number, line, 1))

    def rows(self, site: str) -> tuple[Row, ...]:
        """Every line of every chain."""
        with self._database.reading() as connection:
            return () if connection is None else _rows(connection, site)

    def bring(self, site: str, rows: tuple[Row, ...]) -> int:
        """Add lines of another database; returns how many were new. They stay what they were."""
        with self._database.writing(site) as connection:
            known = {(row.chain, row.number) for row in _rows(connection, site)}
            new = [row for row in rows if (row.chain, row.number) not in known]
            for row in new:
                connection.execute(_ADD, (site, row.chain, row.number, row.line, 0))
            return len(new)


def _rows(connection: Connection, site: str, *, own: bool = False) -> tuple[Row, ...]:
    found = connection.execute(
        "SELECT chain, number, line FROM refusal WHERE site = ? AND own >= ? ORDER BY chain, number", (site, int(own))
    ).fetchall()
    return tuple(Row(chain, number, bytes(line)) for chain, number, line in found)
