"""What all tests share: `--update-goldens`, golden files, and a real PostgreSQL for those that ask for one."""

import itertools
import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import hypothesis
import pytest

from tests.golden_files import Golden
from tests.postgres_server import server

_SCHEMAS = itertools.count(1)

# Nothing is timed in tests: a slow machine must not fail a property.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")


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


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-goldens", action="store_true", help="write expected outputs anew")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """`golden(path, text)`: the file at `path` holds `text`; with `--update-goldens` it will."""
    update: bool = request.config.getoption("--update-goldens")

    def compare(path: Path, text: str) -> None:
        if update:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="")
            return
        assert path.exists(), f"{path} is missing: run pytest --update-goldens and read what it writes"
        assert text == path.read_text(encoding="utf-8"), f"{path} differs: run pytest --update-goldens if that is right"

    return compare
