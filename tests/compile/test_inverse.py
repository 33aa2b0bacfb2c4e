"""Read backwards, an expression gives the site that it was evaluated for, and fits nothing else."""

from collections.abc import Iterator
from typing import Any

import pytest

from oceana_dr.catalogue.bind import BoundAttribute, BoundResource
from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.compile.desired import Compiled, compile_site
from oceana_dr.compile.inverse import Inversion
from oceana_dr.estate.address import SIDES, ref
from oceana_dr.estate.values import Json, Override, SecretRef, Value
from oceana_dr.source.prepared import PreparedSite
from tests.planning import SITES, loaded

TOPOLOGY = {"topology.tls": "yes"}


def managed(compiled: Compiled) -> Iterator[tuple[BoundResource, BoundAttribute, Value]]:
    for address, resource in compiled.bound.resources.items():
        for label, attribute in resource.attributes.items():
            if attribute.type.managed and label in compiled.estate.attributes(address):
                yield resource, attribute, compiled.estate.get(ref(address, label))


def shown(value: Any) -> Any:
    """As a console would show it."""
    if isinstance(value, bool):
        return str(value).lower()
    return tuple(map(shown, value)) if isinstance(value, list | tuple) else str(value)


def said(site: PreparedSite, path: tuple[str, ...]) -> Any:
    """What the site says at a path, or of what both data centres have in common."""
    for keys in (path, path[2:]):
        here: Any = site.data
        for key in keys:
            here = here.get(key) if isinstance(here, dict) else None
        if here is not None:
            return shown(here)
    return None


@pytest.mark.parametrize("name", SITES)
@pytest.mark.parametrize("side", SIDES)
def test_every_desired_value_of_an_example_leads_back_to_the_example(name: str, side: str) -> None:
    site = loaded(name, side)
    compiled = compile_site(site, load_catalogue(), side)
    inversion = Inversion(side, compiled.bound.bindings)
    unfit = [
        (resource.address, attribute.type.label)
        for resource, attribute, value in managed(compiled)
        if not inversion.fits(attribute.type.desired, value, resource.dc)
    ]
    assert unfit == []
    assert len(inversion.found) > 30
    assert {path: shown(value) for path, value in inversion.found.items()} == {
        path: said(site, path) for path in inversion.found
    }


@pytest.mark.parametrize(
    ("expression", "value", "found"),
    [
        ("running", "running", {}),
        ({"site": "mirror.port"}, 2188, {"mirror.port": 2188}),
        ({"site": "data_centers.{peer}.name"}, "Ulm", {"data_centers.dc2.name": "Ulm"}),
        ({"site": "backup.retained", "else": ""}, "", {}),
        ({"site": "backup.retained", "else": ""}, 7, {"backup.retained": 7}),
        ({"override": {"site": "x"}}, Override(True, "true"), {"x": "true"}),
        ({"text": "https://{0}:{1}/a", "with": ["host", "port"]}, "https://h:1/a", {"host": "h", "port": "1"}),
        ({"list": [{"site": "a"}, "b"]}, ("1", "b"), {"a": "1"}),
        ({"flag": {"arbiter": ["selected", "cleared"]}}, "cleared", {"arbiter": "false"}),
        ({"first": ["a.{dc}", "a"], "else": "none"}, "none", {}),
        ({"first": ["a.{dc}", "a"], "else": "none"}, "some", {"a.dc1": "some"}),
        ({"by_channel": {"chat": {"open": "false", "draining": "true"}}}, "true", {"channels.chat": "draining"}),
        ({"by_channel": {"chat": {"open": "true", "draining": "true"}}}, "true", {}),
        ({"by_side": {"operational": "ACTIVE", "resting": "STANDBY"}}, "ACTIVE", {}),
        ({"by_topology": {"tls": {"yes": "selected", "no": "cleared"}}}, "selected", {}),
        ({"secret": "backup.password"}, SecretRef("env:X"), {}),
    ],
    ids=str,
)
def test_what_a_value_says_of_the_site(expression: Json, value: Value, found: dict[str, Value]) -> None:
    inversion = Inversion("dc1", TOPOLOGY)
    assert inversion.fits(expression, value, "dc1")
    assert {".".join(path): item for path, item in inversion.found.items()} == found


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("running", "stopped"),
        ({"override": "true"}, "true"),
        ({"override": "true"}, Override(False, None)),
        ({"text": "https://{0}/a", "with": ["host"]}, "http://h/a"),
        ({"list": ["a", "b"]}, ("a",)),
        ({"flag": {"arbiter": ["selected", "cleared"]}}, "broken"),
        ({"by_side": {"operational": "ACTIVE", "resting": "STANDBY"}}, "STANDBY"),
        ({"by_operational": {"dc1": "a", "dc2": "b"}}, "b"),
        ({"by_dc": {"dc1": "a", "dc2": "b"}}, "b"),
        ({"by_channel": {"chat": {"open": "false", "draining": "true"}}}, "perhaps"),
        ({"pairs": ["geo"]}, ("no pair",)),
        ({"pairs": ["geo"]}, "no list"),
    ],
    ids=str,
)
def test_what_no_site_would_give(expression: Json, value: Value) -> None:
    assert not Inversion("dc1", TOPOLOGY).fits(expression, value, "dc1")


def test_two_places_that_disagree_are_noticed() -> None:
    inversion = Inversion("dc1", TOPOLOGY)
    assert inversion.fits({"site": "backup.host"}, "a", "dc1")
    assert inversion.fits({"site": "backup.host"}, "a", "dc2")
    assert not inversion.fits({"site": "backup.host"}, "b", "dc2")


def test_pairs_are_the_data_centres_own() -> None:
    inversion = Inversion("dc1", TOPOLOGY)
    assert inversion.fits({"pairs": ["geo", "data_centers.{dc}.geo"]}, ("GEO: a.b = c = d",), "dc2")
    assert inversion.found == {("data_centers", "dc2", "geo", "GEO: a.b"): "c = d"}
