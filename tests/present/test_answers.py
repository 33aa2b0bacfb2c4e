"""Drift and `explain` as text, with records that fit the shapes without knowing of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.catalogue.settings import Setting, load_settings
from oceana_dr.compile.provenance import Contribution, Provenance
from oceana_dr.diagnostics import Span
from oceana_dr.diagnostics.codes import ALL, lookup
from oceana_dr.estate.address import Address, Ref
from oceana_dr.estate.values import Override, Unknown, Value
from oceana_dr.operations.settings_table import setting_facts, settings_table
from oceana_dr.present.drift_text import drift_to_json, render_drift
from oceana_dr.present.explain.step import render_step
from oceana_dr.present.explain.text import render_address, render_code, render_setting
from oceana_dr.present.phrases import manual_text
from tests.golden_files import Golden
from tests.planning import SITES
from tests.present.samples import switchover

GOLDENS = Path(__file__).parents[1] / "goldens" / "present"
NO_BASELINE = Unknown("no baseline")


@dataclass(frozen=True, slots=True)
class Item:
    ref: Ref
    group: str
    desired: Value
    live: Value
    last_applied: Value = NO_BASELINE
    by: str | None = None
    at: str | None = None


@dataclass(frozen=True, slots=True)
class Drift:
    site: str
    items: tuple[Item, ...]
    baseline: bool = True
    compared: int = 182


@dataclass(frozen=True, slots=True)
class Attribute:
    label: str
    desired: Mapping[str, Value]
    live: Value | None
    rule: str
    origin: Provenance


@dataclass(frozen=True, slots=True)
class Explained:
    address: Address
    title: str
    console: str
    attributes: tuple[Attribute, ...]
    operational: str = "dc1"
    read_by: str = "gateway"
    set_by: str = "operator"


DRIFT = Drift(
    "acme",
    (
        Item(
            Ref("dc1/smgr/cluster3/EmailService#Deployment status of emailmanager"),
            "drift",
            Override(True, "true"),
            Override(True, "false\x1b[2J"),
            Override(True, "true"),
            "kim",
            "2026-03-13T21:05:00Z",
        ),
        Item(Ref("shared/dns/token.acme.example#TTL"), "config", 300, 3600, 3600),
        Item(Ref("dc2/ess"), "unknown", None, Unknown("unreachable")),
    ),
)


def span(line: int, file: str = "sites/acme/site.yaml") -> Span:
    return Span(file, line, 1, line, 9)


EXPLAINED = Explained(
    Address("dc2/smgr/cluster1/CallServerConnector"),
    "CallServerConnector",
    "System Manager > Elements > Avaya Breeze > Configuration > Attributes",
    (
        Attribute(
            "Deploy CSC",
            {"dc1": Override(True, "false"), "dc2": Override(True, "true")},
            Override(True, "true"),
            "true on the operational side",
            Provenance(
                (Contribution("operational", (span(5), span(3, "sites/defaults.yaml"))), Contribution("release", ())),
                "csc.deploy",
                ((1831, 1841), (315, 315)),
            ),
        ),
        Attribute("Region", {"dc1": "eu", "dc2": "eu"}, None, "", Provenance((), None, ())),
    ),
)


def test_drift(golden: Golden) -> None:
    text = render_drift(DRIFT)
    assert "\x1b" not in text
    golden(GOLDENS / "drift.txt", text)


def test_no_drift_is_one_line() -> None:
    assert render_drift(Drift("acme", ())).count("\n") == 1
    assert "no baseline yet" in render_drift(Drift("acme", (), baseline=False))


@pytest.mark.parametrize("width", [60, 80])
def test_drift_keeps_every_reference_and_value(width: int) -> None:
    text = render_drift(DRIFT, width=width, ascii=True)
    assert text.isascii()
    assert all(item.ref in text for item in DRIFT.items)
    assert "live 3600" in text
    assert "last applied 3600" in text


def test_drift_as_json() -> None:
    document = drift_to_json(DRIFT)
    assert isinstance(document, dict)
    items = document["items"]
    assert isinstance(items, list)
    assert [item["group"] for item in items if isinstance(item, dict)] == ["drift", "unknown", "config"]


def test_explain_an_address(golden: Golden) -> None:
    golden(GOLDENS / "explain-address.txt", render_address(EXPLAINED, page=lambda _: 35))


@pytest.mark.parametrize("step", ["P23", "P34.names", "P10", "P17"])
def test_explain_a_step(step: str, golden: Golden) -> None:
    plan = switchover("globex")
    rules = {rule.id: rule for rule in load_catalogue().orders["planned-switchover"]}
    golden(GOLDENS / f"explain-{step}.txt", render_step(plan, plan.step(step), rules, page=lambda line: line // 30))


@pytest.mark.parametrize("site", SITES)
def test_every_step_can_be_explained_from_its_plan(site: str) -> None:
    plan = switchover(site)
    for step in plan.steps:
        text = render_step(plan, step, {}, width=60, ascii=True)
        assert text.isascii()
        assert step.id in text
        assert all(rule in text for rule in step.rules)
        assert all(str(cause.line) in text for cause in step.cause)


def test_an_explained_step_cannot_drive_the_terminal() -> None:
    plan = switchover("acme")
    nasty = replace(plan.steps[3], title="\x1b[2J\nnext", driver="\r")
    assert not {"\x1b", "\r"} & set(render_step(plan, nasty, {}))


@pytest.mark.parametrize("setting", load_settings(), ids=lambda item: item.id)
def test_every_setting_can_be_explained(setting: Setting) -> None:
    rows = [row for row in settings_table(load_catalogue(), (setting,)) if row["setting"] == setting.id]
    text = render_setting(setting.id, setting.note, setting_facts(load_catalogue(), setting, rows))
    assert text.startswith(setting.id)
    assert setting.label.split()[0] in text
    assert all(len(line) <= 100 for line in text.splitlines() if " " in line[13:])


def test_explain_a_setting(golden: Golden) -> None:
    (setting,) = (item for item in load_settings() if item.id == "breeze.ucmservice.install-state")
    rows = [row for row in settings_table(load_catalogue(), (setting,)) if row["setting"] == setting.id]
    text = render_setting(setting.id, setting.note, setting_facts(load_catalogue(), setting, rows))
    golden(GOLDENS / "explain-setting.txt", text)


@pytest.mark.parametrize("code", ALL)
def test_every_code_can_be_explained(code: str) -> None:
    info = lookup(code)
    text = render_code(info)
    assert text.splitlines()[0] == f"{info.severity}[{code}]: {info.title}"
    for example in (info.wrong, info.right):
        assert all(line.strip() in text for line in example.splitlines())


def test_lines_of_the_manual() -> None:
    assert manual_text(()) == ""
    assert manual_text(((1125, 1125),)) == "manual line 1125"
    assert manual_text(((1093, 1118), (1125, 1125)), lambda _: 35) == "manual lines 1093-1118 (p. 35), 1125 (p. 35)"
