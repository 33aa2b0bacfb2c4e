"""SARIF: valid against its schema for every diagnostic there is, with nothing of a file in it."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator

from oceana_dr.diagnostics import Diagnostic, Fix, Label, Severity, Span
from oceana_dr.diagnostics.codes import ALL
from oceana_dr.present.diagnostic_sarif import sarif_document

SCHEMA = json.loads((Path(__file__).parent / "sarif" / "sarif-2.1.0-rtm.5.json").read_text("utf-8"))
PLACE = Span("sites/acme/site.yaml", 3, 4, 3, 9)
OTHER = Span("sites/defaults.yaml", 1, 1, 2, 1)


def problems(document: Any) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in Draft4Validator(SCHEMA).iter_errors(document)]


def result(item: Diagnostic) -> Any:
    document = sarif_document([item], version="1.2.3")
    assert problems(document) == []
    return document["runs"][0]["results"][0]


def test_the_schema_can_refuse() -> None:
    document = sarif_document([], version="1.2.3")
    document["runs"][0]["colour"] = "red"
    assert problems(document) != []


@pytest.mark.parametrize("code", sorted(ALL))
def test_every_code_is_a_valid_rule(code: str) -> None:
    document = sarif_document([Diagnostic(code, "m", (Label(PLACE),))], version="1.2.3")
    assert problems(document) == []
    (rule,) = document["runs"][0]["tool"]["driver"]["rules"]
    assert (rule["id"], rule["fullDescription"]["text"]) == (code, ALL[code].explanation)
    assert rule["helpUri"].endswith(f"#{code.lower()}-{ALL[code].name}")


def test_nothing_wrong_is_a_run_without_results() -> None:
    document = sarif_document([], version="1.2.3")
    assert problems(document) == []
    assert document["runs"][0]["results"] == []


def test_places_labels_and_fix() -> None:
    item = Diagnostic(
        "OD1101",
        "m",
        (Label(PLACE, "here"), Label(OTHER, "and there")),
        ("n",),
        "h",
        Severity.WARNING,
        Fix(PLACE, "x", safe=False),
    )
    found = result(item)
    region = {"startLine": 3, "startColumn": 4, "endLine": 3, "endColumn": 9}
    assert found["level"] == "warning"
    assert found["message"]["text"] == "m\nn\nhelp: h"
    assert found["locations"][0]["physicalLocation"]["region"] == region
    assert found["relatedLocations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "sites/defaults.yaml"
    assert found["relatedLocations"][0]["message"] == {"text": "and there"}
    (fix,) = found["fixes"]
    assert fix["properties"] == {"safe": False}
    assert fix["artifactChanges"][0]["replacements"][0] == {"deletedRegion": region, "insertedContent": {"text": "x"}}


def test_columns_are_declared_to_be_code_points() -> None:
    assert sarif_document([], version="1")["runs"][0]["columnKind"] == "unicodeCodePoints"


def test_a_diagnostic_without_a_place_and_a_name_that_needs_escapes() -> None:
    assert "locations" not in result(Diagnostic("OD1001", "there is no site"))
    span = Span("sites/a b#c/ü.yaml", 1, 1, 1, 1)
    found = result(Diagnostic("OD1101", "m", (Label(span),)))
    assert found["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "sites/a%20b%23c/%C3%BC.yaml"


def test_a_fingerprint_stays_when_lines_move_and_tells_twins_apart() -> None:
    moved = Span(PLACE.file, 30, 4, 30, 9)
    one, two = (Diagnostic("OD1101", "m", (Label(span),)) for span in (PLACE, moved))
    assert result(one)["partialFingerprints"] == result(two)["partialFingerprints"]
    both = sarif_document([one, two], version="1")["runs"][0]["results"]
    assert both[0]["partialFingerprints"] != both[1]["partialFingerprints"]
