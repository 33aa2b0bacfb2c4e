from collections.abc import Iterator

import pytest

from tests.dns_server import NameServers, name_servers


@pytest.fixture(scope="session")
def running() -> Iterator[NameServers]:
    with name_servers() as servers:
        yield servers


@pytest.fixture
def servers(running: NameServers) -> NameServers:
    """A primary and its secondary, with the names in Data Center 1."""
    running.reset()
    return running
