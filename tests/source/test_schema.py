"""The committed schemas are those of the models, and say what the models say."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from oceana_dr.source.document import read_document
from oceana_dr.source.merge import merge_trees
from oceana_dr.source.schema import NAMES, schema_document, schema_text
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
    "OD1042-derived-value-own-key",
}  # parts of a rule, names beside other keys: more than a pattern says


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
    assert all(part["additionalProperties"] is False for part in parts if part.get("type") == "object")


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
