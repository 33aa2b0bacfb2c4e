"""Readers deliver canonical values, whatever a console calls them; what nobody explains stays as it is."""

import pytest

from oceana_dr.catalogue.bind import BoundCatalogue
from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.drivers.gateway.canonical import canonical_resource, canonical_value
from oceana_dr.estate.address import Address, ref
from oceana_dr.estate.values import Override, Unknown, Value
from oceana_dr.lab.seed import read_seed
from tests.lab.stand import CSC, SITES

SEED = read_seed(SITES / "globex" / "lab.seed.json")
BOUND = BoundCatalogue(load_catalogue(), SEED.bindings)


@pytest.mark.parametrize(
    ("reference", "found", "value"),
    [
        ("dc1/workflow/Chat#MaintenanceMode", "True", "true"),
        ("dc1/workflow/Chat#MaintenanceMode", False, "false"),
        (CSC, Override(True, "TRUE"), Override(True, "true")),
        (CSC, Override(False, "true"), Override(False, None)),
        (CSC, True, Override(True, "true")),
        ("dc1/cluster-activity#status", "Active", "ACTIVE"),
        ("dc1/cluster/1/state#state", "Accept New Service", "Accepting"),
        ("dc2/oracle#Role", "physical standby", "PHYSICAL STANDBY"),
        ("shared/mirror/AOCMIRROR#Port", "2188", 2188),
        ("dc1/workflow/Chat#address variables", ("B=10.0.0.2", "A = x=y"), ("A = x=y", "B = 10.0.0.2")),
        ("dc1/cluster-activity#status", "Unavailable", "Unavailable"),
        ("dc1/cm#state", Unknown("unreachable"), Unknown("unreachable")),
    ],
)
def test_values(reference: str, found: Value, value: Value) -> None:
    address, _, label = reference.partition("#")
    assert canonical_value(BOUND.resources[Address(address)].attributes[label].type, found) == value


def test_labels() -> None:
    address = Address("dc1/workflow/Chat")
    assert canonical_resource(BOUND, address, {"Maintenance Mode": "False", "Colour": "red"}) == {
        "MaintenanceMode": "false",
        "Colour": "red",
    }


def test_what_is_canonical_stays_as_it_is() -> None:
    for address in SEED.estate.resources:
        attributes = SEED.estate.attributes(address)
        assert canonical_resource(BOUND, address, attributes) == attributes


def test_no_two_labels_of_a_resource_look_alike() -> None:
    for address, resource in BOUND.resources.items():
        plain = ["".join(label.split()).casefold() for label in resource.attributes]
        assert len(set(plain)) == len(plain), address
        assert all(ref(address, label) for label in resource.attributes)


def test_a_resource_nobody_knows_is_left_alone() -> None:
    assert canonical_resource(BOUND, Address("dc1/other"), {"x": "True"}) == {"x": "True"}
    assert canonical_resource(BOUND, Address("dc1/cm"), Unknown("absent")) == Unknown("absent")
