"""The catalogue's own integrity: what ships is fresh, everything named exists."""

import json
import re
from collections.abc import Iterator

import pytest

from oceana_dr.catalogue.bind import BoundCatalogue
from oceana_dr.catalogue.build import SOURCE, compile_catalogue
from oceana_dr.catalogue.load import COMPILED, load_catalogue
from oceana_dr.catalogue.model import stands_for
from oceana_dr.catalogue.template import CatalogueError, applies, expand
from oceana_dr.compile.bindings import bind_site
from oceana_dr.estate.address import Ref, address_of, attribute_of
from oceana_dr.estate.estate import Estate
from oceana_dr.estate.predicate import refs_of
from oceana_dr.plan.candidate import fill_scenario
from oceana_dr.safety.invariant import BeforeChange, bind_invariants, refs_of_check
from oceana_dr.twin.evolve import bind_dynamics
from tests.planning import SITES, loaded, plan_case

MANUAL_LINES = 2509


def bound(site: str) -> BoundCatalogue:
    return BoundCatalogue(load_catalogue(), bind_site(loaded(site)))


def test_the_compiled_catalogue_is_fresh() -> None:
    assert COMPILED.read_text("utf-8") == compile_catalogue(SOURCE), "run: python -m oceana_dr.catalogue.build"


def test_ids_are_unique_and_line_ranges_lie_in_the_manual() -> None:
    data = json.loads(COMPILED.read_text("utf-8"))
    for kind in ("resources", "procedures", "invariants"):
        ids = [item["id"] for item in data[kind]]
        assert len(ids) == len(set(ids)), kind
    for first, last in line_ranges(data):
        assert 230 <= first <= last <= MANUAL_LINES


def line_ranges(data: object) -> Iterator[tuple[int, int]]:
    if isinstance(data, dict):
        for key, value in data.items():
            if key == "manual" and isinstance(value, list):
                yield from ((first, last) for first, last in value)
            else:
                yield from line_ranges(value)
    elif isinstance(data, list):
        for item in data:
            yield from line_ranges(item)


@pytest.mark.parametrize("site", SITES)
def test_every_reference_names_an_attribute_of_the_site(site: str) -> None:
    catalogue = bound(site)
    for invariant in bind_invariants(catalogue, "planned-switchover"):
        for check in invariant.checks:
            for reference in refs_of_check(check):
                assert_known(catalogue, reference, invariant.id)
    for name in catalogue.catalogue.procedures:
        try:
            arguments = {
                "from": "dc1",
                "to": "dc2",
                "scenario": "planned-switchover",
                "server": "A",
                "dc": "dc1",
                "data": "none",
                "version": "3.5.0.2",
            }
            procedure = catalogue.procedure(name, arguments)
        except CatalogueError:
            assert site == "acme", f"{name} cannot be bound"  # it speaks of what acme does not have
            continue
        for guard in procedure.requires:
            for reference in refs_of(guard.unless):
                if site == "globex":
                    assert_known(catalogue, reference, name)


def assert_known(catalogue: BoundCatalogue, reference: Ref, where: str) -> None:
    resource = catalogue.resources.get(address_of(reference))
    assert resource is not None, f"{where}: {reference}"
    assert attribute_of(reference) in resource.attributes, f"{where}: {reference}"


@pytest.mark.parametrize("site", SITES)
def test_values_that_before_change_waits_for_can_occur(site: str) -> None:
    catalogue = bound(site)
    for invariant in bind_invariants(catalogue, "planned-switchover"):
        for check in invariant.checks:
            if isinstance(check, BeforeChange):
                attribute = catalogue.resources[address_of(check.of)].attributes[attribute_of(check.of)].type
                assert set(check.to) <= set(attribute.allowed), invariant.id


def test_every_order_rule_names_steps_that_exist() -> None:
    catalogue = load_catalogue()
    for scenario in catalogue.scenarios.values():
        ids = [str(step["id"]) for step in scenario.steps]
        for rule in catalogue.orders[scenario.id]:
            for name in (*rule.first, *rule.then):
                assert any(stands_for(name, step) for step in ids), f"{rule.id}: {name}"
            assert rule.reason


def test_step_ids_are_those_of_the_printed_order() -> None:
    printed = {f"P{number:02}" for number in range(42)} - {"P02", "P15", "P21", "P25", "P35"}
    scenario = load_catalogue().scenarios["planned-switchover"]
    stems = {str(step["id"]).partition(".")[0] for step in scenario.steps}
    assert {stem for stem in stems if re.fullmatch(r"P\d\d", stem)} == printed


@pytest.mark.parametrize("site", SITES)
def test_steps_fill_without_leftovers(site: str) -> None:
    context = plan_case(site, "dc2").context
    for record in fill_scenario(context, load_catalogue().scenarios["planned-switchover"]).values():
        assert "{" not in json.dumps({key: value for key, value in record.items() if key != "clicks"}).replace(
            '{"', ""
        ).replace("{}", ""), record["id"]


def test_a_name_nobody_knows_is_a_mistake_of_the_catalogue() -> None:
    with pytest.raises(CatalogueError, match="nothing is called"):
        expand("{dc}/x/{nothing}", {"dc": "dc1"}, {})
    for broken in ("{dc", "dc}", "{a{dc}"):
        with pytest.raises(CatalogueError, match="brace"):
            expand(broken, {"dc": "dc1", "adc1": "x"}, {})
    with pytest.raises(CatalogueError, match="unknown topology fact"):
        applies(["moon"], {"topology.ha": "yes"})


def test_pages_of_the_manual() -> None:
    catalogue = load_catalogue()
    assert catalogue.page(984) == 35
    assert catalogue.page(1130) == 40
    assert catalogue.page(231) == 1


@pytest.mark.parametrize("site", SITES)
def test_the_seed_knows_every_attribute(site: str) -> None:
    from tests.planning import seed  # the seed is another's file: read it only where it is meant

    estate: Estate = seed(site)
    catalogue = bound(site)
    assert set(estate.resources) == set(catalogue.resources)
    for address, resource in catalogue.resources.items():
        assert set(estate.attributes(address)) == set(resource.attributes), address


def test_a_value_with_braces_is_text() -> None:
    bindings = {"name.dc1": "Frank{furt}", "site.x.dc1": "}{"}
    assert expand("{dc.title}: {site.x.{dc}}", {"dc": "dc1"}, bindings) == "Frank{furt}: }{"


@pytest.mark.parametrize("site", SITES)
def test_what_moves_by_itself_makes_no_plan_stale(site: str) -> None:
    catalogue = bound(site)
    moving = bind_dynamics(catalogue)
    for reference in {*(turn.ref for turn in moving.turns), *(drain.queue for drain in moving.drains)}:
        assert catalogue.resources[address_of(reference)].attributes[attribute_of(reference)].type.volatile, reference
