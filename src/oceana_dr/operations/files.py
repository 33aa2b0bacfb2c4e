"""Reading and writing the files a user names, with errors a user understands.

In: a path. Out: bytes, or a file that is whole. A full disk leaves the old file as it was.
A file must never be left half-written under its own name.
"""

from __future__ import annotations

import errno
import os
import select
import stat
import time
from contextlib import suppress
from pathlib import Path
from shlex import quote
from typing import Final

from oceana_dr.diagnostics import OutOfSpace, Unreadable

LIMIT_BYTES = 8 * 1024 * 1024
"""Eighty times the largest plan there is; JSON of that size needs some 250 MB once it is read."""
WRITER_S: Final = 2.0
"""How long somebody who is to write into a pipe may take to open it."""

_LOOK_S: Final = 0.02
_PART: Final = 1 << 16
_FULL = {errno.ENOSPC, errno.EDQUOT}


def read_bytes(path: Path, what: str) -> bytes:
    """The content of a file; raises `Unreadable` with the reason, also above 8 MiB."""
    try:
        data = _read(path, what)
    except OSError as error:
        reason = error.strerror or str(error)
        raise Unreadable(f"cannot read the {what} {path}: {reason}", hint="check the path") from None
    if len(data) > LIMIT_BYTES:
        raise Unreadable(f"the {what} {path} is larger than {LIMIT_BYTES // 2**20} MiB")
    return data


def _read(path: Path, what: str) -> bytes:
    """At most one byte more than the limit. A pipe is read to its end, if anybody writes into it."""
    # O_NONBLOCK: opening a pipe that nobody writes to would wait for ever.
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(handle, "rb", buffering=0) as file:
        if not stat.S_ISFIFO(os.fstat(handle).st_mode):
            os.set_blocking(handle, True)
            with os.fdopen(os.dup(handle), "rb") as whole:
                return whole.read(LIMIT_BYTES + 1)
        found, until = bytearray(), time.monotonic() + WRITER_S
        while len(found) <= LIMIT_BYTES:
            part = file.read(_PART)
            if part:
                found += part
            elif part is None:  # somebody has it open, and has not written yet
                select.select([handle], [], [])
            elif found:
                break
            elif time.monotonic() > until:
                raise Unreadable(f"cannot read the {what} {path}: it is a pipe, and nobody writes into it")
            else:
                time.sleep(_LOOK_S)
        return bytes(found)


def write_text(path: Path, text: str, what: str) -> None:
    """Write beside, then rename: readers see the old file or the new one. `-` is not a path here.

    What is no regular file (`/dev/stdout`, a pipe) is written to: renaming would put a file in its place.
    """
    if not path.name:
        raise Unreadable(f"cannot write the {what}: no file is named", hint="write -o FILE")
    try:
        if path.exists() and not path.is_file():
            _write(path, text)
        else:
            _write_beside(Path(os.path.realpath(path)), text)  # a link stays a link
    except OSError as error:
        raise _unwritten(error, path, what) from None


def _unwritten(error: OSError, path: Path, what: str) -> Unreadable:
    """Why a file was not written, and what became of the one that was there, if there was one."""
    kind = OutOfSpace if error.errno in _FULL else Unreadable
    folder = path.parent
    if error.errno == errno.ENOENT and not folder.is_dir():
        missing = next(part for part in (*reversed(folder.parents), folder) if not part.is_dir())
        return kind(
            f"cannot write the {what} {path}: there is no folder {missing}", hint=f"mkdir -p {quote(str(folder))}"
        )
    there = path.is_file()
    free = "free some space, then run the same command again" if kind is OutOfSpace else None
    return kind(
        f"cannot write the {what} {path}: {error.strerror or error}",
        hint="the file that was there is unchanged" if there else free,
    )


def create_text(path: Path, text: str, what: str) -> None:
    """Write a file that is not there, whole; raises `Unreadable` if one is."""
    beside = path.with_name(f".{path.name[:200]}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with beside.open("x", encoding="utf-8", newline="\n") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            os.link(beside, path)  # unlike a rename, it puts nothing in the place of a file
        finally:
            with suppress(OSError):
                beside.unlink(missing_ok=True)
    except OSError as error:
        kind = OutOfSpace if error.errno in _FULL else Unreadable
        raise kind(f"cannot write the {what} {path}: {error.strerror or error}", hint="nothing was replaced") from None


def replace_bytes(path: Path, data: bytes, what: str) -> None:
    """Put these bytes in the place of a file that is there, whole, with its mode; a link stays a link."""
    target = Path(os.path.realpath(path))
    beside = target.with_name(f".{target.name[:200]}.{os.getpid()}.part")
    try:
        mode = target.stat().st_mode
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        try:
            with os.fdopen(handle, "wb") as file:
                os.fchmod(file.fileno(), mode & 0o7777)
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(target)
        except OSError:
            with suppress(OSError):
                beside.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise _unwritten(error, path, what) from None


def _write(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text)


def _write_beside(path: Path, text: str) -> None:
    beside = path.with_name(f".{path.name[:200]}.{os.getpid()}.part")
    try:
        with beside.open("w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise
