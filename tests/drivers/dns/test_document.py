"""The how-to guide, followed on real name servers: its edits, its commands, its examples, and the messages it lists."""

import re
import shlex
import textwrap
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from oceana_dr.drivers.dns.options import ViewOptions
from tests.dns_server import HOST, INSIDE_SECRET, SECRET, NameServers
from tests.docs.documents import Edit, doings
from tests.end_to_end.program import Program

TEXT = (Path(__file__).parents[3] / "docs" / "how-to" / "let-oceana-dr-change-dns.md").read_text("utf-8")


@pytest.fixture
def reader(servers: NameServers, tmp_path: Path) -> Program:
    """Somebody who has followed the guide up to its checks, with servers of their own."""
    program = Program(tmp_path)
    program.environment |= {"GLOBEX_DNS_KEY": SECRET, "GLOBEX_DNS_INSIDE_KEY": INSIDE_SECRET}
    own = {"10.21.0.53": f"{HOST}:{servers.primary}", "10.22.0.53": f"{HOST}:{servers.secondary}"}
    for edit in doings(TEXT):
        if isinstance(edit, Edit):
            path = program.root / edit.file
            (before, after) = re.split(f"(?m)^{re.escape(edit.old)}", path.read_text("utf-8"))
            new = re.sub("|".join(own), lambda found: own[found[0]], edit.new)
            path.write_text(f"{before}{new}{after}", "utf-8")
    return program


def test_the_commands_of_the_guide_do_what_it_says(reader: Program) -> None:
    lines = [line for block in re.findall(r"(?ms)^```sh\n(.*?)^```$", TEXT) for line in block.splitlines()]
    commands = [shlex.split(line)[1:] for line in lines if line.startswith("oceana-dr ")]
    assert [command[0] for command in commands] == ["doctor", "plan"]
    said = {command[0]: reader.run(*command).stdout for command in commands}
    assert said["doctor"].endswith("all is well: 5 subjects\n")
    assert "takes updates of aawg.globex.example, amc.globex.example, token.globex.example" in " ".join(
        said["doctor"].split()
    )
    steps = re.findall(r"(?m)^\| `((?:dns-|P34)[\w.-]+)` \|", TEXT)
    assert len(steps) == 5
    for step in steps:
        assert re.search(rf"(?m)^ +{re.escape(step)} .* dns$", said["plan"]), step


def test_its_examples_are_options() -> None:
    yaml = YAML(typ="safe")
    blocks = [textwrap.dedent(block) for block in re.findall(r"(?ms)^```yaml\n(.*?)^```$", TEXT)]
    left_out, inside = (yaml.load(block) for block in blocks)
    assert ViewOptions.model_validate(inside["inside"]).view_by_key
    assert ViewOptions.model_validate(inside["inside"] | left_out).not_asked.keys() == {"ns1.globex.example"}


@pytest.mark.parametrize(
    "words",
    [
        "the servers disagree: ",
        "the NS records of ",
        "it is a CNAME to ",
        "the records are not as they were",
        "the clock of ",
        "nothing was sent: ",
        "has the change, and not everybody does: ",
    ],
)
def test_the_messages_it_lists_are_the_program_s(words: str) -> None:
    source = Path(__file__).parents[3] / "src" / "oceana_dr" / "drivers" / "dns"
    assert words in TEXT
    assert any(words in path.read_text("utf-8") for path in source.glob("*.py"))
