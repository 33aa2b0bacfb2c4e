"""Markdown of the reference: pages, tables, and text that shows as it is written.

In: words and values of the program. Out: Markdown, the same for the same input.
It must never know what a page is about; line numbers of the manual become pages here, and nothing else is looked up.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from typing import Final

from oceana_dr.catalogue.load import load_catalogue

NOTICE: Final = "<!-- Written by scripts/reference/ from the program; `make goldens` writes it anew. -->"


def page(title: str, *parts: str) -> str:
    """A page: its title, the notice, its parts."""
    return "\n\n".join([f"# {title}", NOTICE, *(part.strip("\n") for part in parts)]) + "\n"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)


def prose(text: str) -> str:
    """Text for Markdown: what would be markup is written so that it shows."""
    parts = re.split(r"(`[^`]*`)", " ".join(text.split()))
    return "".join(part if part.startswith("`") else re.sub(r"([*_<\[\]])", r"\\\1", part) for part in parts)


def code(value: object) -> str:
    """A value as it would be typed."""
    return f"`{value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)}`"


def fence(text: str, language: str = "text") -> str:
    """A block that is only read."""
    return f"```{language}\n{text.rstrip()}\n```"


def manual(lines: Iterable[Sequence[int]]) -> str:
    """`315 (p. 12), 973-994 (p. 35)`."""
    pages = load_catalogue().page
    return ", ".join(
        f"{first}{f'-{last}' if last != first else ''} (p. {pages(first)})" for first, last in (pair for pair in lines)
    )
