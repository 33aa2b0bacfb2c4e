"""Runs as files: a journal and a copy of its plan, under `<state>/runs/<site>/`.

In: the state folder, a site, the bytes of a plan. Out: journals to write or read, found by run or plan.
A run must never be begun over another's files, and reading must create nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from oceana_dr.diagnostics import OceanaError, Unreadable
from oceana_dr.store.files import FilePort, trouble, write_all
from oceana_dr.store.journal import Contents, Journal, open_journal, read_journal
from oceana_dr.store.records import Finished, RunStarted

_JOURNAL: Final = ".journal"
_PLAN: Final = ".plan.json"
_MOST_IN_ONE_SECOND: Final = 100


@dataclass(frozen=True, slots=True)
class RunFiles:
    """Where one run's files lie."""

    site: str
    run: str
    journal: Path
    plan: Path


@dataclass(frozen=True, slots=True)
class RunSummary:
    """What a journal's records say about a run as a whole."""

    files: RunFiles
    started: RunStarted | None
    contents: Contents
    finished: bool


class Runs:
    """The runs of a state folder."""

    def __init__(self, state: Path, files: FilePort) -> None:
        self._state = state
        self._files = files

    def place(self, site: str, run: str) -> RunFiles:
        """Where this run's files lie, there or not."""
        folder = self._state / "runs" / site
        return RunFiles(site, run, folder / f"{run}{_JOURNAL}", folder / f"{run}{_PLAN}")

    def begin(self, site: str, plan_id: str, plan_file: bytes, now: datetime) -> RunFiles:
        """A new run with its plan's copy, durable; named by the moment and the plan."""
        stamp = now.astimezone(UTC).strftime("%Y%m%d-%H%M%S")
        name = f"{stamp}-{plan_id.rpartition(':')[2][:8]}"
        folder = self._state / "runs" / site
        try:
            self._files.make_folder(folder)
            for count in range(1, _MOST_IN_ONE_SECOND):
                place = self.place(site, name if count == 1 else f"{name}-{count}")
                try:
                    self._write_new(place.plan, plan_file)
                except FileExistsError:
                    continue
                return place
        except OSError as error:
            raise trouble(error, folder, "written") from error
        raise Unreadable(f"{folder} has too many runs of this second", hint="try again")

    def open(self, place: RunFiles) -> Journal:
        """The run's journal, to write."""
        return open_journal(self._files, place.journal)

    def read(self, place: RunFiles) -> Contents:
        """The run's journal, to read."""
        return read_journal(self._files, place.journal)

    def plan_file(self, place: RunFiles) -> bytes:
        """The copy of the run's plan, checked against the journal's digest if it has one."""
        try:
            data = self._files.read(place.plan)
        except OSError as error:
            raise trouble(error, place.plan, "read") from error
        started = summarise(place, self.read(place)).started
        if started is not None and started.plan_copy and started.plan_copy != digest_of_plan(data):
            raise Unreadable(f"{place.plan} is not the plan this run began with", hint="put the copy back as it was")
        return data

    def all(self, site: str) -> tuple[RunFiles, ...]:
        """Every run of a site, oldest first."""
        names = self._names(self._state / "runs" / site)
        runs = sorted(name.removesuffix(_JOURNAL) for name in names if name.endswith(_JOURNAL))
        return tuple(self.place(site, run) for run in runs)

    def sites(self) -> tuple[str, ...]:
        """Every site that has a folder of runs."""
        return self._names(self._state / "runs")

    def of_plan(self, site: str, plan_id: str, copy: str = "") -> RunSummary | None:
        """The run to go on with: this plan's unfinished one, else its latest (of this very file, if `copy` is given).

        `copy` is the file's digest: the same estate may call for the same plan again, and a plan file made anew is
        another run. One that a rollback took back is over. A damaged journal of another plan is none of its concern.
        """
        short = plan_id.rpartition(":")[2][:8]
        latest, over = None, self.taken_back(site)
        for place in reversed(self.all(site)):
            if short not in place.run or place.run in over:
                continue
            summary = summarise(place, self.read(place))
            if summary.started is None or summary.started.plan != plan_id:
                continue
            if not summary.finished:
                return summary
            if latest is None and copy in ("", summary.started.plan_copy):
                latest = summary
        return latest

    def taken_back(self, site: str) -> frozenset[str]:
        """The runs of a site that a finished rollback has undone."""
        return frozenset(item.started.undoes for item in self._sound(site) if item.started and item.finished) - {""}

    def _sound(self, site: str) -> Iterator[RunSummary]:
        for place in self.all(site):
            try:
                yield summarise(place, self.read(place))
            except OceanaError:
                continue

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


def summarise(place: RunFiles, contents: Contents) -> RunSummary:
    """What a journal says about its run."""
    started = next((entry.record for entry in contents.entries if isinstance(entry.record, RunStarted)), None)
    finished = any(isinstance(entry.record, Finished) for entry in contents.entries)
    return RunSummary(place, started, contents, finished)


def digest_of_plan(data: bytes) -> str:
    """The digest by which a journal names its copy of the plan."""
    return f"sha256:{hashlib.sha256(data).hexdigest()}"
