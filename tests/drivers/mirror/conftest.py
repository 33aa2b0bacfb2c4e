"""The stand-in for the servers of a mirror, in a folder of its own."""

from pathlib import Path

import pytest

from oceana_dr.catalogue.bind import BoundCatalogue
from oceana_dr.drivers.mirror.stand import Stand
from oceana_dr.drivers.trial import site_for_tests
from tests.mirror_stand import answer_here


@pytest.fixture
def processes() -> None:
    """Asked for where the programs have to be processes."""


@pytest.fixture
def stand(tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Stand:
    """All three servers, as they are at rest; in this process, but where a test is about processes."""
    found = Stand(tmp_path)
    if "processes" not in request.fixturenames:
        answer_here(monkeypatch)
    return found


@pytest.fixture(scope="session")
def bound() -> BoundCatalogue:
    """A site with a standby."""
    return site_for_tests()


@pytest.fixture(scope="session")
def pair(bound: BoundCatalogue) -> BoundCatalogue:
    """A site without one."""
    return BoundCatalogue(bound.catalogue, {**bound.bindings, "topology.ha": "no"})
