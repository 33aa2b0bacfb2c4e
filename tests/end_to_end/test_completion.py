"""`completion`: what a shell offers while somebody types."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.end_to_end.program import Program


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Program:
    return Program(tmp_path_factory.mktemp("completion"))


def offered(program: Program, *words: str) -> list[str]:
    """What stands next where the last of the words is not yet whole, as bash asks for it."""
    line = ["oceana-dr", *words]
    done = program.run(
        _OCEANA_DR_COMPLETE="bash_complete", COMP_WORDS="\n".join(line), COMP_CWORD=str(len(line) - 1), code=0
    )
    assert done.stderr == ""
    return done.stdout.split()


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (("val",), ["plain,validate"]),
        (("plan", ""), ["plain,acme", "plain,globex"]),
        (("plan", "gl"), ["plain,globex"]),
        (("validate", "acme", "g"), ["plain,globex"]),
        (("state", "show", "a"), ["plain,acme"]),
        (("apply", "a"), ["plain,acme", "file,a"]),
        (("show", "pl"), ["file,pl"]),
        (("plan", "acme", "--format", "ma"), ["plain,markdown"]),
        (("plan", "acme", "--detail"), ["plain,--detailed-exitcode"]),
        (("-C", "sites/acme", "drift", "a"), ["plain,acme"]),
        (("-C", "/", "drift", "a"), []),
        (("init", "a"), []),
    ],
)
def test_what_may_stand_next_is_offered(words: tuple[str, ...], found: list[str], program: Program) -> None:
    assert offered(program, *words) == found


def test_a_broken_project_still_offers_its_sites(tmp_path: Path) -> None:
    program = Program(tmp_path)
    (program.root / "oceana-dr.yaml").write_text("nonsense: [")
    assert offered(program, "validate", "a") == ["plain,acme"]


def test_bash_completes_with_the_script(program: Program) -> None:
    script = program.run("completion", "bash").stdout
    ask = 'COMP_WORDS=(oceana-dr plan g) COMP_CWORD=2; _oceana_dr_completion oceana-dr; echo "${COMPREPLY[@]}"'
    done = subprocess.run(
        ["bash", "--norc", "-c", f"{script}\n{ask}"],
        cwd=program.root,
        env={**program.environment, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert (done.stdout.split(), done.stderr) == (["globex"], "")


@pytest.mark.parametrize(("shell", "registers"), [("zsh", "compdef"), ("fish", "complete --no-files --command")])
def test_other_shells_have_a_script_that_asks_the_same_way(shell: str, registers: str, program: Program) -> None:
    script = program.run("completion", shell).stdout
    assert registers in script
    assert f"_OCEANA_DR_COMPLETE={shell}_complete" in script
    assert "oceana-dr" in script


def test_a_shell_that_is_none_is_refused(program: Program) -> None:
    assert "bash" in program.run("completion", "cmd", code=1).stderr
