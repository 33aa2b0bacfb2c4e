"""A folder that is entered without ever following a symbolic link.

In: a folder, and relative paths below it. Out: files staged beside their place, put there, read, removed.
No operation may reach outside the folder: every part of a path is opened from its parent, links refused.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Self

from oceana_dr.diagnostics import OceanaError, OutOfSpace, Unreadable

_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})
_ENTER: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_STAGE: Final = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
_READ: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_STAGED: Final = ".oceana-dr-new"
_LONGEST: Final = 4_000_000


def is_relative(path: str) -> bool:
    """Whether a path stays below the folder it is joined to, and names no staged file."""
    parts = path.split("/")
    return all(part not in ("", ".", "..") and "\0" not in part for part in parts) and not path.endswith(_STAGED)


class Folder:
    """An open folder. Every method raises `OutOfSpace` or `Unreadable` for what the system refuses."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with self._said(""):
            path.mkdir(parents=True, exist_ok=True)
            self._handle = os.open(path, _ENTER)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._handle)

    def entries(self) -> tuple[str, ...]:
        """Names of what lies directly in it, sorted; what an earlier crash left staged is not counted."""
        with self._said(""):
            names = os.listdir(self._handle)  # noqa: PTH208 - of the open folder, not of what its path is now
        return tuple(sorted(name for name in names if not name.endswith(_STAGED)))

    def exists(self, path: str) -> bool:
        """Whether a file is there; raises `Unreadable` for a link or anything else that is no file."""
        try:
            with self._parent(path) as (parent, name):
                mode = os.stat(name, dir_fd=parent, follow_symlinks=False).st_mode
        except FileNotFoundError:
            return False
        except OSError as error:
            raise _refusal(error, self.path / path) from error
        if not stat.S_ISREG(mode):
            kind = "a symbolic link" if stat.S_ISLNK(mode) else "not a file"
            raise Unreadable(f"{self.path / path} is {kind}; nothing is written there", hint="move it away")
        return True

    def read(self, path: str) -> bytes:
        """What a file holds, as much as a manifest can have; empty if there is none."""
        if not self.exists(path):
            return b""
        with (
            self._said(path),
            self._parent(path) as (parent, name),
            os.fdopen(os.open(name, _READ, dir_fd=parent), "rb") as stream,
        ):
            return stream.read(_LONGEST)

    def stage(self, path: str, data: bytes) -> None:
        """Write a file beside its place, durably; its place is not touched yet."""
        with self._said(path), self._parent(path, make=True) as (parent, name):
            handle = os.open(f"{name}{_STAGED}", _STAGE, 0o644, dir_fd=parent)
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())

    def put(self, path: str) -> None:
        """Put a staged file in its place, whole."""
        with self._said(path), self._parent(path) as (parent, name):
            os.replace(f"{name}{_STAGED}", name, src_dir_fd=parent, dst_dir_fd=parent)

    def discard(self, path: str) -> None:
        """Remove a staged file, if there is one."""
        with contextlib.suppress(OSError), self._parent(path) as (parent, name):
            os.unlink(f"{name}{_STAGED}", dir_fd=parent)

    def remove(self, path: str) -> None:
        """Remove a file and the folders that are empty without it."""
        if not self.exists(path):
            return
        with self._said(path), self._parent(path) as (parent, name):
            os.unlink(name, dir_fd=parent)
        # A folder with somebody else's files in it ends this, and is kept.
        with contextlib.suppress(OSError):
            while "/" in path:
                path = path.rpartition("/")[0]
                with self._parent(path) as (parent, name):
                    os.rmdir(name, dir_fd=parent)

    @contextlib.contextmanager
    def _parent(self, path: str, *, make: bool = False) -> Iterator[tuple[int, str]]:
        """The open folder that holds the path's last part, and that part; raises `OSError`."""
        *folders, name = path.split("/")
        with contextlib.ExitStack() as opened:
            here = self._handle
            for folder in folders:
                if make:
                    with contextlib.suppress(FileExistsError):
                        os.mkdir(folder, dir_fd=here)
                here = os.open(folder, _ENTER, dir_fd=here)
                opened.callback(os.close, here)
            yield here, name

    @contextlib.contextmanager
    def _said(self, path: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise _refusal(error, self.path / path) from error


def _refusal(error: OSError, path: Path) -> OceanaError:
    if error.errno in _FULL:
        return OutOfSpace(
            f"the disk is full: {path} cannot be written",
            hint="free some space and compile again; what was there before is untouched",
        )
    if error.errno == errno.EEXIST:
        return Unreadable(f"{path} is not a folder: artifacts are many files", hint="name a folder with -o")
    if error.errno in (errno.ELOOP, errno.ENOTDIR):
        return Unreadable(
            f"a part of {path} is a symbolic link or a file; nothing is written through it",
            hint="name a real folder with -o",
        )
    return Unreadable(f"{path} cannot be written: {os.strerror(error.errno or errno.EIO)}")
