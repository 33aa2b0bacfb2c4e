"""On a real terminal: what a plan, a folder or a snapshot is called moves no cursor and hides no line.

Through a pipe this cannot be seen: there, escapes are taken out of everything that is printed.
"""

import json
import os
import pty
import re
import subprocess
from typing import Any

import pytest

from tests.end_to_end.hostile import changed
from tests.end_to_end.program import Program

EVIL = "\x1b[2J\x1b]0;owned\x07\x1b[8m\x9b31m\u202e\r::error::x"
COLOURS = re.compile(rb"\x1b\[(?:0|1|2|32|33|34|36|1;31|1;33)m")


def seen(program: Program, *arguments: str) -> bytes:
    """Everything that a terminal gets from a command, stdout and stderr."""
    master, slave = pty.openpty()
    with subprocess.Popen(
        program.command(*arguments),
        cwd=program.root,
        env={**program.environment, "TERM": "xterm-256color"},
        stdin=subprocess.DEVNULL,
        stdout=slave,
        stderr=slave,
    ) as process:
        os.close(slave)
        said = b""
        while True:
            try:
                part = os.read(master, 65536)
            except OSError:  # Linux's end of a terminal
                break
            if not part:
                break
            said += part
        process.wait()
    os.close(master)
    return said


def harmless(said: bytes) -> bool:
    # The terminal itself turns every line feed into a carriage return and a line feed.
    text = COLOURS.sub(b"", said).decode().replace("\r\n", "\n")
    return said != b"" and not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", text)


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Program:
    made = Program(tmp_path_factory.mktemp("terminal"))
    made.run("plan", "acme", "-o", "good.json", "--operational", "dc2")
    made.run("snapshot", "acme", "-o", "live.json")
    return made


EVERYWHERE: dict[tuple[str | int, ...], Any] = {
    ("site",): EVIL,
    ("scenario",): EVIL,
    ("catalogue",): EVIL,
    ("bindings", "name.dc1"): EVIL,
    ("steps", 0, "title"): EVIL,
    ("steps", 0, "rules"): [EVIL],
    ("findings",): [{"id": EVIL, "code": EVIL, "severity": "refuse", "message": EVIL, "overridable": True}],
    ("owed",): [{"id": EVIL, "title": EVIL, "address": "dc1/cm", "step": EVIL, "manual": []}],
}


def test_a_plan(program: Program) -> None:
    bad = json.loads((program.root / "good.json").read_text())
    for path, value in EVERYWHERE.items():
        bad = changed(bad, path, value)
    (program.root / "bad.json").write_text(json.dumps(bad))
    for line in ("show bad.json", "verify bad.json", "show bad.json --diff good.json", "show bad.json --format json"):
        said = seen(program, *line.split())
        assert harmless(said), line
        assert b"owned" in said, "it is shown, only harmless"


def test_a_folder_and_a_name(program: Program) -> None:
    folder = program.root / "sites" / EVIL.replace("/", "")
    folder.mkdir()
    (folder / "site.yaml").write_text("a: 1\n")
    try:
        for form in ("text", "concise", "json", "github"):
            assert harmless(seen(program, "validate", "--format", form)), form
        assert harmless(seen(program, "validate", EVIL))
        assert harmless(seen(program, "plan", EVIL))
        assert harmless(seen(program, "show", EVIL))
        assert harmless(seen(program, "explain", EVIL))
    finally:
        (folder / "site.yaml").unlink()
        folder.rmdir()


def test_a_site_file(program: Program) -> None:
    path = program.root / "sites/acme/site.yaml"
    good = path.read_text()
    try:
        path.write_text(good.replace("name: acme", '"\\e[2J\\x9b31m\\r::error::x": 1\nname: "\\e[2J"'))
        for form in ("text", "concise", "json", "github"):
            assert harmless(seen(program, "validate", "acme", "--format", form)), form
        path.write_text(good.replace("name: acme", f"name: acme # {EVIL}"))
        assert harmless(seen(program, "validate", "acme"))
    finally:
        path.write_text(good)


def test_a_snapshot(program: Program) -> None:
    document = json.loads((program.root / "live.json").read_text())
    for address, attributes in document["resources"].items():
        for label, value in attributes.items() if "unknown" not in attributes else ():
            attributes[label] = EVIL if isinstance(value, str) else value
        document["sources"][address] = EVIL
    (program.root / "evil.json").write_text(json.dumps(document))
    for line in (
        "plan acme --live evil.json",
        "drift acme --live evil.json",
        "plan acme --live evil.json --format json",
    ):
        assert harmless(seen(program, *line.split())), line
