"""Runs: a journal and a copy of its plan each, wherever they lie.

In: a shelf, a site, the bytes of a plan. Out: journals to write or read, found by run or plan.
A run must never be begun over another's, and reading must create nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Protocol

from oceana_dr.diagnostics import OceanaError, Unreadable
from oceana_dr.store.journal import Contents, Journal
from oceana_dr.store.lease import Lease
from oceana_dr.store.records import Finished, RunStarted

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


class Shelf(Protocol):
    """Where runs lie: files of this machine, or a team's database with a copy here."""

    def place(self, site: str, run: str) -> RunFiles:
        """Where this run's files lie, there or not."""
        ...

    def sites(self) -> tuple[str, ...]:
        """Every site that has runs."""
        ...

    def runs(self, site: str) -> tuple[str, ...]:
        """Every run of a site that has a journal, by name."""
        ...

    def put_plan(self, place: RunFiles, data: bytes) -> None:
        """Keep a new run's plan, durably; raises `FileExistsError` if there is such a run."""
        ...

    def plan(self, place: RunFiles) -> bytes:
        """The copy of a run's plan."""
        ...

    def read(self, place: RunFiles) -> Contents:
        """A run's journal, to read."""
        ...

    def open(self, place: RunFiles, lease: Lease | None) -> Journal:
        """A run's journal, to write; what others may see of it is written under the lease's token."""
        ...


class Runs:
    """The runs of a shelf."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self.place = shelf.place
        self.open = shelf.open
        self.read = shelf.read
        self.sites = shelf.sites

    def begin(self, site: str, plan_id: str, plan_file: bytes, now: datetime) -> RunFiles:
        """A new run with its plan's copy, durable; named by the moment and the plan."""
        stamp = now.astimezone(UTC).strftime("%Y%m%d-%H%M%S")
        name = f"{stamp}-{plan_id.rpartition(':')[2][:8]}"
        for count in range(1, _MOST_IN_ONE_SECOND):
            place = self.place(site, name if count == 1 else f"{name}-{count}")
            try:
                self._shelf.put_plan(place, plan_file)
            except FileExistsError:
                continue
            return place
        raise Unreadable(f"{site} has too many runs of this second", hint="try again")

    def plan_file(self, place: RunFiles, summary: RunSummary | None = None) -> bytes:
        """The copy of the run's plan, checked against the digest in the journal; `summary` spares reading that."""
        data = self._shelf.plan(place)
        started = (summary or summarise(place, self.read(place))).started
        if started is not None and started.plan_copy and started.plan_copy != digest_of_plan(data):
            raise Unreadable(f"{place.plan} is not the plan this run began with", hint="put the copy back as it was")
        return data

    def all(self, site: str) -> tuple[RunFiles, ...]:
        """Every run of a site, oldest first."""
        return tuple(self.place(site, run) for run in sorted(self._shelf.runs(site)))

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
        return undone(self.sound(site))

    def sound(self, site: str) -> Iterator[RunSummary]:
        """Every run of a site whose journal can be read, oldest first, each read when it is asked for."""
        for place in self.all(site):
            try:
                yield summarise(place, self.read(place))
            except OceanaError:
                continue


def summarise(place: RunFiles, contents: Contents) -> RunSummary:
    """What a journal says about its run."""
    started = next((entry.record for entry in contents.entries if isinstance(entry.record, RunStarted)), None)
    finished = any(isinstance(entry.record, Finished) for entry in contents.entries)
    return RunSummary(place, started, contents, finished)


def undone(runs: Iterable[RunSummary]) -> frozenset[str]:
    """The runs that finished rollbacks among these have undone."""
    return frozenset(item.started.undoes for item in runs if item.started and item.finished) - {""}


def digest_of_plan(data: bytes) -> str:
    """The digest by which a journal names its copy of the plan."""
    return f"sha256:{hashlib.sha256(data).hexdigest()}"
