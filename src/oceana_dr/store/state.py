"""Where a project's state lies: this machine's folder, or a team's database with a copy in that folder.

In: a folder, perhaps a URL. Out: the database and the runs of the one that counts.
Everything above works with this and must not ask which of the two it is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from oceana_dr.store.database import Database
from oceana_dr.store.file_shelf import FileShelf
from oceana_dr.store.files import FilePort, SystemFiles
from oceana_dr.store.runs import Runs
from oceana_dr.store.sqlite import SqliteDatabase
from oceana_dr.store.team_shelf import TeamShelf


@dataclass(frozen=True, slots=True)
class State:
    """What is remembered. `team` is the shelf of a team's state, for what passes between it and this machine."""

    folder: Path
    database: Database
    runs: Runs
    team: TeamShelf | None = None


def local_state(folder: Path, files: FilePort | None = None) -> State:
    """The state of this machine's folder."""
    files = files or SystemFiles()
    return State(folder, SqliteDatabase(folder, files), Runs(FileShelf(folder, files)))


def team_state(folder: Path, url: Callable[[], str], reference: str, files: FilePort | None = None) -> State:
    """The state that a team shares; `url` is asked when it is first needed, `reference` names it in messages."""
    from oceana_dr.store.postgres import PostgresDatabase

    database = PostgresDatabase(url, reference)
    shelf = TeamShelf(FileShelf(folder, files or SystemFiles()), database)
    return State(folder, database, Runs(shelf), shelf)
