"""A database behind a cable that tests pull out."""

from __future__ import annotations

from contextlib import AbstractContextManager

from oceana_dr.diagnostics import StateUnreachable
from oceana_dr.store.database import Connection, Database


class Cable:
    """What a database answers through; it can be pulled out."""

    def __init__(self, database: Database) -> None:
        self.out = False
        self.name = "the team's state"
        self._database = database

    def _through(self) -> Database:
        if self.out:
            raise StateUnreachable("the team's state does not answer")
        return self._database

    def reading(self) -> AbstractContextManager[Connection | None]:
        return self._through().reading()

    def writing(self, site: str) -> AbstractContextManager[Connection]:
        return self._through().writing(site)
