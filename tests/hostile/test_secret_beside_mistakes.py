"""A secret typed as a value, beside any mistake: refused or not, no format repeats it, and no file does."""

import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fuzz.mutations import mutate
from oceana_dr.diagnostics import Diagnostic
from oceana_dr.operations.validating import check_sites
from oceana_dr.present.diagnostic import render_concise, render_text
from oceana_dr.present.diagnostic_machine import diagnostics_to_json, render_github
from oceana_dr.present.masking import mask_suspect
from oceana_dr.source.project import open_project
from tests.planning import copy_project

CANARY = "canary7f3a91c2"
SHAPES = {
    "plain": CANARY,
    "single quotes": f"'{CANARY}'",
    "double quotes": f'"{CANARY}"',
    "looks like a reference": f"evn:{CANARY}",
    "a wrong reference": f"env:{CANARY}-is not a name",
    "two lines in quotes": f'"first\n      {CANARY}"',
    "a plain value of two lines": f"first\n      {CANARY}",
    "a block": f"|\n      first\n      {CANARY}",
    "a folded block": f">-\n      {CANARY}",
    "a list": f"[{CANARY}]",
    "a list in lines": f"\n      - {CANARY}",
    "a table": f"{{text: {CANARY}}}",
    "a table in lines": f"\n      text: {CANARY}",
    "a key": f"{{{CANARY}: x}}",
    "a tag": f"!secret {CANARY}",
    "a tag that is one": f"!{CANARY} x",
    "an anchor": f"&{CANARY} x",
    "an alias": f"*{CANARY}",
    "a comment behind": f"env:NAME # {CANARY}",
    "wide characters": f"密{CANARY}碼",
}
MISTAKES: dict[str, Callable[[str], str]] = {
    "none": lambda text: text,
    "a tab after it": lambda text: re.sub(rf"({CANARY}[^\n]*\n)", r"\1\tx: 1\n", text),
    "a bracket after it": lambda text: re.sub(rf"({CANARY}[^\n]*\n)", r"\1    x: [1\n", text),
    "a quote after it": lambda text: re.sub(rf"({CANARY}[^\n]*\n)", r'\1    x: "1\n', text),
    "a wrong indent after it": lambda text: re.sub(rf"({CANARY}[^\n]*\n)", r"\1   x: 1\n", text),
    "an unknown key after it": lambda text: re.sub(rf"({CANARY}[^\n]*\n)", r"\1    xyz: 1\n", text),
    "an unknown key before it": lambda text: text.replace("    password:", "    xyz: 1\n    password:"),
    "the key twice": lambda text: text.replace("    password:", "    password: env:X\n    password:"),
    "a hidden character behind it": lambda text: text.replace(CANARY, f"{CANARY}\u200b\u202e"),
    "in a line with others": lambda text: text.replace("    password:", "    x: {y: 0, z: [}, password:"),
    "a misspelt key": lambda text: text.replace("    password:", "    pasword:"),
}


def forms(found: tuple[Diagnostic, ...], text: str) -> Iterator[tuple[str, str]]:
    yield "text", render_text(found, lambda file: text if "site.yaml" in file else None)
    yield "ascii", render_text(found, lambda file: text if "site.yaml" in file else None, ascii=True, color=True)
    yield "concise", render_concise(found)
    yield "github", render_github(found)
    yield "json", str(diagnostics_to_json(found))
    yield "a traceback", repr(found)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_project(tmp_path_factory.mktemp("secret"))


@pytest.mark.parametrize("mistake", MISTAKES)
@pytest.mark.parametrize("shape", SHAPES)
def test_no_format_repeats_it(shape: str, mistake: str, root: Path) -> None:
    path = root / "sites/acme/site.yaml"
    good = (Path(__file__).parents[2] / "sites/acme/site.yaml").read_text("utf-8")
    old = "password: env:ACME_BACKUP_PASSWORD"
    assert good.count(old) == 1
    text = MISTAKES[mistake](good.replace(old, f"password: {SHAPES[shape]}"))
    assert CANARY in text
    path.write_text(text, "utf-8")
    found = check_sites(open_project(root), ["acme"])
    assert found or shape == "a comment behind"
    for form, said in forms(found, text):
        assert CANARY not in said, form
    assert shape == "a comment behind" or any(item.severity == "error" for item in found)


def test_nor_after_any_change_of_the_lines_around_it(root: Path) -> None:
    path = root / "sites/acme/site.yaml"
    good = (Path(__file__).parents[2] / "sites/acme/site.yaml").read_text("utf-8")
    lines = good.replace("env:ACME_BACKUP_PASSWORD", CANARY).split("\n")
    here = next(number for number, line in enumerate(lines) if CANARY in line)
    chance = random.Random("a secret")
    for _ in range(150):
        above, below = "\n".join(lines[:here]) + "\n", "\n" + "\n".join(lines[here + 1 :])
        changed = mutate(above.encode(), chance) if chance.random() < 0.5 else above.encode()
        data = (
            changed
            + lines[here].encode()
            + (mutate(below.encode(), chance) if changed == above.encode() else below.encode())
        )
        path.write_bytes(data)
        for form, said in forms(check_sites(open_project(root), ["acme"]), data.decode("utf-8-sig", "replace")):
            assert CANARY not in said, (form, data)


@pytest.mark.parametrize(
    "line",
    [
        "token: Hunter2",
        "api_key: Hunter2",
        "access-key: Hunter2",
        "pin: Hunter2",
        "pass: Hunter2",
        "kennwort: Hunter2",
        "auth: {bearer: Hunter2}",
        "backup_password: Hunter2",
        "url: https://admin:Hunter2@epm.acme.example",
        "directory: sftp://u:Hunter2@h/srv",
    ],
)
def test_what_sounds_like_a_secret_is_masked(line: str) -> None:
    assert "Hunter2" not in "".join(mask_suspect(["name: acme", line, "operational: dc1"]))
    assert mask_suspect(["name: acme", line, "operational: dc1"])[::2] == ["name: acme", "operational: dc1"]


@pytest.mark.parametrize(
    "line",
    ["password: env:PW", "authorization_token: token.acme.example", "pinned: true", "url: https://a.example:80/"],
)
def test_what_is_no_secret_is_shown(line: str) -> None:
    assert mask_suspect([line]) == [line]
