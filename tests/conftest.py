"""What all tests share: `--update-goldens`, and the fixture that compares with or rewrites a golden file."""

from pathlib import Path

import hypothesis
import pytest

from tests.golden_files import Golden

# Nothing is timed in tests: a slow machine must not fail a property.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-goldens", action="store_true", help="write expected outputs anew")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """`golden(path, text)`: the file at `path` holds `text`; with `--update-goldens` it will."""
    update: bool = request.config.getoption("--update-goldens")

    def compare(path: Path, text: str) -> None:
        if update:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="")
            return
        assert path.exists(), f"{path} is missing: run pytest --update-goldens and read what it writes"
        assert text == path.read_text(encoding="utf-8"), f"{path} differs: run pytest --update-goldens if that is right"

    return compare
