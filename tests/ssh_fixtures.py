"""A real SSH server on loopback for tests: OpenSSH's, of the machine or of Debian's package.

In: the command that each login runs. Out: the server of `drivers.ssh_trial`.
Where there is none, the tests are skipped and say so.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest

from oceana_dr.drivers.ssh_trial import SshServer, ssh_server
from tests.debian import program

WHAT_WAS_ASKED = '/bin/sh -c "$SSH_ORIGINAL_COMMAND"'
"""Runs whatever is asked for, as a server without a forced command does."""


@cache
def may_be_alone() -> bool:
    """Whether root may give a process a file system of its own, or the machine is made for an SSH server."""
    if Path("/run/sshd").is_dir():
        return True
    return subprocess.run(["unshare", "-m", "true"], capture_output=True, check=False).returncode == 0


@contextmanager
def sshd_on_path() -> Iterator[None]:
    """`sshd` is where programs are looked for, for as long as it is entered."""
    found = program("sshd")
    if os.getuid() == 0 and not may_be_alone():
        pytest.skip("as root, sshd needs a user and a folder that this machine does not have, nor lets us show it")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", f"{os.environ['PATH']}:{found.path.parent}")
        for name, value in found.environment.items():
            patch.setenv(name, value)
        yield


@contextmanager
def running_server(command: str = WHAT_WAS_ASKED) -> Iterator[SshServer]:
    """A server for as long as it is entered."""
    with sshd_on_path(), ssh_server(command) as server:
        yield server
