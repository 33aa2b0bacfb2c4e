"""Draws what a terminal shows as a picture: ANSI text on stdin, SVG on stdout.

In: text with SGR colours, a title and a width. Out: one SVG, the same bytes for the same text.
The pictures in README and docs are made by this from the real commands, never drawn by hand:

    oceana-dr plan acme --operational dc2 | python scripts/picture.py "oceana-dr plan acme" > plan.svg
"""

from __future__ import annotations

import argparse
import io
import sys

from rich.cells import cell_len
from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text


def draw(ansi: str, title: str, width: int | None) -> str:
    """The SVG of a terminal that shows `ansi`; as wide as its longest line unless told."""
    lines = [Text.from_ansi(line) for line in ansi.splitlines()]
    columns = width or max((cell_len(line.plain) for line in lines), default=1)
    console = Console(record=True, width=columns, file=io.StringIO(), color_system="truecolor", legacy_windows=False)
    for line in lines:
        console.print(line, soft_wrap=False, overflow="fold", highlight=False, markup=False, emoji=False)
    return console.export_svg(title=title, theme=MONOKAI, unique_id="terminal")


def main() -> None:
    """Read stdin, write stdout."""
    parser = argparse.ArgumentParser(description="Draw a terminal transcript (ANSI text on stdin) as SVG on stdout.")
    parser.add_argument("title", help="what stands in the window's bar")
    parser.add_argument("--width", type=int, help="columns; the longest line by default")
    parser.add_argument("--lines", type=int, help="draw only so many lines from the top")
    asked = parser.parse_args()
    text = sys.stdin.read()
    if asked.lines is not None:
        text = "\n".join(text.splitlines()[: asked.lines])
    sys.stdout.write(draw(text, asked.title, asked.width))


if __name__ == "__main__":
    main()
