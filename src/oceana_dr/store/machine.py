"""This machine and its processes, as locks see them.

In: a process's number. Out: a mark that tells it from a later one of the same number; None if it is dead.
Of another machine, or another container on this one, nothing may be claimed to be known.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Machine:
    """This machine as locks see it; injected, so that tests can be several machines."""

    host: str
    pid: int
    process_of: Callable[[int], str | None]

    @property
    def process(self) -> str:
        """This process's own mark."""
        return self.process_of(self.pid) or ""

    def knows_dead(self, host: str, pid: int, process: str) -> bool:
        """Whether that process ran here and is gone. Hosts may share a name: the mark says where it ran, too."""
        here = self.process.rpartition("/")[0]
        return host == self.host and process.rpartition("/")[0] == here and self.process_of(pid) != process


def this_machine() -> Machine:
    """The machine and process we are."""
    return Machine(os.uname().nodename, os.getpid(), process_mark)


def process_mark(pid: int) -> str | None:
    """What tells a process from another of the same number: boot, its space of numbers, start time. None if dead."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        numbers = Path("/proc/self/ns/pid").stat().st_ino
    except FileNotFoundError:
        return None if Path("/proc/self/stat").exists() else _alive(pid)
    except OSError:
        return _alive(pid)
    state, *rest = stat.rpartition(")")[2].split()
    return None if state in {"Z", "X"} else f"{boot}/{numbers}/{rest[18]}"


def _alive(pid: int) -> str | None:
    """Without /proc: whether a process of this number exists at all."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return None
    except PermissionError:
        return "alive"
    return "alive"
