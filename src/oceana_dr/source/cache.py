"""What has been read and checked once, kept by the content it came from.

In: a kind and the bytes that decide the result. Out: JSON that was put there for exactly these bytes.
A cache may be lost, full or in the way, and no command may notice: what it cannot give is made again.
It is trusted only as its own user's file, whole, put there under this very key by this very code; it never holds
a secret. Decision 0022 has the reasons.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
import sys
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, Final

FOLDERS: Final = 256
"""As many as the first two letters of a key can be."""
MOST_ENTRIES: Final = 64
"""In each folder: 16,384 in all."""
MOST_BYTES: Final = 512 * 1024
"""In each folder, so also of one entry: 128 MiB in all."""

_OFF: Final = "OCEANA_DR_NO_CACHE"
_FOREIGN_WRITERS: Final = stat.S_IWGRP | stat.S_IWOTH
_READ: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC  # a pipe in the way must not hold us up
_WRITE: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_OURS: Final = re.compile(r"[a-z]+-[0-9a-f]{64}(\.[0-9a-f]{8})?")
# Everything that takes part in saying what a site's files mean and whether they are right.
_DECIDING: Final = ("source", "compile", "catalogue", "diagnostics", "estate")


class Cache:
    """A folder of results; `None` for a folder means that nothing is kept."""

    def __init__(self, folder: Path | None) -> None:
        mark = None if folder is None else code_mark()
        self._folder = None if mark is None or folder is None else os.fspath(folder)
        self._mark = mark or b""
        self._writable: bool | None = None

    @property
    def on(self) -> bool:
        """Whether anything can be kept at all."""
        return self._folder is not None

    def get(self, kind: str, *parts: bytes) -> Any:  # Any: whatever JSON was put
        """What was put for these bytes, or None."""
        if self._folder is None:
            return None
        key = self._key(kind, parts)
        try:
            handle = os.open(self._path(kind, key), _READ)
        except OSError:
            return None
        try:
            about = os.fstat(handle)
            if not stat.S_ISREG(about.st_mode) or about.st_uid != os.geteuid() or about.st_mode & _FOREIGN_WRITERS:
                return None
            content = os.read(handle, MOST_BYTES + 1)
        except OSError:
            return None
        finally:
            os.close(handle)
        mark, _, text = content.partition(b"\n")
        if mark != _digest(key, text):
            return None
        try:
            return json.loads(text)
        except ValueError:
            return None

    def put(self, kind: str, value: object, *parts: bytes) -> None:
        """Keep this for these bytes; the oldest entries beside it make room."""
        if self._folder is None:
            return
        key = self._key(kind, parts)
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
        content = _digest(key, text) + b"\n" + text
        if len(content) > MOST_BYTES or not self._may_write():
            return
        path = self._path(kind, key)
        beside = f"{path}.{os.urandom(4).hex()}"
        try:
            with suppress(FileExistsError):
                os.mkdir(os.path.dirname(path), 0o700)  # noqa: PTH102, PTH120 - a path object costs more than the call
            handle = os.open(beside, _WRITE, 0o600)
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(content)
                os.replace(beside, path)  # noqa: PTH105 - as above
            except OSError:
                with suppress(OSError):  # what is in the way of the entry is in the way of tidying up too
                    os.unlink(beside)  # noqa: PTH108 - as above
                return
            _make_room(os.path.dirname(path))  # noqa: PTH120 - as above
        except OSError:
            return

    def _key(self, kind: str, parts: tuple[bytes, ...]) -> str:
        total = hashlib.sha256(self._mark)
        for part in (kind.encode(), *parts):
            # Each part's own digest: bytes cannot move from one part to the next unnoticed.
            total.update(hashlib.sha256(part).digest())
        return total.hexdigest()

    def _path(self, kind: str, key: str) -> str:
        return f"{self._folder}/{key[:2]}/{kind}-{key}"

    def _may_write(self) -> bool:
        """Whether the folder is there, ours, and closed to others: what is written, and removed, lies below it."""
        if self._writable is None:
            assert self._folder is not None
            try:
                Path(self._folder).mkdir(mode=0o700, parents=True, exist_ok=True)
                about = os.stat(self._folder)  # noqa: PTH116 - it is kept as text
            except OSError:
                self._writable = False
            else:
                self._writable = about.st_uid == os.geteuid() and not about.st_mode & _FOREIGN_WRITERS
        return self._writable


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


@cache
def code_mark() -> bytes | None:
    """A digest of Python, the installed packages and our own code; None if they cannot be read.

    Of contents, not of times: another version never sees these entries, and a copy elsewhere does.
    """
    package = Path(__file__).parents[1]
    total = hashlib.sha256(sys.version.encode())
    try:
        for name in sorted(_installed()):
            total.update(name.encode() + b"\0")
        for part in _DECIDING:
            for path in sorted(_code(os.fspath(package / part))):
                data = Path(path).read_bytes()
                total.update(path.removeprefix(os.fspath(package)).encode() + hashlib.sha256(data).digest())
    except (OSError, ImportError, ValueError):
        return None
    return total.digest()


def _installed() -> Iterator[str]:
    """Names and versions of the packages beside pydantic, which checks, and ruamel.yaml, which reads."""
    from importlib.util import find_spec

    spec = find_spec("pydantic")
    if spec is None or spec.origin is None:
        raise ImportError("pydantic")
    with os.scandir(Path(spec.origin).parents[1]) as entries:
        yield from (entry.name for entry in entries if entry.name.endswith((".dist-info", ".egg-info")))


def _code(folder: str) -> Iterator[str]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir():
                yield from _code(entry.path)
            elif entry.name.endswith((".py", ".json")):
                yield entry.path


def _digest(key: str, text: bytes) -> bytes:
    """With the key: an entry that is put under another one's name is not believed."""
    return hashlib.sha256(key.encode() + text).hexdigest().encode()


def _make_room(folder: str) -> None:
    """Remove the oldest entries beyond what one folder may hold; nothing but entries is ever removed."""
    with os.scandir(folder) as found:
        entries = [(entry.stat(follow_symlinks=False), entry.path) for entry in found if _OURS.fullmatch(entry.name)]
    entries.sort(key=lambda item: item[0].st_mtime_ns)
    number, size = len(entries), sum(about.st_size for about, _ in entries)
    for about, path in entries:
        if number <= MOST_ENTRIES and size <= MOST_BYTES:
            return
        with suppress(FileNotFoundError):  # another process made room too
            os.unlink(path)  # noqa: PTH108 - a path object costs more than the call
        number, size = number - 1, size - about.st_size
