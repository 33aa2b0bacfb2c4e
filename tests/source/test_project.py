"""What a project is made of: sites that are there, and those that look as if they had been."""

from pathlib import Path

import pytest

from oceana_dr.cli.main import run
from tests.source.project_copy import copy_project, edit


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("OCEANA_DR_NO_CACHE", "1")
    root = copy_project(tmp_path)
    (root / "sites/acme/lab.seed.json").write_text("{}")
    monkeypatch.chdir(root)
    return root


def test_a_site_does_not_vanish_with_its_file(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "sites/acme/site.yaml").unlink()
    for asked in ((), ("acme",)):
        assert run(["validate", *asked]) == 1
        said = capsys.readouterr()
        assert "OD1021" in said.out
        assert "lab.seed.json" in said.out


def test_a_file_of_nearly_the_right_name_is_named(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "sites/acme/site.yaml").rename(root / "sites/acme/site.yml")
    assert run(["validate"]) == 1
    assert "rename `site.yml` to `site.yaml`" in capsys.readouterr().out


def test_empty_and_hidden_folders_are_none(root: Path) -> None:
    (root / "sites/new").mkdir()
    (root / "sites/.cache").mkdir()
    (root / "sites/.cache/x").write_text("")
    assert run(["validate"]) == 0


def test_only_one_shard_speaks_of_folders(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "sites/acme/site.yaml").unlink()
    assert [run(["validate", "--shard", f"{part}/2"]) for part in (1, 2)] == [1, 0]
    assert capsys.readouterr().out.count("OD1021") == 1


def test_a_wrong_project_file_hides_no_wrong_site(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = root / "oceana-dr.yaml"
    file.write_text(file.read_text("utf-8") + "foo: 1\n", "utf-8")
    edit(root / "sites/acme/site.yaml", "operational: dc1", "operational: dc7")
    edit(root / "sites/defaults.yaml", "port: 2188", "port: 0")
    assert run(["validate", "--format", "concise"]) == 1
    said = capsys.readouterr().out
    for place in ("oceana-dr.yaml", "sites/acme/site.yaml", "sites/defaults.yaml"):
        assert f"{place}:" in said
    assert "globex" not in said, "what the file cannot say is held against no site"


def test_no_line_of_the_defaults_moves_a_site(root: Path) -> None:
    edit(root / "sites/acme/site.yaml", "operational: dc1 ", "# ")
    edit(root / "sites/defaults.yaml", "schema: oceana-dr/site/v1\n", "schema: oceana-dr/site/v1\noperational: dc2\n")
    for command in ("validate", "plan"):
        assert run([command, "globex"]) == 1, "also for a site that says it itself"


@pytest.mark.usefixtures("root")
def test_a_rule_that_is_a_value_reads_as_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", "dc1/cluster/1/state#restart"]) == 0
    assert "always `none`" in capsys.readouterr().out


def test_as_if_started_there_holds_for_every_path(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    assert run(["-C", str(root), "compile", "acme", "-o", "out"]) == 0
    assert (root / "out/manifest.json").is_file()
    assert Path.cwd() == elsewhere, "only for that call"
    edit(root / "sites/acme/site.yaml", "operational: dc1", "operational: dc7")
    capsys.readouterr()
    assert run(["-C", str(root), "validate"]) == 1
    assert " sites/acme/site.yaml:" in capsys.readouterr().out
    assert run(["-C", str(root), "plan", "acme"]) == 1
    assert "operational: dc7" in capsys.readouterr().err, "with the lines of the file"


def test_a_lab_that_is_served_elsewhere_is_not_said_to_be_where_it_was_asked_for(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert root.is_dir()
    try:
        assert run(["lab", "start"]) == 0
        address = capsys.readouterr().out.strip()
        port = int(address.rpartition(":")[2])
        assert run(["lab", "start", "--port", str(port)]) == 0
        assert run(["lab", "start", "--port", str(port - 1)]) == 1
        assert address in capsys.readouterr().err
    finally:
        assert run(["lab", "stop"]) == 0
