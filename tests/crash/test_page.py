"""The page says what the program counts, and the README what the page says."""

from __future__ import annotations

import re

import pytest

from oceana_dr.catalogue.starts import Start
from tests.crash.bound import Bound
from tests.crash.cuts import Cuts, none
from tests.crash.starts import STARTS, planned
from tests.docs.documents import ROOT
from tests.scenarios.estates import ENDS

PAGE = (ROOT / "docs" / "explanation" / "crash-matrix.md").read_text("utf-8")
COUNTED = ("network-split", "lost")


def counts(name: str) -> tuple[int, ...]:
    """Steps and places in the smallest topology, then in the largest."""
    row = re.search(rf"^\S+, {name} +([\d, ]+)$", PAGE, re.MULTILINE)
    assert row, name
    return tuple(int(number.replace(",", "")) for number in row[1].split())


@pytest.mark.parametrize("start", STARTS, ids=lambda start: start.id)
def test_the_steps_are_those_of_the_plans_now(start: Start) -> None:
    small, large = (len(planned(start, topology).plan.steps) for topology in ENDS)
    assert counts(start.id)[::2] == (small, large), "make crash CRASH_ARGS='--write …' writes the page anew"


@pytest.mark.parametrize("name", COUNTED)
def test_the_places_are_those_of_the_runs_now(name: str) -> None:
    start = next(item for item in STARTS if item.id == name)
    places = [Cuts(Bound(planned(start, topology)), first=none).run().points for topology in ENDS]
    assert list(counts(name)[1::2]) == places, "make crash CRASH_ARGS='--write …' writes the page anew"


def test_the_readme_has_the_figures_of_the_page() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    told = next(part for part in readme.split("\n\n") if "docs/explanation/crash-matrix.md" in part and "crash" in part)
    figures = re.findall(r"\d[\d,.]*\d", told.replace("docs/explanation/crash-matrix.md", ""))
    assert len(figures) >= 3
    assert [figure for figure in figures if figure not in PAGE] == []
