"""The how-to guide, followed with a stand-in in the place of dgmgrl: its edits, its commands, the messages it lists."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from oceana_dr.drivers.dataguard.advice import ADVICE
from oceana_dr.drivers.dataguard.stand_in import make_stand_in
from tests.docs.documents import Edit, doings
from tests.end_to_end.program import Program

TEXT = (Path(__file__).parents[3] / "docs" / "how-to" / "let-oceana-dr-switch-oracle.md").read_text("utf-8")
LINES = [line for block in re.findall(r"(?ms)^```sh\n(.*?)^```$", TEXT) for line in block.splitlines()]


@pytest.fixture
def reader(tmp_path: Path) -> Program:
    """Somebody who has followed the guide up to its checks, with a `dgmgrl` below an ORACLE_HOME on this machine."""
    home = tmp_path / "home"
    make_stand_in(home / "bin")
    program = Program(tmp_path)
    for edit in doings(TEXT):
        if isinstance(edit, Edit):
            path = program.root / edit.file
            (before, after) = re.split(f"(?m)^{re.escape(edit.old)}", path.read_text("utf-8"))
            here = re.sub(r"(?ms)^    databases:\n.*?(?=^\S|\Z)", "", edit.new)  # the hosts are the guide's own
            path.write_text(f"{before}{re.sub('/u01/.*', str(home), here)}{after}", "utf-8")
    return program


def test_the_commands_of_the_guide_do_what_it_says(reader: Program) -> None:
    commands = [shlex.split(line)[1:] for line in LINES if line.startswith("oceana-dr ")]
    assert [command[0] for command in commands] == ["doctor", "plan", "driver-test"]
    said = {command[0]: reader.run(*command).stdout for command in commands[:2]}
    doctor = " ".join(said["doctor"].split())
    assert doctor.endswith("all is well: 5 subjects")
    assert "dgmgrl 12.1.0.2.0" in doctor
    assert re.search(r"(?m)^ +P26 .* dataguard$", said["plan"])


def test_the_stand_in_is_put_where_the_guide_says(tmp_path: Path) -> None:
    (line,) = (item for item in LINES if item.startswith("python "))
    done = subprocess.run(
        [sys.executable, *shlex.split(line)[1:]], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    program = tmp_path / "stand-in" / "dgmgrl"
    assert done.stdout.strip() == "stand-in/dgmgrl"
    said = subprocess.run([program], input="EXIT;\n", capture_output=True, text=True, check=True).stdout
    assert "a stand-in that replays dialogues, no Oracle" in said
    assert (tmp_path / "stand-in" / "state").read_text() == "dc1\n"


@pytest.mark.parametrize(
    "words",
    [
        "nothing was sent: ",
        "was measured ",
        " is not sent again: ",
        "the roles have changed, and this is left to do by hand: ",
        "no answer came",
        " answers, and a failover would make two primaries",
    ],
)
def test_the_messages_it_lists_are_the_program_s(words: str) -> None:
    source = Path(__file__).parents[3] / "src" / "oceana_dr" / "drivers" / "dataguard"
    assert words in TEXT
    assert any(words in path.read_text("utf-8") for path in source.glob("*.py"))


def test_the_numbers_it_lists_are_explained_by_the_program() -> None:
    listed = re.findall(r"(?m)^\| `(ORA-\d{5})` \|", TEXT)
    assert len(listed) == 6
    assert set(listed) <= ADVICE.keys()


def test_its_states_are_those_of_the_dialogues() -> None:
    sentence = TEXT[TEXT.index("has the state that it replays") :].partition(")")[0]
    there = (Path(__file__).parents[3] / "src/oceana_dr/drivers/dataguard/dialogues/12.1.txt").read_text("utf-8")
    for state in re.findall(r"`([\w-]+)`", sentence):
        assert f"@state {state}\n" in there
