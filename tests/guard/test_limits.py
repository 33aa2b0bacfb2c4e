"""Limits: every one that a plan breaks, each as a finding of its own."""

from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest

from oceana_dr.estate.address import Address
from oceana_dr.guard.limits import KindLimit, Limits, changed_addresses, limit_findings
from oceana_dr.operations.governing import limits_of, settable
from oceana_dr.plan.model import SCENARIOS, Plan
from oceana_dr.source.cache import Cache
from oceana_dr.source.prepared import prepare_site
from oceana_dr.source.project import open_project
from oceana_dr.source.site.types import ScenarioName
from tests.planning import copy_project, edit, plan_case, project, seed

TEN = [Address(f"dc1/smgr/{number}") for number in range(7)] + [
    Address("dc1/smgr/backup-storage"),
    Address("dc2/smgr/backup-storage"),
    Address("shared/dns/a.example"),
]


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    root = copy_project(tmp_path_factory.mktemp("two"))
    edit(root / "sites/acme/site.yaml", ("directory: /srv/backup/acme", "directory: /srv/backup/acme2"))
    site = prepare_site(open_project(root), "acme", None, Cache(None))
    return plan_case("acme", "dc1", baseline=seed("acme"), site_files=site).plan


def ids(plan: Plan, limits: Limits, addresses: list[Address] = TEN) -> list[str]:
    return [finding.id for finding in limit_findings(plan, addresses, limits)]


def test_what_is_allowed_is_allowed(two: Plan) -> None:
    assert ids(two, Limits()) == []
    assert ids(two, Limits(KindLimit(2, 20), {"smgr": KindLimit(2)}, ("dc1/smgr/backup",))) == []


def test_every_limit_is_a_finding_of_its_own(two: Plan) -> None:
    limits = Limits(KindLimit(1, 19), {"smgr": KindLimit(0, 5)}, ("dc1/smgr", "dc2/smgr/backup-storage"))
    assert ids(two, limits) == [
        "limit-changes",
        "limit-percent",
        "limit-changes-smgr",
        "protected-dc2/smgr/backup-storage",
        "protected-dc1/smgr/backup-storage",
    ], "nine smgr addresses are too few for a percentage"
    assert all(item.overridable and item.severity == "refuse" for item in limit_findings(two, TEN, limits))


def test_a_percentage_of_nothing_forbids_nothing(two: Plan) -> None:
    assert ids(two, Limits(KindLimit(percent=1)), []) == []


def test_a_way_back_is_not_limited(two: Plan) -> None:
    assert ids(replace(two, undoes="20261129-014000-12345678"), Limits(KindLimit(0, 0), {}, ("dc1",))) == []


def test_names_that_change_in_one_transaction_are_counted_one_by_one() -> None:
    move = plan_case("globex", "dc2").plan
    names = [address for address in changed_addresses(move.steps) if address.startswith("shared/dns/")]
    assert len(names) == 3
    found = limit_findings(move, TEN, Limits(ways={names[1].removeprefix("shared/dns/"): "the automation gateway"}))
    assert [item.id for item in found] == [f"lockout-{names[1]}"]
    assert "the automation gateway" in found[0].message


def test_the_examples_may_move_and_their_sites_have_addresses_to_count(two: Plan) -> None:
    for site in ("acme", "globex"):
        case = plan_case(site, "dc2")
        assert [item.id for item in case.plan.findings if item.code in {"OD2020", "OD2021", "OD2022"}] == []
        assert len(settable(case.compiled.bound)) >= 30
    limits = limits_of(project(), prepare_site(project(), "acme", None, Cache(None)), two)
    assert (limits.total, limits.protected) == (KindLimit(20, 50), ())
    assert limits.where["changes"] == "by default"


def test_the_tighter_of_site_and_project_counts_and_the_gateway_is_a_way(two: Plan, tmp_path: Path) -> None:
    root = copy_project(tmp_path)
    edit(root / "sites/acme/site.yaml", ("change_windows:\n", "limits: {changes: 7, percent: 30}\nchange_windows:\n"))
    edit(
        root / "oceana-dr.yaml",
        (
            "policy:\n",
            "policy:\n  limits: {changes: 9, percent: 40, kinds: {dns: {changes: 1}}, protected: [dc1/cm]}\n",
        ),
        ("{endpoint: lab} ", "{endpoint: 'https://gateway.acme.example:8443'} "),
    )
    opened = open_project(root)
    limits = limits_of(opened, prepare_site(opened, "acme", None, Cache(None)), two)
    assert (limits.total, limits.kinds) == (KindLimit(7, 30), {"dns": KindLimit(1)})
    assert (limits.protected, limits.where["protected"]) == (("dc1/cm",), "oceana-dr.yaml")
    assert limits.where["changes-dns"] == "oceana-dr.yaml"
    assert limits.ways["gateway.acme.example"] == "the automation gateway"
    assert limits.ways["smgr1.acme.example"] == "data_centers.dc1.system_manager.fqdn"
    assert limits.ways["acm1.acme.example"] == "data_centers.dc1.control_manager.url"


def test_a_site_may_name_every_scenario_and_no_other() -> None:
    assert get_args(ScenarioName) == SCENARIOS
