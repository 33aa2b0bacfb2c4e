"""Artifacts of the example sites, for either side in service."""

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import pytest

from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.compile.artifacts import render_artifacts
from oceana_dr.compile.desired import compile_site
from oceana_dr.source.load import load_site
from oceana_dr.source.project import open_project

ROOT = Path(__file__).resolve().parents[3]

Render = Callable[[str, str], Mapping[str, str]]


@cache
def rendered(site: str, side: str) -> Mapping[str, str]:
    loaded = load_site(open_project(ROOT), site, side)
    compiled = compile_site(loaded, load_catalogue())
    return render_artifacts(
        compiled.estate,
        compiled.provenance,
        loaded.data,
        compiled.bound.bindings,
        compiled.bound,
        loaded.contributors,
    )


@pytest.fixture(scope="session")
def render() -> Render:
    """The artifacts of an example site with a side in service."""
    return rendered


@pytest.fixture(params=[(site, side) for site in ("acme", "globex") for side in ("dc1", "dc2")], ids="-".join)
def artifacts(request: pytest.FixtureRequest) -> Mapping[str, str]:
    """The artifacts of every example site and side, one after the other."""
    site, side = request.param
    return rendered(site, side)
