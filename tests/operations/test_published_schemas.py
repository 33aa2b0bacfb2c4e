"""Schemas that are written by hand: they hold of what the program writes, and refuse what it does not."""

import json
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from jsonschema import Draft202012Validator

from oceana_dr.cli.main import run
from oceana_dr.diff.reason import Reason
from oceana_dr.operations.drilling.document import drill_to_json
from oceana_dr.operations.drilling.faults import KINDS
from oceana_dr.operations.drilling.opening import Asked, open_in_memory
from oceana_dr.operations.drilling.simulation import simulate
from oceana_dr.operations.schemas import schema_names, schema_text
from oceana_dr.plan.model import PHASES, SCENARIOS, SEVERITIES, Kind, StepClass
from oceana_dr.present.report.document import report_to_json
from oceana_dr.present.report.facts import Pace
from oceana_dr.present.report.model import make_report
from oceana_dr.present.run_view import State
from oceana_dr.source.cache import Cache
from oceana_dr.source.project import open_project
from oceana_dr.source.schema import NAMES
from oceana_dr.store.records import Decision, Override, Resumed, Skipped, Stopped, Turned
from tests.planning import ROOT, copy_project
from tests.present.samples import Entry, journal, numbered, switchover

BY_HAND = {"plan", "snapshot", "lab-seed", "gateway.openapi", "drill", "report"}
OF_TYPES = {"events"}


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the program itself writes, one of each kind."""
    root = copy_project(tmp_path_factory.mktemp("project"))
    for command in (["plan", "acme", "--operational", "dc2"], ["snapshot", "acme"]):
        assert run(["-C", str(root), *command, "-o", f"{command[0]}.json"]) == 0
    found = {name: json.loads((root / f"{name}.json").read_text("utf-8")) for name in ("plan", "snapshot")}
    seed = Path(ROOT / "sites/acme/lab.seed.json").read_text("utf-8")
    asked, cache = Asked("acme", "split-wan"), Cache(None)
    drilled = simulate(open_in_memory(open_project(root), asked, cache), ("crash", "queue-stuck"), 1, lambda _: None)
    return {**found, "lab-seed": json.loads(seed), "drill": drill_to_json(drilled), "report": reported()}


def reported() -> Any:
    """A run that was turned away, stopped, resumed and overridden, as JSON."""
    plan = switchover("acme")
    more = (
        Entry(
            "2026-03-14T05:00:00.000Z", 1, Turned(plan.id, "steady", "alice", "closed", 7, {"x": "OD1 no"}, {}, "", "")
        ),
        Entry("2026-03-14T05:00:01.000Z", 2, Override("outside-window", "alice", "agreed")),
        Entry("2026-03-14T05:00:02.000Z", 3, Stopped("lost the VPN", 4)),
        Entry("2026-03-14T05:00:03.000Z", 4, Resumed("dora")),
        Entry("2026-03-14T05:00:04.000Z", 5, Decision("P24", "verify", "dora", "erik")),
        Entry("2026-03-14T05:00:05.000Z", 6, Skipped("P24", "dora", "erik", "no time", ("S-60",))),
    )
    report = make_report(plan, numbered((*journal(plan, upto="P24"), *more)))
    return json.loads(json.dumps(report_to_json(report, ZoneInfo("Europe/Berlin"))))


def test_the_words_of_a_report_are_those_of_the_code() -> None:
    found = {frozenset(words) for words in enums(json.loads(schema_text("report")))}
    assert frozenset(map(str, State)) in found
    assert frozenset(map(str, (*Pace, None))) in found


def validator(name: str) -> Draft202012Validator:
    schema = json.loads(schema_text(name))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def test_every_schema_is_made_of_the_code_or_tested_here() -> None:
    assert set(schema_names()) == BY_HAND | OF_TYPES | set(NAMES)


@pytest.mark.parametrize("name", ["plan", "snapshot", "lab-seed", "drill", "report"])
def test_it_holds_of_what_is_written_and_of_nothing_else(name: str, documents: dict[str, Any]) -> None:
    document, check = documents[name], validator(name)
    assert [error.message for error in check.iter_errors(document)] == []
    optional = {"undoes", "bindings", "behind", "losses", "lost"} if name == "plan" else set()
    for key in document.keys() - optional:
        assert not check.is_valid({other: value for other, value in document.items() if other != key}), f"no {key}"
    for key, value in document.items():
        for wrong in (7, [7], {"x": 1.5}):
            if type(wrong) is not type(value) and not (key == "meta" and isinstance(wrong, dict)):
                assert not check.is_valid({**deepcopy(document), key: wrong}), f"{key}: {wrong!r}"


def enums(node: Any) -> Iterator[tuple[str, ...]]:
    match node:
        case {"enum": list() as words, **rest}:
            yield tuple(map(str, words))
            yield from enums(list(rest.values()))
        case dict():
            yield from enums(list(node.values()))
        case list():
            for item in node:
                yield from enums(item)
        case _:
            pass


def test_the_faults_of_a_drill_are_those_of_the_code() -> None:
    assert tuple(KINDS) in set(enums(json.loads(schema_text("drill"))))


def test_the_words_of_a_plan_are_those_of_the_code() -> None:
    found = {frozenset(words) for words in enums(json.loads(schema_text("plan")))}
    for words in (SCENARIOS, PHASES, SEVERITIES, Kind, StepClass, Reason):
        assert frozenset(map(str, words)) in found, words


def test_the_gateways_contract_is_one_and_refers_to_nothing_that_is_missing() -> None:
    contract = json.loads(schema_text("gateway.openapi"))
    assert contract["openapi"].startswith("3.1")
    for schema in contract["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)

    def references(node: Any) -> Iterator[str]:
        if isinstance(node, dict):
            if isinstance(node.get("$ref"), str):
                yield node["$ref"]
            for value in node.values():
                yield from references(value)
        elif isinstance(node, list):
            for item in node:
                yield from references(item)

    for reference in set(references(contract)):
        here = contract
        for part in reference.removeprefix("#/").split("/"):
            here = here[part]
