"""Runs: begun beside their plan, found again by it, never one over another."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from oceana_dr.diagnostics import OutOfSpace, Unreadable
from oceana_dr.store.file_shelf import file_runs
from oceana_dr.store.locks import acquire
from oceana_dr.store.records import Finished, RunStarted
from oceana_dr.store.runs import RunFiles, Runs, digest_of_plan
from oceana_dr.store.state import State, local_state
from tests.store.memory_files import Fault, MemoryFiles

NOW = datetime(2026, 3, 1, 2, 40, tzinfo=UTC)
PLAN = "sha256:0123456789abcdef"
AT = "2026-03-01T02:40:00Z"


def begin(state: State, plan: str = PLAN, *, finished: bool = False, copy: bytes = b"{}", undoes: str = "") -> RunFiles:
    runs = state.runs
    lease = acquire(state.database, "acme", who="anna", why="apply")
    place = runs.begin("acme", plan, copy, NOW)
    journal = runs.open(place, lease)
    started = RunStarted(place.run, plan, "acme", "steady", "anna", digest_of_plan(copy), undoes)
    journal.append(started, at=AT, estate_ms=0)
    if finished:
        journal.append(Finished(), at=AT, estate_ms=1)
    journal.close()
    lease.release()
    return place


def spoil(state: State, place: RunFiles) -> None:
    """Change a byte of the journal that counts."""
    data = place.journal.read_bytes()
    if state.team is None:
        place.journal.write_bytes(b"x" + data[1:])
        return
    with state.database.writing("acme") as connection:
        line = b"x" + data.splitlines(keepends=True)[0][1:]
        connection.execute("UPDATE journal SET line = ? WHERE run = ? AND number = 1", (line, place.run))


def test_a_run_is_named_by_its_moment_and_plan_and_found_by_the_plan(state: State) -> None:
    runs = state.runs
    first, second = begin(state), begin(state)
    assert (first.run, second.run) == ("20260301-024000-01234567", "20260301-024000-01234567-2")
    assert first.journal == state.folder / "runs" / "acme" / "20260301-024000-01234567.journal"
    assert runs.plan_file(first) == b"{}"
    found = runs.of_plan("acme", PLAN)
    assert found is not None
    assert found.files == second
    assert runs.of_plan("acme", "sha256:01234567ffff") is None
    assert runs.of_plan("acme", "sha256:ff") is None
    assert runs.sites() == ("acme",)


def found_run(runs: Runs, copy: str = "") -> RunFiles | None:
    found = runs.of_plan("acme", PLAN, copy)
    return found.files if found else None


def test_the_unfinished_run_of_a_plan_is_gone_on_with_before_a_finished_one(state: State) -> None:
    runs = state.runs
    begin(state, finished=True)
    stopped = begin(state)
    begin(state, finished=True)
    assert found_run(runs) == stopped


def test_a_finished_run_is_found_again_by_its_very_file(state: State) -> None:
    runs = state.runs
    first = begin(state, finished=True, copy=b"{}")
    second = begin(state, finished=True, copy=b"{ }")
    assert found_run(runs) == second
    assert found_run(runs, digest_of_plan(b"{}")) == first
    assert found_run(runs, digest_of_plan(b"{  }")) is None


def test_a_run_that_was_taken_back_is_over(state: State) -> None:
    runs = state.runs
    stopped = begin(state)
    begin(state, "sha256:bbbbbbbbbbbb", undoes=stopped.run)
    assert found_run(runs) == stopped, "the rollback has not finished"
    begin(state, "sha256:bbbbbbbbbbbb", undoes=stopped.run, finished=True)
    assert runs.taken_back("acme") == {stopped.run}
    assert found_run(runs) is None


def test_damaged_journals_of_other_plans_disturb_nobody(state: State) -> None:
    runs = state.runs
    begin(state)
    broken = begin(state, "sha256:bbbbbbbbbbbb")
    spoil(state, broken)
    assert runs.of_plan("acme", PLAN) is not None
    assert len(runs.all("acme")) == 2


def test_looking_for_runs_creates_nothing(state: State) -> None:
    runs = state.runs
    assert (runs.all("acme"), runs.sites(), runs.of_plan("acme", PLAN)) == ((), (), None)
    assert not state.folder.exists() or list(state.folder.iterdir()) == []


def test_a_changed_copy_of_the_plan_is_refused(state: State) -> None:
    runs = state.runs
    place = begin(state)
    if state.team is None:
        place.plan.write_bytes(b"{ }")
    else:
        with state.database.writing("acme") as connection:
            connection.execute("UPDATE run_plan SET plan = ?", (b"{ }",))
    with pytest.raises(Unreadable, match="not the plan this run began with"):
        runs.plan_file(place)


@pytest.mark.parametrize(("how", "error"), [("ENOSPC", OutOfSpace), ("EROFS", Unreadable), ("EIO", Unreadable)])
def test_a_disk_that_takes_nothing_is_said_plainly(how: str, error: type[Unreadable]) -> None:
    sound = MemoryFiles()
    file_runs(Path("/state"), sound).begin("acme", PLAN, b"{}", NOW)
    for number in range(1, len(sound.operations) + 1):
        with pytest.raises(error, match="could not be written") as caught:
            file_runs(Path("/state"), MemoryFiles(Fault(number, how))).begin("acme", PLAN, b"{}", NOW)
        assert caught.value.hint


def test_folders_are_private(tmp_path: Path) -> None:
    begin(local_state(tmp_path / "state"))
    assert (tmp_path / "state" / "runs" / "acme").stat().st_mode & 0o077 == 0
