"""`init` on a terminal: it asks what no flag says, takes the usual answer for Enter, and leaves a site that plans."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from tests.planning import ROOT


def on_a_terminal(folder: Path, answers: str, *arguments: str) -> tuple[int, str]:
    """Exit code and what was shown; the answers lie ready in the terminal's input."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "NO_COLOR": "1", "TERM": "dumb"}
    os.write(ours, answers.encode())
    with subprocess.Popen(
        [sys.executable, "-m", "oceana_dr", *arguments],
        cwd=folder,
        env=environment,
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as process:
        os.close(theirs)
        shown = process.communicate(timeout=120)[0].decode()
    os.close(ours)
    return process.returncode, shown


def test_it_asks_what_no_flag_says(tmp_path: Path) -> None:
    code, shown = on_a_terminal(
        tmp_path, "y\n\nmanual\n\nKöln\n\nEurope/Berlin\n\n", "init", "acme", "--ha", "--no-web-voice"
    )
    assert code == 0, shown
    assert "High Availability pair" not in shown
    assert "Is there Avaya Analytics, with Oracle Data Guard? [y/N]" in shown
    assert "Domain of the servers [acme.example]" in shown
    text = (tmp_path / "sites/acme/site.yaml").read_text("utf-8")
    assert "standby:" in text
    assert "analytics:" in text
    assert "switchover: manual" in text
    assert "name: Köln" in text
    assert "name: Data Center 2" in text
    assert "tls_files" not in text
    code, shown = on_a_terminal(tmp_path, "", "plan", "acme", "--detailed-exitcode")
    assert code == 0, shown


def test_what_cannot_be_chosen_is_asked_again(tmp_path: Path) -> None:
    code, shown = on_a_terminal(tmp_path, "\n\n\n\nperhaps\nmanual\n\n\n\n\n\n", "init", "acme")
    assert code == 0, shown
    assert "'perhaps' is not one of 'automatic', 'manual'" in shown


def test_an_answer_that_no_site_could_have_is_asked_again(tmp_path: Path) -> None:
    answers = "\n\n\n\n\na b\nacme.example\n\n\nFoo/Bar\nEurope/Berlin\n\n"
    code, shown = on_a_terminal(tmp_path, answers, "init", "acme")
    assert code == 0, shown
    assert "'a b' is not a domain, for example acme.example" in shown
    assert "'Foo/Bar' is not an IANA time zone, for example Europe/Berlin" in shown


@pytest.mark.parametrize(
    ("flag", "answer"),
    [
        ("--domain", "a b"),
        ("--domain", "acme..example"),
        ("--domain", f"{'a' * 63}." * 4 + "example"),
        ("--time-zone", "Foo/Bar"),
        ("--time-zone", "../etc/passwd"),
        ("--dc1-name", ""),
        ("--dc2-name", "Köln\nMitte"),
    ],
)
def test_a_flag_that_no_site_could_have_is_one_error(flag: str, answer: str, tmp_path: Path) -> None:
    code, shown = on_a_terminal(tmp_path, "", "init", "acme", flag, answer)
    assert code == 1, shown
    assert shown.count("Invalid value") == 1
    assert f"Invalid value for '{flag}': {answer!r} is not a" in shown
    assert list(tmp_path.iterdir()) == []


def test_leaving_it_writes_nothing(tmp_path: Path) -> None:
    code, shown = on_a_terminal(tmp_path, "y\n\x04", "init", "acme")
    assert code == 4, shown
    assert list(tmp_path.iterdir()) == []
