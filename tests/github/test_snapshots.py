"""The snapshots that pull requests from forks are planned against: what their sites' labs begin with."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.compile.desired import compile_site
from oceana_dr.operations.access import live_reader
from oceana_dr.operations.live import of_site, snapshot_document
from oceana_dr.source.load import load_site
from oceana_dr.source.project import open_project
from tests.planning import ROOT, SITES, copy_project

TIMES = ("taken_at", "observed_at")


def taken(folder: Path, site: str) -> Mapping[str, Any]:
    """As `oceana-dr snapshot` takes it of a lab that nobody has touched."""
    project = open_project(copy_project(folder))
    compiled = compile_site(load_site(project, site), load_catalogue())
    known, others = of_site(live_reader(project, None)(compiled), compiled.bound)
    assert others == 0
    return snapshot_document(site, known)


@pytest.mark.parametrize("site", SITES)
def test_the_committed_snapshot_is_what_the_estate_shows(
    site: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    monkeypatch.delenv("OCEANA_DR_STATE", raising=False)
    file = ROOT / "sites" / site / "snapshot.json"
    committed, now = json.loads(file.read_text("utf-8")), taken(tmp_path, site)
    same = {key: value for key, value in committed.items() if key not in TIMES} == {
        key: value for key, value in now.items() if key not in TIMES
    } and committed["observed_at"].keys() == now["observed_at"].keys()
    if not same and request.config.getoption("--update-goldens"):
        file.write_text(json.dumps(now, ensure_ascii=False, indent=1) + "\n", "utf-8")
        return
    assert same, f"take it anew: oceana-dr lab reset {site}; oceana-dr snapshot {site} -o sites/{site}/snapshot.json"
