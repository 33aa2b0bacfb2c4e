"""What drills begin from is compiled afresh, and speaks of scenarios, systems and attributes that exist."""

import pytest

from oceana_dr.catalogue.build import compile_drills
from oceana_dr.catalogue.drills import COMPILED, EVERY, load_premises
from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.estate.address import SIDES, Ref, address_of, attribute_of
from oceana_dr.estate.values import from_json
from tests.scenarios.estates import TOPOLOGIES, compiled

MADE = compiled(TOPOLOGIES[-1], "dc1", "3.5.0.2")
PREMISES = load_premises()


def test_the_compiled_file_is_fresh() -> None:
    assert COMPILED.read_text("utf-8") == compile_drills(), "run: python -m oceana_dr.catalogue.build"


def test_every_premise_belongs_to_a_scenario_or_to_every_day() -> None:
    assert set(PREMISES) <= {EVERY, *load_catalogue().scenarios}
    assert all(item.says for item in PREMISES.values())


@pytest.mark.parametrize("scenario", sorted(PREMISES))
def test_it_speaks_of_what_this_product_has(scenario: str) -> None:
    premise, resources = PREMISES[scenario], MADE.bound.resources
    for template, value in premise.values.items():
        reference = Ref(MADE.bound.text(template, dc="dc1"))
        kind = resources[address_of(reference)].attributes[attribute_of(reference)].type
        assert not kind.allowed or from_json(value) in kind.allowed, reference
    for prefix in premise.lost:
        assert any(address == prefix or address.startswith(f"{prefix}/") for address in resources), prefix
    for name in premise.blank:
        if "*" not in name:
            side = "" if name.startswith("shared/") else "/"
            places = [Ref(f"{dc}{side}{name}") for dc in SIDES] if side else [Ref(name)]
            there = [item for item in places if address_of(item) in resources]
            assert any(attribute_of(item) in resources[address_of(item)].attributes for item in there), name
