"""The folder follows the artifacts: written whole, removed when gone, never through a link."""

import errno
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from oceana_dr.compile.artifacts import MANIFEST, write_artifacts
from oceana_dr.diagnostics import OutOfSpace, Unreadable

FILES = {"a.yaml": "a: 1\n", "deep/er/b.yaml": "b: 1\n"}


def content(path: Path) -> dict[str, str]:
    """Every file below a folder but the manifest."""
    return {
        item.relative_to(path).as_posix(): item.read_bytes().decode()
        for item in sorted(path.rglob("*"))
        if item.is_file() and item.name != MANIFEST
    }


def test_files_are_written_and_listed(tmp_path: Path) -> None:
    write_artifacts(tmp_path / "build" / "acme", FILES)
    assert content(tmp_path / "build" / "acme") == FILES
    manifest = json.loads((tmp_path / "build" / "acme" / MANIFEST).read_text())
    assert sorted(manifest["files"]) == sorted(FILES)


def test_twice_is_the_same_as_once(tmp_path: Path) -> None:
    write_artifacts(tmp_path, FILES)
    once = content(tmp_path), (tmp_path / MANIFEST).read_bytes()
    write_artifacts(tmp_path, FILES)
    assert (content(tmp_path), (tmp_path / MANIFEST).read_bytes()) == once


def test_what_is_no_longer_produced_is_removed_with_its_folders(tmp_path: Path) -> None:
    write_artifacts(tmp_path, FILES)
    write_artifacts(tmp_path, {"a.yaml": "a: 2\n"})
    assert content(tmp_path) == {"a.yaml": "a: 2\n"}
    assert sorted(item.name for item in tmp_path.iterdir()) == ["a.yaml", MANIFEST]


def test_files_of_other_origin_stay(tmp_path: Path) -> None:
    write_artifacts(tmp_path, FILES)
    (tmp_path / "deep" / "mine.txt").write_text("mine")
    write_artifacts(tmp_path, {})
    assert content(tmp_path) == {"deep/mine.txt": "mine"}


def test_files_of_other_origin_are_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("mine")
    with pytest.raises(Unreadable, match="not from an earlier compile"):
        write_artifacts(tmp_path, FILES)
    assert content(tmp_path) == {"a.yaml": "mine"}


@pytest.mark.parametrize("name", ["site.yaml", "notes/mine.txt", ".gitkeep"])
def test_a_folder_of_other_files_is_not_begun_in(name: str, tmp_path: Path) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("mine")
    with pytest.raises(Unreadable, match="not mixed with other files") as refusal:
        write_artifacts(tmp_path, FILES)
    assert name.partition("/")[0] in refusal.value.message
    assert content(tmp_path) == {name: "mine"}


def test_many_other_files_are_named_in_short(tmp_path: Path) -> None:
    for name in "abcde":
        (tmp_path / name).write_text("mine")
    with pytest.raises(Unreadable, match="holds a, b, c and 2 more, "):
        write_artifacts(tmp_path, FILES)


def test_what_a_crash_left_staged_is_no_other_file(tmp_path: Path) -> None:
    (tmp_path / "manifest.json.oceana-dr-new").write_text("{")
    write_artifacts(tmp_path, FILES)
    assert content(tmp_path) == FILES


@pytest.mark.parametrize("text", ["", "{", "[]", '{"files": {"a.yaml": "x"}}', '{"format": "other/v1", "files": {}}'])
def test_a_manifest_of_other_origin_is_not_overwritten(text: str, tmp_path: Path) -> None:
    (tmp_path / MANIFEST).write_text(text)
    with pytest.raises(Unreadable, match="not the manifest"):
        write_artifacts(tmp_path, FILES)
    assert (tmp_path / MANIFEST).read_text() == text


