"""What has been read and checked once, kept by the content it came from.

In: a kind and the bytes that decide the result. Out: JSON that was put there for exactly these bytes.
A cache may be lost, full or in the way, and no command may notice: what it cannot give is made again.
It is trusted only as its own user's file, unchanged, written by this very code; it never holds a secret.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

MOST_ENTRIES: Final = 400
MOST_BYTES: Final = 4 * 1024 * 1024
_OFF: Final = "OCEANA_DR_NO_CACHE"
_FOREIGN_WRITERS: Final = stat.S_IWGRP | stat.S_IWOTH


class Cache:
    """A folder of results; `None` for a folder means that nothing is kept."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def get(self, kind: str, *parts: bytes) -> Any:  # Any: whatever JSON was put
        """What was put for these bytes, or None."""
        if self._folder is None:
            return None
        try:
            with self._path(kind, parts).open("rb") as file:
                about = os.fstat(file.fileno())
                if about.st_uid != os.getuid() or about.st_mode & _FOREIGN_WRITERS or about.st_size > MOST_BYTES:
                    return None
                mark, _, text = file.read().partition(b"\n")
        except OSError:
            return None
        if mark != _digest(text):
            return None
        try:
            return json.loads(text)
        except ValueError:
            return None

    def put(self, kind: str, value: object, *parts: bytes) -> None:
        """Keep this for these bytes; the oldest entries make room."""
        if self._folder is None:
            return
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
        if len(text) > MOST_BYTES:
            return
        path = self._path(kind, parts)
        beside = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(_digest(text) + b"\n" + text)
            beside.replace(path)
            self._make_room()
        except OSError:
            with suppress(OSError):  # what is in the way of the entry is in the way of tidying up too
                beside.unlink()

    def _path(self, kind: str, parts: tuple[bytes, ...]) -> Path:
        assert self._folder is not None
        total = hashlib.sha256(_code_mark())
        for part in (kind.encode(), *parts):
            # Each part's own digest: bytes cannot move from one part to the next unnoticed.
            total.update(hashlib.sha256(part).digest())
        return self._folder / f"{kind}-{total.hexdigest()}"

    def _make_room(self) -> None:
        assert self._folder is not None
        entries = [entry for entry in os.scandir(self._folder) if entry.is_file(follow_symlinks=False)]
        if len(entries) > MOST_ENTRIES:
            entries.sort(key=lambda entry: entry.stat(follow_symlinks=False).st_mtime_ns)
            for entry in entries[: len(entries) - MOST_ENTRIES]:
                Path(entry.path).unlink(missing_ok=True)


def user_cache() -> Cache:
    """The user's cache folder, unless `OCEANA_DR_NO_CACHE` is set or there is no home."""
    if os.environ.get(_OFF):
        return Cache(None)
    base = os.environ.get("XDG_CACHE_HOME") or ""
    if not os.path.isabs(base):  # noqa: PTH117 - the specification: relative paths are ignored
        home = os.environ.get("HOME") or ""
        if not os.path.isabs(home):  # noqa: PTH117 - as above
            return Cache(None)
        base = f"{home}/.cache"
    return Cache(Path(base) / "oceana-dr")


def _digest(text: bytes) -> bytes:
    return hashlib.sha256(text).hexdigest().encode()


def _code_mark() -> bytes:
    """Changes with the code that reads and checks sites: another version never sees these entries."""
    folder = Path(__file__).parent
    marks = []
    for place in (folder, folder / "site", folder / "checks"):
        for entry in os.scandir(place):
            if entry.name.endswith(".py"):
                about = entry.stat()
                marks.append(f"{entry.path}:{about.st_size}:{about.st_mtime_ns}")
    return "\n".join(sorted(marks)).encode()
