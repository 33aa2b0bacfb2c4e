"""Draws the pictures of a plan in README and docs, from the real command on the example site.

In: the checkout. Out: `docs/pictures/plan.svg` (100 columns) and `plan-narrow.svg` (56, for phones).
They are excerpts: the phases named below and the plan's foot; what is left out shows as `…`.

    PYTHONPATH=src python scripts/plan_picture.py
"""

from __future__ import annotations

import fcntl
import html
import os
import pty
import re
import shutil
import struct
import sys
import tempfile
import termios
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from scripts.picture import draw

ROOT: Final = Path(__file__).resolve().parents[1]
FOLDER: Final = ROOT / "docs" / "pictures"
PHASES: Final = ("Drain", "Stop Data Center 1", "Move data")
PICTURES: Final = (("plan.svg", 100, PHASES), ("plan-narrow.svg", 56, PHASES[1:]))
COMMAND: Final = ("plan", "acme", "-o", "plan.json")
# Fonts of the reader's machine: a picture must not fetch anything.
FONTS: Final = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', 'Liberation Mono', monospace"
# Signs that many of them lack, or show as coloured pictures, are drawn: shapes in a cell of 12.2 by 24.4.
SHAPES: Final = {
    "⏸": '<path class="{style}" transform="translate({x},{y})" d="M2,-14h3v14h-3z M7.2,-14h3v14h-3z"/>',
    "▶": '<path class="{style}" transform="translate({x},{y})" d="M1.5,-13.5l9.5,6.5l-9.5,6.5z"/>',
}
CELL: Final = 12.2
_TEXT: Final = re.compile(
    r'<text class="(?P<style>[^"]+)" x="(?P<x>[\d.]+)" y="(?P<y>[\d.]+)"[^>]*>(?P<text>[^<]*)</text>'
)
_COLOUR: Final = re.compile(r"\x1b\[[0-9;]*m")


def on_terminal(columns: int, folder: Path, *words: str, ends: int = 0) -> str:
    """What a terminal of so many columns is sent by `oceana-dr` with these words, which ends with this exit code."""
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(folder)
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "TERM": "xterm-256color",
            "LC_ALL": "C.UTF-8",
            "PYTHONPATH": str(ROOT / "src"),
            "COLUMNS": str(columns),
        }
        os.execve(sys.executable, [sys.executable, "-m", "oceana_dr", *words], environment)
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    sent = b""
    while True:
        try:
            part = os.read(terminal, 65536)
        except OSError:  # Linux says so when the other end is closed
            break
        if not part:
            break
        sent += part
    os.close(terminal)
    _, status = os.waitpid(child, 0)
    if os.waitstatus_to_exitcode(status) != ends:
        raise SystemExit(sent.decode())
    return sent.decode().replace("\r\n", "\n")


def excerpt(text: str, phases: Sequence[str]) -> str:
    """The head, these phases and the foot."""
    return "\n".join(_kept(text, phases)) + "\n"


def _kept(text: str, phases: Sequence[str]) -> Iterator[str]:
    left_out = False
    for number, block in enumerate(text.strip("\n").split("\n\n")):
        first = _COLOUR.sub("", block).lstrip()
        if number and not first.startswith((*phases, "Plan:")):
            left_out = True
            continue
        if left_out:
            yield from ("", "\x1b[2m  …\x1b[0m")
            left_out = False
        if number:
            yield ""
        yield from block.splitlines()


def self_contained(svg: str) -> str:
    """The same picture without anything from elsewhere."""
    found = re.sub(r"\s*@font-face \{.*?\}", "", svg, flags=re.DOTALL)
    found = found.replace("font-family: Fira Code, monospace;", f"font-family: {FONTS};")
    return _TEXT.sub(_with_shapes, found)


def _with_shapes(match: re.Match[str]) -> str:
    shapes = [
        SHAPES[sign].format(style=match["style"], x=round(float(match["x"]) + index * CELL, 1), y=match["y"])
        for index, sign in enumerate(html.unescape(match["text"]))
        if sign in SHAPES
    ]
    line = match[0]
    for sign in SHAPES:
        line = line.replace(sign, "&#160;")
    return line + "".join(shapes)


def main() -> None:
    """Draw both pictures."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(ROOT / "sites", folder / "sites")
        shutil.copy(ROOT / "oceana-dr.yaml", folder)
        site = folder / "sites" / "acme" / "site.yaml"
        site.write_text(site.read_text("utf-8").replace("operational: dc1", "operational: dc2", 1), "utf-8")
        for file, columns, phases in PICTURES:
            text = on_terminal(columns, folder, *COMMAND)
            svg = draw(excerpt(text, phases), " ".join(("oceana-dr", *COMMAND)), columns)
            (FOLDER / file).write_text(self_contained(svg), "utf-8")


if __name__ == "__main__":
    main()
