"""The committed schemas are those of the models, and say what the models say."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from oceana_dr.source.document import read_document
from oceana_dr.source.merge import merge_trees
from oceana_dr.source.node import Node
from oceana_dr.source.schema import NAMES, schema_document, schema_text
from oceana_dr.source.site.model import Site
from oceana_dr.source.site.types import TEXT_PATTERN
from tests.golden_files import Golden
from tests.source.project_copy import ROOT

CASES = ROOT / "tests" / "cases" / "invalid"
# What a schema of one file can see: keys, types and forms. The rest is across keys or files.
KINDS = {
    "OD1042", "OD1101", "OD1102", "OD1103", "OD1104", "OD1105", "OD1106", "OD1107", "OD1108", "OD1110", "OD1111",
    "OD1112", "OD1113", "OD1114", "OD1116", "OD1117", "OD1118", "OD1130", "OD1131", "OD1132", "OD1141",
}  # fmt: skip
BEYOND = {
    "OD1110-recurrence",
    "OD1110-recurrence-misspelt-day",
    "OD1110-recurrence-misspelt-freq",
    "OD1110-recurrence-misspelt-part",
    "OD1110-recurrence-too-many-times",
    "OD1110-recurrence-too-often",
    "OD1110-recurrence-until-no-day",
    "OD1042-derived-value-own-key",
    "OD1101-unknown-key-of-a-driver",
    "OD1102-missing-key-of-a-driver",
    "OD1114-site-name-folder",
}  # parts of a rule, names beside other keys, of folders, options of drivers: more than a pattern says


def plain(value: Any) -> Any:
    """Lists for tuples, as a JSON document has them."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, tuple) else value


def data_of(path: Path) -> Any:
    document = read_document(path, path.name)
    assert document.root is not None
    return plain(merge_trees((document.root,)).data)


def errors(name: str, path: Path) -> list[str]:
    return [
        error.message for error in jsonschema.Draft202012Validator(schema_document(name)).iter_errors(data_of(path))
    ]


@pytest.mark.parametrize("name", NAMES)
def test_the_committed_schema_is_fresh(name: str, golden: Golden) -> None:
    golden(ROOT / "schemas" / f"{name}.schema.json", schema_text(name))


@pytest.mark.parametrize("name", NAMES)
def test_the_schema_is_one(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(schema_document(name))


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("site", "sites/acme/site.yaml"),
        ("site", "sites/globex/site.yaml"),
        ("defaults", "sites/defaults.yaml"),
        ("project", "oceana-dr.yaml"),
    ],
)
def test_the_examples_fit(name: str, file: str) -> None:
    assert errors(name, ROOT / file) == []
    assert f"{name}.schema.json" in (ROOT / file).read_text(encoding="utf-8").splitlines()[0]


def described(name: str, field: dict[str, Any]) -> bool:
    """Whether the model that a field refers to has the description (said once if both are the same)."""
    model = schema_document(name)["$defs"].get(str(field.get("$ref", "")).rpartition("/")[2], {})
    return bool(model.get("description"))


def test_every_field_has_a_description() -> None:
    without = [
        f"{owner}.{key}"
        for name in NAMES
        for owner, part in [(name, schema_document(name)), *schema_document(name)["$defs"].items()]
        for key, field in part.get("properties", {}).items()
        if not (field.get("description") or described(name, field))
    ]
    assert without == []


def test_no_key_is_open() -> None:
    parts = [part for name in NAMES for part in [schema_document(name), *schema_document(name)["$defs"].values()]]
    open_ = [part for part in parts if part.get("type") == "object" and part["additionalProperties"] is not False]
    # What may be set of a driver is known by that driver, which may come from another package.
    assert open_ == [schema_document("project")["$defs"]["Drivers"]]
    assert open_[0]["additionalProperties"]["type"] == "object"


def test_the_defaults_require_nothing() -> None:
    assert '"required": [' not in schema_text("defaults")


BROKEN = [
    pytest.param(case, id=case.name)
    for case in sorted(CASES.iterdir())
    if case.name.partition("-")[0] in KINDS and (case / "change.yaml").exists() and case.name not in BEYOND
]


