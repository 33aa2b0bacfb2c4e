"""What the cache gives is what was put, for these bytes, by this code, as this user; or nothing."""

import errno
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from oceana_dr.source import cache as module
from oceana_dr.source.cache import Cache, code_mark, user_cache
from tests.source.project_copy import ROOT

MANY = 4_000


def entries(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if not path.is_dir())


def test_an_entry_that_was_touched_is_not_believed(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.put("kind", {"a": 1}, b"x")
    (entry,) = entries(tmp_path)
    assert cache.get("kind", b"x") == {"a": 1}
    assert cache.get("kind", b"y") is None
    assert cache.get("other", b"x") is None
    text = entry.read_bytes()
    for broken in (text.replace(b'"a":1', b'"a":2'), text[:-1], b"", text + b" ", b"\n", text * 20_000):
        entry.write_bytes(broken)
        assert cache.get("kind", b"x") is None
    entry.write_bytes(text)
    assert cache.get("kind", b"x") == {"a": 1}


def test_an_entry_under_another_ones_name_is_not_believed(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.put("kind", "of x", b"x")
    (own,) = entries(tmp_path)
    cache.put("kind", "of y", b"y")
    (other,) = set(entries(tmp_path)) - {own}
    own.unlink()
    os.link(other, own)  # what somebody else may do who cannot write: the file is the user's own
    assert (cache.get("kind", b"x"), cache.get("kind", b"y")) == (None, "of y")


@pytest.mark.parametrize("mode", [0o620, 0o602, 0o666])
def test_what_others_could_have_written_is_not_believed(mode: int, tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.put("kind", 1, b"x")
    entries(tmp_path)[0].chmod(mode)
    assert cache.get("kind", b"x") is None


def test_another_users_entry_is_not_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = Cache(tmp_path)
    cache.put("kind", 1, b"x")
    with monkeypatch.context() as patch:
        patch.setattr(os, "geteuid", lambda: os.getuid() + 1)
        assert cache.get("kind", b"x") is None
        Cache(tmp_path).put("kind", 2, b"y")
    assert cache.get("kind", b"x") == 1
    assert len(entries(tmp_path)) == 1, "nothing is written into another user's folder"


def test_a_folder_that_others_may_write_to_is_not_used(tmp_path: Path) -> None:
    tmp_path.chmod(0o777)
    Cache(tmp_path).put("kind", 1, b"x")
    assert entries(tmp_path) == []


@pytest.mark.parametrize("kind", ["pipe", "link", "folder"])
def test_what_is_no_file_is_not_read(kind: str, tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache")
    cache.put("kind", 1, b"x")
    (entry,) = entries(tmp_path)
    elsewhere = entry.rename(tmp_path / "elsewhere")
    match kind:
        case "pipe":
            os.mkfifo(entry)  # reading it would wait for ever
        case "link":
            entry.symlink_to(elsewhere)
        case _:
            entry.mkdir()
    assert cache.get("kind", b"x") is None


def test_entries_are_private(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        Cache(tmp_path / "a" / "b").put("kind", 1, b"x")
    finally:
        os.umask(before)
    (entry,) = entries(tmp_path)
    assert [stat.S_IMODE(path.stat().st_mode) for path in (entry, entry.parent, entry.parents[1])] == [
        0o600,
        0o700,
        0o700,
    ]


def test_parts_cannot_run_into_each_other(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.put("kind", "ab", b"a", b"b")
    assert cache.get("kind", b"ab", b"") is None
    assert cache.get("kind", b"", b"ab") is None
    assert cache.get("kind", b"a", b"b", b"") is None


def test_the_oldest_entries_make_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_ENTRIES", 3)
    cache = Cache(tmp_path)
    for number in range(MANY):
        cache.put("kind", number, str(number).encode())
    folders = list(tmp_path.iterdir())
    assert len(folders) <= module.FOLDERS
    assert max(len(list(folder.iterdir())) for folder in folders) == 3
    assert cache.get("kind", str(MANY - 1).encode()) == MANY - 1
    assert cache.get("kind", b"0") is None


def test_no_folder_holds_more_bytes_than_it_may(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_BYTES", 400)
    cache = Cache(tmp_path)
    for number in range(MANY):
        cache.put("kind", "x" * (number % 500), str(number).encode())
    for folder in tmp_path.iterdir():
        assert 0 < sum(path.stat().st_size for path in folder.iterdir()) <= 400


def test_only_entries_make_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_ENTRIES", 0)
    cache = Cache(tmp_path)
    cache.put("kind", 1, b"x")
    (folder,) = tmp_path.iterdir()
    (folder / "somebody's notes").write_text("keep me")
    cache.put("kind", 1, b"x")
    assert [path.name for path in entries(tmp_path)] == ["somebody's notes"]


def test_what_was_left_half_written_makes_room_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = Cache(tmp_path)
    cache.put("kind", 1, b"x")
    (entry,) = entries(tmp_path)
    left = entry.rename(f"{entry}.0badf00d")
    os.utime(left, (1, 1))
    monkeypatch.setattr(module, "MOST_ENTRIES", 1)
    cache.put("kind", 1, b"x")
    assert entries(tmp_path) == [entry]


@pytest.mark.parametrize("call", ["open", "replace", "mkdir"])
def test_a_full_disk_changes_nothing(call: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    cache = Cache(tmp_path)
    cache.put("kind", 0, b"before")
    (before,) = entries(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(os, call, full)
        for number in range(20):
            cache.put("kind", number, str(number).encode())
    assert entries(tmp_path) == [before]
    assert cache.get("kind", b"before") == 0
    cache.put("kind", 1, b"after")
    assert cache.get("kind", b"after") == 1


def test_a_home_that_cannot_be_written_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    cache = Cache(tmp_path / "file" / "cache")
    cache.put("kind", 1, b"x")
    assert cache.get("kind", b"x") is None


def test_nothing_is_kept_where_it_is_not_wanted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("OCEANA_DR_NO_CACHE", "1")
    user_cache().put("kind", 1)
    monkeypatch.delenv("OCEANA_DR_NO_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    monkeypatch.setenv("HOME", "also-relative")
    user_cache().put("kind", 1)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "file", ["source/yaml_tree.py", "compile/desired.py", "catalogue/oceana_3_5.json", "diagnostics/diagnostic.py"]
)
def test_other_code_sees_nothing(file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "oceana_dr"
    shutil.copytree(ROOT / "src" / "oceana_dr", package, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(module, "__file__", str(package / "source" / "cache.py"))
    before = code_mark.__wrapped__()
    assert before == code_mark(), "a copy elsewhere is the same code"
    path = package / file
    about, data = path.stat(), path.read_bytes()
    path.write_bytes(data[:-1] + b" ")
    os.utime(path, ns=(about.st_atime_ns, about.st_mtime_ns))  # same size, same time, other content
    changed = code_mark.__wrapped__()
    assert changed != before
    assert None not in {changed, before}


def test_another_package_beside_it_sees_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    before = code_mark.__wrapped__()
    monkeypatch.setattr(module, "_installed", lambda: iter(["pydantic-99.0.dist-info"]))
    assert code_mark.__wrapped__() not in {before, None}


def test_code_that_cannot_be_read_keeps_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "code_mark", lambda: None)
    cache = Cache(tmp_path)
    cache.put("kind", 1, b"x")
    assert (cache.on, cache.get("kind", b"x"), entries(tmp_path)) == (False, None, [])


HAMMER = """
import sys
from pathlib import Path
from oceana_dr.source import cache as module
module.MOST_ENTRIES = 1
cache = module.Cache(Path(sys.argv[1]))
for turn in range(30):
    for number in range(40):
        found = cache.get("kind", b"%d" % number)
        assert found in (None, ["x" * 5_000, number]), found
        cache.put("kind", ["x" * 5_000, number], b"%d" % number)
"""


def test_several_processes_at_once_see_whole_entries_only(tmp_path: Path) -> None:
    command = [sys.executable, "-W", "error", "-c", HAMMER, str(tmp_path)]
    running = [
        subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env={"PYTHONPATH": str(ROOT / "src")})
        for _ in range(4)
    ]
    assert [(process.communicate()[1], process.returncode) for process in running] == [("", 0)] * 4
