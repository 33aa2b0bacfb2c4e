"""What all tests share: `--update-goldens`, golden files, folders in memory, and a real PostgreSQL for who asks."""

import gc
import itertools
import os
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import hypothesis
import pytest

from tests.golden_files import Golden
from tests.memory_folder import memory_folder
from tests.postgres_server import server

_SCHEMAS = itertools.count(1)

# Started in the background of a shell, a test session ignores Ctrl-C, and every command it starts would, too.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# Nothing is timed in tests: a slow machine must not fail a property.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")

# A run waits for the disk at every record: in memory the same calls take no time. Disks that fail have their own tests.
if "TMPDIR" not in os.environ and (in_memory := memory_folder()) is not None:
    os.environ["TMPDIR"] = in_memory
    tempfile.tempdir = None  # whoever has asked before us has cached another


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


def pytest_collection_finish() -> None:
    """What is loaded by now stays: looking through it again and again is a tenth of the time that the tests take."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)  # as the program has it


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
