"""What people are told where SQLite fails: a full disk by its name, and never to throw away what is not damaged."""

import os
import sqlite3
from pathlib import Path

import pytest

from oceana_dr.diagnostics import OceanaError, OutOfSpace, StateLocked, Unreadable
from oceana_dr.store.sqlite_trouble import sqlite_trouble

ANEW = "make it anew"


def told(code: int, path: Path) -> OceanaError:
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = code
    return sqlite_trouble(error, path, "written", damaged=ANEW, busy_s=5)


def disk(monkeypatch: pytest.MonkeyPatch, *, blocks: int, files: int) -> None:
    sizes = (4096, 4096, 1000, blocks, blocks, 100, files, files, 0, 255)
    monkeypatch.setattr(os, "statvfs", lambda _folder: os.statvfs_result(sizes))


@pytest.mark.parametrize("code", [sqlite3.SQLITE_IOERR, sqlite3.SQLITE_IOERR_SHMSIZE, sqlite3.SQLITE_CANTOPEN])
@pytest.mark.parametrize(("room", "full"), [((2, 50), True), ((900, 0), True), ((900, 50), False)])
def test_an_io_error_is_a_full_disk_where_no_room_is_left(
    code: int, room: tuple[int, int], full: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk(monkeypatch, blocks=room[0], files=room[1])
    found = told(code, tmp_path / "not" / "there" / "state.db")
    assert isinstance(found, OutOfSpace) is full
    assert ("the disk is full" in found.message) is full
    assert ANEW not in str(found.hint)


def test_only_what_is_damaged_is_to_be_made_anew(tmp_path: Path) -> None:
    hints = {code: told(code, tmp_path / "state.db").hint for code in (
        sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT,
    )}  # fmt: skip
    assert [code for code, hint in hints.items() if hint == ANEW] == [sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT]
    assert isinstance(told(sqlite3.SQLITE_FULL, tmp_path / "x"), OutOfSpace)
    assert isinstance(told(sqlite3.SQLITE_BUSY, tmp_path / "x"), StateLocked)
    assert type(told(sqlite3.SQLITE_READONLY, tmp_path / "x")) is Unreadable
