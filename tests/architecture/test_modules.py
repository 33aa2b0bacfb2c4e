"""Modules are small enough to read at one sitting and say what they are for."""

import ast
import statistics
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted((ROOT / "src" / "oceana_dr").rglob("*.py"))
AROUND = sorted(path for folder in ("benchmarks", "fuzz", "scripts") for path in (ROOT / folder).rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))

LONGEST_MODULE = 400
MEDIAN_MODULE = 150
DOCSTRING_LINES = range(3, 7)
EMPTY_NAMES = {"util", "utils", "helper", "helpers", "manager", "managers"}


def line_count(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def docstring_faults(path: Path) -> Iterator[str]:
    """What is wrong with the docstring of one module."""
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")), clean=False)
    if docstring is None:
        yield "no docstring"
        return
    lines = [line for line in docstring.splitlines() if line.strip()]
    if len(lines) not in DOCSTRING_LINES:
        yield f"{len(lines)} lines of docstring, not {DOCSTRING_LINES.start} to {DOCSTRING_LINES.stop - 1}"
    if docstring[:1].isspace():
        yield "the summary does not stand on the first line"


def test_there_are_modules() -> None:
    assert SOURCES
    assert AROUND
    assert TESTS


def test_every_module_says_in_three_to_six_lines_what_it_is_for() -> None:
    faults = [f"{path.relative_to(ROOT)}: {fault}" for path in SOURCES + AROUND for fault in docstring_faults(path)]
    assert faults == []


def test_no_module_is_longer_than_a_sitting() -> None:
    every = SOURCES + AROUND + TESTS
    long = {str(path.relative_to(ROOT)): size for path in every if (size := line_count(path)) > LONGEST_MODULE}
    assert long == {}


def test_the_median_module_is_short() -> None:
    assert statistics.median(line_count(path) for path in SOURCES) <= MEDIAN_MODULE


def test_no_module_has_a_name_that_says_nothing() -> None:
    empty = [
        str(path.relative_to(ROOT))
        for path in SOURCES + AROUND
        if EMPTY_NAMES & set(path.relative_to(ROOT).with_suffix("").parts)
        or any(path.stem.endswith(f"_{name}") for name in EMPTY_NAMES)
    ]
    assert empty == []


def test_names_are_suggested_by_one_measure() -> None:
    """`difflib` likes what is long and alike; `nearest` counts slips, and offers nothing where two are as near."""
    users = [path.name for path in SOURCES if "get_close_matches" in path.read_text(encoding="utf-8")]
    assert users == []
