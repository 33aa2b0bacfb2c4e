"""What `--fix` would change, as a diff that shows no secret."""

from oceana_dr.diagnostics import Diagnostic, Fix, Label, Span
from oceana_dr.present.fix_text import render_proposed
from oceana_dr.present.style import Style

FILE = "sites/acme/site.yaml"
BEFORE = "name: acme\ndeployed: true\nbackup:\n  password: Hunter2\n  note: plain\n"
PLAIN = Style(ascii=True, color=False)


def proposed(before: str, after: str, *found: Diagnostic) -> str:
    return render_proposed([(FILE, before, after)], found, PLAIN)


def at(line: int, code: str = "OD1042") -> Diagnostic:
    span = Span(FILE, line, 1, line, 40)
    return Diagnostic(code, "x", (Label(span),), fix=Fix(span, "", safe=False))


def test_a_line_that_goes_takes_no_mask_off_the_next() -> None:
    text = proposed(BEFORE, BEFORE.replace("deployed: true\nbackup:\n", ""), at(2))
    assert "-deployed: true" in text
    assert "Hunter2" not in text


def test_a_changed_line_that_held_a_secret_is_not_shown() -> None:
    before = "name: acme\nlogin: oceana/Hunter2\n"
    text = proposed(before, before.replace("login: ", "user: "), at(2, "OD1140"))
    assert "Hunter2" not in text


def test_what_is_no_secret_is_shown() -> None:
    text = proposed(BEFORE, BEFORE.replace("note: plain", "note: other"), at(5))
    assert "-  note: plain" in text
    assert "+  note: other" in text
