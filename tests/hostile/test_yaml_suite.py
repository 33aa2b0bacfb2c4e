"""The documents of the YAML test suite: each is read as the suite says, or refused by a diagnostic.

`make yaml-suite` fetches them (by npm, by hash); without them these tests are skipped. What stands in the sets
below differs from the suite: libyaml decides what is YAML, and a change of any of them is to be noticed.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from fuzz.seeds import SUITE
from fuzz.targets import TARGETS
from oceana_dr.source.merge import merge_trees
from oceana_dr.source.text import decode_text
from oceana_dr.source.yaml_tree import Tree, read_tree

# Allowed by YAML, refused in a definition on purpose: several documents, tags, keys that are no text,
# versions, duplicate keys, characters that cannot be seen.
OURS = frozenset({"OD1005", "OD1008", "OD1010", "OD1011", "OD1012", "OD1015", "OD1017"})
# Allowed by YAML, not known to libyaml: refused as if they were none.
STRICTER = frozenset(
    {
        *("2JQS", "2LFX", "2SXE", "4ABK", "4MUZ", "4MUZ-1", "4MUZ-2", "58MP", "5MUD", "5T43", "6BCT", "6CA3"),
        *("6LVF", "6M2F", "7Z25", "8XYN", "96NN", "96NN-1", "9SA2", "A2M4", "BEC7", "CFD4", "DBG4", "DK3J"),
        *("DK95", "DK95-3", "DK95-4", "FP8R", "FRK4", "HM87", "HWV9", "JR7V", "K3WX", "M2N8", "M7A3", "MUS6-5"),
        *("MUS6-6", "NHX8", "NJ66", "NKF9", "Q5MG", "QT73", "R4YG", "S3PD", "SM9W-1", "UDM2", "UKK6", "UT92"),
        *("VJP3-1", "W4TN", "W5VH", "WZ62", "Y79Y-1", "Y79Y-10"),
    }
)
# No YAML, read by libyaml all the same: a comment without a blank before it, a line indented too little.
LENIENT = frozenset({"9C9N", "9JBA", "CVW2", "DK95-1", "G5U8", "QB6E", "S98Z", "SU5Z", "X4QW", "Y79Y-3", "YJV2"})
# Read by libyaml with another value: `?x` in brackets as an empty key, blanks behind a block, `:` in an anchor.
OTHERWISE = frozenset({"652Z", "HM87-1", "L24T-1", "Y2GN"})

pytestmark = pytest.mark.skipif(not SUITE.is_dir(), reason="the suite is not there: make yaml-suite fetches it")


@dataclass(frozen=True)
class Document:
    name: str
    data: bytes
    fails: bool
    value: Any


def documents() -> Iterator[Document]:
    for path in sorted(SUITE.glob("[0-9A-Z]*.js")):
        text = path.read_text("utf-8")
        cases = json.JSONDecoder().raw_decode(text[text.index("{") :])[0]["cases"]
        for number, case in enumerate(cases):
            name = path.stem if number == 0 else f"{path.stem}-{number}"
            try:
                value = json.loads(case["json"])
            except (KeyError, TypeError, ValueError):
                value = ...  # none, or several documents
            yield Document(name, case["yaml"].encode(), bool(case.get("fail")), value)


def read(document: Document) -> Tree:
    text, found = decode_text(document.data, "f")
    return Tree(None, found) if text is None else read_tree(text, "f")


def test_every_document_is_there() -> None:
    assert sum(1 for _ in documents()) >= 400


def test_each_is_read_or_refused_with_a_place() -> None:
    for document in documents():
        TARGETS["yaml"](document.data)
        assert all(item.span is not None and item.help for item in read(document).diagnostics), document.name


def test_what_is_no_yaml_is_refused() -> None:
    wrong = {document.name for document in documents() if document.fails and not read(document).diagnostics}
    assert wrong == LENIENT


def test_what_is_yaml_is_read_or_refused_on_purpose() -> None:
    wrong = set()
    for document in documents():
        codes = {item.code for item in read(document).diagnostics}
        if not document.fails and codes - OURS:
            wrong.add(document.name)
    assert wrong == STRICTER


def test_what_is_read_has_the_value_that_the_suite_gives() -> None:
    wrong, compared = set(), 0
    for document in documents():
        tree = read(document)
        if document.fails or tree.diagnostics or tree.root is None or document.value is ...:
            continue
        compared += 1
        found = json.loads(json.dumps(merge_trees((tree.root,)).data))
        if found != document.value or type(found) is not type(document.value):
            wrong.add(document.name)
    assert compared > 150
    assert wrong == OTHERWISE
