"""The how-to guide, followed in the lab: its edits, its commands, its examples, and the messages it lists."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shlex
import textwrap
import threading
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from oceana_dr.drivers.console.options import Certified, ConsoleOptions, MayChange
from oceana_dr.lab.console.app import PASSWORD, ConsoleApp
from oceana_dr.lab.server import LabServer, labs_of
from tests.debian import program
from tests.docs.documents import Edit, doings
from tests.end_to_end.program import FAST, Program

ROOT = Path(__file__).parents[3]
TEXT = (ROOT / "docs" / "how-to" / "let-oceana-dr-use-the-console.md").read_text("utf-8")


def test_the_commands_of_the_guide_change_an_attribute_by_the_console(tmp_path: Path) -> None:
    reader = Program(tmp_path)
    browser = program("chromium")
    reader.environment |= {
        "LAB_CONSOLE_PASSWORD": PASSWORD,
        "PATH": f"{browser.path.parent}{os.pathsep}{os.environ['PATH']}",
        **browser.environment,
    }
    lines = [line for block in re.findall(r"(?ms)^```sh\n(.*?)^```$", TEXT) for line in block.splitlines()]
    commands = [shlex.split(line)[1:] for line in lines if line.startswith("oceana-dr ")]
    assert [command[0] for command in commands] == ["lab", "doctor", "plan", "apply", "lab"]
    labs = labs_of(reader.root / ".oceana-dr", reader.root / "sites", FAST)
    with LabServer(labs, 0, ConsoleApp(labs.labs)) as server:  # as `lab start` serves it
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            for edit in doings(TEXT):
                if isinstance(edit, Edit):
                    path = reader.root / edit.file
                    (before, after) = re.split(f"(?m)^{re.escape(edit.old)}", path.read_text("utf-8"))
                    new = edit.new.replace("http://127.0.0.1:8470", server.address)
                    if os.geteuid() == 0:
                        new = new.replace("  console:\n", "  console:\n    sandbox: false\n")
                    path.write_text(f"{before}{new}{after}", "utf-8")
            said = {
                command[0]: reader.run(*command, code=3 if command[0] == "doctor" else 0).stdout
                for command in commands[1:4]
            }
        finally:
            server.shutdown()
            thread.join()
    assert "11 labels on 7 pages" in " ".join(said["doctor"].split())
    assert re.search(
        r"EmailService +Deployment status of emailmanager: true → false +console$", said["plan"], re.MULTILINE
    )
    (journal,) = reader.root.glob(".oceana-dr/runs/globex/*.journal")
    pictures = json.loads(re.findall(r'"pictures":(\[.*?\])', journal.read_text("utf-8", "replace"))[0])
    named = [re.sub(r"^.*-A01-1-", "", item["path"]) for item in pictures]
    assert named == ["1-before.png", "2-filled-in.png", "3-committed.png", "4-read-back.png"]
    for item in pictures:
        assert hashlib.sha256(Path(item["path"]).read_bytes()).hexdigest() == item["sha256"]
    assert PASSWORD not in journal.read_text("utf-8", "replace") + "".join(said.values())


def test_its_examples_are_options() -> None:
    yaml = YAML(typ="safe")
    blocks = [textwrap.dedent(block) for block in re.findall(r"(?ms)^ *```yaml\n(.*?)^ *```$", TEXT)]
    consoles, may_change, certified = (yaml.load(block) for block in blocks)
    options = ConsoleOptions.model_validate(consoles["console"])
    assert set(options.consoles) == {"dc1", "dc2"}
    assert options.consoles["dc1"].login == options.consoles["dc2"].login  # what it shows are the defaults
    assert MayChange.model_validate(may_change["may_change"]).values == ["true", "false"]
    assert Certified.model_validate(certified["certified"]).by == "Ada Lovelace"


@pytest.mark.parametrize(
    "words",
    [
        "looked for ",
        "and the plan found ",
        "was to show ",
        "its list offers ",
        "the login was lost",
        "the certificate of ",
        "leads away from itself",
        "the console says: ",
        "a fresh page shows ",
        "dry run: left without ",
    ],
)
def test_the_messages_it_lists_are_the_program_s(words: str) -> None:
    source = ROOT / "src" / "oceana_dr" / "drivers" / "console"
    assert words in TEXT
    assert any(words in path.read_text("utf-8") for path in source.glob("*.py"))