@pytest.mark.parametrize("name", ["../x", "/x", "a/../../x", "", "a//b", "./a", MANIFEST, "a.oceana-dr-new"])
def test_a_path_outside_is_a_mistake(name: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not a path for an artifact"):
        write_artifacts(tmp_path / "build", {name: "x"})
    assert list(tmp_path.iterdir()) == []


def test_a_manifest_cannot_make_it_remove_files_outside(tmp_path: Path) -> None:
    (tmp_path / "outside").write_text("mine")
    write_artifacts(tmp_path / "build", FILES)
    manifest = tmp_path / "build" / MANIFEST
    data = json.loads(manifest.read_text())
    data["files"] |= {"../outside": "sha256:0", str(tmp_path / "outside"): "sha256:0"}
    manifest.write_text(json.dumps(data))
    write_artifacts(tmp_path / "build", {})
    assert (tmp_path / "outside").read_text() == "mine"


def link_folder(build: Path, target: Path) -> None:
    build.symlink_to(target)


def link_inner_folder(build: Path, target: Path) -> None:
    build.mkdir()
    (build / "deep").symlink_to(target)


def link_file(build: Path, target: Path) -> None:
    build.mkdir()
    (build / "a.yaml").symlink_to(target / "file")


def link_manifest(build: Path, target: Path) -> None:
    build.mkdir()
    (build / MANIFEST).symlink_to(target / "file")


def link_staged(build: Path, target: Path) -> None:
    build.mkdir()
    (build / "a.yaml.oceana-dr-new").symlink_to(target / "file")


@pytest.mark.parametrize("link", [link_folder, link_inner_folder, link_file, link_manifest, link_staged])
def test_nothing_is_written_through_a_link(link: Callable[[Path, Path], None], tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.mkdir()
    (target / "file").write_text("mine")
    link(tmp_path / "build", target)
    with pytest.raises(Unreadable, match="symbolic link"):
        write_artifacts(tmp_path / "build", FILES)
    assert content(target) == {"file": "mine"}


def test_nothing_is_removed_through_a_link(tmp_path: Path) -> None:
    write_artifacts(tmp_path / "build", FILES)
    (tmp_path / "build" / "deep").rename(tmp_path / "deep")
    (tmp_path / "build" / "deep").symlink_to(tmp_path / "deep")
    with pytest.raises(Unreadable, match="symbolic link"):
        write_artifacts(tmp_path / "build", {})
    assert content(tmp_path / "deep") == {"er/b.yaml": "b: 1\n"}


def test_a_folder_in_place_of_a_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").mkdir()
    with pytest.raises(Unreadable, match="not a file"):
        write_artifacts(tmp_path, FILES)


def test_a_file_in_place_of_a_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / "deep").write_text("mine")
    with pytest.raises(Unreadable, match="nothing is written through it"):
        write_artifacts(tmp_path, FILES)
    (tmp_path / "build").write_text("mine")
    with pytest.raises(Unreadable):
        write_artifacts(tmp_path / "build", FILES)


def failing(name: str, number: int, code: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the nth call of a function of `os` fail."""
    real: Callable[..., Any] = getattr(os, name)
    calls = 0

    def call(*arguments: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == number:
            raise OSError(code, os.strerror(code))
        return real(*arguments, **named)

    monkeypatch.setattr(os, name, call)


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_replaces_nothing(code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_artifacts(tmp_path, FILES)
    failing("fsync", 3, code, monkeypatch)  # the manifest, the first file, and the second fails
    with pytest.raises(OutOfSpace, match="the disk is full"):
        write_artifacts(tmp_path, dict.fromkeys(FILES, "new\n"))
    assert content(tmp_path) == FILES


@pytest.mark.parametrize("name", ["fsync", "replace", "unlink", "mkdir"])
@pytest.mark.parametrize("number", range(1, 6))
def test_after_any_failure_the_next_call_succeeds(
    name: str, number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_artifacts(tmp_path, {**FILES, "old/c.yaml": "c: 1\n"})
    new = {"a.yaml": "a: 2\n", "new/d.yaml": "d: 1\n"}
    with monkeypatch.context() as patch:
        failing(name, number, errno.EIO, patch)
        try:
            write_artifacts(tmp_path, new)
        except Unreadable as refusal:
            assert "Input/output error" in refusal.message  # noqa: PT017 - some numbers are never reached
    write_artifacts(tmp_path, new)
    assert content(tmp_path) == new


def test_a_folder_without_permission_is_said(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    tmp_path.chmod(0o500)
    with pytest.raises(Unreadable, match="Permission denied"):
        write_artifacts(tmp_path / "build", FILES)
