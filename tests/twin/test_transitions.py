"""Actions on an estate, without a lab: moments in order, refusals, unknown values."""

import pytest

from oceana_dr.catalogue.bind import BoundCatalogue
from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.estate.action import Refusal, RunProcedure, SetValues
from oceana_dr.estate.address import Ref
from oceana_dr.estate.estate import Estate
from oceana_dr.estate.values import Override, Unknown
from oceana_dr.lab.seed import read_seed
from oceana_dr.twin.transitions import after, moments, net, step
from tests.lab.stand import CSC, SITES

SEED = read_seed(SITES / "globex" / "lab.seed.json")
BOUND = BoundCatalogue(load_catalogue(), SEED.bindings)
STATUS = Ref("dc1/cluster-activity#status")


def test_standby_leads_through_every_cluster_before_the_status() -> None:
    passed = moments(BOUND, SEED.estate, SetValues({STATUS: "STANDBY"}))
    assert not isinstance(passed, Refusal)
    assert [sorted(moment.values) for moment in passed] == [
        *([f"dc1/cluster/{number}/state#nodes", f"dc1/cluster/{number}/state#state"] for number in (1, 2, 3)),
        [STATUS],
    ]


def test_active_comes_before_the_clusters_accept() -> None:
    standby = step(BOUND, SEED.estate, SetValues({STATUS: "STANDBY"}))
    assert isinstance(standby, Estate)
    passed = moments(BOUND, standby, SetValues({STATUS: "ACTIVE"}))
    assert not isinstance(passed, Refusal)
    assert dict(passed[0].values) == {STATUS: "ACTIVE"}
    assert len(passed) == 4


def test_a_step_is_the_sum_of_its_moments() -> None:
    passed = moments(BOUND, SEED.estate, SetValues({STATUS: "STANDBY"}))
    assert not isinstance(passed, Refusal)
    assert after(SEED.estate, passed) == SEED.estate.with_values(net(passed))


def test_a_plain_value_is_one_moment() -> None:
    passed = moments(BOUND, SEED.estate, SetValues({Ref(CSC): Override(True, "false")}))
    assert not isinstance(passed, Refusal)
    assert [dict(moment.values) for moment in passed] == [{CSC: Override(True, "false")}]


def test_what_a_console_cannot_know_it_refuses() -> None:
    dark = SEED.estate.with_values({Ref("dc1/cluster/2/state#nodes"): Unknown("unreachable")})
    dark = dark.with_values({Ref(f"dc1/cluster/{number}/state#nodes"): "Denying" for number in (1, 3)})
    found = step(BOUND, dark, SetValues({STATUS: "ACTIVE"}))
    assert isinstance(found, Refusal)
    assert found.rule == "S-04"


@pytest.mark.parametrize("procedure", sorted(load_catalogue().procedures))
def test_every_procedure_either_moves_the_estate_or_says_why_not(procedure: str) -> None:
    found = moments(BOUND, SEED.estate, RunProcedure(procedure, {"from": "dc1", "to": "dc2"}))
    if isinstance(found, Refusal):
        assert found.message
        assert found.rule
        return
    assert found
    for moment in found:
        assert moment.values
        for reference in moment.values:
            assert not isinstance(SEED.estate.get(reference), Unknown), f"{procedure}: nothing is called {reference}"


def test_a_procedure_with_nothing_to_fill_its_names_is_refused() -> None:
    found = moments(BOUND, SEED.estate, RunProcedure("log-out-agents", {}))
    assert isinstance(found, Refusal)
