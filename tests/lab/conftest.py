from pathlib import Path

import pytest

from tests.lab.stand import Stand, stand


@pytest.fixture
def acme(tmp_path: Path) -> Stand:
    return stand(tmp_path, "acme")


@pytest.fixture
def globex(tmp_path: Path) -> Stand:
    return stand(tmp_path, "globex")
