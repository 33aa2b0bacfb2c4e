"""A real SSH server on loopback for tests: OpenSSH's, of the machine or of Debian's package.

In: the command that each login runs. Out: the server of `drivers.ssh_trial`.
Where there is none, the tests are skipped and say so.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from oceana_dr.drivers.ssh_trial import SshServer, ssh_server
from tests.debian import program

WHAT_WAS_ASKED = '/bin/sh -c "$SSH_ORIGINAL_COMMAND"'
"""Runs whatever is asked for, as a server without a forced command does."""


@contextmanager
def sshd_on_path() -> Iterator[None]:
    """`sshd` is where programs are looked for, for as long as it is entered."""
    found = program("sshd")
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
