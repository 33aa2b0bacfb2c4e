"""Any diagnostic, wherever it points and whatever it says: every format holds, and none drives what reads it."""

import json
from unicodedata import category

from hypothesis import given, settings
from hypothesis import strategies as st

from oceana_dr.diagnostics import Diagnostic, Fix, Label, Severity, Span, bounded
from oceana_dr.diagnostics.bounded import MOST
from oceana_dr.present.cells import display_width
from oceana_dr.present.diagnostic import render_concise, render_text
from oceana_dr.present.diagnostic_machine import diagnostics_to_json, render_github

NASTY = (
    *(
        "\x1b[2J\x1b]0;owned\x07",
        "\x9b31m",
        "\r\n::error::x",
        "\n::set-output name=x::y",
        "::stop-commands::x",
        "%0A::error::x",
    ),
    *(
        "\u202eetihw",
        "\u2028",
        "\ufeff",
        "\ud800",
        "\0",
        "a\tb",
        "漢字かな",
        "e\u0301\u0300",
        "👩‍👩‍👧",
        "𝒳" * 9,
        "x" * 400,
    ),
)
texts = st.one_of(st.text(max_size=40), st.sampled_from(NASTY))
lines = st.lists(texts, min_size=1, max_size=6)
files = st.sampled_from(["f", "g", "a,b:c%.yaml", "\x1b[2J", "x\n::error::y"])
codes = st.sampled_from(["OD1101", "OD1006", "OD1140", "OD1141", "OD1020", "OD9999"])


@st.composite
def spans(draw: st.DrawFn) -> Span:
    """Places inside of the file, at its edges and far outside: a renderer must not be the one that fails."""
    number = st.one_of(st.integers(1, 9), st.sampled_from([200, 10**6]))
    line, column = draw(number), draw(number)
    end_line = line + draw(st.integers(0, 3))
    end = draw(number) if end_line > line else column + draw(st.integers(0, 500))
    return Span(draw(files), line, column, end_line, end)


diagnostics = st.builds(
    Diagnostic,
    codes,
    texts.filter(bool),
    st.lists(st.builds(Label, spans(), texts), max_size=4).map(tuple),
    st.lists(texts, max_size=2).map(tuple),
    st.none() | texts,
    st.sampled_from(Severity),
    st.none() | st.builds(Fix, spans(), texts, st.booleans()),
)


def harmless(text: str) -> bool:
    return all(sign == "\n" or sign.isprintable() or category(sign) == "Zs" for sign in text)


@settings(max_examples=120, deadline=None)
@given(st.lists(diagnostics, max_size=5), lines, st.sampled_from(["\n", "\r\n", "\r"]))
def test_every_format_holds(found: list[Diagnostic], content: list[str], end: str) -> None:
    text = end.join(content)
    plain = render_text(found, lambda _: text)
    assert harmless(plain)
    assert plain.count("[OD") >= len(found)
    assert all(display_width(line) >= 0 for line in plain.splitlines())
    assert render_text(found, lambda _: text, ascii=True).isascii()
    assert render_text(found, lambda _: None).count("\n") >= len(found)
    coloured = render_text(found, lambda _: text, color=True)
    assert all(part.partition("m")[0].replace(";", "").isdigit() for part in coloured.split("\x1b[")[1:])
    assert len(render_concise(found).splitlines()) == len(found)
    assert harmless(render_concise(found))


@settings(max_examples=120, deadline=None)
@given(st.lists(diagnostics, max_size=5))
def test_annotations_are_one_line_each_and_nothing_else(found: list[Diagnostic]) -> None:
    said = render_github(found)
    assert harmless(said)
    assert [line.startswith(("::error ", "::warning ", "::notice ")) for line in said.splitlines()] == [True] * len(
        found
    )
    for line in said.splitlines():
        properties, _, message = line.partition(" ")[2].partition("::")
        assert "\n" not in message
        assert all(part.count("=") >= 1 for part in properties.split(","))


@settings(max_examples=100, deadline=None)
@given(st.lists(diagnostics, max_size=5))
def test_json_is_ascii_safe(found: list[Diagnostic]) -> None:
    assert json.loads(json.dumps(diagnostics_to_json(found))) == diagnostics_to_json(found)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 30), st.integers(0, 30), st.randoms(use_true_random=False))
def test_a_bound_keeps_the_first_of_each_file_and_says_so(more: int, few: int, chance: object) -> None:
    many = [Diagnostic("OD1101", f"m{n}", (Label(Span("f", n, 1, n, 2)),)) for n in range(1, MOST + more + 1)]
    other = [Diagnostic("OD1101", f"o{n}", (Label(Span("g", n, 1, n, 2)),)) for n in range(1, few + 1)]
    mixed = [*many, *other]
    chance.shuffle(mixed)  # type: ignore[attr-defined]  # hypothesis's own Random, which it does not name
    found = bounded(mixed)
    kept = {item.message for item in found if item.code != "OD1020"}
    assert kept == {f"m{n}" for n in range(1, MOST + 1)} | {item.message for item in other}
    told = [item for item in found if item.code == "OD1020"]
    assert [item.span for item in told] == ([Span("f", MOST + 1, 1, MOST + more, 2)] if more else [])
    assert bounded(found) == found
    again = bounded(dict.fromkeys((*found, *bounded(many[more:]))))
    assert [item.span for item in again if item.code == "OD1020"] == [item.span for item in told]
    assert {item.message for item in again if item.code != "OD1020"} == kept


def test_a_secret_that_is_left_out_is_not_shown_as_a_neighbour_of_what_is_kept() -> None:
    content = "\n".join("password hunter2hunter2" for _ in range(MOST + 3))
    found = [Diagnostic("OD1141", "m", (Label(Span("f", n, 10, n, 24), "not shown"),)) for n in range(1, MOST + 4)]
    assert "hunter2" not in render_text(bounded(found), lambda _: content)
