"""The kit's rules that need few acts, against the lab's page; `oceana-dr driver-test console` runs all of them."""

from __future__ import annotations

import os

import pytest

from oceana_dr.conformance import kit
from oceana_dr.conformance.kit import check_driver
from oceana_dr.conformance.report import Verdict
from tests.console_lab import Bench
from tests.debian import program

FEW = ("D1", "D2", "D3", "D4", "R2", "U1", "U2", "U7", "U8")
"""The others act, which takes a browser seconds; what they are about is tested beside this, act by act."""


def test_it_keeps_to_the_protocol(console: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{program('chromium').path.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(kit, "RULES", tuple(rule for rule in kit.RULES if rule.id in FEW))
    report = check_driver("console")
    assert {item.rule: item.says for item in report.results if item.verdict is not Verdict.KEPT} == {}
    assert [item.rule for item in report.results] == list(FEW)
    assert console.setting.site == "globex"
