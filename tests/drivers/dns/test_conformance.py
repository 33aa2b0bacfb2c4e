"""The driver keeps to the protocol of drivers, the eight faults of a provider among its rules, on a BIND of its own."""

import os
from pathlib import Path

import pytest

from oceana_dr.conformance.kit import check_driver
from tests.dns_server import find_named


@pytest.fixture
def there(monkeypatch: pytest.MonkeyPatch) -> None:
    """`named` on the path, wherever the tests find it."""
    program, variables = find_named()
    monkeypatch.setenv("PATH", f"{Path(program).parent}:{os.environ['PATH']}")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)


@pytest.mark.usefixtures("there")
def test_the_kit_finds_nothing_broken() -> None:
    report = check_driver("dns", None)
    assert report.against.startswith("BIND 9")
    assert {result.rule: result.says for result in report.results if str(result.verdict) == "broken"} == {}
    assert [result.rule for result in report.results if str(result.verdict) != "kept"] == ["W5"]
