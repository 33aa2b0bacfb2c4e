"""What SQLite complains about, as what a command may end with.

In: its error, the file, what was being done, what to advise where the file is damaged. Out: an `OceanaError`.
Only a damaged file may ever be advised to be made anew: whoever does that loses what lies in it.
"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import Final

from oceana_dr.diagnostics import OceanaError, OutOfSpace, StateLocked, Unreadable

_LEAST_BYTES: Final = 64 * 1024
"""Room that SQLite needs for a log and its index; with less it says "disk I/O error" as often as "full"."""
_NO_ROOM: Final = frozenset({sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN})
_BUSY: Final = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_DAMAGED: Final = frozenset({sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT})


def sqlite_trouble(error: sqlite3.Error, path: Path, doing: str, *, damaged: str, busy_s: float) -> OceanaError:
    """The error for people; `doing` completes "could not be …"."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_FULL or (code in _NO_ROOM and _is_full(path)):
        return OutOfSpace(
            f"{path} could not be {doing}: the disk is full",
            hint="free some space, then run the same command again",
        )
    if code in _BUSY:
        return StateLocked(f"another process has been writing {path} for {busy_s:.0f} s", hint="try again")
    if code in _DAMAGED:
        return Unreadable(f"{path} is not a database of this program, or is damaged", hint=damaged)
    return Unreadable(
        f"{path} could not be {doing}: {error}",
        hint="check the state folder's disk and permissions; OCEANA_DR_STATE moves it",
    )


def _is_full(path: Path) -> bool:
    """Whether there is no room left where the file lies, in bytes or in files."""
    try:
        disk = os.statvfs(next(folder for folder in path.parents if folder.is_dir()))
    except (OSError, StopIteration):
        return False
    return disk.f_bavail * disk.f_frsize < _LEAST_BYTES or (disk.f_files > 0 and disk.f_favail == 0)
