"""The how-to guide, followed against the stand-in: its edits, its commands, and the messages and labels it lists."""

import re
import shlex
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.drivers.mirror.options import ServerOptions
from oceana_dr.drivers.mirror.stand import Stand
from oceana_dr.drivers.mirror.writer import PROCEDURES
from oceana_dr.drivers.registry import find_driver
from tests.docs.documents import Edit, doings
from tests.end_to_end.program import Program

ROOT = Path(__file__).parents[3]
TEXT = (ROOT / "docs" / "how-to" / "let-oceana-dr-read-the-mirror.md").read_text("utf-8")
_LOGIN = re.compile(r"    login:\n      user: .*\n      known_hosts: .*\n      key_file: .*")
_HERE = """\
    login: local
    csession: {folder}/csession
    powershell: {folder}/powershell.exe
    servers:
      A: {{instance: CCDSA}}
      B: {{instance: CCDSB}}
      C: {{instance: CCDSC}}
"""


@pytest.fixture
def reader(tmp_path: Path) -> Program:
    """Somebody who has followed the guide up to its checks, with servers that stand in."""
    stand = Stand(tmp_path)
    program = Program(tmp_path)
    own = _HERE.format(folder=stand.folder)
    for edit in doings(TEXT):
        if isinstance(edit, Edit):
            path = program.root / edit.file
            (before, after) = re.split(f"(?m)^{re.escape(edit.old)}", path.read_text("utf-8"))
            path.write_text(f"{before}{_LOGIN.sub(own.rstrip(), edit.new)}{after}", "utf-8")
    return program


def test_the_commands_of_the_guide_do_what_it_says(reader: Program) -> None:
    lines = [line for block in re.findall(r"(?ms)^```sh\n(.*?)^```$", TEXT) for line in block.splitlines()]
    commands = [shlex.split(line)[1:] for line in lines]
    assert [command[0] for command in commands] == ["doctor", "observe", "observe", "observe", "plan"]
    said = {command[0]: reader.run(*command).stdout for command in commands}
    assert re.search(r"all is well: \d+ subjects\n$", said["doctor"])
    assert "csession lets the account in" in said["doctor"]
    for step in ("P23", "P24"):
        assert re.search(rf"(?m)^ +{step} .* operator$", said["plan"]), step


def test_its_examples_are_options() -> None:
    yaml = YAML(typ="safe")
    servers, chosen = (yaml.load(textwrap.dedent(item)) for item in re.findall(r"(?ms)^```yaml\n(.*?)^```$", TEXT))
    assert ServerOptions.model_validate(servers["servers"]["A"]).member == "OCDB-LONDON"
    assert {find_driver(name).name for name in chosen["drivers"].values()} == {"mirror-automatic"}


def test_the_labels_it_lists_are_those_that_people_copy() -> None:
    procedures: Mapping[str, Any] = load_catalogue().procedures
    copied = {
        value
        for name in PROCEDURES
        for label, value in procedures[name].get("copy", ())
        if label == "Select mirror scenario"
    }
    assert copied == {"Switchover Cache up on both servers", "Switchover primary server down", "Demote to Async"}
    for label in copied:
        assert f"`{label}`" in TEXT
        assert any(label in click for name in PROCEDURES for click in procedures[name]["clicks"])


@pytest.mark.parametrize("words", re.findall(r"(?m)^\| `([^`]*?)(?: ?…)?` \| (?:the|see)", TEXT))
def test_the_messages_it_lists_are_the_program_s(words: str) -> None:
    source = ROOT / "src" / "oceana_dr" / "drivers" / "mirror"
    assert any(words in path.read_text("utf-8") for path in source.glob("*.py")), words
