"""The threat model claims no defence that no test holds, and knows every kind of threat."""

import re
from pathlib import Path

from tests.docs.documents import DOCS

PAGE = DOCS / "explanation" / "threat-model.md"
_ROW = re.compile(r"^\| [STRIDE] \|.*\| (?P<held>[^|]+) \|$", re.MULTILINE)
_TESTS = re.compile(r"(?P<names>`\w+`(?:, `\w+`)*) in \[(?P<shown>[\w.]+)\]\((?P<file>[^)]+)\)")


def test_every_row_names_tests_that_exist_where_it_says() -> None:
    text = PAGE.read_text("utf-8")
    rows = [row["held"] for row in _ROW.finditer(text)]
    assert len(rows) == len(re.findall(r"^\| [A-Z] \|", text, re.MULTILINE)), "each row is one of S, T, R, I, D, E"
    for held in rows:
        named = list(_TESTS.finditer(held))
        assert named, held
        assert _TESTS.sub("", held).strip(" ,") == "", f"this says more than tests hold: {held}"
        for part in named:
            file = (PAGE.parent / part["file"]).resolve()
            assert file.name == part["shown"]
            code = file.read_text("utf-8")
            assert [name for name in re.findall(r"\w+", part["names"]) if f"def {name}(" not in code] == [], part[
                "file"
            ]


def test_every_letter_on_an_arrow_of_the_picture_has_a_chapter() -> None:
    text = PAGE.read_text("utf-8")
    picture = text.partition("```mermaid")[2].partition("```")[0]
    arrows = set(re.findall(r"\|\"?([a-z])\b(?::[^|]*)?\"?\|", picture))
    assert sorted(arrows) == re.findall(r"^### ([a-z]):", text, re.MULTILINE)
    assert Path(PAGE).stat().st_size < 40_000
