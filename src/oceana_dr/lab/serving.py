"""Starting, finding and stopping the process that serves labs.

In: the state folder. Out: where it listens, or that it does not.
A process is signalled only while it holds the server's lock: a stale file never costs a stranger's life.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from oceana_dr.diagnostics import SystemUnavailable, Unreadable

LOCK_FILE: Final = "server.lock"
ADDRESS_FILE: Final = "server.json"
ALREADY: Final = 3
"""The exit code of a server that finds another one alive."""

_PATIENCE_S: Final = 10.0


@dataclass(frozen=True, slots=True)
class Served:
    """A lab server: its address, its process, since when; `already` if it ran before it was asked to start."""

    address: str
    pid: int
    started_at: str
    already: bool = False


def start(state_dir: Path, sites_dir: Path, scale: float, port: int = 0) -> Served:
    """Start a server unless one runs; returns when it can be asked."""
    import subprocess
    import sys

    command = [sys.executable, "-m", "oceana_dr.lab.server", str(state_dir), str(sites_dir), str(scale), str(port)]
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=_PATIENCE_S * 3
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise SystemUnavailable(f"the lab could not be started: {error}") from None
    if done.returncode == ALREADY and (running := served(state_dir)):
        return Served(running.address, running.pid, running.started_at, already=True)
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["it gave no reason"])[-1]
        raise SystemUnavailable(f"the lab could not be started: {last}")
    return _about(json.loads(done.stdout))


def served(state_dir: Path) -> Served | None:
    """The server of this state folder, if one lives."""
    deadline = time.monotonic() + _PATIENCE_S
    while _locked(state_dir):
        try:
            return _about(json.loads(_address_file(state_dir).read_text("utf-8")))
        except FileNotFoundError:
            if time.monotonic() > deadline:  # it is starting, or going
                raise SystemUnavailable("the lab's server holds its lock and has no address") from None
            time.sleep(0.02)
        except (OSError, ValueError, KeyError) as error:
            raise Unreadable(f"{_address_file(state_dir)} cannot be read: {error}") from None
    return None


def stop(state_dir: Path) -> bool:
    """Stop the server; False if none ran."""
    import os
    import signal

    running = served(state_dir)
    if running is None:
        return False
    os.kill(running.pid, signal.SIGTERM)
    deadline = time.monotonic() + _PATIENCE_S
    while _locked(state_dir):
        if time.monotonic() > deadline:
            raise SystemUnavailable(f"the lab's server (process {running.pid}) does not stop")
        time.sleep(0.02)
    return True


def _locked(state_dir: Path) -> bool:
    import fcntl

    try:
        with (state_dir / "lab" / LOCK_FILE).open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    except OSError as error:
        raise Unreadable(f"the lab's lock cannot be read: {error.strerror}") from None
    return False


def _address_file(state_dir: Path) -> Path:
    return state_dir / "lab" / ADDRESS_FILE


def _about(data: dict[str, str | int]) -> Served:
    return Served(str(data["address"]), int(data["pid"]), str(data["started_at"]))
