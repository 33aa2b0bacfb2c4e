"""The reference is the program's own: each page is what `scripts/reference/` makes of the program now."""

import json

import pytest

from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.diagnostics.codes import ALL
from scripts.reference import artifacts
from scripts.reference.formats import PLAN_WORDS
from scripts.reference.markdown import prose, table
from scripts.reference.order import stamp
from scripts.reference.pages import DOCS, EXPLAINING, FOLDER, JUDGED, PAGES
from tests.golden_files import Golden

from .documents import ROOT

# A site with nothing optional.
GOLDENS = ROOT / "tests" / "goldens" / "artifacts" / "acme" / "dc1"


@pytest.mark.parametrize("name", PAGES)
def test_pages_are_fresh(name: str, golden: Golden) -> None:
    golden(FOLDER / name, PAGES[name]())


@pytest.mark.parametrize("name", EXPLAINING)
def test_explaining_pages_are_fresh(name: str, golden: Golden) -> None:
    golden(DOCS / name, EXPLAINING[name]())


def test_every_page_has_a_maker() -> None:
    pages = {path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*") if path.is_file()}
    assert pages == {*PAGES, *JUDGED}


def test_the_order_page_is_of_this_catalogue_and_has_nothing_to_be_looked_at() -> None:
    """To write it takes a minute; that what it says comes out again is tested on the smallest sites."""
    page = (FOLDER / "order.md").read_text("utf-8")
    assert stamp() in page, "run: python -m scripts.reference"
    assert "Nothing: every rule guards something" in page
    assert [item.title for item in load_catalogue().scenarios.values() if f"\n## {item.title}\n" not in page] == []
    assert "In no plan that was judged" not in page


@pytest.mark.parametrize("name", ["plan-file.md", "report.md", "site.md"])
def test_every_key_is_explained(name: str) -> None:
    rows = [line for line in PAGES[name]().splitlines() if line.startswith("| `")]
    assert [row for row in rows if row.endswith("|  |")] == []


def test_the_schema_has_no_key_of_which_the_words_are_left_over() -> None:
    page = PAGES["plan-file.md"]()
    schema = json.loads((ROOT / "schemas" / "plan.schema.json").read_text("utf-8"))
    assert schema["$defs"].keys() == {"action", "moment", "predicate", "step", "value"}
    assert [words for words in PLAN_WORDS.values() if prose(words) not in page] == []


def test_nothing_is_left_out() -> None:
    diagnostics, steps = PAGES["diagnostics.md"](), PAGES["steps.md"]()
    scenario = load_catalogue().scenarios["planned-switchover"]
    assert [code for code in ALL if f"\n## {code}: " not in diagnostics] == []
    assert [step["id"] for step in scenario.steps if f"\n| `{step['id']}` | " not in steps] == []
    assert [item.id for item in load_catalogue().invariants if f"\n| {item.id} | " not in steps] == []


def test_text_is_written_so_that_it_shows() -> None:
    assert prose("a <b> of `x_y*` [1]") == r"a \<b> of `x_y*` \[1\]"
    assert table(("a",), [("`x|y`",)]) == "| a |\n| --- |\n| `x\\|y` |"


def test_every_kind_of_artifact_says_when_it_is_there() -> None:
    small = {path.relative_to(GOLDENS).as_posix() for path in GOLDENS.rglob("*") if path.is_file()}
    for kind in artifacts.KINDS:
        assert any(artifacts.fits(kind, path) for path in small) == (kind.exists == "always"), kind.path


def test_a_file_of_no_kind_is_not_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    kinds = artifacts.KINDS
    monkeypatch.setattr(artifacts, "KINDS", kinds[1:])
    with pytest.raises(ValueError, match=r"files of no kind: acm/dc1\.yaml, acm/dc2\.yaml"):
        artifacts.rows(ROOT)
    monkeypatch.setattr(artifacts, "KINDS", (*kinds, artifacts.Kind("none/<x>.txt", "", "")))
    with pytest.raises(ValueError, match=r"no file is of the kind none/<x>\.txt"):
        artifacts.rows(ROOT)
