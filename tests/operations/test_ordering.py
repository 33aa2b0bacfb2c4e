"""`catalogue rules --order`: what it says and to whom it says no."""

import json

import pytest

from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.cli.main import run
from oceana_dr.operations.ordering import topologies


def test_every_topology_is_there_once() -> None:
    assert len({str(sorted(item.facts.items())) for item in topologies()}) == 32


def test_every_rule_of_the_switchover_is_judged(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["catalogue", "rules", "--order", "planned-switchover", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {item["id"] for item in found["rules"]} == {
        rule.id for rule in load_catalogue().orders["planned-switchover"]
    }
    assert sum(found["edges"].values()) == len(found["pairs"])
    assert found["topologies"] == 32
    for item in (*found["rules"], *found["pairs"]):
        assert bool(item["breaks"]) is (item["class"] == "guarding")
        assert 0 < item["topologies"] <= item["of"] <= 32
        assert all(broken["way"] for broken in item["breaks"])


def test_a_scenario_that_has_no_order_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["catalogue", "rules", "--order", "planned"]) == 1
    assert "planned-switchover" in capsys.readouterr().err
