"""Runs as files: a journal and a copy of its plan each, under `<state>/runs/<site>/`.

In: the state folder. Out: plans and journals, to write or read.
Reading must create nothing, and a file that is there is never written over but by who set its content aside.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

from oceana_dr.store.files import FilePort, HeldElsewhere, held, trouble, write_all
from oceana_dr.store.journal import Contents, Journal, Replica, open_journal, read_journal
from oceana_dr.store.lease import Lease
from oceana_dr.store.runs import RunFiles, Runs

_JOURNAL: Final = ".journal"
_PLAN: Final = ".plan.json"


class FileShelf:
    """The runs of a state folder."""

    def __init__(self, state: Path, files: FilePort) -> None:
        self._folder = state / "runs"
        self._files = files

    def place(self, site: str, run: str) -> RunFiles:
        """Where this run's files lie, there or not."""
        folder = self._folder / site
        return RunFiles(site, run, folder / f"{run}{_JOURNAL}", folder / f"{run}{_PLAN}")

    def sites(self) -> tuple[str, ...]:
        """Every site that has a folder of runs."""
        return self._names(self._folder)

    def runs(self, site: str) -> tuple[str, ...]:
        """Every run of a site that has a journal."""
        names = self._names(self._folder / site)
        return tuple(sorted(name.removesuffix(_JOURNAL) for name in names if name.endswith(_JOURNAL)))

    def put_plan(self, place: RunFiles, data: bytes) -> None:
        """Keep a new run's plan, durably; raises `FileExistsError` if there is such a run."""
        folder = place.plan.parent
        try:
            self._files.make_folder(folder)
            self._write_new(place.plan, data)
        except FileExistsError:
            raise
        except OSError as error:
            raise trouble(error, folder, "written") from error

    def plan(self, place: RunFiles) -> bytes:
        """The copy of a run's plan."""
        try:
            return self._files.read(place.plan)
        except OSError as error:
            raise trouble(error, place.plan, "read") from error

    def read(self, place: RunFiles) -> Contents:
        """A run's journal, to read."""
        return read_journal(self._files, place.journal)

    def open(self, place: RunFiles, lease: Lease | None = None, replica: Replica | None = None) -> Journal:  # noqa: ARG002 - the kernel keeps other writers from a file, no token
        """A run's journal, to write."""
        return open_journal(self._files, place.journal, replica)

    def journal(self, place: RunFiles) -> bytes | None:
        """The bytes of a run's journal; None where there is none."""
        try:
            return self._files.read(place.journal)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise trouble(error, place.journal, "read") from error

    def has_plan(self, place: RunFiles) -> bool:
        """Whether a copy of the run's plan lies here."""
        return place.plan.name in self._names(place.plan.parent)

    def put_journal(self, place: RunFiles, data: bytes) -> None:
        """Write a journal as it is elsewhere; what stood here and is no part of that is set aside beside it."""
        try:
            self._files.make_folder(place.journal.parent)
            handle = self._files.open(place.journal)
        except HeldElsewhere:
            raise held(place.journal) from None
        except OSError as error:
            raise trouble(error, place.journal, "opened") from error
        try:
            here = self._files.read(place.journal)
            if not data.startswith(here):
                self._set_aside(place, here)
            self._files.truncate(handle, 0)
            write_all(self._files, handle, data, 0)
            self._files.fsync(handle)
            self._files.fsync_folder(place.journal.parent)
        except OSError as error:
            raise trouble(error, place.journal, "written") from error
        finally:
            self._files.close(handle)

    def _set_aside(self, place: RunFiles, data: bytes) -> None:
        name = f"{place.journal.name}.aside-{hashlib.sha256(data).hexdigest()[:8]}"
        try:
            self._write_new(place.journal.with_name(name), data)
        except FileExistsError:
            return  # it was set aside before

    def _names(self, folder: Path) -> tuple[str, ...]:
        try:
            return self._files.names(folder)
        except OSError as error:
            raise trouble(error, folder, "read") from error

    def _write_new(self, path: Path, data: bytes) -> None:
        handle = self._files.create(path)
        try:
            write_all(self._files, handle, data, 0)
            self._files.fsync(handle)
        finally:
            self._files.close(handle)
        self._files.fsync_folder(path.parent)


def file_runs(state: Path, files: FilePort) -> Runs:
    """The runs of a state folder."""
    return Runs(FileShelf(state, files))