@pytest.mark.parametrize("case", BROKEN)
def test_what_the_models_refuse_in_one_file_the_schema_refuses(case: Path) -> None:
    change = data_of(case / "change.yaml")
    files = {"site.yaml": f"sites/{change.get('site', 'acme')}/site.yaml", "defaults.yaml": "sites/defaults.yaml"}
    files["oceana-dr.yaml"] = "oceana-dr.yaml"
    names = {"site.yaml": "site", "defaults.yaml": "defaults", "oceana-dr.yaml": "project"}
    texts = {name: (ROOT / file).read_text(encoding="utf-8") for name, file in files.items()}
    for step in change["changes"]:
        file = step.get("file", "site.yaml")
        texts[file] = texts[file].replace(step["replace"], step["with"])
    found = []
    for file, text in texts.items():
        document = read_tree_data(text, file)
        found += list(jsonschema.Draft202012Validator(schema_document(names[file])).iter_errors(document))
    assert found


def read_tree_data(text: str, file: str) -> Any:
    from oceana_dr.source.yaml_tree import read_tree

    root = read_tree(text, file).root
    assert root is not None
    return plain(merge_trees((root,)).data)


def test_the_schemas_are_json_without_surprises() -> None:
    for name in NAMES:
        assert json.loads(schema_text(name)) == schema_document(name)


# ------------------------------------------------------------------------------------------------- as the models say

SITE = jsonschema.Draft202012Validator(schema_document("site"))


def places(data: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every path in data."""
    yield path
    if isinstance(data, dict | list):
        for key, value in data.items() if isinstance(data, dict) else enumerate(data):
            yield from places(value, (*path, key))


def replaced(data: Any, path: tuple[str | int, ...], value: Any) -> Any:
    """The data with another value at a path."""
    if not path:
        return value
    copy = data.copy()
    copy[path[0]] = replaced(data[path[0]], path[1:], value)
    return copy


def complaints(data: Any) -> set[str]:
    """The kinds of pydantic's complaints."""
    try:
        Site.model_validate(tupled(data))
    except ValidationError as error:
        return {item["type"] for item in error.errors()}
    return set()


def tupled(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: tupled(value) for key, value in data.items()}
    return tuple(map(tupled, data)) if isinstance(data, list) else data


# Words that mean something somewhere in a site, and some that mean nothing.
WORDS = st.sampled_from(
    ["dc1", "open", "draining", "automatic", "10.0.0.1", "a.example", "https://a.example/", "env:X", "4h", "E", "3.5",
     "D:\\x", "2026-01-04T02:00", "FREQ=DAILY", "Europe/Berlin", "+49 69 555", "/srv", "", "no", "x y", "10.0.0.256",
     "x" * 300]
)  # fmt: skip
VALUES = st.one_of(
    WORDS,
    st.none(),
    st.booleans(),
    st.integers(-1, 70_000),
    st.just(1.5),
    st.lists(WORDS, max_size=2),
    st.dictionaries(WORDS, WORDS, max_size=2),
)


@settings(max_examples=200)
@given(data=st.data(), name=st.sampled_from(["acme", "globex"]))
def test_schema_and_models_judge_alike(data: st.DataObject, name: str) -> None:
    site = plain(
        merge_trees(tuple(root_of(ROOT / file) for file in (f"sites/{name}/site.yaml", "sites/defaults.yaml"))).data
    )
    path = data.draw(st.sampled_from(list(places(site))))
    here = site
    for key in path:
        here = here[key]
    if isinstance(here, dict) and data.draw(st.booleans()):
        site = replaced(site, path, {**here, data.draw(WORDS): data.draw(VALUES)})
    elif path:
        site = replaced(site, path, data.draw(VALUES))
    kinds = complaints(site)
    assume(kinds != {"missing"})  # the other file may have it: what the schema of one file demands is tested above
    assert SITE.is_valid(site) == (not kinds)


def root_of(path: Path) -> Node:
    root = read_document(path, path.name).root
    assert root is not None
    return root


def test_no_title_is_made_of_a_name() -> None:
    parts = [part for name in NAMES for part in schema_document(name)["$defs"].values()]
    fields = [field for part in parts for field in part.get("properties", {}).values()]
    assert [part["title"] for part in (*parts, *fields) if isinstance(part.get("title"), str)] == []


def test_forms_of_ones_own_have_an_example_or_say_it() -> None:
    """A person completing a pattern sees what it looks like: an example at the field, or the words of its form."""
    without = []
    for name in NAMES:
        document = schema_document(name)
        for owner, part in [(name, document), *document["$defs"].items()]:
            for key, field in part.get("properties", {}).items():
                pattern = field.get("pattern") or next(
                    (one.get("pattern") for one in field.get("anyOf", []) if one.get("pattern")), None
                )
                # A text is anything on one line: there is nothing to show.
                if pattern not in {None, TEXT_PATTERN} and not field.get("examples") and "default" not in field:
                    without.append(f"{owner}.{key}")
    assert without == []
