"""The example labs begin as the example sites want to be with dc1 in service."""

import json
import os
from pathlib import Path

import jsonschema
import pytest

from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.compile.desired import Compiled, compile_site
from oceana_dr.diagnostics import InputRefused, Unreadable
from oceana_dr.estate.address import ref
from oceana_dr.estate.values import Unknown
from oceana_dr.lab.seed import MAX_SEED_BYTES, SEED_FILE, SEED_SCHEMA, Seed, read_seed
from oceana_dr.source.load import load_site
from oceana_dr.source.project import open_project
from tests.golden_files import Golden
from tests.lab.stand import ROOT, SITES

sites = pytest.mark.parametrize("site", ["acme", "globex"])


def seed(site: str) -> Seed:
    return read_seed(SITES / site / SEED_FILE)


def compiled(site: str) -> Compiled:
    return compile_site(load_site(open_project(ROOT), site), load_catalogue(), "dc1")


@sites
def test_it_is_the_desired_state_and_facts_of_the_site_with_what_was_observed(site: str, golden: Golden) -> None:
    """With `--update-goldens` all but the observed values is written anew; those are a person's to give."""
    found, wanted = seed(site), compiled(site)
    known = {
        ref(address, label) for address, resource in wanted.bound.resources.items() for label in resource.attributes
    }
    observed = known - set(wanted.estate.refs())
    assert observed <= set(found.estate.refs()), "these have no observed value"
    estate = wanted.estate.with_values({reference: found.estate.get(reference) for reference in sorted(observed)})
    document = {
        "schema": SEED_SCHEMA,
        "site": site,
        "bindings": dict(wanted.bound.bindings),
        "estate": estate.to_json(),
    }
    golden(SITES / site / SEED_FILE, json.dumps(document, indent=2, ensure_ascii=False) + "\n")


@sites
def test_observed_values_are_of_the_kind_their_console_shows(site: str) -> None:
    estate, bound = seed(site).estate, compiled(site).bound
    for address, resource in bound.resources.items():
        for label, attribute in resource.attributes.items():
            value = estate.get(ref(address, label))
            assert not isinstance(value, Unknown)
            if attribute.type.kind == "observed":
                assert isinstance(value, int if attribute.type.type == "integer" else str)
                assert not attribute.type.allowed or value in attribute.type.allowed


@sites
def test_it_follows_its_schema(site: str) -> None:
    schema = json.loads((ROOT / "schemas" / "lab-seed.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(json.loads((SITES / site / SEED_FILE).read_text("utf-8")), schema)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "not whole JSON"),
        ("[]", "needs schema"),
        ('{"schema": "oceana-dr/lab-seed/v2", "site": "x", "bindings": {}, "estate": {}}', "v2"),
        ('{"schema": "oceana-dr/lab-seed/v1", "site": "x", "bindings": {}, "estate": {"dc3/x": {}}}', "dc3/x"),
        ('{"schema": "oceana-dr/lab-seed/v1", "site": "x", "bindings": {}, "estate": {"dc1/x": {"a": 1.5}}}', "value"),
    ],
)
def test_a_seed_that_is_none_is_refused_with_its_name(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / SEED_FILE
    path.write_text(text)
    with pytest.raises(InputRefused) as refused:
        read_seed(path)
    (found,) = refused.value.diagnostics
    assert says in found.message
    assert str(found.span).startswith(str(path))


def test_a_site_without_a_seed_has_no_lab(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="no lab for this site"):
        read_seed(tmp_path / SEED_FILE)


def test_a_seed_that_says_a_thing_twice_is_refused(tmp_path: Path) -> None:
    text = (SITES / "acme" / SEED_FILE).read_text("utf-8")
    (tmp_path / SEED_FILE).write_text(text.replace("{", '{"site": "globex",', 1), "utf-8")
    with pytest.raises(InputRefused) as refused:
        read_seed(tmp_path / SEED_FILE)
    assert "'site' stands twice" in refused.value.diagnostics[0].message


def test_a_seed_is_a_file_of_a_size_that_can_be_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / SEED_FILE)
    (tmp_path / "large.json").write_bytes(b" " * (MAX_SEED_BYTES + 7))
    for name, code, says in (
        (SEED_FILE, "OD1002", "a pipe"),
        ("large.json", "OD1003", f"{MAX_SEED_BYTES + 7:,} bytes"),
    ):
        with pytest.raises(InputRefused) as refused:
            read_seed(tmp_path / name)
        assert (refused.value.diagnostics[0].code, says in refused.value.diagnostics[0].message) == (code, True)
