"""A driver of another package serves a site: chosen in its file, shown in plans, read, acted through, examined."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from oceana_dr.cli.main import run
from tests.docs.documents import Writing, doings
from tests.drivers.packages import THIRD_PARTY, installed
from tests.planning import ROOT, copy_project, edit

NAMES = {name: {"A": f"192.0.2.{last}", "TTL": 3600} for name, last in (("token", 10), ("aawg", 11), ("amc", 12))}


class Site:
    """Globex, whose public names stand in a file of their own."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.root = copy_project(folder)
        self.names = folder / "names.json"
        self._capsys = capsys
        self.write({f"{name}.globex.example": record for name, record in NAMES.items()})
        edit(
            self.root / "oceana-dr.yaml", ("  operator: {}", f"  operator: {{}}\n  name-file: {{file: '{self.names}'}}")
        )
        site = self.root / "sites/globex/site.yaml"
        site.write_text(f"{site.read_text()}drivers: {{shared/dns: name-file}}\n")

    def write(self, names: dict[str, dict[str, Any]]) -> None:
        self.names.write_text(json.dumps(names))

    def read(self) -> dict[str, dict[str, Any]]:
        found: dict[str, dict[str, Any]] = json.loads(self.names.read_text())
        return found

    def run(self, *arguments: str, code: int = 0) -> str:
        self._capsys.readouterr()
        found = run(["-C", str(self.root), *arguments])
        said = self._capsys.readouterr()
        assert found == code, said.out + said.err
        return said.out + said.err


@pytest.fixture
def site(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Site:
    monkeypatch.setenv("OCEANA_DR_NO_CACHE", "1")
    installed(THIRD_PARTY, monkeypatch)
    return Site(tmp_path, capsys)


def test_it_reads_plans_and_acts_on_its_own_and_on_nothing_else(site: Site) -> None:
    assert "nothing to do" in site.run("plan", "globex")
    names = site.read()
    names["aawg.globex.example"]["TTL"] = 60
    site.write(names)
    plan = json.loads(site.run("plan", "globex", "--format", "json"))
    (step,) = plan["steps"]
    assert (step["address"], step["driver"]) == ("shared/dns/aawg.globex.example", "name-file")
    assert plan["drivers"] == {"shared/dns": "name-file"}
    assert {item["source"] for item in plan["live"] if item["address"].startswith("shared/dns/")} == {"name-file"}
    assert "name-file" in site.run("plan", "globex", "-o", "plan.json")
    site.run("apply", "plan.json", "--yes")
    assert site.read()["aawg.globex.example"]["TTL"] == 3600
    assert "nothing to do" in site.run("plan", "globex")
    site.run("drift", "globex")


def test_a_plan_for_a_driver_that_the_project_does_not_configure_is_refused(site: Site) -> None:
    names = site.read()
    names["aawg.globex.example"]["TTL"] = 60
    site.write(names)
    site.run("plan", "globex", "-o", "plan.json")
    edit(site.root / "oceana-dr.yaml", (f"  name-file: {{file: '{site.names}'}}\n", ""))
    edit(site.root / "sites/globex/site.yaml", ("drivers: {shared/dns: name-file}\n", ""))
    said = site.run("apply", "plan.json", "--yes", code=3)
    assert "the plan is for a driver `name-file`, which oceana-dr.yaml does not configure" in said
    assert site.read()["aawg.globex.example"]["TTL"] == 60


def test_what_it_cannot_read_is_unknown_and_the_rest_is_planned(site: Site) -> None:
    site.names.unlink()
    plan = json.loads(site.run("plan", "globex", "--format", "json", code=3))
    dark = {item["address"]: item for item in plan["live"] if item["source"] == "name-file"}
    assert len(dark) == 3
    assert site.run("doctor", "globex", code=3).count("cannot be read") == 1


def test_doctor_asks_it(site: Site) -> None:
    found = json.loads(site.run("doctor", "globex", "--json"))
    (own,) = (item for item in found["subjects"] if item["name"] == "name-file")
    assert own["healthy"]
    assert {item["aspect"] for item in own["checks"]} >= {"reach", "permissions", "secrets"}


def test_it_is_tested_by_name_and_with_options_of_ones_own(site: Site) -> None:
    assert "keeps to the protocol" in site.run("driver-test", "name-file")
    own = site.root / "options.yaml"
    own.write_text(f"file: {site.root / 'other.json'}\n")
    report = json.loads(site.run("driver-test", "name-file", "--options", "options.yaml", "--json"))
    assert report["conforms"]
    assert (site.root / "other.json").exists()
    own.write_text("flie: x\n")
    said = site.run("driver-test", "name-file", "--options", "options.yaml", code=1)
    assert "options.yaml:1:1" in said
    assert "did you mean `file`?" in said
    assert "there is no driver `name-fil`" in site.run("driver-test", "name-fil", code=1)


def test_the_documentation_shows_this_very_package() -> None:
    text = (ROOT / "docs/how-to/write-a-driver.md").read_text("utf-8")
    shown = {step.file.removeprefix("names/"): step.text for step in doings(text) if isinstance(step, Writing)}
    shown.pop("names.json")
    assert shown == {name: (THIRD_PARTY / name).read_text("utf-8") for name in shown}
    assert {path.suffix for path in map(Path, shown)} == {".py", ".txt"}


def test_a_package_that_is_gone_is_said_at_its_line(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    installed(site.root, monkeypatch)  # nothing lies there
    for command in (("validate",), ("plan", "globex"), ("doctor", "globex")):
        said = site.run(*command, code=1)
        assert "OD1143" in said
        assert "oceana-dr.yaml:7:3" in said
