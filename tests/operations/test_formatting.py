"""`fmt` on the files of a project: what it writes, what it only shows, what it never touches."""

import os
from pathlib import Path

import pytest

from oceana_dr.cli.main import run
from oceana_dr.diagnostics import Unreadable
from oceana_dr.operations.formatting import lay_out_files, write_layout
from oceana_dr.source.project import open_project
from tests.source.project_copy import copy_project

MESSY = "name:   acme\nschema: oceana-dr/site/v1   # the format\n"
TIDY = "schema: oceana-dr/site/v1   # the format\nname: acme\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    copy_project(tmp_path)
    assert run(["-C", str(tmp_path), "fmt"]) == 0
    return tmp_path


def site(root: Path, text: str | None = None) -> Path:
    path = root / "sites/acme/site.yaml"
    if text is not None:
        path.write_text(text, "utf-8", newline="")
    return path


def fmt(root: Path, *arguments: str) -> int:
    return run(["-C", str(root), "fmt", *arguments])


def test_it_writes_what_differs_and_names_it(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, other = site(root, MESSY), root / "sites/globex/site.yaml"
    path.chmod(0o640)
    untouched = other.stat().st_mtime_ns
    assert fmt(root) == 0
    said = capsys.readouterr()
    assert path.read_text("utf-8") == TIDY
    assert path.stat().st_mode & 0o777 == 0o640
    assert said.out.splitlines() == ["sites/acme/site.yaml"]
    assert "1 of 4 files changed" in said.err
    assert other.stat().st_mtime_ns == untouched
    assert [item.name for item in path.parent.iterdir()] == ["site.yaml"]


@pytest.mark.parametrize("option", ["--check", "--diff"])
def test_looking_writes_nothing_and_ends_with_2(root: Path, option: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert fmt(root, option) == 0
    path = site(root, MESSY)
    capsys.readouterr()
    assert fmt(root, option) == 2
    assert path.read_text("utf-8") == MESSY
    shown = capsys.readouterr().out
    assert ("-name:   acme" in shown and "+name: acme" in shown) == (option == "--diff")
    assert fmt(root, option, "globex") == 0


@pytest.mark.parametrize(
    ("text", "code"),
    [("name: [\n", "OD1006"), ("name: a\nname: b\n", "OD1008"), ("a: \x00\n", "OD1005"), ("- a\n", "OD1018")],
)
def test_a_file_that_does_not_parse_stays_and_the_others_are_laid_out(
    root: Path, text: str, code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path, defaults = site(root, text), root / "sites/defaults.yaml"
    defaults.write_text(f"\n\n{defaults.read_text('utf-8')}", "utf-8")
    assert fmt(root) == 1
    assert code in capsys.readouterr().err
    assert path.read_bytes() == text.encode()
    assert not defaults.read_text("utf-8").startswith("\n")
    assert fmt(root, "--check") == 1


def test_keys_that_nobody_knows_are_laid_out_too(root: Path) -> None:
    path = site(root, "nmae: x\nschema:   1\n")
    assert fmt(root, "acme") == 0
    assert path.read_text("utf-8") == "schema: 1\nnmae: x\n"


def test_an_unknown_site_is_an_error(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = site(root, MESSY)
    assert fmt(root, "acme", "globx") == 1
    assert "did you mean `globex`?" in capsys.readouterr().err
    assert path.read_text("utf-8") == TIDY


def test_a_link_out_of_the_project_is_not_followed(
    root: Path, tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    outside = tmp_path_factory.mktemp("outside") / "site.yaml"
    outside.write_text(MESSY, "utf-8")
    path = site(root)
    path.unlink()
    path.symlink_to(outside)
    assert fmt(root, "acme") == 1
    assert "a link out of the project" in capsys.readouterr().err
    assert outside.read_text("utf-8") == MESSY


def test_a_link_within_the_project_stays_a_link(root: Path) -> None:
    path, real = site(root), root / "real.yaml"
    real.write_text(MESSY, "utf-8")
    path.unlink()
    path.symlink_to(real)
    assert fmt(root, "acme") == 0
    assert path.is_symlink()
    assert real.read_text("utf-8") == TIDY


def test_what_somebody_wrote_meanwhile_is_not_lost(root: Path) -> None:
    path = site(root, MESSY)
    (laid,) = lay_out_files(open_project(root), ("acme",)).different
    path.write_text("name: other\n", "utf-8")
    with pytest.raises(Unreadable, match="just changed"):
        write_layout(laid)
    assert path.read_text("utf-8") == "name: other\n"


def test_a_folder_that_cannot_be_written_leaves_the_file(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = site(root, MESSY)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert fmt(root, "acme") == 1
    assert path.read_text("utf-8") == MESSY
    assert [item.name for item in path.parent.iterdir()] == ["site.yaml"]
