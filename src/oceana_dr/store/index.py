"""The index of runs: what `history` lists without opening every journal.

In: summaries of runs as they begin, stop and finish. Out: rows, newest last.
The journals are the truth: a lost index loses no run, and nothing is resumed from it.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass
from typing import Final

from oceana_dr.store.database import Database

_REPLACE: Final = """
INSERT INTO run VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (site, run) DO UPDATE SET
  plan = excluded.plan, scenario = excluded.scenario, operator = excluded.operator, state = excluded.state,
  started = excluded.started, finished = excluded.finished, path = excluded.path, head = excluded.head
"""


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run. `state`: `running`, `stopped`, `waiting`, `finished`, `incomplete` (steps were skipped), `taken back`;
    `head`: the journal's last hash."""

    site: str
    run: str
    plan: str
    scenario: str
    operator: str
    state: str
    started: str
    finished: str | None
    path: str
    head: str = ""


def note_run(database: Database, row: RunRow) -> None:
    """Write or replace a run's row."""
    with database.writing(row.site) as connection:
        connection.execute(_REPLACE, astuple(row))


def list_runs(database: Database, site: str | None = None) -> tuple[RunRow, ...]:
    """The runs of a site, or of all, oldest first."""
    with database.reading() as connection:
        if connection is None:
            return ()
        rows = connection.execute(
            "SELECT site, run, plan, scenario, operator, state, started, finished, path, head FROM run"
            " WHERE site = ? OR ? ORDER BY started, run",
            (site or "", site is None),
        ).fetchall()
    return tuple(RunRow(*row) for row in rows)
