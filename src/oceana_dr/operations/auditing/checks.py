"""One journal under the audit: the chain, the end, the plan, the index, the runs that it names.

In: where the runs of a site lie, what the index says. Out: what is wrong, and what is only worth knowing.
A torn last record is no tampering: it is what a crash leaves, and nothing that was durable before it is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from oceana_dr.diagnostics import OceanaError
from oceana_dr.plan.codec import read_plan
from oceana_dr.store.frame import GENESIS
from oceana_dr.store.index import RunRow
from oceana_dr.store.journal import Contents, Entry
from oceana_dr.store.records import Finished, RunStarted, Unrecognised
from oceana_dr.store.runs import RunFiles, Runs
from oceana_dr.store.team_shelf import TeamShelf

_SHORT = 12


@dataclass(frozen=True, slots=True)
class Checked:
    """A journal that was looked at: `kind` is `run`, `tabletop` or `refusals`; `torn` bytes follow its last record."""

    kind: str
    site: str
    name: str
    entries: tuple[Entry, ...] = ()
    head: str = GENESIS
    torn: int = 0
    state: str = ""
    wrong: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


class Look:
    """The runs of a site as the audit sees them; each journal is read once. `rows` is None where there is no index."""

    def __init__(self, runs: Runs, site: str, rows: Mapping[str, RunRow] | None, team: TeamShelf | None) -> None:
        self.runs = runs
        self.site = site
        self.rows = rows
        self.team = team
        self._read: dict[str, Contents | OceanaError] = {}

    @cached_property
    def places(self) -> tuple[RunFiles, ...]:
        """Every run that has a journal, oldest first."""
        return self.runs.all(self.site)

    @cached_property
    def places_by_name(self) -> dict[str, RunFiles]:
        """By the run's name."""
        return {place.run: place for place in self.places}

    @property
    def names(self) -> frozenset[str]:
        """Their names."""
        return frozenset(self.places_by_name)

    @cached_property
    def since(self) -> str:
        """When the oldest run began that the index knows; an index that was lost knows none before."""
        return min((row.started for row in (self.rows or {}).values()), default="")

    @cached_property
    def forked(self) -> frozenset[str]:
        """The runs of which this machine's copy and the team's are no longer one."""
        return frozenset() if self.team is None else frozenset(self.team.forked(self.site))

    def contents(self, run: str) -> Contents:
        """A journal; raises what reading it raises."""
        if run not in self._read:
            try:
                self._read[run] = self.runs.read(self.places_by_name[run])
            except OceanaError as error:
                self._read[run] = error
        found = self._read[run]
        if isinstance(found, OceanaError):
            raise found
        return found


def check_journal(kind: str, site: str, name: str, read: Callable[[], Contents]) -> Checked:
    """A journal by itself: lengths, checksums, the chain, the end."""
    try:
        contents = read()
    except OceanaError as error:
        return Checked(kind, site, name, wrong=(error.message,))
    notes = []
    if contents.torn:
        notes.append(
            f"its last {contents.torn} bytes are a record that was never finished: a process or machine died while it"
            " wrote. Every record before is whole"
        )
    if later := sorted({entry.record.type for entry in contents.entries if isinstance(entry.record, Unrecognised)}):
        notes.append(f"a later version wrote records that this one does not know: {', '.join(later)}")
    return Checked(kind, site, name, contents.entries, contents.head, contents.torn, notes=tuple(notes))


def check_run(look: Look, place: RunFiles) -> Checked:
    """A run's journal with its plan, against the index and the runs that it names."""
    kind = "tabletop" if look.rows is None else "run"
    alone = check_journal(kind, look.site, place.run, lambda: look.contents(place.run))
    if alone.wrong:
        return alone
    started = next((item.record for item in alone.entries if isinstance(item.record, RunStarted)), None)
    wrong = [*_itself(place, alone, started), *_plan(look, place, started)]
    notes = list(alone.notes)
    if look.rows is not None:
        wrong += _index(look, place, alone, started, notes)
        wrong += _named(look, started)
    if place.run in look.forked:
        wrong.append(
            "this machine's copy and the team's went on in two ways; the team's is shown here, `state pull` sets ours"
            " aside"
        )
    return Checked(
        kind,
        look.site,
        place.run,
        alone.entries,
        alone.head,
        alone.torn,
        "finished" if any(isinstance(item.record, Finished) for item in alone.entries) else "not finished",
        tuple(wrong),
        tuple(notes),
    )


def _itself(place: RunFiles, found: Checked, started: RunStarted | None) -> Iterator[str]:
    if started is None:
        if found.entries:
            yield "it does not say which run it is"
        return
    if (started.run, started.site) != (place.run, place.site):
        yield f"it is the journal of run {started.run} of {started.site}, under another name"


def _plan(look: Look, place: RunFiles, started: RunStarted | None) -> Iterator[str]:
    """The plan that was run lies beside it, to the byte, and is whole."""
    if started is None:
        return
    try:
        plan = read_plan(look.runs.plan_file(place), place.plan.name)
    except OceanaError as error:
        yield f"its plan: {error.message}"
        return
    if plan.id != started.plan:
        yield f"it ran the plan {started.plan[:19]}, and {plan.id[:19]} lies beside it"


def _index(look: Look, place: RunFiles, found: Checked, started: RunStarted | None, notes: list[str]) -> Iterator[str]:
    row = (look.rows or {}).get(place.run)
    if row is None:
        if started is None or not look.since or found.entries[0].at < look.since:
            notes.append("the index does not have it: it was begun before the index was, or nothing was done in it")
        else:
            yield "the index does not have it, and has runs that began before it"
        return
    if started is not None and row.plan != started.plan:
        yield f"the index says that it ran the plan {row.plan[:19]}, the journal {started.plan[:19]}"
    if row.head not in {"", GENESIS, *(entry.digest for entry in found.entries)}:
        yield (
            f"the index noted a last record with the hash {row.head[:_SHORT]}…, and there is none: records are missing"
            " at its end, or it is another journal"
        )


def _named(look: Look, started: RunStarted | None) -> Iterator[str]:
    """The runs that it names are there, and are what they were."""
    if started is None:
        return
    for name, why in ((started.previous, "began after"), (started.undoes, "took back")):
        if name and name not in look.names:
            yield f"run {name}, which it {why}, is missing"
    if started.previous in look.names and started.previous_head not in {"", GENESIS}:
        try:
            before = look.contents(started.previous)
        except OceanaError:
            return  # that is said where it stands
        if started.previous_head not in {entry.digest for entry in before.entries}:
            yield f"run {started.previous} is not what it was when this one began"
