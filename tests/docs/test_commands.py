"""Every command that a document shows does what the document says, in order, in a fresh copy of the project."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests import warm

from .documents import DOCS, ROOT, Command, Edit, Shell, Writing, documents, doings, unseen


def follow(step: Command | Shell | Edit | Writing, folder: Path) -> None:
    """Do what a reader would do."""
    match step:
        case Edit(file=file, old=old, new=new):
            text = (folder / file).read_text("utf-8")
            changed, count = re.subn(f"(?m)^{re.escape(old)}", lambda _: new, text)
            assert count == 1, f"{old!r} stands {count} times in {file}"
            (folder / file).write_text(changed, "utf-8")
        case Writing(file=file, text=text):
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_text(text, "utf-8")
        case Shell(line=line):
            asked = subprocess.run(
                ["sh", "-c", line],
                cwd=folder,
                env=environment(folder) | JANE,
                capture_output=True,
                text=True,
                check=False,
            )
            assert asked.returncode == 0, f"$ {line}\n{asked.stdout}\n{asked.stderr}"
        case Command(arguments=arguments, code=code, shows=shows):
            words = [newest_run(folder) if word == "RUN" else word for word in arguments]
            done = warm.run(words, folder, {**environment(folder), **_installed(folder)})
            said = f"$ oceana-dr {' '.join(arguments)}\n{done.stdout}\n{done.stderr}"
            assert done.returncode == code, f"exit {done.returncode}, not {code}\n{said}"
            # A terminal shows both streams; which line of one falls between which of the other is chance.
            told = tuple(line for line in shows if not unseen((line,), done.stderr))
            data = tuple(line for line in shows if line not in told)
            missing = [*unseen(told, done.stderr), *unseen(data, done.stdout)]
            assert missing == [], f"the document shows what the command did not print: {missing}\n{said}"


JANE = {
    f"GIT_{who}_{name}": value
    for who in ("AUTHOR", "COMMITTER")
    for name, value in (("NAME", "Jane"), ("EMAIL", "jane@acme.example"))
}
"""Who commits in documents."""


def environment(folder: Path) -> dict[str, str]:
    """A reader's, on a terminal as wide as none is taken to be."""
    return {**warm.STARTED_WITH, "PATH": os.environ["PATH"], "HOME": str(folder / "home"), "COLUMNS": "100"}


def _installed(folder: Path) -> dict[str, str]:
    """A package that the document has the reader write is installed."""
    packages = sorted({path.parent.as_posix() for path in folder.glob("*/*.dist-info")})
    return {"PYTHONPATH": os.pathsep.join([warm.STARTED_WITH["PYTHONPATH"], *packages])} if packages else {}


def keep_in_git(folder: Path) -> None:
    """As a reader has it who compares with a revision: a clone of `origin/main`."""
    who = ["-c", "user.name=Reader", "-c", "user.email=reader@example.com"]
    for command in (["init"], ["add", "."], ["commit", "-m", "x"], ["update-ref", "refs/remotes/origin/main", "HEAD"]):
        subprocess.run(["git", *who, *command], cwd=folder, check=True, capture_output=True)


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
    settings = (ROOT / "oceana-dr.yaml").read_text("utf-8")
    assert "time_scale: 600 " in settings
    # A reader watches a move for seconds; nobody watches here.
    (tmp_path / "oceana-dr.yaml").write_text(settings.replace("time_scale: 600 ", "time_scale: 6000 "), "utf-8")
    asked = [step.line.split()[0] for step in steps if isinstance(step, Shell)]
    if "ssh-keygen" in asked and shutil.which("ssh-keygen") is None:
        pytest.skip("ssh-keygen is not installed (Debian: openssh-client), and this document signs with it")
    if "git" in asked or any(isinstance(step, Command) and "--changed-since" in step.arguments for step in steps):
        keep_in_git(tmp_path)
    for step in steps:
        follow(step, tmp_path)


@pytest.mark.parametrize("document", documents(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(document: Path) -> None:
    prose = re.sub(r"(?ms)^```.*?^```$", "", document.read_text("utf-8"))
    links = re.findall(r"\]\(([^)\s]+)\)|src(?:set)?=\"([^\"]+)\"", prose)
    files = [link.partition("#")[0] for link in map("".join, links) if "://" not in link]
    dead = [file for file in files if not (document.parent / file).exists()]
    assert dead == []


def test_the_index_names_every_document() -> None:
    index = (DOCS / "index.md").read_text("utf-8")
    written = {path.relative_to(DOCS).as_posix() for path in documents() if DOCS in path.parents}
    rules = (DOCS / "reference/rules/index.md").read_text("utf-8")
    index += rules.replace("](OD", "](reference/rules/OD")
    assert [path for path in sorted(written - {"index.md"}) if f"({path})" not in index] == []


def test_decisions_are_numbered_without_a_gap() -> None:
    numbers = [int(path.name[:4]) for path in sorted((DOCS / "decisions").glob("*.md"))]
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("```console\n$ oceana-dr plan acme\nnothing to do\n```\n", "commands only"),
        ("```console\n$ rm -rf /\n```\n", "commands only"),
        ("```console session\nnothing to do\n```\n", "begins with a command"),
        ("```diff\n-a\n+b\n```\n", "begins with"),
    ],
)
def test_fences_keep_the_rules(text: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        list(doings(text))


def test_what_a_document_asks_is_read() -> None:
    text = (
        '```console\n$ oceana-dr lab set acme dc1/x "A b=c" # exit 2\n```\n'
        "```console session\n$ oceana-dr plan x\n…\nnothing to do\n```\n"
        "```diff\n--- f\n+++ f\n-a\n+b\n```\n```yaml answers.yaml\nP01: {}\n```\n```sh\nmake\n```\n"
    )
    assert list(doings(text)) == [
        Command(("lab", "set", "acme", "dc1/x", "A b=c"), 2),
        Command(("plan", "x"), 0, ("nothing to do",)),
        Edit("f", "a", "b"),
        Writing("answers.yaml", "P01: {}\n"),
    ]


def test_a_session_is_compared_line_by_line() -> None:
    printed = "took 3 h 12 min\nrun 20261122-130650-c617bf58\nSafety: 4 ms\n"
    assert unseen(("took 2 h 1 min", "run   20250101-000000-00000000"), printed) == []
    assert unseen(("Safety: 9 ms", "took 2 h 1 min"), printed) == ["took 2 h 1 min"]
    assert unseen(("took 3 h",), printed) == ["took 3 h"]
    assert (
        unseen(
            ("began 2026-11-22 14:18:44 CET (13:18:44 UTC)",), "began 2026-11-29 00:50:26 CET (2026-11-28 23:50:26 UTC)"
        )
        == []
    )
