"""Packages of drivers for tests: one that lies in the tree, and ones that are written where a test wants them."""

from pathlib import Path

import pytest

from oceana_dr.drivers import registry

THIRD_PARTY = Path(__file__).parent / "third_party"


def installed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if what lies in the folder had been installed: its `.dist-info` is found."""
    monkeypatch.syspath_prepend(str(folder))
    registry._offered.cache_clear()


def write_package(folder: Path, name: str, code: str, value: str) -> None:
    """A distribution with one module, and the entry point `name = value`."""
    (folder / f"{name.replace('-', '_')}_package.py").write_text(code, "utf-8")
    about = folder / f"{name}-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n", "utf-8")
    (about / "entry_points.txt").write_text(f"[oceana_dr.drivers]\n{name} = {value}\n", "utf-8")
