"""A real SSH server on loopback for tests: OpenSSH's, of the machine or of Debian's package.

In: the command that each login runs. Out: the server of `drivers.ssh_trial`.
Where there is none, the tests are skipped and say so.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from oceana_dr.drivers.ssh_trial import SshServer, ssh_server
from tests.debian import on_path

WHAT_WAS_ASKED = '/bin/sh -c "$SSH_ORIGINAL_COMMAND"'
"""Runs whatever is asked for, as a server without a forced command does."""


@contextmanager
def running_server(command: str = WHAT_WAS_ASKED) -> Iterator[SshServer]:
    """A server for as long as it is entered."""
    with on_path("sshd"), ssh_server(command) as server:
        yield server
