"""Refusals as a journal: who was kept from running which plan of a site, when and why.

In: the state folder, a site. Out: records in one file a site, chained as a run's journal is.
A refusal has no run: nothing was begun. Reading must create nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from oceana_dr.diagnostics import StateLocked
from oceana_dr.store.files import FilePort, trouble
from oceana_dr.store.journal import Contents, Entry, open_journal, read_journal
from oceana_dr.store.records import Turned

_TRIES: Final = 20
_JOURNAL: Final = ".journal"


class Refusals:
    """The refusals of a state folder."""

    def __init__(self, state: Path, files: FilePort) -> None:
        self._folder = state / "refusals"
        self._files = files

    def place(self, site: str) -> Path:
        """Where those of a site stand, if there are any."""
        return self._folder / f"{site}{_JOURNAL}"

    def sites(self) -> tuple[str, ...]:
        """Every site that has refusals."""
        return tuple(name.removesuffix(_JOURNAL) for name in self._names() if name.endswith(_JOURNAL))

    def contents(self, site: str) -> Contents:
        """The journal of a site's refusals; raises `Unreadable` where there is none."""
        return read_journal(self._files, self.place(site))

    def all(self, site: str) -> tuple[Entry, ...]:
        """Every refusal, oldest first."""
        return self.contents(site).entries if self.place(site).name in self._names() else ()

    def _names(self) -> tuple[str, ...]:
        try:
            return self._files.names(self._folder)
        except OSError as error:
            raise trouble(error, self._folder, "read") from error

    def add(self, site: str, record: Turned, *, at: str, pause: Callable[[], None]) -> Entry:
        """Write one down; it is durable when this returns. `pause` lets another process finish its own."""
        try:
            self._files.make_folder(self._folder)
        except OSError as error:
            raise trouble(error, self._folder, "written") from error
        for left in reversed(range(_TRIES)):
            try:
                journal = open_journal(self._files, self.place(site))
            except StateLocked:
                if not left:
                    raise
                pause()
                continue
            try:
                return journal.append(record, at=at, estate_ms=0)
            finally:
                journal.close()
        raise AssertionError("the last try either wrote it or raised")
