"""`fmt` changes the layout and nothing else: meaning and comments stay, and a second time nothing is left to do."""

from collections import Counter
from io import StringIO
from textwrap import dedent
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel
from ruamel.yaml import YAML

from oceana_dr.diagnostics import InputRefused
from oceana_dr.source.formatter.layout import lay_out
from oceana_dr.source.formatter.read import comments_of
from oceana_dr.source.formatter.write import WIDTH
from oceana_dr.source.merge import merge_trees
from oceana_dr.source.node import Mapping
from oceana_dr.source.project_model import ProjectFile
from oceana_dr.source.site.model import Site
from oceana_dr.source.site.shape import fields_of, model_at
from oceana_dr.source.text import split_lines
from oceana_dr.source.yaml_tree import read_tree
from tests.planning import ROOT
from tests.source.formatter.documents import documents

EXAMPLES: dict[str, type[BaseModel]] = {
    "sites/acme/site.yaml": Site,
    "sites/globex/site.yaml": Site,
    "sites/defaults.yaml": Site,
    "oceana-dr.yaml": ProjectFile,
}


def fmt(text: str) -> str:
    return lay_out(text, "f", Site)


def laid_out(text: str) -> str:
    """The layout of an indented example, checked to be final."""
    found = fmt(dedent(text))
    assert fmt(found) == found
    return found


def meaning(text: str) -> str:
    """What a text says; the order of keys is no part of it."""

    def plain(data: Any) -> Any:
        if isinstance(data, dict):
            return {key: plain(data[key]) for key in sorted(data)}
        return tuple(map(plain, data)) if isinstance(data, tuple) else data

    tree = read_tree(text, "f")
    assert tree.root is not None
    assert tree.diagnostics == ()
    return repr(plain(merge_trees((tree.root,)).data))


def comments(text: str) -> Counter[str]:
    return Counter(item.text for item in comments_of("\n".join(split_lines(text))))


# ------------------------------------------------------------------------------------------------- for any file


@settings(max_examples=300)
@given(documents())
def test_nothing_but_the_layout_changes(text: str) -> None:
    tree = read_tree(text, "f")
    assume(not tree.diagnostics and isinstance(tree.root, Mapping))
    found = fmt(text)
    assert meaning(found) == meaning(text)
    assert comments(found) == comments(text)
    assert fmt(found) == found


TYPED = ("#", " # x", "\n", "\n\n", " ", "  ", "- ", ": ", "{", "}", "[", "]", ",", '"', "'", "&a ", "*a", "!!str ",
         "|\n", "\t", "? ", "...\n", "---\n", "\\", "! ", "\u00a0", "日本")  # fmt: skip


@settings(max_examples=200)
@given(st.sampled_from(sorted(EXAMPLES)), st.lists(st.tuples(st.sampled_from(TYPED), st.integers(0, 5000)), max_size=4))
def test_whatever_is_typed_into_a_file_it_is_laid_out_or_refused(name: str, typed: list[tuple[str, int]]) -> None:
    text = (ROOT / name).read_text("utf-8")
    for piece, place in typed:
        at = place % (len(text) + 1)
        text = text[:at] + piece + text[at:]
    try:
        found = fmt(text)
    except InputRefused:
        assert read_tree(text, "f").diagnostics
        return
    assert (meaning(found), comments(found)) == (meaning(text), comments(text))
    assert fmt(found) == found


def test_a_space_that_is_none_for_yaml_is_part_of_the_value() -> None:
    assert laid_out("a: x\u00a0\nb: |\n  \u00a0\n# c\u00a0\n") == "a: x\u00a0\nb: |\n  \u00a0\n# c\u00a0\n"


@settings(max_examples=100)
@given(documents())
def test_a_file_that_does_not_parse_is_refused(text: str) -> None:
    with pytest.raises(InputRefused):
        fmt(f"{text}\n]\n")


@settings(max_examples=20)
@given(st.randoms(use_true_random=False), st.sampled_from(sorted(EXAMPLES)))
def test_any_order_of_keys_and_any_indentation_gives_the_same_file(random: Any, name: str) -> None:
    text, model = (ROOT / name).read_text("utf-8"), EXAMPLES[name]
    reader = YAML(typ="safe")

    def shuffled(data: Any, path: tuple[str | int, ...] = ()) -> Any:
        if isinstance(data, dict):
            keys = list(data)
            if model_at(model, path) is not None:
                random.shuffle(keys)
            return {key: shuffled(data[key], (*path, key)) for key in keys}
        return [shuffled(item, (*path, i)) for i, item in enumerate(data)] if isinstance(data, list) else data

    def written(data: Any, indent: int) -> str:
        writer, out = YAML(), StringIO()
        writer.default_flow_style = False
        writer.width = 10_000
        writer.indent(mapping=indent, sequence=indent + 2, offset=indent)
        writer.dump(data, out)
        return out.getvalue()

    data = reader.load(text)
    one, other = written(data, 2), written(shuffled(data), random.choice((2, 3, 4, 8)))
    assert lay_out(other, "f", model) == lay_out(one, "f", model)
    assert meaning(lay_out(other, "f", model)) == meaning(text)


@settings(max_examples=100)
@given(st.permutations(list(fields_of(Site))), st.data())
def test_a_comment_travels_with_its_key(keys: list[str], data: st.DataObject) -> None:
    lines = ["# about the file", ""]
    for key in keys:
        lines += [f"# above {key}", f"{key}: 1 # behind {key}"]
        if data.draw(st.booleans()):
            lines.append("")
    found = [line for line in fmt("\n".join(lines)).splitlines() if line]
    assert found[0] == "# about the file"
    expected = [part for key in fields_of(Site) for part in (f"# above {key}", f"{key}: 1  # behind {key}")]
    assert [" ".join(line.split()) for line in found[1:]] == [" ".join(line.split()) for line in expected]


