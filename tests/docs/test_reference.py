"""The reference is the program's own: each page is what `scripts/reference.py` makes of the program now."""

import json

import pytest

from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.diagnostics.codes import ALL
from scripts import reference
from tests.golden_files import Golden

from .documents import ROOT


@pytest.mark.parametrize("name", reference.PAGES)
def test_pages_are_fresh(name: str, golden: Golden) -> None:
    golden(reference.FOLDER / name, reference.PAGES[name]())


def test_every_page_has_a_maker() -> None:
    pages = {path.relative_to(reference.FOLDER).as_posix() for path in reference.FOLDER.rglob("*") if path.is_file()}
    assert pages == set(reference.PAGES)


@pytest.mark.parametrize("name", ["plan-file.md", "site.md"])
def test_every_key_is_explained(name: str) -> None:
    rows = [line for line in reference.PAGES[name]().splitlines() if line.startswith("| `")]
    assert [row for row in rows if row.endswith("|  |")] == []


def test_the_schema_has_no_key_of_which_the_words_are_left_over() -> None:
    page = reference.plan_file()
    schema = json.loads((ROOT / "schemas" / "plan.schema.json").read_text("utf-8"))
    assert schema["$defs"].keys() == {"action", "moment", "predicate", "step", "value"}
    assert [words for words in reference.PLAN_WORDS.values() if reference.prose(words) not in page] == []


def test_nothing_is_left_out() -> None:
    diagnostics, steps = reference.diagnostics(), reference.steps()
    scenario = load_catalogue().scenarios["planned-switchover"]
    assert [code for code in ALL if f"\n## {code}: " not in diagnostics] == []
    assert [step["id"] for step in scenario.steps if f"\n| `{step['id']}` | " not in steps] == []
    assert [item.id for item in load_catalogue().invariants if f"\n| {item.id} | " not in steps] == []


def test_text_is_written_so_that_it_shows() -> None:
    assert reference.prose("a <b> of `x_y*` [1]") == r"a \<b> of `x_y*` \[1\]"
    assert reference.table(("a",), [("`x|y`",)]) == "| a |\n| --- |\n| `x\\|y` |"
