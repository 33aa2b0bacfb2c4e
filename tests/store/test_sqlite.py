"""The state folder's database: made lazily, durable, migrated, failing plainly."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import pytest

from oceana_dr.diagnostics import OutOfSpace, StateLocked, Unreadable
from oceana_dr.estate.address import Address
from oceana_dr.estate.estate import Estate
from oceana_dr.estate.values import Unknown
from oceana_dr.store import baseline, index, sqlite
from oceana_dr.store.baseline import Baseline
from oceana_dr.store.locks import acquire, lock_events, read_lock, unlock
from oceana_dr.store.sqlite import SqliteDatabase

ESTATE = Estate({Address("dc1/cm"): {"state": "running", "n": 3}, Address("dc2/smgr"): Unknown("unreachable")})
AT = "2026-03-01T02:40:00Z"


def test_reading_creates_no_file(tmp_path: Path) -> None:
    state = SqliteDatabase(tmp_path / "state")
    assert baseline.read_baseline(state, "acme") is None
    assert baseline.read_observations(state, "acme") == {}
    assert index.list_runs(state) == ()
    assert list(tmp_path.iterdir()) == []
    baseline.write_baseline(state, "acme", Baseline(ESTATE, None, AT))
    before = sorted(path.name for path in (tmp_path / "state").iterdir())
    baseline.read_baseline(state, "acme")
    assert sorted(path.name for path in (tmp_path / "state").iterdir()) == before == ["state.db"]


def test_every_write_is_durable_before_it_returns(tmp_path: Path) -> None:
    with SqliteDatabase(tmp_path).writing("acme") as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("PRAGMA synchronous").fetchone() == (2,)


FIRST_VERSION = """
CREATE TABLE schema_version (version INTEGER NOT NULL);
INSERT INTO schema_version VALUES (1);
CREATE TABLE baseline (site TEXT PRIMARY KEY, estate TEXT NOT NULL, run TEXT, at TEXT NOT NULL) STRICT;
CREATE TABLE lock (
  site TEXT PRIMARY KEY, id TEXT NOT NULL, who TEXT NOT NULL, host TEXT NOT NULL, pid INTEGER NOT NULL,
  process TEXT NOT NULL, why TEXT NOT NULL, run TEXT, since TEXT NOT NULL, heartbeat TEXT NOT NULL) STRICT;
CREATE TABLE lock_event (
  site TEXT NOT NULL, at TEXT NOT NULL, event TEXT NOT NULL, by TEXT NOT NULL, lock TEXT NOT NULL,
  note TEXT NOT NULL) STRICT;
CREATE TABLE run (
  site TEXT NOT NULL, run TEXT NOT NULL, plan TEXT NOT NULL, scenario TEXT NOT NULL, operator TEXT NOT NULL,
  state TEXT NOT NULL, started TEXT NOT NULL, finished TEXT, path TEXT NOT NULL, head TEXT NOT NULL,
  PRIMARY KEY (site, run)) STRICT;
CREATE TABLE observation (
  site TEXT NOT NULL, address TEXT NOT NULL, resource TEXT NOT NULL, by TEXT NOT NULL, at TEXT NOT NULL,
  PRIMARY KEY (site, address)) STRICT;
INSERT INTO baseline VALUES ('acme', '{}', 'r1', '2026-03-01T02:40:00Z');
INSERT INTO lock VALUES ('acme', 'ab', 'anna', 'ops1', 7, 'boot/1', 'apply', 'r2', '2026-03-01T02:40:00Z',
  '2026-03-01T02:40:00Z');
INSERT INTO lock_event VALUES ('acme', '2026-03-01T02:39:00Z', 'taken over', 'anna', 'cd', 'process 5 is dead');
"""


def test_a_state_of_0_1_0_is_migrated_and_its_lock_is_nobody_elses(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "state.db")) as connection:
        connection.executescript(FIRST_VERSION)
    state = SqliteDatabase(tmp_path)
    found = baseline.read_baseline(state, "acme")
    assert found is not None
    assert found.run == "r1"
    assert [event.lock for event in lock_events(state, "acme")] == ["cd"]
    held = read_lock(state, "acme")
    assert held is not None
    assert (held.lock.who, held.lock.token, held.lock.ends_ms) == ("anna", 0, None)
    with pytest.raises(StateLocked, match="anna"):
        acquire(state, "acme", who="ben", why="apply")
    unlock(state, "acme", lock="ab", by="ben", reason="that version knew no lease")
    acquire(state, "acme", who="ben", why="apply").check()


def test_what_is_no_database_is_said_plainly(tmp_path: Path) -> None:
    (tmp_path / "state.db").write_bytes(b"hello" * 1000)
    with pytest.raises(Unreadable, match="not a database of this program"):
        baseline.read_baseline(SqliteDatabase(tmp_path), "acme")
    with pytest.raises(Unreadable, match="not a database of this program"):
        baseline.write_baseline(SqliteDatabase(tmp_path), "acme", Baseline(ESTATE, None, AT))


def test_a_full_disk_is_said_plainly_and_leaves_what_was_there(tmp_path: Path) -> None:
    state = SqliteDatabase(tmp_path)
    baseline.write_baseline(state, "acme", Baseline(ESTATE, None, AT))

    def fill() -> None:
        with state.writing("acme") as connection:
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
            baseline.write_baseline(SqliteDatabase(folder), "acme", Baseline(ESTATE, None, AT))


def test_a_folder_in_place_of_the_database_is_said_plainly(tmp_path: Path) -> None:
    (tmp_path / "state.db").mkdir()
    with pytest.raises(Unreadable):
        baseline.read_baseline(SqliteDatabase(tmp_path), "acme")


def test_a_database_that_somebody_keeps_writing_is_locked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "_BUSY_S", 0.01)
    state = SqliteDatabase(tmp_path)
    with state.writing("acme"), pytest.raises(StateLocked, match="another process"):
        baseline.write_baseline(state, "acme", Baseline(ESTATE, None, AT))


def test_two_processes_may_make_the_database_at_once(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from oceana_dr.store.sqlite import SqliteDatabase\n"
        "for n in range(20):\n"
        "    with SqliteDatabase(Path(sys.argv[1]) / str(n)).writing('acme') as c: c.execute('SELECT 1')\n"
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
from oceana_dr.store.sqlite import SqliteDatabase
state = SqliteDatabase(Path(sys.argv[1]))
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
        baseline.write_baseline(SqliteDatabase(folder), "acme", Baseline(ESTATE, None, AT))
        (folder / "state.db").chmod(0o444)
        folder.chmod(0o555)
        command = [*user, sys.executable, "-c", READ_ONLY, name]
        found = subprocess.run(command, capture_output=True, text=True, check=False)
        folder.chmod(0o700)
    assert found.stdout.split() == [AT, "Unreadable"], found.stderr
