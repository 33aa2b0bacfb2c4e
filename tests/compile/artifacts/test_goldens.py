"""Every artifact of both example sites, as it is committed. `make goldens` writes them anew."""

import shutil
from pathlib import Path

import pytest

from .conftest import ROOT, Render

GOLDENS = ROOT / "tests" / "goldens" / "artifacts"


def read(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes().decode()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize("side", ["dc1", "dc2"])
@pytest.mark.parametrize("site", ["acme", "globex"])
def test_artifacts_are_as_committed(site: str, side: str, render: Render, request: pytest.FixtureRequest) -> None:
    files, folder = dict(render(site, side)), GOLDENS / site / side
    if request.config.getoption("--update-goldens"):
        shutil.rmtree(folder, ignore_errors=True)
        for path, text in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(text.encode())
    assert read(folder) == files


def test_the_goldens_hold_no_site_that_is_gone() -> None:
    assert {path.name for path in GOLDENS.iterdir()} == {"acme", "globex"}
