"""Both stores, so that every test of a store's promise runs on each: SQLite's file, and a real PostgreSQL."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from oceana_dr.store.state import State, local_state, team_state
from tests.store.postgres_server import server

_SCHEMAS = itertools.count(1)


@pytest.fixture(scope="session")
def postgres_host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    base = tmp_path_factory.getbasetemp()
    with server(base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) as host:
        yield host


@pytest.fixture
def postgres_url(postgres_host: str) -> str:
    """The URL of an empty schema of its own."""
    import psycopg

    name = f"t{os.getpid()}_{next(_SCHEMAS)}"
    with psycopg.connect(host=postgres_host, user="postgres", dbname="postgres", autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {name}".encode())
    path = quote(f"-csearch_path={name}")
    return f"postgresql://postgres@/postgres?host={quote(postgres_host, safe='')}&options={path}"


@pytest.fixture(params=["sqlite", "postgres"])
def make_state(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[str], State]:
    """A state as each machine of that name has it; with SQLite they share a folder."""
    if request.param == "sqlite":
        return lambda _: local_state(tmp_path)
    url: str = request.getfixturevalue("postgres_url")
    return lambda machine: team_state(tmp_path / machine, lambda: url, "env:URL")


@pytest.fixture
def state(make_state: Callable[[str], State]) -> State:
    return make_state("ops1")
