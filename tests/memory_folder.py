"""A folder in memory, for what tests write: where there is one that is large enough and as free as a disk."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

SHARED = Path("/dev/shm")
ENOUGH = 2 << 30


def memory_folder() -> str | None:
    """Its path; None where programs or devices in it may not be used, or where it is as small as a container's."""
    try:
        found, room = os.statvfs(SHARED), shutil.disk_usage(SHARED).free
    except OSError:
        return None
    forbids = found.f_flag & (os.ST_NOEXEC | os.ST_NODEV | os.ST_RDONLY)
    return None if forbids or room < ENOUGH or not os.access(SHARED, os.W_OK) else str(SHARED)
