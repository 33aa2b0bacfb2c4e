"""A file as evidence: where it lies and its SHA-256, so that it can be told later whether it is still the same.

In: a path as a person types, drags or pastes it. Out: an `EvidenceFile`, or what is wrong in words.
What stands in a file must never get into a journal, and nothing is read that could keep one waiting: a pipe, a device.
"""

from __future__ import annotations

import hashlib
import os
import shlex
import stat
from pathlib import Path
from typing import Final

from oceana_dr.diagnostics import Unreadable
from oceana_dr.drivers.contract import EvidenceFile

LARGEST: Final = 1024**3
"""Bytes: a recording of a screen fits."""
_PIECE: Final = 1024 * 1024
_PREFIX: Final = "file:"


def path_in(text: str) -> Path | None:
    """The path that a text stands for: `file:PATH`, one in quotes, or whatever names a file that is there."""
    text = text.strip()
    named = text.removeprefix(_PREFIX).strip()
    if len(named) > 1 and named[0] == named[-1] and named[0] in "'\"":
        try:
            parts = shlex.split(named)
        except ValueError:
            parts = []
        named = parts[0] if len(parts) == 1 else named
    elif "\\ " in named:
        named = named.replace("\\ ", " ")
    if not named or "\x00" in named:
        return None
    path = Path(named).expanduser() if named.startswith("~/") else Path(named)
    if text.startswith(_PREFIX):
        return path
    try:
        return path if path.is_file() else None
    except OSError:
        return None


def seal(path: Path) -> EvidenceFile:
    """Read the file once for its SHA-256; raises `Unreadable`."""
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0))
    except (OSError, ValueError) as error:
        raise Unreadable(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}") from error
    about = os.fstat(handle)
    if not stat.S_ISREG(about.st_mode):
        os.close(handle)
        raise Unreadable(f"{path} is no file")
    with os.fdopen(handle, "rb") as file:
        if about.st_size > LARGEST:
            raise Unreadable(f"{path} is larger than {LARGEST // 1024**3} GiB", hint="keep it elsewhere, and name it")
        found, size = hashlib.sha256(), 0
        try:
            while piece := file.read(_PIECE):
                found.update(piece)
                size += len(piece)
        except OSError as error:
            raise Unreadable(f"{path} cannot be read: {error.strerror}") from error
    return EvidenceFile(str(path), found.hexdigest(), size)
