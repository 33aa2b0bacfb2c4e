"""The stand-in for the servers of a mirror, in a folder of its own."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from oceana_dr.catalogue.bind import BoundCatalogue
from oceana_dr.drivers.child import Bounds
from oceana_dr.drivers.mirror import calling, session, stand_in
from oceana_dr.drivers.mirror.stand import Stand
from oceana_dr.drivers.ssh import Finished, Result, Target
from oceana_dr.drivers.trial import site_for_tests


@pytest.fixture
def processes() -> None:
    """Asked for where the programs have to be processes."""


@pytest.fixture
def stand(tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Stand:
    """All three servers, as they are at rest; in this process, but where a test is about processes."""
    found = Stand(tmp_path)
    if "processes" not in request.fixturenames:
        state = str(tmp_path / "state.json")

        def run(_target: Target, words: Sequence[str], data: bytes, _bounds: Bounds) -> Result:
            code, said = stand_in.answer(state, Path(words[0]).name, list(words[1:]), data.decode())
            return Finished(code, said.encode(), b"")

        for module in (session, calling):
            monkeypatch.setattr(module, "run", run)
    return found


@pytest.fixture(scope="session")
def bound() -> BoundCatalogue:
    """A site with a standby."""
    return site_for_tests()


@pytest.fixture(scope="session")
def pair(bound: BoundCatalogue) -> BoundCatalogue:
    """A site without one."""
    return BoundCatalogue(bound.catalogue, {**bound.bindings, "topology.ha": "no"})
