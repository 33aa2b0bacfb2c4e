from collections.abc import Iterator

import pytest

from tests.console_lab import EMAIL, ON, Bench, bench


@pytest.fixture(scope="package")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """One browser and one console for all tests of the driver."""
    with bench(tmp_path_factory.mktemp("console")) as found:
        yield found


@pytest.fixture
def console(shared: Bench) -> Iterator[Bench]:
    """The console with e-mail on, nothing broken and no pictures."""
    shared.is_set(EMAIL, ON)
    for picture in shared.pictures():
        picture.unlink()
    yield shared
    shared.lab.change("test", "mended", {}, lambda world: type(world)(world.estate, world.at))
