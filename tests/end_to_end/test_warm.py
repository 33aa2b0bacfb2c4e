"""A command that is forked from the loaded program is, to whoever looks, the one that is started anew."""

import re
import subprocess

import pytest

from tests import warm
from tests.end_to_end.program import Program


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Program:
    return Program(tmp_path_factory.mktemp("warm"))


def said(done: subprocess.CompletedProcess[str]) -> tuple[str, str]:
    """Both streams, but for how long it took."""
    out, err = (re.sub(r"\d+", "#", text) for text in (done.stdout, done.stderr))
    return out, err


@pytest.mark.parametrize(
    "command",
    [
        ("--version",),
        ("--help",),
        ("plan", "acme"),
        ("validate",),
        ("plan", "globex", "--operational", "dc2", "--format", "json"),
        ("plan", "acne"),
        ("explain", "nonsense"),
        ("show", "gibt/es/nicht\udcff"),
        ("plan", "acme", "--no-such-option"),
        (),
    ],
    ids=" ".join,
)
def test_both_say_the_same(command: tuple[str, ...], program: Program) -> None:
    forked = program.run(*command, code=None)
    anew = program.run(*command, code=forked.returncode, before=lambda: None)
    assert said(forked) == said(anew)
    assert "".join(said(forked))


def test_nothing_of_one_command_is_seen_by_the_next(program: Program) -> None:
    before = said(program.run("plan", "acme"))
    assert said(program.run("plan", "acme", COLUMNS="60")) != before
    program.run("-C", "sites", "plan", "acme", code=None)
    assert said(program.run("plan", "acme")) == before


def test_what_the_interpreter_looks_at_is_no_matter_of_a_fork(program: Program) -> None:
    assert warm.fits(program.environment)
    for name in ("PYTHONPATH", "PYTHONUTF8", "LC_ALL", "LANG", "TZ"):
        assert not warm.fits({**program.environment, name: "/elsewhere"}), name


def test_more_than_a_pipe_holds_is_read(program: Program) -> None:
    big = program.root / "big.yaml"
    big.write_text("\n".join(f"key{number}: wrong" for number in range(4000)))
    site = program.root / "sites/acme/site.yaml"
    text = site.read_text()
    site.write_text(text + big.read_text())
    try:
        said = program.run("validate", "acme", code=1)
    finally:
        site.write_text(text)
    assert len(said.stdout + said.stderr) > 70_000  # a pipe holds 65,536 bytes
