"""Runs as files: begun beside their plan, found again by it, never one over another."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from oceana_dr.diagnostics import OutOfSpace, Unreadable
from oceana_dr.store.files import SystemFiles
from oceana_dr.store.records import Finished, RunStarted
from oceana_dr.store.runs import RunFiles, Runs, digest_of_plan
from tests.store.memory_files import Fault, MemoryFiles

NOW = datetime(2026, 3, 1, 2, 40, tzinfo=UTC)
PLAN = "sha256:0123456789abcdef"
AT = "2026-03-01T02:40:00Z"


def begin(runs: Runs, plan: str = PLAN, *, finished: bool = False) -> RunFiles:
    place = runs.begin("acme", plan, b"{}", NOW)
    journal = runs.open(place)
    journal.append(RunStarted(place.run, plan, "acme", "steady", "anna", digest_of_plan(b"{}")), at=AT, estate_ms=0)
    if finished:
        journal.append(Finished(), at=AT, estate_ms=1)
    journal.close()
    return place


def test_a_run_is_named_by_its_moment_and_plan_and_found_by_the_plan(tmp_path: Path) -> None:
    runs = Runs(tmp_path, SystemFiles())
    first, second = begin(runs), begin(runs)
    assert (first.run, second.run) == ("20260301-024000-01234567", "20260301-024000-01234567-2")
    assert first.journal == tmp_path / "runs" / "acme" / "20260301-024000-01234567.journal"
    assert runs.plan_file(first) == b"{}"
    found = runs.of_plan("acme", PLAN)
    assert found is not None
    assert found.files == second
    assert runs.of_plan("acme", "sha256:01234567ffff") is None
    assert runs.of_plan("acme", "sha256:ff") is None
    assert runs.sites() == ("acme",)


def test_unfinished_runs_are_told_from_finished_ones_and_damaged_ones_disturb_nobody(tmp_path: Path) -> None:
    runs = Runs(tmp_path, SystemFiles())
    begin(runs, finished=True)
    second = begin(runs, "sha256:aaaaaaaaaaaa")
    broken = begin(runs, "sha256:bbbbbbbbbbbb")
    broken.journal.write_bytes(b"x" + broken.journal.read_bytes()[1:])
    assert [summary.files for summary in runs.unfinished("acme")] == [second]
    assert runs.of_plan("acme", "sha256:aaaaaaaaaaaa") is not None
    assert len(runs.all("acme")) == 3


def test_looking_for_runs_creates_nothing(tmp_path: Path) -> None:
    runs = Runs(tmp_path / "none", SystemFiles())
    assert (runs.all("acme"), runs.sites(), runs.unfinished("acme"), runs.of_plan("acme", PLAN)) == ((), (), (), None)
    assert list(tmp_path.iterdir()) == []


def test_a_changed_copy_of_the_plan_is_refused(tmp_path: Path) -> None:
    runs = Runs(tmp_path, SystemFiles())
    place = begin(runs)
    place.plan.write_bytes(b"{ }")
    with pytest.raises(Unreadable, match="not the plan this run began with"):
        runs.plan_file(place)


@pytest.mark.parametrize(("how", "error"), [("ENOSPC", OutOfSpace), ("EROFS", Unreadable), ("EIO", Unreadable)])
def test_a_disk_that_takes_nothing_is_said_plainly(how: str, error: type[Unreadable]) -> None:
    sound = MemoryFiles()
    Runs(Path("/state"), sound).begin("acme", PLAN, b"{}", NOW)
    for number in range(1, len(sound.operations) + 1):
        with pytest.raises(error, match="could not be written") as caught:
            Runs(Path("/state"), MemoryFiles(Fault(number, how))).begin("acme", PLAN, b"{}", NOW)
        assert caught.value.hint


def test_folders_are_private(tmp_path: Path) -> None:
    begin(Runs(tmp_path / "state", SystemFiles()))
    assert (tmp_path / "state" / "runs" / "acme").stat().st_mode & 0o077 == 0
