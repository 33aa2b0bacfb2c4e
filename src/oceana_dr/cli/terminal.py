"""What the terminal can show: width, colours, letters.

In: the process's streams and environment. Out: a `Style` for the renderers.
Colour must never be the only carrier of a meaning, and never be sent into a file.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TextIO

import click

DEFAULT_WIDTH = 100
PATIENCE_S = 1.0
LOG_PATIENCE_S = 5.0
SYMBOLS = "▶⏸✓◷✗→┐┘"


@dataclass(frozen=True, slots=True)
class Style:
    """How to render: columns, SGR colours or none, ASCII only or not."""

    width: int
    colour: bool
    ascii: bool


def stdout_style() -> Style:
    """The style for data on stdout."""
    return _style(sys.stdout)


def stderr_style() -> Style:
    """The style for progress and diagnostics on stderr."""
    return _style(sys.stderr)


@contextmanager
def busy(doing: str) -> Iterator[None]:
    """Say on stderr what takes so long: to somebody who looks after a second, in a log later than work ever takes."""
    from threading import Timer

    timer = Timer(PATIENCE_S if sys.stderr.isatty() else LOG_PATIENCE_S, lambda: click.echo(f"{doing} …", err=True))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _style(stream: TextIO) -> Style:
    terminal = stream.isatty()
    width = shutil.get_terminal_size((DEFAULT_WIDTH, 40)).columns if terminal or "COLUMNS" in os.environ else 0
    return Style(width or DEFAULT_WIDTH, terminal and not _refused(), not _can_show(stream))


def _refused() -> bool:
    context = click.get_current_context(silent=True)
    asked = bool(context and context.find_root().obj and context.find_root().obj.get("no_color"))
    return asked or bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"


def _can_show(stream: TextIO) -> bool:
    locale = next((os.environ[name] for name in ("LC_ALL", "LC_CTYPE", "LANG") if os.environ.get(name)), "")
    if locale in {"C", "POSIX"} and stream.isatty():
        return False  # Python writes UTF-8 all the same, and the terminal shows other signs
    try:
        SYMBOLS.encode(stream.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
