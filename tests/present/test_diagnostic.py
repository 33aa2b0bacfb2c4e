"""Diagnostics as text, lines, JSON and annotations: places line up, secrets do not get out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oceana_dr.diagnostics import Diagnostic, Fix, Label, Severity, Span
from oceana_dr.present.cells import display_width
from oceana_dr.present.diagnostic import count_severities, render_concise, render_text
from oceana_dr.present.diagnostic_machine import diagnostics_to_json, render_github

SAMPLE = Diagnostic(
    "OD1042",
    "both data centres would run the mail manager",
    (Label(Span("sites/acme/site.yaml", 71, 7, 71, 12), "deployed in dc2 while dc1 is operational"),),
    ("the mail manager runs on the operational side only (manual p. 35-36)",),
    "remove this line; the compiler derives it from `operational`",
)
SAMPLE_TEXT = "\n" * 69 + "    cluster3:\n      email: {deployed: true}\n"


def at(line: int, column: int, end: int, code: str = "OD1101", text: str = "") -> Diagnostic:
    return Diagnostic(code, "message", (Label(Span("f", line, column, line, end), text),))


def render(item: Diagnostic, text: str, *, ascii_only: bool = False) -> list[str]:
    return render_text([item], {"f": text}.get, ascii=ascii_only).splitlines()


def test_the_sample_of_the_contract() -> None:
    assert render_text([SAMPLE], lambda _: SAMPLE_TEXT) == (
        "error[OD1042]: both data centres would run the mail manager\n"
        "  ┌─ sites/acme/site.yaml:71:7\n"
        "70 │     cluster3:\n"
        "71 │       email: {deployed: true}\n"
        "   │       ^^^^^ deployed in dc2 while dc1 is operational\n"
        "   = the mail manager runs on the operational side only (manual p. 35-36)\n"
        "   = help: remove this line; the compiler derives it from `operational`\n"
    )


def test_the_sample_in_ascii() -> None:
    text = render_text([SAMPLE], lambda _: SAMPLE_TEXT, ascii=True)
    assert text.isascii()
    assert "  --> sites/acme/site.yaml:71:7\n70 |     cluster3:\n" in text


def test_colour_adds_escapes_and_nothing_else() -> None:
    import re

    plain, coloured = (render_text([SAMPLE], lambda _: SAMPLE_TEXT, color=color) for color in (False, True))
    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain


def test_the_path_is_shown_as_the_caller_wants_it() -> None:
    text = render_text([SAMPLE], lambda _: SAMPLE_TEXT, shown=lambda file: f"../{file}")
    assert "┌─ ../sites/acme/site.yaml:71:7" in text


@pytest.mark.parametrize(
    ("line", "column", "end", "caret"),
    [
        ("a: 漢字 x", 7, 8, "        ^"),
        ("a: e\u0301 x", 7, 8, "     ^"),
        ("a:\tx", 4, 5, "      ^"),
        ("漢: x", 1, 2, "^^"),
        ("a: x", 5, 5, "    ^"),
    ],
)
def test_carets_stand_under_what_is_meant(line: str, column: int, end: int, caret: str) -> None:
    shown = render(at(1, column, end), f"{line}\n")
    assert shown[3].removeprefix("   │ ") == caret


def test_a_second_label_is_underlined_with_dashes_and_a_gap_is_shown() -> None:
    text = "a: 1\n\n\n\nb: 2\na: 3\n"
    item = Diagnostic("OD1008", "m", (Label(Span("f", 6, 1, 6, 2), "again"), Label(Span("f", 1, 1, 1, 2), "first")))
    assert render(item, text)[1:] == [
        "  ┌─ f:6:1",
        " 1 │ a: 1",
        "   │ - first",
        "   ⋮",
        " 5 │ b: 2",
        " 6 │ a: 3",
        "   │ ^ again",
    ]


def test_a_label_in_another_file_gets_a_snippet_of_its_own() -> None:
    item = Diagnostic("OD1120", "m", (Label(Span("f", 1, 1, 1, 2)), Label(Span("g", 1, 1, 1, 2))))
    text = render_text([item], {"f": "one", "g": "two"}.get)
    assert text.index("f:1:1") < text.index("one") < text.index("g:1:1") < text.index("two")


def test_without_a_source_the_place_is_still_named() -> None:
    assert render_text([at(3, 4, 5)], lambda _: None) == "error[OD1101]: message\n  ┌─ f:3:4\n"


def test_a_long_line_is_cut_around_its_label() -> None:
    text = "x" * 5_000 + "HERE" + "y" * 5_000
    shown = render(at(1, 5_001, 5_005), text)
    assert len(shown[2]) < 200
    assert shown[2][shown[3].index("^") :].startswith("HERE")


def test_what_would_drive_a_terminal_is_named_instead() -> None:
    item = Diagnostic("OD1101", "the key `\x1b[2J` is not known", (Label(Span("f", 1, 1, 1, 2), "\x1b[0m"),))
    text = render_text([item], lambda _: "a\x1b]0;x\x07\u202eb") + render_concise([item])
    assert not any(ord(sign) < 32 and sign != "\n" for sign in text)
    assert "\u202e" not in text


SECRET = "hunter2 hunter2"


@pytest.mark.parametrize("code", ["OD1140", "OD1141"])
def test_a_secret_is_masked_in_its_own_line_and_as_context(code: str) -> None:
    text = f"value: {SECRET}\nother: 1\n"
    items = [at(1, 8, 8 + len(SECRET), code, "not shown"), at(2, 1, 6)]
    shown = render_text(items, {"f": text}.get)
    assert "hunter2" not in shown
    assert shown.count("value: ********") == 2
    assert "       ^^^^^^^^ not shown" in shown


def test_a_secret_of_several_lines_is_masked_in_all_of_them() -> None:
    text = "v: |\n  hunter2\n  hunter2\nother: 1\n"
    items = [Diagnostic("OD1141", "m", (Label(Span("f", 1, 4, 4, 1)),)), at(4, 1, 6)]
    assert "hunter2" not in render_text(items, {"f": text}.get)


@pytest.mark.parametrize(
    "line",
    [
        "password: hunter2",
        "pasword: 'hunter2'",
        "{login: x, admin_password: hunter2, port: 0}",
        '"db-secret": "hunter2 and more"',
        "passphrase:   hunter2 # old",
        "PASSWD: hunter2",
    ],
)
def test_what_stands_beside_a_key_that_sounds_secret_is_masked_without_any_diagnostic(line: str) -> None:
    shown = render_text([at(1, 1, 2), at(2, 1, 2)], {"f": f"{line}\nother: 1\n"}.get)
    assert "hunter2" not in shown
    assert shown.count("********") == 2


@pytest.mark.parametrize("value", ["env:NAME", "file:/run/secret", "command:pass show x", '"env:NAME"'])
def test_a_reference_is_shown(value: str) -> None:
    assert f"password: {value}" in render_text([at(1, 1, 2)], {"f": f"password: {value}\n"}.get)


def test_concise_lines() -> None:
    warning = Diagnostic("OD1150", "nothing", severity=Severity.WARNING)
    assert render_concise([at(3, 4, 5), warning]) == "f:3:4: error[OD1101]: message\nwarning[OD1150]: nothing\n"
    assert count_severities([at(3, 4, 5), at(3, 4, 5), warning]) == "2 errors, 1 warning"


def test_json_has_every_place() -> None:
    item = Diagnostic(
        "OD1101", "m", (Label(Span("f", 3, 4, 3, 9), "l"),), ("n",), "h", fix=Fix(Span("f", 3, 4, 3, 9), "x", safe=True)
    )
    place = {"file": "f", "line": 3, "column": 4, "end_line": 3, "end_column": 9}
    assert diagnostics_to_json([item]) == [
        {
            "code": "OD1101",
            "name": "unknown-key",
            "severity": "error",
            "message": "m",
            **place,
            "labels": [{**place, "text": "l"}],
            "notes": ["n"],
            "help": "h",
            "fix": {**place, "replacement": "x", "safe": True},
            "silenced": None,
        }
    ]


def test_json_says_what_was_silenced_and_why_under_the_rule_s_name() -> None:
    item = Diagnostic("OD2182", "m", severity=Severity.INFO, rule="active-data-center-values", silenced="by agreement")
    (found,) = diagnostics_to_json([item])
    assert (found["name"], found["severity"], found["silenced"]) == (
        "active-data-center-values",
        "info",
        "by agreement",
    )


def test_what_is_good_to_know_is_a_notice_on_github() -> None:
    item = Diagnostic("OD2227", "m", severity=Severity.INFO, rule="reporting-data-loss")
    assert render_github([item]) == "::notice title=OD2227 reporting-data-loss::m\n"


def test_an_annotation_cannot_begin_another_one() -> None:
    item = Diagnostic("OD1101", "one\n::error::two", (Label(Span("a,b:c", 1, 2, 1, 3)),), ("50%",))
    place = "file=a%2Cb%3Ac,line=1,endLine=1,col=2,endColumn=3,title=OD1101 unknown-key"
    assert render_github([item]) == f"::error {place}::one%0A::error::two%0A50%25\n"


@given(st.text(max_size=80), st.integers(1, 90), st.integers(0, 20))
def test_any_line_can_be_shown(line: str, column: int, length: int) -> None:
    first = line.replace("\r", " ").replace("\n", " ")
    shown = render(at(1, column, column + length), first)
    for text in shown:
        assert display_width(text) >= 0
    assert render_text([at(1, column, column + length)], {"f": first}.get, ascii=True).isascii()
