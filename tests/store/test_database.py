"""The small database: baselines, observations, the index; made lazily, failing plainly."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from oceana_dr.diagnostics import OutOfSpace, StateLocked, Unreadable
from oceana_dr.estate.address import Address
from oceana_dr.estate.estate import Estate
from oceana_dr.estate.values import Override, Unknown
from oceana_dr.store import baseline, database, index
from oceana_dr.store.baseline import Baseline, Observation
from oceana_dr.store.database import Database
from oceana_dr.store.index import RunRow

ESTATE = Estate({Address("dc1/cm"): {"state": "running", "n": 3}, Address("dc2/smgr"): Unknown("unreachable")})
AT = "2026-03-01T02:40:00Z"


def test_a_baseline_comes_back_as_it_was_written(tmp_path: Path) -> None:
    state = Database(tmp_path)
    assert baseline.read_baseline(state, "acme") is None
    for run in ("r1", None):
        baseline.write_baseline(state, "acme", Baseline(ESTATE, run, AT))
        assert baseline.read_baseline(state, "acme") == Baseline(ESTATE, run, AT)
    assert baseline.read_baseline(state, "globex") is None


def test_observations_are_kept_by_address_the_latest_one(tmp_path: Path) -> None:
    state = Database(tmp_path)
    first = Observation({"Deploy CSC": Override(True, "true")}, "anna", AT)
    second = Observation(Unknown("unreachable"), "ben", AT)
    baseline.observe(state, "acme", {Address("dc1/cm"): first, Address("dc1/smgr"): first})
    baseline.observe(state, "acme", {Address("dc1/smgr"): second})
    assert baseline.read_observations(state, "acme") == {Address("dc1/cm"): first, Address("dc1/smgr"): second}


def test_the_index_lists_runs_oldest_first_and_replaces_rows(tmp_path: Path) -> None:
    state = Database(tmp_path)
    rows = [RunRow("acme", f"r{n}", "sha256:ab", "steady", "anna", "running", f"{n}", None, "p") for n in (2, 1)]
    for row in rows:
        index.note_run(state, row)
    done = RunRow("acme", "r1", "sha256:ab", "steady", "anna", "finished", "1", "3", "p", "head")
    index.note_run(state, done)
    index.note_run(state, RunRow("globex", "r9", "sha256:ab", "steady", "anna", "running", "9", None, "p"))
    assert index.list_runs(state, "acme") == (done, rows[0])
    assert len(index.list_runs(state)) == 3


def test_a_lab_reset_forgets_one_site(tmp_path: Path) -> None:
    state = Database(tmp_path)
    baseline.forget_site(state, "acme")
    assert list(tmp_path.iterdir()) == []
    for site in ("acme", "globex"):
        baseline.write_baseline(state, site, Baseline(ESTATE, None, AT))
    baseline.forget_site(state, "acme")
    assert baseline.read_baseline(state, "acme") is None
    assert baseline.read_baseline(state, "globex") is not None


def test_reading_creates_no_file(tmp_path: Path) -> None:
    state = Database(tmp_path / "state")
    assert baseline.read_baseline(state, "acme") is None
    assert baseline.read_observations(state, "acme") == {}
    assert index.list_runs(state) == ()
    assert list(tmp_path.iterdir()) == []
    baseline.write_baseline(state, "acme", Baseline(ESTATE, None, AT))
    before = sorted(path.name for path in (tmp_path / "state").iterdir())
    baseline.read_baseline(state, "acme")
    assert sorted(path.name for path in (tmp_path / "state").iterdir()) == before == ["state.db"]


def test_every_write_is_durable_before_it_returns(tmp_path: Path) -> None:
    with Database(tmp_path).writing() as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("PRAGMA synchronous").fetchone() == (2,)


def test_what_is_no_database_is_said_plainly(tmp_path: Path) -> None:
    (tmp_path / "state.db").write_bytes(b"hello" * 1000)
    with pytest.raises(Unreadable, match="not a database of this program"):
        baseline.read_baseline(Database(tmp_path), "acme")
    with pytest.raises(Unreadable, match="not a database of this program"):
        baseline.write_baseline(Database(tmp_path), "acme", Baseline(ESTATE, None, AT))


def test_a_database_of_a_later_program_is_left_alone(tmp_path: Path) -> None:
    state = Database(tmp_path)
    baseline.write_baseline(state, "acme", Baseline(ESTATE, None, AT))
    with state.writing() as connection:
        connection.execute("UPDATE schema_version SET version = 9")
    with pytest.raises(Unreadable, match="version 9"):
        baseline.read_baseline(state, "acme")
    with pytest.raises(Unreadable, match="version 9"):
        baseline.write_baseline(state, "acme", Baseline(ESTATE, None, AT))


def test_an_estate_that_cannot_be_read_is_said_plainly(tmp_path: Path) -> None:
    state = Database(tmp_path)
    with state.writing() as connection:
        connection.execute("INSERT INTO baseline VALUES ('acme', '{\"x\": 1}', NULL, 'now')")
    with pytest.raises(Unreadable, match="cannot be read"):
        baseline.read_baseline(state, "acme")


def test_a_full_disk_is_said_plainly_and_leaves_what_was_there(tmp_path: Path) -> None:
    state = Database(tmp_path)
    baseline.write_baseline(state, "acme", Baseline(ESTATE, None, AT))

    def fill() -> None:
        with state.writing() as connection:
            pages = connection.execute("PRAGMA page_count").fetchone()[0]
            connection.execute(f"PRAGMA max_page_count = {pages}")
            connection.execute("UPDATE baseline SET estate = ?", ("x" * 1_000_000,))

    with pytest.raises(OutOfSpace, match="the disk is full"):
        fill()
    assert baseline.read_baseline(state, "acme") == Baseline(ESTATE, None, AT)


def test_a_folder_that_cannot_be_made_is_said_plainly(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for folder in (tmp_path / "file", tmp_path / "file" / "state"):
        with pytest.raises(Unreadable, match="could not be"):
            baseline.write_baseline(Database(folder), "acme", Baseline(ESTATE, None, AT))


def test_a_folder_in_place_of_the_database_is_said_plainly(tmp_path: Path) -> None:
    (tmp_path / "state.db").mkdir()
    with pytest.raises(Unreadable):
        baseline.read_baseline(Database(tmp_path), "acme")


def test_a_database_that_somebody_keeps_writing_is_locked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "_BUSY_S", 0.01)
    state = Database(tmp_path)
    with state.writing(), pytest.raises(StateLocked, match="another process"):
        baseline.write_baseline(state, "acme", Baseline(ESTATE, None, AT))


def test_a_failed_transaction_is_undone(tmp_path: Path) -> None:
    state = Database(tmp_path)
    baseline.write_baseline(state, "acme", Baseline(ESTATE, None, AT))

    def half() -> None:
        with state.writing() as connection:
            connection.execute("DELETE FROM baseline")
            connection.execute("SELECT nothing FROM nowhere")

    with pytest.raises(Unreadable):
        half()
    assert baseline.read_baseline(state, "acme") is not None


def test_two_processes_may_make_the_database_at_once(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from oceana_dr.store.database import Database\n"
        "for n in range(20):\n"
        "    with Database(Path(sys.argv[1]) / str(n)).writing() as c: c.execute('SELECT 1')\n"
    )
    command = [sys.executable, "-c", program, str(tmp_path)]
    together = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    assert [(process.communicate()[1], process.returncode) for process in together] == [("", 0)] * 3


def test_sqlite_is_not_imported_before_it_is_used() -> None:
    program = "import sys, oceana_dr.store.locks, oceana_dr.store.baseline; print('sqlite3' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert found.stdout == "False\n"
    assert sqlite3.sqlite_version_info >= (3, 37), "STRICT tables"


READ_ONLY = """
import sys
import tempfile
from pathlib import Path
from oceana_dr.diagnostics import Unreadable
from oceana_dr.store import baseline
from oceana_dr.store.database import Database
state = Database(Path(sys.argv[1]))
print(baseline.read_baseline(state, "acme").at)
try:
    baseline.forget_site(state, "acme")
except Unreadable:
    print("Unreadable")
"""


def test_a_state_folder_that_may_not_be_written_can_be_read() -> None:
    user: list[str] = []
    if os.geteuid() == 0:  # who may write everywhere; the program runs as nobody then
        setpriv = shutil.which("setpriv")
        user = [setpriv or "false", "--reuid=65534", "--regid=65534", "--clear-groups"]
        probe = [*user, sys.executable, "-c", "import oceana_dr"]
        if setpriv is None or subprocess.run(probe, capture_output=True, check=False).returncode:
            pytest.skip("nobody but root can run this checkout")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        baseline.write_baseline(Database(folder), "acme", Baseline(ESTATE, None, AT))
        (folder / "state.db").chmod(0o444)
        folder.chmod(0o555)
        command = [*user, sys.executable, "-c", READ_ONLY, name]
        found = subprocess.run(command, capture_output=True, text=True, check=False)
        folder.chmod(0o700)
    assert found.stdout.split() == [AT, "Unreadable"], found.stderr
