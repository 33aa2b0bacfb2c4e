"""The audit of what runs left behind: every journal whole, none missing, each with the plan that it ran.

In: a project, a run, a site or all, hashes that were noted elsewhere. Out: what was checked, and what is wrong.
Nothing is changed or created by it, and what cannot be read is a finding, never a reason to stop.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from oceana_dr.diagnostics import OceanaError
from oceana_dr.diagnostics.nearest import nearest
from oceana_dr.operations.auditing.checks import Checked, Look, check_journal, check_run
from oceana_dr.operations.drilling.plays import plays_of
from oceana_dr.operations.stores import state_of
from oceana_dr.source.project import Project, list_sites
from oceana_dr.store.baseline import read_baseline
from oceana_dr.store.index import RunRow, list_runs
from oceana_dr.store.journal import Entry
from oceana_dr.store.refusals import Refusals
from oceana_dr.store.state import State, local_state

ALL: Final = "all"
SHORTEST: Final = 12
"""Letters of a hash that are enough to tell it from every other."""


@dataclass(frozen=True, slots=True)
class Noted:
    """A hash that was noted elsewhere, and the record that has it: of which journal, which one of how many."""

    hash: str
    site: str = ""
    name: str = ""
    record: int = 0
    of: int = 0


@dataclass(frozen=True, slots=True)
class Audit:
    """What was looked at; `wrong` is what belongs to no journal that is there."""

    journals: tuple[Checked, ...]
    wrong: tuple[str, ...]
    noted: tuple[Noted, ...]

    @property
    def passed(self) -> bool:
        """Whether nothing is missing and nothing was changed."""
        sound = not any(item.wrong for item in self.journals)
        return sound and not self.wrong and all(item.name for item in self.noted)


def audit(project: Project, what: str, noted: Sequence[str] = ()) -> Audit:
    """Check a run, a site, or all; raises `OceanaError` for a name that is neither, and for a hash that is none."""
    hashes = [_hash(text) for text in noted]
    state, wrong = state_of(project), list[str]()
    rows = _rows(state, wrong)
    sites = _sites(project, state, rows)
    journals: list[Checked] = []
    if what == ALL or what in sites:
        for site in sites if what == ALL else (what,):
            journals += _site(project, state, rows.get(site, {}), site, wrong)
    else:
        journals += _one(project, state, rows, sites, what)
    return Audit(tuple(journals), tuple(wrong), tuple(_find(text, journals) for text in hashes))


def _site(project: Project, state: State, rows: Mapping[str, RunRow], site: str, wrong: list[str]) -> Iterator[Checked]:
    look = Look(state.runs, site, rows, state.team)
    for place in look.places:
        yield check_run(look, place)
    wrong += [
        f"{site}: the index has run {run} ({rows[run].state}), and its journal is missing"
        for run in sorted(rows.keys() - look.names)
    ]
    baseline = None
    try:
        baseline = read_baseline(state.database, site)
    except OceanaError as error:
        wrong.append(f"{site}: what was last applied cannot be read: {error.message}")
    if baseline is not None and baseline.run and baseline.run not in look.names:
        wrong.append(f"{site}: what was last applied is of run {baseline.run}, whose journal is missing")
    yield from _refusals(project, state, site)
    plays = plays_of(project)
    yield from (check_run(Look(plays, site, None, None), place) for place in plays.all(site))


def _refusals(project: Project, state: State, site: str) -> Iterator[Checked]:
    for refusals in _kept(project, state):
        for chain, lines in refusals.chains(site).items():
            yield check_journal("refusals", site, chain, partial(refusals.contents, site, chain, lines))


def _kept(project: Project, state: State) -> tuple[Refusals, ...]:
    """The team's refusals, and those that were kept here while the team's database did not answer."""
    here = () if state.team is None else (Refusals(local_state(project.state_dir).database),)
    return (Refusals(state.database), *here)


def _one(
    project: Project, state: State, rows: Mapping[str, Mapping[str, RunRow]], sites: Sequence[str], run: str
) -> Iterator[Checked]:
    known: list[str] = []
    for runs, team, indexed in ((state.runs, state.team, True), (plays_of(project), None, False)):
        for site in runs.sites():
            look = Look(runs, site, rows.get(site, {}) if indexed else None, team)
            known += look.names
            if (place := look.places_by_name.get(run)) is not None:
                yield check_run(look, place)
                return
    for site in sites:
        if run in rows.get(site, {}):
            yield Checked("run", site, run, wrong=("the index has this run, and its journal is missing",))
            return
    near = nearest(run, [*known, *sites], most=2)
    hint = f"did you mean {near}?" if near else "oceana-dr history SITE lists the runs"
    raise OceanaError(f"there is neither a run nor a site {run!r}", hint=hint)


def _rows(state: State, wrong: list[str]) -> dict[str, dict[str, RunRow]]:
    """By site and run. A team's database that does not answer ends the command: nothing could be said without it."""
    found: dict[str, dict[str, RunRow]] = {}
    try:
        rows = list_runs(state.database)
    except OceanaError as error:
        if state.team is not None:
            raise
        wrong.append(f"the index cannot be read: {error.message}")
        return {}
    for row in rows:
        found.setdefault(row.site, {})[row.run] = row
    return found


def _sites(project: Project, state: State, rows: Mapping[str, object]) -> tuple[str, ...]:
    try:
        named = list_sites(project)
    except OceanaError:  # the files of the sites are no matter of this
        named = ()
    refused = {site for refusals in _kept(project, state) for site in refusals.sites()}
    return tuple(sorted({*rows, *state.runs.sites(), *refused, *plays_of(project).sites(), *named}))


def _hash(text: str) -> str:
    short = text.strip().lower().removeprefix("sha256:")
    if not SHORTEST <= len(short) <= 64 or set(short) - set("0123456789abcdef"):
        raise OceanaError(
            f"{text!r} is no hash of a record", hint=f"a report shows it; {SHORTEST} to 64 hexadecimal letters"
        )
    return short


def _find(text: str, journals: Sequence[Checked]) -> Noted:
    for item in journals:
        for entry in item.entries:
            if _has(entry, text):
                return Noted(text, item.site, item.name, entry.number, len(item.entries))
    return Noted(text)


def _has(entry: Entry, text: str) -> bool:
    return entry.digest.startswith(text)