# ------------------------------------------------------------------------------------------------- the style


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_the_examples_are_laid_out(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    assert lay_out(text, name, EXAMPLES[name]) == text


def test_keys_stand_in_the_order_of_the_models_and_unknown_ones_last() -> None:
    assert laid_out("""\
        channels: {sms: open, later: 1, voice: open}
        mine: 1
        name: acme
        schema: oceana-dr/site/v1
    """) == dedent("""\
        schema: oceana-dr/site/v1
        name: acme
        channels: {voice: open, sms: open, later: 1}
        mine: 1
    """)


def test_keys_of_ones_own_and_lists_keep_their_order() -> None:
    text = dedent("""\
        change_windows:
          - start: "2026-02-01T02:00"
            duration: 4h
          - {start: "2026-01-04T02:00", duration: 4h}
        drivers:
          dc2/cm: operator
          dc1/cm: operator
    """)
    assert laid_out(text) == text


def test_the_head_of_the_file_stays_at_its_head() -> None:
    assert laid_out("""\
        # yaml-language-server: $schema=../../schemas/site.schema.json
        # Acme.

        # its name
        name: acme
        schema: oceana-dr/site/v1
    """) == dedent("""\
        # yaml-language-server: $schema=../../schemas/site.schema.json
        # Acme.

        schema: oceana-dr/site/v1
        # its name
        name: acme
    """)


def test_comments_behind_values_keep_their_column_where_there_is_room() -> None:
    assert laid_out("""\
        name: acme               # the name
        operational: dc1         # who takes
                                 # the calls
        data_centers:  # two
            dc1: # one
                name: Frankfurt am Main # where
    """) == dedent("""\
        name: acme               # the name
        operational: dc1         # who takes
                                 # the calls
        data_centers:  # two
          dc1:  # one
            name: Frankfurt am Main  # where
    """)


def test_comments_in_one_column_stay_in_one_column() -> None:
    assert laid_out("""\
        a: {x:   1} # one
        bb: [1,2,3] # two
        c: 1        # three
        d: 1     # four
    """) == dedent("""\
        a: {x: 1}      # one
        bb: [1, 2, 3]  # two
        c: 1           # three
        d: 1     # four
    """)


def test_comments_at_the_end_of_a_part_belong_to_it() -> None:
    text = dedent("""\
        channels:
          sms: open
          # chat: open

        # not yet
        drivers:
          dc1/cm: operator
          # dc2/cm: operator
        # last
    """)
    assert laid_out(text) == text
    assert laid_out(f"{text}name: acme\n").startswith("# last\nname: acme\nchannels:\n  sms: open\n  # chat: open\n")


def test_what_fits_into_its_line_stays_in_brackets() -> None:
    host = "{fqdn: breeze11.dc1.acme.example, address: 10.11.1.11}"
    text = f"data_centers:\n  dc1:\n    system_manager: {host}\n"
    assert laid_out(text) == text
    assert laid_out(text.replace(", address", ",\n      address")) == text


def test_what_does_not_fit_or_holds_a_comment_stands_one_entry_a_line() -> None:
    long = "x" * WIDTH
    assert laid_out(f"a: [{{b: {long}}}, {{c: 1}}]\nd: {{e: 1, # one\n f: 2}} # both\n") == dedent(f"""\
        a:
          - b: {long}
          - {{c: 1}}
        d:  # both
          e: 1  # one
          f: 2
    """)


def test_quotes_are_double_and_words_are_small() -> None:
    assert laid_out("a: 'x'\nb: 'say \"x\"'\nc: True\nd: NULL\ne: ~\nf: yes\ng: \"3.5\"\n") == (
        'a: "x"\nb: \'say "x"\'\nc: true\nd: null\ne: null\nf: yes\ng: "3.5"\n'
    )


def test_values_of_several_lines_keep_their_lines() -> None:
    assert laid_out("""\
        a: |   # kept
              one
                two

        b: >-
         folded
         text
        c: "in
              quotes"
        d: plain
            words
    """) == dedent("""\
        a: |   # kept
          one
            two

        b: >-
          folded
          text
        c: "in
          quotes"
        d: plain
          words
    """)


def test_an_alias_stays_behind_its_anchor() -> None:
    text = "name: &a acme\nschema: *a\n"
    assert laid_out(text) == text
    assert laid_out(f"channels: {{sms: &b open, voice: *b}}\n{text.replace('*a', '1')}") == (
        "channels: {sms: &b open, voice: *b}\nname: &a acme\nschema: 1\n"
    )
    assert laid_out("name: [&a 1, *a]\nschema: 1\n") == "schema: 1\nname: [&a 1, *a]\n"


def test_runs_of_blank_lines_are_one_and_lists_are_indented() -> None:
    assert laid_out("\n\nname: 1\n\n\n\nmirror:\n\n  databases:\n  - a\n\n\n  -   - b\n      - c\n\n\n") == (
        "name: 1\n\nmirror:\n  databases:\n    - a\n\n    - - b\n      - c\n"
    )


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_line_ends_are_those_of_the_first_line(end: str) -> None:
    assert fmt(f"name: 1{end}schema: |\n  a\r\n  b\n") == "schema: |\n  a\n  b\nname: 1\n".replace("\n", end)


def test_directives_and_document_marks_go() -> None:
    assert laid_out("# a\n%YAML 1.2\n--- # b\nname: 1\n... # c\n") == "# a\n\n# b\nname: 1\n# c\n"
