"""What a document asks its reader to do, in order: edits, files to write, commands to run.

In: Markdown. Out: steps. A `console` fence holds `$ oceana-dr …` lines (and `git`, `ssh-keygen`, `echo`, which a shell
runs, where a reader needs them in between) and nothing else; a `console session` fence holds commands of ours with what
they print, `…` standing for lines left out; a `diff` fence changes a file; a `yaml NAME` (`python NAME`, `ini NAME`)
fence is a file to write. Other fences are to be read only.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"

_FENCE = re.compile(r"^```(?P<info>[^\n`]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
# What differs from run to run: a run's name, a plan's digest, times (with a day of their own around midnight),
# durations, milliseconds.
_CHANCE = re.compile(
    r"(\d{4}-\d\d-\d\d )?\d\d:\d\d(:\d\d)?|\d{8}-\d{6}-[0-9a-f]{8}|sha256:[0-9a-f]+"
    r"|(?<![0-9a-fA-F])[0-9a-f]{12}(?![0-9a-f])|\d+([.:-]\d+)*"
)
_OTHERS = ("$ git ", "$ ssh-keygen ", "$ echo ")
_EXIT = re.compile(r"\s+# exit (?P<code>[0-8])$")


@dataclass(frozen=True, slots=True)
class Command:
    """Arguments after `oceana-dr`, the exit code that the reader is told, and lines that are to be seen."""

    arguments: tuple[str, ...]
    code: int
    shows: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shell:
    """A line that a reader gives to their shell."""

    line: str


@dataclass(frozen=True, slots=True)
class Edit:
    """Lines of a file that become others; the old ones stand there exactly once, from a line's beginning."""

    file: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Writing:
    """A file that the reader writes."""

    file: str
    text: str


Doing = Command | Shell | Edit | Writing


def documents() -> list[Path]:
    """Every document of the project that a reader follows."""
    return sorted([*DOCS.rglob("*.md"), *ROOT.glob("README.md")])


def doings(text: str) -> Iterator[Doing]:
    """The steps of a document; raises `ValueError` for a fence that breaks the rules."""
    for fence in _FENCE.finditer(text):
        kind, _, name = fence["info"].strip().partition(" ")
        match kind, name:
            case "console", "session":
                yield from _session(fence["body"].splitlines())
            case "console", _:
                yield from (_shell(line) or _command(line) for line in fence["body"].splitlines())
            case "diff", _:
                yield _edit(fence["body"])
            case "yaml" | "python" | "ini", str() if name:
                yield Writing(name, fence["body"])


def _shell(line: str) -> Shell | None:
    return Shell(line[2:]) if line.startswith(_OTHERS) else None


def _command(line: str) -> Command:
    if not line.startswith("$ oceana-dr "):
        raise ValueError(f"a console fence holds commands only, not {line!r}")
    told = _EXIT.search(line)
    arguments = shlex.split(_EXIT.sub("", line))[2:]
    return Command(tuple(arguments), int(told["code"]) if told else 0)


def _session(lines: list[str]) -> Iterator[Command]:
    commands: list[Command] = []
    for line in lines:
        if line.startswith("$ "):
            commands.append(_command(line))
        elif not commands:
            raise ValueError(f"a session begins with a command, not {line!r}")
        elif line.strip() not in {"", "…"}:
            commands[-1] = replace(commands[-1], shows=(*commands[-1].shows, line))
    yield from commands


def unseen(shows: tuple[str, ...], output: str) -> list[str]:
    """The lines that do not come in the output, in this order; numbers, times and spaces may be others."""
    printed = iter([_alike(line) for line in output.splitlines()])
    return [line for line in shows if _alike(line) not in printed]


def _alike(line: str) -> str:
    return " ".join(_CHANCE.sub("#", line).split())


def _edit(body: str) -> Edit:
    lines = body.splitlines()
    if len(lines) < 3 or not lines[0].startswith("--- ") or not lines[1].startswith("+++ "):
        raise ValueError("a diff begins with `--- FILE` and `+++ FILE`")
    old = [line[1:] for line in lines[2:] if line.startswith("-")]
    new = [line[1:] for line in lines[2:] if line.startswith("+")]
    return Edit(lines[1].removeprefix("+++ "), "\n".join(old), "\n".join(new))
