"""The how-to guide, followed on a real SSH server: its edits, its commands, its examples, and the messages it lists."""

from __future__ import annotations

import re
import shlex
import subprocess
import textwrap
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from oceana_dr.drivers.windows.options import WindowsOptions
from oceana_dr.drivers.windows.powershell import command
from oceana_dr.drivers.windows.trial import HOSTS, Stand, failure_actions
from tests.docs.documents import Edit, doings
from tests.end_to_end.program import Program

ROOT = Path(__file__).parents[3]
TEXT = (ROOT / "docs" / "how-to" / "let-oceana-dr-manage-windows-services.md").read_text("utf-8")


@pytest.fixture
def reader(stand: Stand, tmp_path: Path) -> Program:
    """Somebody who has followed the guide up to its checks, with servers on loopback."""
    program, login = Program(tmp_path), stand.login
    hosts = "".join(f"\n      {name}: {address}" for name, address in HOSTS.items())
    more = f"port: {login['port']}\n    answer_s: 10\n    hosts:{hosts}"
    own = {
        "svc-oceana-dr": login["user"],
        "~/.ssh/oceana-dr-key": login["key_file"],
        "/etc/oceana-dr/known_hosts": f"{login['known_hosts']}\n    {more}",
    }
    for edit in doings(TEXT):
        if isinstance(edit, Edit):
            path = program.root / edit.file
            (before, after) = re.split(f"(?m)^{re.escape(edit.old)}", path.read_text("utf-8"))
            new = re.sub("|".join(own), lambda found: own[found[0]], edit.new)
            path.write_text(f"{before}{new}{after}", "utf-8")
    return program


def test_the_commands_of_the_guide_do_what_it_says(reader: Program, stand: Stand) -> None:
    lines = [line for block in re.findall(r"(?ms)^```sh\n(.*?)^```$", TEXT) for line in block.splitlines()]
    keygen, *commands = [shlex.split(line) for line in lines]
    subprocess.run(keygen, cwd=reader.root, check=True, stdin=subprocess.DEVNULL)
    assert (reader.root / "oceana-dr-key.pub").read_text().startswith("ssh-ed25519 ")
    assert [words[1] for words in commands] == ["doctor", "plan"]
    said = {words[1]: reader.run(*words[1:]).stdout for words in commands}
    assert "all is well" in said["doctor"]
    assert "lets the key in" in said["doctor"]
    steps = re.findall(r"(?m)^\| `(P27[\w.-]+)` \|", TEXT)
    assert len(steps) == 2
    for step in steps:
        assert re.search(rf"(?m)^ +{re.escape(step)} .* windows$", said["plan"]), said["plan"]
    assert re.search(r"(?m)^ +P27\.sql .* operator", said["plan"])
    assert stand.arrived() == 0


def test_120_seconds_stand_in_a_plan_beside_the_120_days_that_are_wanted(reader: Program, stand: Stand) -> None:
    state = stand.state("ocdb-a.globex.example")
    state["services"]["ISCAgent"]["actions"] = failure_actions(120, *[(1, 0)] * 3)
    stand.set_state("ocdb-a.globex.example", state)
    shown = reader.run("plan", "globex", "-o", "plan.json").stdout
    assert re.search(r"Reset fail count after: +120 seconds (→|->) 120", shown), shown
    reader.run("apply", "plan.json", "--yes", "--operator", "ada")
    assert stand.state("ocdb-a.globex.example")["services"]["ISCAgent"]["actions"] == failure_actions(
        10_368_000, *[(1, 0)] * 3
    )
    assert "120 seconds" in TEXT


def test_its_examples_are_options() -> None:
    yaml = YAML(typ="safe")
    blocks = [textwrap.dedent(block) for block in re.findall(r"(?ms)^```yaml\n(.*?)^```$", TEXT)]
    named, unit = (
        WindowsOptions.model_validate({"user": "a", "known_hosts": "/b", **yaml.load(block)}) for block in blocks
    )
    assert named.services.high_availability == "NavHaSvc"
    assert unit.reset_unit == "seconds"


def test_its_figures_are_the_program_s() -> None:
    assert f"One fixed command of {len(' '.join(command()))} characters" in TEXT
    fields = WindowsOptions.model_fields
    for name in ("connect_s", "answer_s", "settle_s"):
        assert f"`{name}` ({fields[name].default:.0f})" in TEXT


@pytest.mark.parametrize(
    "words",
    [
        "no host key of ",
        "shows another host key than the one in ",
        "is not let in at ",
        "no end of an answer came: ",
        "several services on ",
        "has a display name like ",
        "the copies on ",
        " names neither server",
        "when it was planned",
        "nothing was sent: ",
        "and the services do not read as they should",
    ],
)
def test_the_messages_it_lists_are_the_program_s(words: str) -> None:
    drivers = ROOT / "src" / "oceana_dr" / "drivers"
    source = [drivers / "ssh.py", *(drivers / "windows").glob("*.py")]
    assert words in TEXT
    assert any(words in path.read_text("utf-8") for path in source)
