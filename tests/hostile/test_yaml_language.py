"""The language, chapter by chapter of YAML 1.2.2: what each production gives, or the code that refuses it.

Documents of our own: the suite of `test_yaml_suite.py` is larger, but has to be fetched.
"""

from typing import Any

import pytest

from fuzz.targets import TARGETS
from oceana_dr.source.merge import merge_trees
from oceana_dr.source.text import decode_text
from oceana_dr.source.yaml_tree import Tree, read_tree

READ: dict[str, tuple[str, Any]] = {
    # 5: characters
    "5.2 a byte order mark at the start": ("\ufeffa: 1\n", {"a": 1}),
    "5.3 indicators inside of values": ("a: b-c?d:e,f\n", {"a": "b-c?d:e,f"}),
    "5.4 CR LF": ("a: 1\r\nb: 2\r\n", {"a": 1, "b": 2}),
    "5.4 CR": ("a: 1\rb: 2\r", {"a": 1, "b": 2}),
    "5.4 no line end at the end": ("a: 1", {"a": 1}),
    "5.5 a tab between tokens": ("a:\t1\t# note\n", {"a": 1}),
    "5.7 escapes": (
        'a: "\\0\\a\\b\\t\\n\\v\\f\\r\\e\\x41\\u00e4\\U0001F600\\_\\/"\n',
        {"a": "\0\a\b\t\n\v\f\r\x1bAä😀\xa0/"},
    ),
    # 6: structure
    "6.1 indentation by one": ("a:\n b:\n  c: 1\n", {"a": {"b": {"c": 1}}}),
    "6.1 a list as deep as its key": ("a:\n- 1\n- 2\n", {"a": [1, 2]}),
    "6.4 empty lines in a folded value": ("a: one\n\n  two\n", {"a": "one\ntwo"}),
    "6.5 folding": ("a: one\n  two\n", {"a": "one two"}),
    "6.6 comments": ("# x\na: 1 # y\n  # z\nb: 2\n", {"a": 1, "b": 2}),
    "6.6 a sign that begins no comment": ("a: x#y\n", {"a": "x#y"}),
    "6.7 a comment between key and value": ("a:\n  # x\n  1\n", {"a": 1}),
    "6.8 the version that we read": ("%YAML 1.2\n---\na: 1\n", {"a": 1}),
    "6.8 a handle for tags that are allowed": ("%TAG !y! tag:yaml.org,2002:\n---\na: !y!str 1\n", {"a": "1"}),
    "6.9 a tag and an anchor": ("a: !!str &x 1\nb: *x\n", {"a": "1", "b": "1"}),
    # 7: flow
    "7.1 an alias of a list": ("a: &x [1]\nb: *x\n", {"a": [1], "b": [1]}),
    "7.1 an anchor used again": ("a: &x 1\nb: &x 2\nc: *x\n", {"a": 1, "b": 2, "c": 2}),
    "7.2 empty values": ("a:\nb: ''\nc: !!str\n", {"a": None, "b": "", "c": ""}),
    "7.3.1 double quotes over lines": ('a: "one\n  two\\\n  three\n\n  four"\n', {"a": "one twothree\nfour"}),
    "7.3.2 single quotes": ("a: 'it''s \\n'\n", {"a": "it's \\n"}),
    "7.3.3 plain": ("a: -1x ?y :z\n", {"a": "-1x ?y :z"}),
    "7.4.1 lists": ("a: [1, [2], {b: 3}, ]\n", {"a": [1, [2], {"b": 3}]}),
    "7.4.1 a pair in a list": ("a: [b: 1]\n", {"a": [{"b": 1}]}),
    "7.4.2 mappings": ("a: {b: 1, 'c': 2, \"d\":3, }\n", {"a": {"b": 1, "c": 2, "d": 3}}),
    "7.4.2 a key without value": ("a: {b, c: }\n", {"a": {"b": None, "c": None}}),
    "7.4 over lines": ("a: {\n  b: 1,\n  c: [\n    2\n  ]\n}\n", {"a": {"b": 1, "c": [2]}}),
    # 8: block
    "8.1.2 literal": ("a: |\n  one\n   two\n\n  three\n", {"a": "one\n two\n\nthree\n"}),
    "8.1.3 folded": ("a: >\n  one\n  two\n\n  three\n   four\n", {"a": "one two\nthree\n four\n"}),
    "8.1.1.1 indentation given": ("a: |1\n  one\n", {"a": " one\n"}),
    "8.1.1.2 stripped": ("a: |-\n  one\n\n", {"a": "one"}),
    "8.1.1.2 kept": ("a: |+\n  one\n\n", {"a": "one\n\n"}),
    "8.2.1 lists in lists": ("a:\n  - - 1\n    - 2\n  - b: 3\n    c: 4\n", {"a": [[1, 2], {"b": 3, "c": 4}]}),
    "8.2.2 an explicit key": ("? a\n: 1\n? b\n", {"a": 1, "b": None}),
    "8.2.2 a quoted key": ("'a b': 1\n\"c\": 2\n", {"a b": 1, "c": 2}),
    # 9: documents
    "9.1.1 a document's end": ("a: 1\n...\n", {"a": 1}),
    "9.1.3 a bare document": ("a: 1\n", {"a": 1}),
    "9.1.4 a start": ("---\na: 1\n", {"a": 1}),
    # 10: the core schema
    "10.3.2 null": ("a: ~\nb: null\nc: NULL\nd: nUll\n", {"a": None, "b": None, "c": None, "d": "nUll"}),
    "10.3.2 booleans": ("a: true\nb: FALSE\nc: yes\nd: Off\n", {"a": True, "b": False, "c": "yes", "d": "Off"}),
    "10.3.2 integers": ("a: 0777\nb: 0o17\nc: 0xF\nd: -0\ne: 1_0\n", {"a": 777, "b": 15, "c": 15, "d": 0, "e": "1_0"}),
    "10.3.2 floats": (
        "a: 1.\nb: .5\nc: 1e2\nd: -.inf\ne: 1:30\n",
        {"a": 1.0, "b": 0.5, "c": 100.0, "d": float("-inf"), "e": "1:30"},
    ),
    "10.3.2 no dates": ("a: 2026-01-04\n", {"a": "2026-01-04"}),
}

