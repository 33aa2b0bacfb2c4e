"""Reading a file that a user named, whatever it turns out to be.

In: a path and the name to show for it. Out: its bytes, or one diagnostic.
It must never block (a pipe in place of a file) and never read more than the limit.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import Final

from oceana_dr.diagnostics import Diagnostic
from oceana_dr.source.text import MAX_BYTES, too_large

_KINDS: Final = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)
_REASONS: Final = {
    errno.EACCES: ("permission denied", "give yourself read permission on it and on its folders"),
    errno.EPERM: ("permission denied", "give yourself read permission on it and on its folders"),
    errno.ELOOP: ("its symbolic links go round in a circle", "replace the link by the file"),
    errno.ENOTDIR: ("a part of its path is a file, not a folder", None),
    errno.ENAMETOOLONG: ("its name is too long", None),
    errno.EIO: ("the disk reports an error", None),
}


def read_file(path: Path, shown: str, *, most: int = MAX_BYTES, wanted: str = "a YAML file") -> bytes | Diagnostic:
    """The bytes of a regular file; a diagnostic if it is none, or has more than `most` bytes."""
    try:
        # O_NONBLOCK: opening a pipe that nobody writes to would wait for ever.
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        return refused(error, shown)
    try:
        about = os.fstat(handle)
        mode = about.st_mode
        if not stat.S_ISREG(mode):
            kind = next((name for test, name in _KINDS if test(mode)), "no regular file")
            return Diagnostic("OD1002", f"`{shown}` is {kind}, not a file", (), (), f"put {wanted} in its place")
        with os.fdopen(os.dup(handle), "rb") as stream:
            data = stream.read(most + 1)
    except OSError as error:
        return refused(error, shown)
    finally:
        os.close(handle)
    return data if len(data) <= most else too_large(shown, max(about.st_size, len(data)), most)


def refused(error: OSError, shown: str) -> Diagnostic:
    """Why the system would not open a file or folder, as a diagnostic."""
    if error.errno == errno.ENOENT:
        return Diagnostic("OD1001", f"there is no file `{shown}`")
    reason, advice = _REASONS.get(error.errno or 0, (os.strerror(error.errno or 0), None))
    return Diagnostic("OD1002", f"`{shown}` cannot be read: {reason}", (), (), advice)
