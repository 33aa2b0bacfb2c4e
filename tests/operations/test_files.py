"""Files that a user names, where they are pipes."""

import os
import threading
from pathlib import Path

import pytest

from oceana_dr.diagnostics import Unreadable
from oceana_dr.operations import files
from oceana_dr.operations.files import read_bytes


@pytest.fixture
def pipe(tmp_path: Path) -> Path:
    os.mkfifo(tmp_path / "pipe")
    return tmp_path / "pipe"


def test_a_pipe_that_nobody_writes_to_is_not_waited_for(pipe: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "WRITER_S", 0.0)
    with pytest.raises(Unreadable, match="nobody writes into it"):
        read_bytes(pipe, "plan")


def test_a_pipe_is_read_to_its_end(pipe: Path) -> None:
    data = bytes(range(256)) * 4096  # sixteen times what a pipe holds
    writer = threading.Thread(target=pipe.write_bytes, args=(data,))
    writer.start()
    assert read_bytes(pipe, "plan") == data
    writer.join()


def test_a_pipe_is_read_to_the_limit(pipe: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LIMIT_BYTES", 1000)

    def write() -> None:
        with pytest.raises(BrokenPipeError):
            pipe.write_bytes(bytes(1_000_000))

    writer = threading.Thread(target=write)
    writer.start()
    with pytest.raises(Unreadable, match="larger"):
        read_bytes(pipe, "plan")
    writer.join()