REFUSED: dict[str, tuple[str | bytes, str]] = {
    # 5
    "5.1 a control character": ("a: \x01\n", "OD1005"),
    "5.1 a zero byte": ("a: \0\n", "OD1005"),
    "5.1 a C1 control": ("a: \x85\n", "OD1005"),
    "5.1 half of a surrogate pair": (b"a: \xed\xa0\x80\n", "OD1004"),
    "5.2 UTF-16, little end first": ("a: 1\n".encode("utf-16"), "OD1004"),
    "5.2 UTF-16, big end first": (b"\xfe\xff" + "a: 1\n".encode("utf-16-be"), "OD1004"),
    "5.2 UTF-16 without a mark": ("a: 1\n".encode("utf-16-le"), "OD1005"),
    "5.2 UTF-32": ("a: 1\n".encode("utf-32"), "OD1004"),
    "5.2 Latin-1": ("a: ä\n".encode("latin-1"), "OD1004"),
    "5.2 overlong UTF-8": (b"a: \xc0\xaf\n", "OD1004"),
    "5.2 cut in a letter": ("a: ä".encode()[:-1], "OD1004"),
    "5.2 a byte order mark inside": ("a: \ufeff1\n", "OD1005"),
    "5.3 reserved indicators": ("a: @b\n", "OD1006"),
    "5.3 a percent sign at a line's start": ("%a\n", "OD1006"),
    "5.4 a line separator": ("a: 1\u2028b: 2\n", "OD1005"),
    "5.7 an unknown escape": ('a: "\\q"\n', "OD1006"),
    "5.7 a short escape": ('a: "\\x4"\n', "OD1006"),
    "5.7 an escape beyond Unicode": ('a: "\\UFFFFFFFF"\n', "OD1006"),
    "5 a mark that reverses": ("a: \u202e1\n", "OD1005"),
    # 6
    "6.1 a tab as indentation": ("a:\n\tb: 1\n", "OD1007"),
    "6.1 indentation that fits nothing": ("a:\n    b: 1\n  c: 2\n", "OD1006"),
    "6.8 an older version": ("%YAML 1.1\n---\na: 1\n", "OD1017"),
    "6.8 a later version": ("%YAML 2.0\n---\na: 1\n", "OD1006"),
    "6.8 a directive that is none": ("%FOO bar\n---\na: 1\n", "OD1006"),
    "6.8 a directive twice": ("%YAML 1.2\n%YAML 1.2\n---\na: 1\n", "OD1006"),
    "6.9 a local tag": ("a: !b 1\n", "OD1011"),
    "6.9 a tag that builds objects": ("a: !!python/object/apply:os.system [ls]\n", "OD1011"),
    "6.9 binary": ("a: !!binary aGk=\n", "OD1011"),
    "6.9 a handle that is not known": ("a: !x!y 1\n", "OD1006"),
    "6.9 a tag of a whole mapping": ("--- !!omap\na: 1\n", "OD1011"),
    # 7
    "7.1 an alias of nothing": ("a: *b\n", "OD1012"),
    "7.1 an alias of itself": ("a: &b [*b]\n", "OD1012"),
    "7.1 an alias with content": ("a: &b 1\nc: *b x\n", "OD1006"),
    "7.3 an open quote": ("a: 'b\n", "OD1006"),
    "7.3 an open double quote": ('a: "b\n', "OD1006"),
    "7.3 two values": ("a: 'b' c\n", "OD1006"),
    "7.3 a colon in a plain value": ("a: b: c\n", "OD1006"),
    "7.4 an open list": ("a: [b\n", "OD1006"),
    "7.4 an open mapping": ("a: {b: 1\n", "OD1006"),
    "7.4 a bracket too many": ("a: [b]]\n", "OD1006"),
    "7.4 only commas": ("a: [,]\n", "OD1006"),
    # 8
    "8.1 a block indented by nothing": ("a: |0\n b\n", "OD1006"),
    "8.1 text behind a block's sign": ("a: | b\n c\n", "OD1006"),
    "8.2 a list item where a key belongs": ("a: 1\n- b\n", "OD1006"),
    "8.2 a list in the line of its key": ("a: - b\n", "OD1006"),
    "8.2 a key that is a list": ("? [a]\n: 1\n", "OD1015"),
    "8.2 a key that is a mapping": ("{a: 1}: 2\n", "OD1015"),
    "8.2 a key that is a number": ("1: a\n", "OD1015"),
    "8.2 a key that is a word of YAML": ("true: a\n", "OD1015"),
    "8.2 an empty key": (": a\n", "OD1006"),
    "8.2 a key twice": ("a: 1\n'a': 2\n", "OD1008"),
    "8.2 a merge key": ("a: &x {b: 1}\nc:\n  <<: *x\n", "OD1009"),
    # 9
    "9.2 two documents": ("a: 1\n---\nb: 2\n", "OD1010"),
    "9.2 an empty second document": ("a: 1\n---\n", "OD1010"),
    "9.1 text behind the end": ("a: 1\n... b\n", "OD1006"),
    # 10
    "10.3.2 a tag that the value does not fit": ("a: !!int b\n", "OD1011"),
    "10.3.2 a number too long to be one": ("a: " + "1" * 65 + "\n", "OD1016"),
}


def read(data: bytes) -> Tree:
    text, found = decode_text(data, "f")
    return Tree(None, found) if text is None else read_tree(text, "f")


@pytest.mark.parametrize("name", READ)
def test_what_is_read(name: str) -> None:
    text, value = READ[name]
    tree = read(text.encode())
    assert tree.diagnostics == ()
    assert tree.root is not None
    found = merge_trees((tree.root,)).data
    assert repr(found).replace("(", "[").replace(",)", "]").replace(")", "]") == repr(value)
    TARGETS["yaml"](text.encode())


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused(name: str) -> None:
    text, code = REFUSED[name]
    data = text if isinstance(text, bytes) else text.encode()
    found = read(data).diagnostics
    assert [item.code for item in found][:1] == [code], found
    assert all(item.span is not None and item.help for item in found), "it says where, and what to write"
    assert not any("this is not YAML" in item.message for item in found), "it names what is wrong"
    TARGETS["yaml"](data)
