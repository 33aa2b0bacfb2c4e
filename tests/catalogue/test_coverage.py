"""Every item of the manual is accounted for, by a record that names it; no setting and no constraint is open."""

import json
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from oceana_dr.catalogue.build import SOURCE, compile_manual
from oceana_dr.catalogue.errata import Answer, load_errata, load_limitations
from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.catalogue.observances import COMPILED, Observance, load_coverage, load_observances
from oceana_dr.catalogue.settings import load_settings
from oceana_dr.diagnostics.codes import ALL as ALL_CODES
from oceana_dr.present.coverage_text import STATES, render_coverage
from tests.cases.test_rules import LIMITS

TESTS = Path(__file__).parents[1]
ROWS = load_coverage()
LAST_LINE = 2510
ALL = {"setting": 132, "procedure": 104, "constraint": 170, "limitation": 15, "defect": 164}


def known_names() -> set[str]:
    """Whatever may keep a constraint: invariants, steps (and the ids that stand for several), procedures, settings."""
    catalogue = load_catalogue()
    steps = [str(step["id"]) for scenario in catalogue.scenarios.values() for step in scenario.steps]
    procedures = {
        str(step["procedure"]) for one in catalogue.scenarios.values() for step in one.steps if "procedure" in step
    }
    return {
        *(item.id for item in catalogue.invariants),
        *(item.id for item in load_settings()),
        *catalogue.procedures,
        *procedures,
        *steps,
        *(step.partition(".")[0] for step in steps),
    }


def test_what_was_compiled_is_fresh() -> None:
    assert COMPILED.read_text("utf-8") == compile_manual(), "run: python -m oceana_dr.catalogue.build"


def test_the_index_of_the_manual_is_whole() -> None:
    assert Counter(row.kind for row in ROWS) == ALL
    assert len({(row.kind, row.id) for row in ROWS}) == len(ROWS)
    assert [(row.kind, row.id) for row in ROWS] == sorted((row.kind, row.id) for row in ROWS)
    lines = [int(number) for number in re.findall(r"\[(\d+), \d+\]", (SOURCE / "manual.yaml").read_text("utf-8"))]
    assert min(lines) > 0
    assert max(lines) <= LAST_LINE


def test_no_setting_and_no_constraint_is_open() -> None:
    assert [row.id for row in ROWS if row.kind in {"setting", "constraint"} and row.state == "open"] == []


def test_every_state_has_its_word_and_its_place() -> None:
    assert {row.state for row in ROWS} <= set(STATES)
    assert all(bool(row.where) == (row.state != "open") for row in ROWS)
    for row in ROWS:
        if ":" in row.where:
            file, _, line = row.where.partition(":")
            named = (SOURCE.parents[1] / file).read_text("utf-8").splitlines()[int(line) - 1]
            assert "id: " in named


def test_a_constraint_has_one_record() -> None:
    names = [*(rule.id for rule in load_catalogue().rules), *(item.id for item in load_observances())]
    indexed = [row.id for row in ROWS if row.kind == "constraint"]
    assert sorted(set(names) - LIMITS) == indexed
    assert len(names) == len(set(names))


@pytest.mark.parametrize("item", load_observances(), ids=lambda item: item.id)
def test_what_is_said_to_keep_a_constraint_exists(item: Observance) -> None:
    assert set(item.kept_by) <= known_names()
    assert item.kept_by or item.ask
    assert item.tells in {"estate", "person"}
    assert bool(item.ask) or item.tells == "estate", "a person tells it, so a person is asked"
    assert not item.ask or item.ask.endswith("?")


def test_the_counts_add_up_and_name_what_is_open() -> None:
    severities = {item.id: item.severity for item in load_errata()}
    text = render_coverage(ROWS, severities)
    assert re.search(r"constraint .* 0 +170\n", text)
    found = Counter(severities[row.id] for row in ROWS if row.kind == "defect")
    assert found["high"] + found["medium"] == 94
    for name, number in found.items():
        assert re.search(rf"^  {name} .* {number}$", text, re.MULTILINE)
    assert "that are open" not in text, "something of the manual has no answer"
    assert " ".join(text.split()).endswith(
        "Nothing is open of 170 constraints, 15 limitations, 104 procedures, 132 settings, 94 defects of high and "
        "medium severity and 70 low ones (aliases, spellings)."
    )


def test_what_is_open_is_counted_and_named() -> None:
    severities = {item.id: item.severity for item in load_errata()}
    rows = [replace(row, state="open") if row.id == "single-dr-site" else row for row in ROWS]
    text = render_coverage(rows, severities)
    assert "1 open of " in text or "2 open of " in text
    assert "limitations that are open: single-dr-site" in text


@pytest.mark.parametrize("limit", load_limitations(), ids=lambda item: item.id)
def test_every_limitation_is_refused_or_warned_of_by_a_rule_that_is_tested_or_left_to_people(limit: Answer) -> None:
    rules = {rule.code: rule for rule in load_catalogue().rules}
    codes = [name for name in limit.held_by if name in rules or name in ALL_CODES]
    (row,) = (row for row in ROWS if (row.kind, row.id) == ("limitation", limit.id))
    assert row.state in {"refused", "warned", "operator"}
    assert limit.manual, "it names the page"
    assert codes or row.state == "operator"
    for code in codes:
        cases = [*(TESTS / "cases" / "rules").glob(f"{code}-*"), *(TESTS / "cases" / "invalid").glob(f"{code}-*")]
        assert cases, f"{limit.id}: nothing shows {code}"


def test_it_is_the_contract_s_form() -> None:
    data = json.loads(COMPILED.read_text("utf-8"))["coverage"]
    assert all(set(item) == {"kind", "id", "state", "where"} for item in data)
