"""`catalogue rules --order`: what it says and to whom it says no."""

import json

import pytest

from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.catalogue.model import OrderRule
from oceana_dr.cli.main import run
from oceana_dr.operations.ordering import judge_order, topologies
from oceana_dr.plan.edge_report import EdgeReport, Standing, overtaken, undeclared
from oceana_dr.plan.edges import EdgeClass
from tests.planning import ROOT

PAGE = ROOT / "docs" / "reference" / "order.md"


def test_every_topology_is_there_once() -> None:
    assert len({str(sorted(item.facts.items())) for item in topologies()}) == 32


def test_every_rule_of_the_switchover_is_judged(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ends = (next(iter(topologies())), list(topologies())[-1])
    monkeypatch.setattr("oceana_dr.operations.ordering.topologies", lambda: ends)
    assert run(["catalogue", "rules", "--order", "planned-switchover", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {item["id"] for item in found["rules"]} == {
        rule.id for rule in load_catalogue().orders["planned-switchover"]
    }
    assert sum(found["edges"].values()) == len(found["pairs"])
    assert found["topologies"] == 2
    for item in (*found["rules"], *found["pairs"]):
        assert bool(item["breaks"]) is (item["class"] == "guarding")
        assert 0 < item["topologies"] <= item["of"] <= 2
        assert all(broken["way"] for broken in item["breaks"])


@pytest.mark.parametrize("scenario", ["split-wan", "unplanned-outage", "database-upgrade"])
def test_the_page_says_no_less_of_a_rule_than_the_smallest_site_shows(scenario: str) -> None:
    """The page takes a minute to write; this keeps it true without writing it."""
    section = PAGE.read_text("utf-8").partition(f"\n## {load_catalogue().scenarios[scenario].title}\n")[2]
    said: dict[str, str] = {}
    for part in section.partition("\n## ")[0].split("\n### ")[1:]:
        kind, _, table = part.partition("\n")
        said |= {line.split("`")[1]: kind.lower() for line in table.splitlines() if line.startswith("| `")}
    strength = [kind.value for kind in EdgeClass]
    for rule, standing in judge_order(scenario, [next(iter(topologies()))]).rules.items():
        assert strength.index(said[rule]) <= strength.index(standing.kind.value), rule


def test_a_rule_is_declared_a_convenience_where_it_guards_nothing_and_nowhere_else() -> None:
    def report(**kinds: str) -> EdgeReport:
        return EdgeReport(1, {name: Standing(EdgeClass(kind), 1, 1) for name, kind in kinds.items()}, {})

    def rule(name: str, *, convenience: bool) -> OrderRule:
        return OrderRule(name, ("a",), ("b",), "because", (), convenience)

    reports = [
        report(habit="convenience", guard="guarding", mixed="convenience", old="guarding", gone="implied"),
        report(mixed="guarding"),
    ]
    silent = [rule(name, convenience=False) for name in ("habit", "guard", "mixed")]
    assert undeclared(reports, silent) == ("habit",)
    said = [rule(name, convenience=True) for name in ("habit", "old", "gone")]
    assert (undeclared(reports, said), overtaken(reports, said)) == ((), ("gone", "old"))


def test_a_scenario_that_has_no_order_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["catalogue", "rules", "--order", "planned"]) == 1
    assert "planned-switchover" in capsys.readouterr().err
