"""A site is untrusted input: whatever its values hold, artifacts keep their shape. And the catalogue may grow."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast
from xml.etree import ElementTree as ET

from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.compile.artifacts import render_artifacts
from oceana_dr.compile.desired import compile_site
from oceana_dr.compile.provenance import Provenance
from oceana_dr.estate.address import Address, Ref
from oceana_dr.estate.estate import Estate
from oceana_dr.estate.values import Json, Override
from oceana_dr.source.load import load_site
from oceana_dr.source.project import open_project

from .conftest import ROOT

# Braces are the catalogue's own; a site's values are filled into its texts, not the other way round.
words = st.text(st.characters(exclude_characters="{}", exclude_categories=["Cs"]), min_size=1, max_size=12)
LOADED = load_site(open_project(ROOT), "globex", "dc1")
COMPILED = compile_site(LOADED, load_catalogue())


def provenance(reference: Ref) -> Provenance:
    """Where a value comes from; an attribute that was put in here comes from nowhere."""
    known = reference in COMPILED.reads
    return COMPILED.provenance(reference) if known else Provenance((), None, ((1, 1),))


def render(data: Mapping[str, object], bindings: Mapping[str, str], estate: Estate) -> Mapping[str, str]:
    return render_artifacts(estate, provenance, data, bindings, COMPILED.bound)


def shape(text: str) -> Any:
    return YAML(typ="safe").load(text)


ORDINARY = render(LOADED.data, COMPILED.bound.bindings, COMPILED.estate)
KEYS = {name: list(shape(text)) for name, text in ORDINARY.items() if name.endswith(".yaml")}


def skeleton(text: str) -> list[str]:
    """How each line begins: what a value that breaks out of its place would change."""
    return [line[: len(line) - len(line.lstrip())] + line.lstrip()[:2] for line in text.split("\n")]


def tags(text: str) -> list[str]:
    """The elements of a document, in order."""
    return [item.tag for item in ET.fromstring(text).iter()]


@given(words, words, words)
@settings(max_examples=15, deadline=None)
def test_a_hostile_value_changes_no_line_but_its_own(place: str, instance: str, path: str) -> None:
    data = cast("dict[str, Any]", LOADED.data)
    files = {**data["mirror"]["tls_files"], "ca": path, "private_key": path}
    data = {**data, "mirror": {**data["mirror"], "instance": instance, "tls_files": files}}
    bindings = {**COMPILED.bound.bindings, "name.dc1": place, "name.dc2": place}
    address = Address("dc1/smgr/cluster1/ContextStoreManager")
    changed = {**COMPILED.estate.resources, address: {path: Override(True, place)}}
    found = render(data, bindings, Estate(changed))
    assert found.keys() == ORDINARY.keys()
    for name, text in found.items():
        assert "\r" not in text
        if name.endswith((".cos", ".ps1", ".nsupdate", ".dgmgrl", ".sql", ".hosts", ".html", ".xml")):
            assert skeleton(text) == skeleton(ORDINARY[name]), name
        if name.endswith(".xml"):
            assert tags(text) == tags(ORDINARY[name]), name
        if name.endswith(".yaml"):
            assert list(shape(text)) == KEYS[name], name
    page = shape(found["smgr/dc1/cluster1/ContextStoreManager.yaml"])
    assert [(item["label"], item["effective_value"]) for item in page["attributes"]] == [(path, place)]


def test_an_attribute_that_the_catalogue_does_not_know_is_passed_through() -> None:
    address = Address("dc1/smgr/cluster1/ContextStoreManager")
    attributes = {**COMPILED.estate.attributes(address), "GEO: New": Override(True, "true")}
    resources = {**COMPILED.estate.resources, address: attributes}
    files = render(LOADED.data, COMPILED.bound.bindings, Estate(resources))
    page = shape(files["smgr/dc1/cluster1/ContextStoreManager.yaml"])
    (found,) = [item for item in page["attributes"] if item["label"] == "GEO: New"]
    assert (found["override"], found["effective_value"], found["setting"]) == (True, "true", None)


def test_a_new_resource_of_the_catalogue_appears_by_itself() -> None:
    catalogue = load_catalogue()
    known = next(item for item in catalogue.resources if item["id"] == "smgr-emailservice")
    workflow = next(item for item in catalogue.resources if item["id"] == "workflow-chat")
    page = next(item for item in catalogue.resources if item["id"] == "acm-uca-server")
    new: tuple[Mapping[str, Json], ...] = (
        {**known, "id": "smgr-new", "address": "{dc}/smgr/cluster2/NewService"},
        {**workflow, "id": "workflow-new", "address": "{dc}/workflow/Fax"},
        {**page, "id": "acm-new", "address": "shared/acm/NewServer"},
    )
    compiled = compile_site(LOADED, replace(catalogue, resources=(*catalogue.resources, *new)))
    files = render_artifacts(compiled.estate, compiled.provenance, LOADED.data, compiled.bound.bindings, compiled.bound)
    assert files.keys() - ORDINARY.keys() == {
        f"{stem}.yaml"
        for side in ("dc1", "dc2")
        for stem in (f"smgr/{side}/cluster2/NewService", f"engagement-designer/{side}/Fax")
    }
    assert "shared/acm/NewServer" in [item["address"] for item in shape(files["acm/dc1.yaml"])["pages"]]
