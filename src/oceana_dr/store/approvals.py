"""Approvals as they were given: documents that whoever reads them verifies, and the plans that they are of.

In: a state's database, a site, a plan's id. Out: documents, each once; the plan that was approved before.
What stands here proves nothing by standing here: its signature does, or nothing.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final

from oceana_dr.store.database import Database

_ADD: Final = "INSERT INTO approval VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"


@dataclass(frozen=True, slots=True)
class Row:
    """An approval of a plan: its bytes, and when it came here."""

    plan: str
    document: bytes
    at: str

    @property
    def digest(self) -> str:
        """By which it is known: the same document is the same approval."""
        return hashlib.sha256(self.document).hexdigest()


class Approvals:
    """The approvals of a state."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of_plan(self, site: str, plan: str) -> tuple[Row, ...]:
        """Those that are said to be of this plan, in the order in which they came."""
        return tuple(row for row in self.rows(site) if row.plan == plan)

    def rows(self, site: str) -> tuple[Row, ...]:
        """Those of all plans of a site."""
        with self._database.reading() as connection:
            if connection is None:
                return ()
            found = connection.execute(
                "SELECT plan, document, at FROM approval WHERE site = ? ORDER BY at, digest", (site,)
            ).fetchall()
        return tuple(Row(plan, bytes(document), at) for plan, document, at in found)

    def bring(self, site: str, rows: tuple[Row, ...]) -> int:
        """Keep these; one that is there stays as it is. Returns how many were new."""
        known = {(row.plan, row.digest) for row in self.rows(site)} if rows else set()
        new = [row for row in rows if (row.plan, row.digest) not in known]
        if new:
            with self._database.writing(site) as connection:
                for row in new:
                    connection.execute(_ADD, (site, row.plan, row.digest, row.document, row.at))
        return len(new)

    def plans(self, site: str) -> tuple[tuple[str, bytes, str], ...]:
        """Every plan of the site that somebody approved: its id, its file, when it was approved last."""
        with self._database.reading() as connection:
            if connection is None:
                return ()
            found = connection.execute(
                "SELECT plan, file, at FROM approved_plan WHERE site = ? ORDER BY at, plan", (site,)
            ).fetchall()
        return tuple((plan, bytes(file), at) for plan, file, at in found)

    def keep_plan(self, site: str, plan: str, file: bytes, at: str) -> None:
        """Keep a plan that somebody approved, for whoever asks what has changed since."""
        with self._database.writing(site) as connection:
            connection.execute(
                "INSERT INTO approved_plan VALUES (?, ?, ?, ?) ON CONFLICT (site, plan) DO UPDATE SET at = excluded.at"
                " WHERE excluded.at > approved_plan.at",
                (site, plan, file, at),
            )

    def plan_before(self, site: str, plan: str) -> bytes | None:
        """The file of the plan of the site that was approved last, other than this one."""
        with self._database.reading() as connection:
            if connection is None:
                return None
            found = connection.execute(
                "SELECT file FROM approved_plan WHERE site = ? AND plan <> ? ORDER BY at DESC, plan LIMIT 1",
                (site, plan),
            ).fetchone()
        return None if found is None else bytes(found[0])
