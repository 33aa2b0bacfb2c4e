"""Text becomes a located tree, or diagnostics; never an exception, never more work than the limits allow."""

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oceana_dr.diagnostics import Span
from oceana_dr.operations.validating import check_sites
from oceana_dr.present.diagnostic import render_text
from oceana_dr.source import yaml_tree
from oceana_dr.source.node import Mapping, Node, Plain, Scalar, Sequence
from oceana_dr.source.project import open_project
from oceana_dr.source.text import decode_text, split_lines
from oceana_dr.source.yaml_tree import MAX_DEPTH, MAX_NODES, Tree, read_tree
from tests.source.project_copy import copy_project, edit


def read_bytes(data: bytes) -> tuple[str | None, Tree]:
    text, problems = decode_text(data, "f")
    return (text, Tree(None, problems)) if text is None else (text, read_tree(text, "f"))


def value_of(text: str) -> Plain:
    tree = read_tree(f"k: {text}\n", "f")
    assert isinstance(tree.root, Mapping), tree.diagnostics
    value = tree.root.entries[0][1]
    assert isinstance(value, Scalar)
    return value.value


def spans_of(node: Node) -> Iterator[Span]:
    yield node.span
    match node:
        case Mapping(entries=entries):
            for key, value in entries:
                yield key.span
                yield from spans_of(value)
        case Sequence(items=items):
            for item in items:
                yield from spans_of(item)
        case Scalar():
            return


def codes(text: str) -> list[str]:
    return [item.code for item in read_tree(text, "f").diagnostics]


def test_the_c_parser_is_in_use() -> None:
    assert vars(sys.modules["_ruamel_yaml"])["CParser"] is vars(yaml_tree)["CParser"]
    assert str(sys.modules["_ruamel_yaml"].__file__).endswith((".so", ".pyd"))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("~", None),
        ("null", None),
        ("Null", None),
        ("nULL", "nULL"),
        ("true", True),
        ("FALSE", False),
        ("yes", "yes"),
        ("no", "no"),
        ("on", "on"),
        ("Off", "Off"),
        ("12", 12),
        ("-7", -7),
        ("+7", 7),
        ("0777", 777),
        ("0o777", 511),
        ("0xFF", 255),
        ("1_000", "1_000"),
        ("1:30", "1:30"),
        ("3.10", 3.1),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("-.inf", float("-inf")),
        ("2026-01-04", "2026-01-04"),
        ("10.11.0.10", "10.11.0.10"),
        ('"true"', "true"),
        ("'12'", "12"),
        ("!!str 12", "12"),
        ("!!int 12", 12),
        ("!!float 12", 12.0),
        ("! 12", "12"),
        ("! null", "null"),
        ('! "d"', "d"),
        ("=", "="),
    ],
)
def test_scalars_are_those_of_the_core_schema(text: str, value: Plain) -> None:
    found = value_of(text)
    assert found == value
    assert type(found) is type(value)


def test_not_a_number_is_a_float() -> None:
    found = value_of(".nan")
    assert isinstance(found, float)
    assert found != found  # noqa: PLR0124 - that is what makes it one


@pytest.mark.parametrize(
    ("text", "line", "column", "end_column"),
    [
        ("a: x\nkey: value\n", 2, 6, 11),
        ("a: x\r\nkey: value\r\n", 2, 6, 11),
        ("a: x\rkey: value\r", 2, 6, 11),
        ("\ufeffkey: value\n", 1, 6, 11),
        ("漢字: value\n", 1, 5, 10),
        ("𝒳: value\n", 1, 4, 9),
        ("e\u0301: value\n", 1, 5, 10),
        ("key: 'value'\n", 1, 6, 13),
        ("key:   value   # note\n", 1, 8, 13),
        ("key: {a: [value]}\n", 1, 6, 18),
    ],
)
def test_columns_count_characters_from_one(text: str, line: int, column: int, end_column: int) -> None:
    decoded, tree = read_bytes(text.encode())
    assert decoded is not None
    assert isinstance(tree.root, Mapping)
    span = tree.root.entries[-1][1].span
    assert (span.line, span.column, span.end_column) == (line, column, end_column)


def test_what_stands_in_a_repeated_node_keeps_its_place() -> None:
    root = read_tree("a: &x {k: 1}\nb: *x\n", "f").root
    assert isinstance(root, Mapping)
    (_, first), (_, again) = root.entries
    assert isinstance(first, Mapping)
    assert isinstance(again, Mapping)
    assert first.entries is again.entries


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a: &x [*x]\n", "OD1012"),
        ("a: *x\n", "OD1012"),
        ("a: 1\na: 2\n", "OD1008"),
        ("<<: {a: 1}\n", "OD1009"),
        ("a: 1\n---\nb: 2\n", "OD1010"),
        ("a: !!python/object:os.system x\n", "OD1011"),
        ("a: !!set {x}\n", "OD1011"),
        ("a: !!int x\n", "OD1011"),
        ("a: !!bool yes\n", "OD1011"),
        ("? [a]\n: 1\n", "OD1015"),
        ("true: 1\n", "OD1015"),
        ("a: " + "9" * 65 + "\n", "OD1016"),
        ("%YAML 1.1\n---\na: 1\n", "OD1017"),
    ],
)
def test_what_yaml_allows_and_a_definition_does_not_is_refused(text: str, code: str) -> None:
    assert codes(text) == [code]


def test_a_quoted_merge_key_is_a_key() -> None:
    assert codes('"<<": 1\n') == []


