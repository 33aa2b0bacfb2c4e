"""The state of a site: what is remembered, a lock that was left behind, and the way between a machine and its team.

In: a project and a site's name. Out: plain facts; a lock released by hand; what was pushed and pulled.
A lock whose holder gives signs of life must never be released here: two runs on one site would follow.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

from oceana_dr.diagnostics import Refused, StateLocked
from oceana_dr.estate.values import Json
from oceana_dr.operations.stores import state_of
from oceana_dr.source.project import Project
from oceana_dr.store.baseline import read_baseline
from oceana_dr.store.board import waiting_at
from oceana_dr.store.file_shelf import FileShelf
from oceana_dr.store.files import SystemFiles
from oceana_dr.store.handover import Brought, hand_over
from oceana_dr.store.index import list_runs
from oceana_dr.store.locks import Held, acquire, lock_events, read_lock, unlock
from oceana_dr.store.personal import name_of, text_of
from oceana_dr.store.sqlite import SqliteDatabase
from oceana_dr.store.state import State
from oceana_dr.store.team_shelf import TeamShelf


def describe_state(project: Project, site: str) -> dict[str, Json]:
    """Where the state lies, the site's lock, its baseline, its runs, and every lock that was taken from somebody."""
    state = state_of(project)
    database = state.database
    held, baseline = read_lock(database, site), read_baseline(database, site)
    return {
        "folder": str(project.state_dir),
        "database": database.name,
        "site": site,
        "lock": None if held is None else _lock(held),
        "baseline": None if baseline is None else {"run": baseline.run, "at": baseline.at},
        "runs": len(list_runs(database, site)),
        "unpushed": [] if state.team is None else list(state.team.unpushed(site)),
        "lock_events": [dict(asdict(event)) for event in lock_events(database, site)],
    }


def _lock(held: Held) -> dict[str, Json]:
    """The lock as people and programs read it; `fresh` while nobody else gets it."""
    facts = {name: value for name, value in asdict(held.lock).items() if name not in {"site", "ends_ms"}}
    return {**facts, "silent_s": held.silent_s, "dead": held.is_dead(), "fresh": not held.is_free()}


def release_lock(project: Project, site: str, *, lock: str, by: str, reason: str) -> str:
    """Release the site's lock of this id; raises `StateLocked` while its holder gives signs of life."""
    held = unlock(state_of(project).database, site, lock=lock, by=name_of(by), reason=text_of(reason))
    return f"released: the lock of {site} that {held.who} held since {held.since} on {held.host}"


@dataclass(frozen=True, slots=True)
class Handed:
    """What passed to the team or came from it: records by run, what stands beside runs, and what could not.

    `asked`: questions at this machine's desk (run and step), which stay: whoever goes on with the run asks them anew.
    """

    runs: dict[str, int]
    beside: Brought
    refused: tuple[str, ...] = ()
    asked: tuple[tuple[str, str], ...] = ()


def push_state(project: Project, site: str, by: str) -> Handed:
    """Bring what this machine remembers of a site, and the team does not, into the team's state."""
    state, team = _of_team(project)
    here = _here(project)
    lease = acquire(state.database, site, who=by, why="state push")
    with lease.kept():
        try:
            runs, refused = {}, []
            for name in FileShelf(project.state_dir, SystemFiles()).runs(site):
                try:
                    count = team.push(team.place(site, name), lease)
                except StateLocked as error:
                    refused.append(error.message)
                    continue
                if count:
                    runs[name] = count
            beside = hand_over(here, lease.fenced, site, frozenset(runs))
            asked = tuple(item for item in waiting_at(here, site) if item[0] in runs)
            return Handed(runs, beside, tuple(refused), asked)
        finally:
            lease.release()


def pull_state(project: Project, site: str) -> Handed:
    """Bring what the team remembers of a site to this machine, for the day when the team's state is out of reach."""
    state, team = _of_team(project)
    runs = {name: count for name in team.shared(site) if (count := team.pull(team.place(site, name)))}
    return Handed(runs, hand_over(state.database, _here(project), site, frozenset(team.shared(site))))


def _of_team(project: Project) -> tuple[State, TeamShelf]:
    state = state_of(project)
    if state.team is None:
        raise Refused(
            "this project has no team's state to pass anything to",
            hint="oceana-dr.yaml: state: {backend: postgres, url: env:OCEANA_DR_STATE_URL}; without --local-state",
        )
    return state, state.team


def _here(project: Project) -> SqliteDatabase:
    return SqliteDatabase(project.state_dir)
