"""Where a factory password is refused, and what only looks like one."""

from pathlib import Path

import pytest

from oceana_dr.present.diagnostic import render_text
from oceana_dr.source.document import read_document

PRINTED = "Avaya" + "123"
OTHER = "Password" + "1"


@pytest.mark.parametrize(
    "line",
    [
        f"login: {PRINTED}",
        f"{PRINTED}: login",
        f"# {PRINTED}",
        f"login: {PRINTED.lower()}",
        f"login: x{PRINTED}x",
        f"login: user_{PRINTED}",
        f"password: env:{PRINTED}",
        r'login: "Avaya\x3123"',
        r'"Avaya\u0031\U000000323": login',
        r'? "Avaya\x3123"',
        'login: "Avaya\\\n  123"',
        r"list: [a, {b: ['x', " + r'"Avaya\x3123"]}]',
        r'login: "sys\/secret@orcl"',
        "command: sqlplus sys/secret@orcl",
    ],
)
def test_it_is_refused_however_it_is_written(line: str, tmp_path: Path) -> None:
    path = tmp_path / "site.yaml"
    path.write_text(f"{line}\n", encoding="utf-8")
    document = read_document(path, "site.yaml")
    found = [item for item in document.diagnostics if item.code == "OD1140"]
    assert len(found) == 1, document.diagnostics
    shown = render_text(document.diagnostics, {"site.yaml": document.text}.get)
    for secret in (PRINTED.lower(), "secret", r"\x31", r"\u0031"):
        assert secret not in shown.lower()


@pytest.mark.parametrize(
    "line",
    [
        f"password: env:{OTHER.upper()}",
        f"password: env:DC1_{OTHER.upper()}",
        f"path: file:/run/secrets/{OTHER.lower()}2",
        r'path: "D:\\Avaya\\123"',
        r'path: "Avaya\x20123"',
    ],
)
def test_what_only_refers_to_a_password_or_resembles_one_is_none(line: str, tmp_path: Path) -> None:
    path = tmp_path / "site.yaml"
    path.write_text(f"{line}\n", encoding="utf-8")
    assert [item.code for item in read_document(path, "site.yaml").diagnostics] == []


def test_a_password_in_a_login_is_not_said_to_be_the_manuals(tmp_path: Path) -> None:
    path = tmp_path / "site.yaml"
    path.write_text("command: echo sys/xx@db\n", encoding="utf-8")
    (found,) = read_document(path, "site.yaml").diagnostics
    assert "manual" not in " ".join(found.notes)