def test_errors_that_leave_a_tree_are_all_found() -> None:
    tree = read_tree("a: !x 1\nb: *y\nb: 2\n3: 4\n", "f")
    assert [item.code for item in tree.diagnostics] == ["OD1011", "OD1012", "OD1008", "OD1015"]
    assert isinstance(tree.root, Mapping)


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        "{" * 100_000,
        "a: " + "[" * 500_000,
        "- " * 300_000,
        "? " * 300_000,
        "[{a: " * 100_000,
        "\n".join(" " * depth + "a:" for depth in range(1_000)),
    ],
    ids=["brackets", "braces", "half a megabyte", "items", "complex keys", "mixed", "indented"],
)
def test_deep_nesting_is_refused_at_once(text: str) -> None:
    begin = time.perf_counter()
    assert codes(text) == ["OD1013"]
    assert time.perf_counter() - begin < 2


def test_depth_counts_through_aliases() -> None:
    levels = "".join(f"a{n}: &a{n} [*a{n - 1}]\n" for n in range(1, MAX_DEPTH + 1))
    assert codes(f"a0: &a0 []\n{levels}") == ["OD1013"]


def test_the_deepest_nesting_allowed_is_read() -> None:
    assert codes("[" * MAX_DEPTH + "]" * MAX_DEPTH) == []


@pytest.mark.parametrize(
    "text",
    [
        "a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n"
        + "".join(f"{n}: &{n} [{', '.join(['*' + p] * 10)}]\n" for p, n in zip("abcdefgh", "bcdefghi", strict=True)),
        "[" + "1," * (MAX_NODES + 1) + "]",
    ],
    ids=["billion laughs", "many items"],
)
def test_too_many_nodes_are_refused_while_reading(text: str) -> None:
    begin = time.perf_counter()
    assert codes(text) == ["OD1014"]
    assert time.perf_counter() - begin < 5


def check_spans(text: str | None, tree: Tree) -> None:
    lines = split_lines(text) if text is not None else None
    spans = [label.span for item in tree.diagnostics for label in item.labels]
    if tree.root is not None:
        spans += list(spans_of(tree.root))
    for span in spans:
        assert (span.line, span.column) <= (span.end_line, span.end_column)
        assert span.line >= 1
        assert span.column >= 1
        if lines is not None:
            assert span.end_line <= len(lines)
            assert span.end_column <= len(lines[span.end_line - 1]) + 1


YAML_LIKE = st.text(
    alphabet=st.sampled_from("abk: \n\t\r-[]{},&*!|>'\"#%?0123.~<=\\漢𝒳\u0301\ufeff\u2028"), max_size=60
)


@settings(max_examples=1_000, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_become_a_tree_or_diagnostics(data: bytes) -> None:
    text, tree = read_bytes(data)
    assert tree.root is not None or tree.diagnostics or not (text or "").strip() or text is not None
    check_spans(text, tree)


@settings(max_examples=2_000, deadline=None)
@given(YAML_LIKE)
def test_any_text_that_looks_like_yaml_does_too(data: str) -> None:
    text, tree = read_bytes(data.encode())
    check_spans(text, tree)


def test_an_alias_stands_where_it_is_written_and_knows_what_it_repeats() -> None:
    text = "a: &x 10.1.1.1\nb: {c: *x}\nd: &y # comment\n  !!str 7\ne: &z [1, 2]\nf: *z\n"
    tree = read_tree(text, "f")
    assert isinstance(tree.root, Mapping)
    assert tree.diagnostics == ()
    found = {key.value: value for key, value in tree.root.entries}
    anchored, inner, tagged = found["a"], found["b"], found["d"]
    assert anchored.span == Span("f", 1, 7, 1, 15)
    assert isinstance(inner, Mapping)
    alias = inner.entries[0][1]
    assert alias.span == Span("f", 2, 8, 2, 10)
    assert isinstance(alias, Scalar)
    assert (alias.value, alias.anchored) == ("10.1.1.1", anchored.span)
    assert tagged.span == Span("f", 4, 9, 4, 10)
    assert found["f"].span == Span("f", 6, 4, 6, 6)


def test_the_second_of_two_equal_addresses_is_where_it_is_written(tmp_path: Path) -> None:
    root = copy_project(tmp_path)
    site = root / "sites/acme/site.yaml"
    edit(site, "address: 10.11.0.10", "address: &smgr 10.11.0.10")
    edit(site, "address: 10.11.1.11", "address: *smgr ")
    lines = site.read_text("utf-8").splitlines()
    (found,) = check_sites(open_project(root), ["acme"])
    assert found.code == "OD1123"
    again, first = (label.span for label in found.labels)
    assert lines[again.line - 1][again.column - 1 : again.end_column - 1] == "*smgr"
    assert lines[first.line - 1][first.column - 1 : first.end_column - 1] == "10.11.0.10"


def test_a_secret_is_hidden_where_an_alias_has_it_from(tmp_path: Path) -> None:
    root = copy_project(tmp_path)
    site = root / "sites/acme/site.yaml"
    edit(site, "name: Frankfurt", "name: &place hunter2")
    edit(site, "env:ACME_BACKUP_PASSWORD", "*place")
    (found,) = (item for item in check_sites(open_project(root), ["acme"]) if item.code == "OD1141")
    shown = render_text([found], {"sites/acme/site.yaml": site.read_text("utf-8")}.get)
    assert "hunter2" not in shown
