"""Fixtures for tests that speak to real name servers: `servers` begins with the names in Data Center 1."""

from collections.abc import Iterator

import pytest

from tests.dns_server import NameServers, name_servers

__all__ = ["running", "servers"]


@pytest.fixture(scope="session")
def running() -> Iterator[NameServers]:
    """Both servers, started once by each worker that has such tests."""
    with name_servers() as found:
        yield found


@pytest.fixture
def servers(running: NameServers) -> NameServers:
    """A primary and its secondary, with the names in Data Center 1."""
    running.reset()
    return running
