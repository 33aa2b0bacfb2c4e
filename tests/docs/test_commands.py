"""Every command that a document shows does what the document says, in order, in a fresh copy of the project."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .documents import DOCS, ROOT, Command, Edit, Writing, documents, doings

TIMEOUT_S = 300


def follow(step: Command | Edit | Writing, folder: Path) -> None:
    """Do what a reader would do."""
    match step:
        case Edit(file=file, old=old, new=new):
            text = (folder / file).read_text("utf-8")
            changed, count = re.subn(f"(?m)^{re.escape(old)}", lambda _: new, text)
            assert count == 1, f"{old!r} stands {count} times in {file}"
            (folder / file).write_text(changed, "utf-8")
        case Writing(file=file, text=text):
            (folder / file).write_text(text, "utf-8")
        case Command(arguments=arguments, code=code):
            words = [newest_run(folder) if word == "RUN" else word for word in arguments]
            done = subprocess.run(
                [sys.executable, "-m", "oceana_dr", *words],
                cwd=folder,
                env=environment(),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                check=False,
                timeout=TIMEOUT_S,
            )
            said = f"$ oceana-dr {' '.join(arguments)}\n{done.stdout}\n{done.stderr}"
            assert done.returncode == code, f"exit {done.returncode}, not {code}\n{said}"


def environment() -> dict[str, str]:
    """The tests' environment, with state beside the copy."""
    return {name: value for name, value in os.environ.items() if name != "OCEANA_DR_STATE"} | {
        "PYTHONPATH": str(ROOT / "src")
    }


def newest_run(folder: Path) -> str:
    """What a reader copies from `history`."""
    runs = sorted((folder / ".oceana-dr" / "runs").rglob("*.journal"), key=lambda path: path.stat().st_mtime_ns)
    assert runs, "a document names RUN before there is one"
    return runs[-1].name.removesuffix(".journal")


@pytest.mark.parametrize("document", documents(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_commands_do_what_the_document_says(document: Path, tmp_path: Path) -> None:
    steps = list(doings(document.read_text("utf-8")))
    if not steps:
        return
    shutil.copytree(ROOT / "sites", tmp_path / "sites")
    shutil.copy(ROOT / "oceana-dr.yaml", tmp_path)
    for step in steps:
        follow(step, tmp_path)


@pytest.mark.parametrize("document", documents(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(document: Path) -> None:
    prose = re.sub(r"(?ms)^```.*?^```$", "", document.read_text("utf-8"))
    links = re.findall(r"\]\(([^)\s]+)\)", prose)
    dead = [link for link in links if "://" not in link and not (document.parent / link.partition("#")[0]).exists()]
    assert dead == []


def test_the_index_names_every_document() -> None:
    index = (DOCS / "index.md").read_text("utf-8")
    written = {path.relative_to(DOCS).as_posix() for path in documents() if DOCS in path.parents}
    assert [path for path in sorted(written - {"index.md"}) if f"({path})" not in index] == []


def test_decisions_are_numbered_without_a_gap() -> None:
    numbers = [int(path.name[:4]) for path in sorted((DOCS / "decisions").glob("*.md"))]
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("```console\n$ oceana-dr plan acme\nnothing to do\n```\n", "commands only"),
        ("```console\n$ rm -rf /\n```\n", "commands only"),
        ("```diff\n-a\n+b\n```\n", "begins with"),
    ],
)
def test_fences_keep_the_rules(text: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        list(doings(text))


def test_what_a_document_asks_is_read() -> None:
    text = (
        '```console\n$ oceana-dr lab set acme dc1/x "A b=c" # exit 2\n```\n'
        "```diff\n--- f\n+++ f\n-a\n+b\n```\n```yaml answers.yaml\nP01: {}\n```\n```sh\nmake\n```\n"
    )
    assert list(doings(text)) == [
        Command(("lab", "set", "acme", "dc1/x", "A b=c"), 2),
        Edit("f", "a", "b"),
        Writing("answers.yaml", "P01: {}\n"),
    ]
