"""A team's runs: whole in the database, copied here, never forked, and gone on with when the database is away."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from oceana_dr.diagnostics import StateLocked, StateUnreachable, Unreadable
from oceana_dr.store.database import Connection
from oceana_dr.store.file_shelf import FileShelf
from oceana_dr.store.files import SystemFiles
from oceana_dr.store.journal import Contents, Journal
from oceana_dr.store.lease import Lease, _uptime
from oceana_dr.store.lock import LEASE
from oceana_dr.store.locks import acquire
from oceana_dr.store.records import Done, Intent, Record, RunStarted
from oceana_dr.store.runs import RunFiles, Runs
from oceana_dr.store.state import State, local_state, team_state
from oceana_dr.store.team_shelf import TeamShelf
from tests.store.cable import Cable

AT = "2026-03-01T02:40:00Z"
NOW = datetime(2026, 3, 1, 2, 40, tzinfo=UTC)
PLAN = "sha256:0123456789abcdef"


@dataclass
class Team:
    """Machines that share a database, each with a folder."""

    folder: Path
    url: str
    now: datetime = NOW

    def machine(self, name: str) -> State:
        return team_state(self.folder / name, lambda: self.url, "env:URL")

    def wired(self, name: str) -> tuple[State, Cable]:
        """A machine whose cable can be pulled out."""
        cable = Cable(self.machine(name).database)
        shelf = TeamShelf(FileShelf(self.folder / name, SystemFiles()), cable)
        return State(self.folder / name, cable, Runs(shelf), shelf), cable

    def take(self, state: State) -> Lease:
        return acquire(state.database, "acme", who=state.folder.name, why="apply", wall=lambda: self.now)


@pytest.fixture
def team(tmp_path: Path, postgres_url: str) -> Team:
    return Team(tmp_path, postgres_url)


def shelf(state: State) -> TeamShelf:
    assert state.team is not None
    return state.team


def types(contents: Contents) -> list[str]:
    return [type(entry.record).__name__ for entry in contents.entries]


def begun(state: State, lease: Lease) -> tuple[RunFiles, Journal]:
    place = state.runs.begin("acme", PLAN, b"{}", NOW)
    journal = state.runs.open(place, lease)
    write(journal, RunStarted(place.run, PLAN, "acme", "steady", "anna"))
    return place, journal


def write(journal: Journal, record: Record) -> None:
    journal.append(record, at=AT, estate_ms=0)


def test_another_machine_reads_and_goes_on_with_a_run(team: Team) -> None:
    first, second = team.machine("ops1"), team.machine("ops2")
    lease = team.take(first)
    place, journal = begun(first, lease)
    write(journal, Intent("P01", 1, "k"))
    lease.release()
    (found,) = second.runs.all("acme")
    assert not found.journal.exists(), "reading makes nothing"
    assert types(second.runs.read(found)) == ["RunStarted", "Intent"]
    assert second.runs.plan_file(found) == b"{}"
    journal = second.runs.open(found, team.take(second))
    write(journal, Done("P01", "acted"))
    journal.close()
    assert found.journal.read_bytes().startswith(place.journal.read_bytes())
    assert types(first.runs.read(place)) == ["RunStarted", "Intent", "Done"]
    assert first.runs.sites() == ("acme",)


def test_who_lost_the_lock_cannot_say_that_it_will_act(team: Team) -> None:
    first, second = team.machine("ops1"), team.machine("ops2")
    place, journal = begun(first, team.take(first))
    team.now += LEASE
    theirs = second.runs.open(second.runs.all("acme")[0], team.take(second))
    with pytest.raises(StateLocked, match="taken away by ops2"):
        write(journal, Intent("P01", 1, "k"))
    assert types(first.runs.read(place)) == ["RunStarted"], "neither there nor here"
    write(theirs, Intent("P01", 1, "other"))


def test_what_a_loser_did_stays_in_its_copy_and_is_set_aside(team: Team) -> None:
    first, second = team.machine("ops1"), team.machine("ops2")
    place, journal = begun(first, team.take(first))
    write(journal, Intent("P01", 1, "k"))
    team.now += LEASE
    other = team.take(second)
    theirs = second.runs.open(second.runs.all("acme")[0], other)
    with pytest.raises(StateLocked):
        write(journal, Done("P01", "acted"))
    journal.close()
    mine = place.journal.read_bytes()
    assert b'"done"' in mine, "it has happened, and that is written down"
    write(theirs, Done("P01", "read-back"))
    theirs.close()
    with pytest.raises(StateLocked, match="went on in two ways"):
        shelf(first).push(place, other)
    other.release()
    assert types(first.runs.read(place)) == ["RunStarted", "Intent", "Done"]
    lease = team.take(first)
    for _ in range(2):  # a process that died before it wrote anew finds it set aside already
        first.runs.open(place, lease).close()
        (aside,) = place.journal.parent.glob("*.aside-*")
        assert aside.read_bytes() == mine
        place.journal.write_bytes(mine)


def test_while_the_database_is_away_what_happens_is_kept_and_nothing_new_is_begun(team: Team) -> None:
    state, cable = team.wired("ops1")
    lease = team.take(state)
    place, journal = begun(state, lease)
    write(journal, Intent("P01", 1, "k"))
    cable.out = True
    write(journal, Done("P01", "acted"))
    lease.check()
    with pytest.raises(StateUnreachable):
        write(journal, Intent("P02", 1, "k"))
    with pytest.raises(StateUnreachable):
        state.runs.all("acme")
    alone = local_state(state.folder)
    assert types(alone.runs.read(place)) == ["RunStarted", "Intent", "Done"]
    cable.out = False
    other = team.machine("ops2")
    there = other.runs.all("acme")[0]
    assert types(other.runs.read(there)) == ["RunStarted", "Intent"]
    write(journal, Intent("P02", 1, "k"))
    assert types(other.runs.read(there)) == ["RunStarted", "Intent", "Done", "Intent"]


def test_a_line_whose_receipt_was_lost_is_not_written_twice(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    state, cable = team.wired("ops1")
    _, journal = begun(state, team.take(state))
    written = cable.writing

    @contextmanager
    def lost(site: str) -> Iterator[Connection]:
        with written(site) as connection:
            yield connection
        raise StateUnreachable("it was written, and no answer came")

    monkeypatch.setattr(cable, "writing", lost)
    write(journal, Done("P01", "acted"))
    monkeypatch.undo()
    write(journal, Done("P02", "acted"))
    other = team.machine("ops2").runs
    assert types(other.read(other.all("acme")[0])) == ["RunStarted", "Done", "Done"]


def test_half_of_a_lease_without_an_answer_and_nothing_may_be_done(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    state, cable = team.wired("ops1")
    lease = team.take(state)
    cable.out = True
    now = _uptime()
    for after, allowed in ((0, True), (29, True), (31, False)):
        monkeypatch.setattr("oceana_dr.store.lease._uptime", lambda late=after: now + late)
        if allowed:
            lease.check()
            continue
        with pytest.raises(StateUnreachable, match="could not be renewed"):
            lease.check()
    cable.out = False
    lease.renew()
    cable.out = True
    lease.check()


def test_a_run_without_the_team_is_pushed_afterwards_and_only_once(team: Team) -> None:
    folder = team.folder / "ops1"
    alone, first = local_state(folder), team.machine("ops1")
    place, journal = begun(alone, team.take(alone))
    write(journal, Done("P01", "acted"))
    assert [found.run for found in first.runs.all("acme")] == [place.run], "this machine knows it already"
    assert team.machine("ops2").runs.all("acme") == ()
    lease = team.take(first)
    assert [shelf(first).push(place, lease) for _ in range(2)] == [2, 0]
    second = team.machine("ops2")
    (there,) = second.runs.all("acme")
    assert types(second.runs.read(there)) == ["RunStarted", "Done"]
    assert second.runs.plan_file(there) == b"{}"


def test_a_copy_is_pulled_for_the_day_when_the_team_is_away(team: Team) -> None:
    first, second = team.machine("ops1"), team.machine("ops2")
    lease = team.take(first)
    _, journal = begun(first, lease)
    (there,) = second.runs.all("acme")
    assert shelf(second).pull(there) > 0
    write(journal, Done("P01", "acted"))
    assert shelf(second).pull(there) > 0
    assert shelf(second).pull(there) == 0
    assert shelf(second).push(there, lease) == 0
    alone = local_state(second.folder)
    assert types(alone.runs.read(there)) == ["RunStarted", "Done"]
    assert alone.runs.plan_file(there) == b"{}"


def test_two_runs_of_one_moment_get_two_names(team: Team) -> None:
    names = [team.machine(name).runs.begin("acme", PLAN, b"{}", NOW).run for name in ("ops1", "ops2")]
    assert names == ["20260301-024000-01234567", "20260301-024000-01234567-2"]


def test_nobody_writes_a_run_without_the_lock(team: Team) -> None:
    state = team.machine("ops1")
    place = state.runs.begin("acme", PLAN, b"{}", NOW)
    with pytest.raises(Unreadable, match="without the site's lock"):
        state.runs.open(place, None)
