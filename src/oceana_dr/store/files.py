"""The few file operations a journal needs, behind a port that tests can make fail.

In: paths, bytes, offsets. Out: what the system answered, as `OSError` where it refused.
It must never retry a failed fsync: after one, nobody knows what the disk holds.
"""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Final, Protocol

from oceana_dr.diagnostics import OutOfSpace, StateLocked, Unreadable

_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})
_HELD: Final = frozenset({errno.EAGAIN, errno.EACCES})
_REASONS: Final = {
    errno.EACCES: "permission denied",
    errno.EPERM: "permission denied",
    errno.EROFS: "the file system is read-only",
    errno.EIO: "the disk reports an error",
    errno.ENOTDIR: "a part of its path is a file, not a folder",
    errno.EISDIR: "it is a folder",
    errno.ENOENT: "it is not there",
}


class HeldElsewhere(Exception):
    """Another process has this file open for writing."""


class FilePort(Protocol):
    """Files as a journal sees them. Every operation may raise `OSError`; `write_at` may write less."""

    def make_folder(self, path: Path) -> None:
        """Create the folder and its parents, each of them durable."""
        ...

    def names(self, path: Path) -> tuple[str, ...]:
        """What lies in a folder, sorted; nothing if there is no such folder."""
        ...

    def create(self, path: Path) -> int:
        """Create a file that must not be there yet."""
        ...

    def open(self, path: Path) -> int:
        """Open for writing alone, created if missing; raises `HeldElsewhere` if another process has it."""
        ...

    def read(self, path: Path) -> bytes:
        """All bytes of a file."""
        ...

    def write_at(self, handle: int, data: bytes, offset: int) -> int:
        """Write at an offset; returns how many bytes were written."""
        ...

    def truncate(self, handle: int, size: int) -> None:
        """Cut the file to a size."""
        ...

    def fsync(self, handle: int) -> None:
        """Returns when the file's bytes are durable."""
        ...

    def fsync_folder(self, path: Path) -> None:
        """Returns when the folder's entries are durable."""
        ...

    def close(self, handle: int) -> None:
        """Close the file; gives up the exclusive hold."""
        ...


class SystemFiles:
    """The real files."""

    def make_folder(self, path: Path) -> None:
        """Create what is missing, private to the user: journals tell who does what."""
        missing = [folder for folder in (path, *path.parents) if not folder.is_dir()]
        for folder in reversed(missing):
            folder.mkdir(mode=0o700, exist_ok=True)
            self.fsync_folder(folder.parent)

    def names(self, path: Path) -> tuple[str, ...]:
        """What lies in a folder."""
        try:
            return tuple(sorted(entry.name for entry in path.iterdir()))
        except FileNotFoundError:
            return ()

    def create(self, path: Path) -> int:
        """Create exclusively."""
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)

    def open(self, path: Path) -> int:
        """Open under an exclusive `flock`, which the kernel drops when the process dies."""
        import fcntl

        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(handle)
            if error.errno in _HELD:
                raise HeldElsewhere(str(path)) from None
            raise
        return handle

    def read(self, path: Path) -> bytes:
        """All bytes."""
        return path.read_bytes()

    def write_at(self, handle: int, data: bytes, offset: int) -> int:
        """One `pwrite`."""
        return os.pwrite(handle, data, offset)

    def truncate(self, handle: int, size: int) -> None:
        """One `ftruncate`."""
        os.ftruncate(handle, size)

    def fsync(self, handle: int) -> None:
        """One `fsync`."""
        os.fsync(handle)

    def fsync_folder(self, path: Path) -> None:
        """`fsync` on the folder itself."""
        handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    def close(self, handle: int) -> None:
        """One `close`."""
        os.close(handle)


def write_all(files: FilePort, handle: int, data: bytes, offset: int) -> None:
    """Write every byte; a call that was cut short goes on where it stopped."""
    written = 0
    while written < len(data):
        count = files.write_at(handle, data[written:], offset + written)
        if count <= 0:
            raise OSError(errno.EIO, "nothing was written")
        written += count


def trouble(error: OSError, path: Path, doing: str) -> Unreadable:
    """A file error as what a command may end with; `doing` completes "could not be …"."""
    if error.errno in _FULL:
        return OutOfSpace(
            f"{path} could not be {doing}: the disk is full", hint="free some space, then run the same command again"
        )
    reason = _REASONS.get(error.errno or 0) or os.strerror(error.errno or errno.EIO)
    return Unreadable(
        f"{path} could not be {doing}: {reason}",
        hint="check the state folder's disk and permissions, then run the same command again",
    )


def held(path: Path) -> StateLocked:
    """What it means that another process writes this file."""
    return StateLocked(f"another process is writing {path}", hint="`oceana-dr status SITE` shows who runs what")
