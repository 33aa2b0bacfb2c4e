"""A file as evidence: found as people type, drag or paste its path; read once, bounded, never kept."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from oceana_dr.diagnostics import Unreadable
from oceana_dr.drivers.operator import evidence
from oceana_dr.drivers.operator.evidence import path_in, seal


def test_a_path_is_taken_as_a_terminal_hands_it_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shot = tmp_path / "mirror monitor.png"
    shot.write_bytes(b"x")
    dragged = str(shot).replace(" ", "\\ ")
    for typed in (str(shot), f"'{shot}'", f'"{shot}"', dragged, f"file:{shot}", f"  {shot} "):
        assert path_in(typed) == shot, typed
    monkeypatch.setenv("HOME", str(tmp_path))
    assert path_in("~/mirror monitor.png") == shot


@pytest.mark.parametrize("typed", ["seen by the crew", "CHG-1042", "", "'", "a\x00b", "/" + "x" * 5000])
def test_everything_else_is_words(typed: str) -> None:
    assert path_in(typed) is None


def test_what_is_named_as_a_file_and_is_none_is_said() -> None:
    assert path_in("file:nowhere.png") == Path("nowhere.png")
    with pytest.raises(Unreadable, match=r"nowhere\.png cannot be read: No such file"):
        seal(Path("nowhere.png"))


def test_a_file_is_sealed_by_its_hash_and_size(tmp_path: Path) -> None:
    data = os.urandom(3 * 1024 * 1024 + 7)
    path = tmp_path / "recording"
    path.write_bytes(data)
    found = seal(path)
    assert (found.path, found.sha256, found.size) == (str(path), hashlib.sha256(data).hexdigest(), len(data))


def test_nothing_is_read_that_could_keep_one_waiting_or_has_no_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", tmp_path, Path("/dev/zero")):
        with pytest.raises(Unreadable, match="is no file"):
            seal(path)
    monkeypatch.setattr(evidence, "LARGEST", 3)
    (tmp_path / "large").write_bytes(b"1234")
    with pytest.raises(Unreadable, match="is larger than"):
        seal(tmp_path / "large")
