"""Files that a user names, where they are pipes."""

import errno
import os
import threading
from pathlib import Path

import pytest

from oceana_dr.diagnostics import OutOfSpace, Unreadable
from oceana_dr.operations import files
from oceana_dr.operations.files import read_bytes, write_text


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


def test_a_missing_folder_is_named_as_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(Unreadable) as refused:
        write_text(tmp_path / "a b" / "c" / "x.json", "{}", "plan")
    assert refused.value.message.endswith(f"there is no folder {tmp_path / 'a b'}")
    assert refused.value.hint == f"mkdir -p '{tmp_path / 'a b' / 'c'}'"


def test_only_a_file_that_was_there_is_said_to_be_unchanged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    (tmp_path / "old.json").write_text("old")
    hints = {}
    for name in ("old.json", "new.json"):
        with pytest.raises(OutOfSpace) as refused:
            write_text(tmp_path / name, "{}", "plan")
        hints[name] = str(refused.value.hint)
    assert (tmp_path / "old.json").read_text() == "old"
    assert ("unchanged" in hints["old.json"], "unchanged" in hints["new.json"]) == (True, False)
    assert [path.name for path in tmp_path.iterdir()] == ["old.json"]
