"""GitHub's Markdown, of texts that strangers may have written.

In: texts and parts. Out: Markdown that shows the texts as they are.
A text must never become markup: no link, no picture, no mention that calls somebody, no heading, no HTML.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from oceana_dr.present.cells import show_text
from oceana_dr.present.durations import whole

# `@` would call people, `#` and `GH-` would point at other issues; the rest is markup.
_MARKUP: Final = re.compile(r"[\\`*_{}\[\]<>&~|@#!$]")
_BACKTICKS: Final = re.compile("`+")
_REFERENCE: Final = re.compile(r"(?<![A-Za-z0-9])(GH)-(?=[0-9])", re.IGNORECASE)
_ADDRESS: Final = re.compile(r"(?<=://)|(?<=\bwww)(?=\.)", re.IGNORECASE)
_LIST: Final = re.compile(r"^(\s*)([-+]|[0-9]+[.)])(?=\s|$)")
# A break that nobody sees: what it parts is no link and no reference any more.
_UNSEEN: Final = "&#8203;"
MOST: Final = 1_000
"""Letters of one text; what is longer is read in the plan file."""


def prose(text: str) -> str:
    """A sentence, on one line, in which nothing is markup; a length of time in it does not break."""
    shown = _clipped(whole(show_text(" ".join(text.split()), ascii_only=False)))
    shown = _MARKUP.sub(lambda found: f"&#{ord(found[0])};", shown)
    shown = _LIST.sub(lambda found: f"{found[1]}{''.join(f'&#{ord(sign)};' for sign in found[2])}", shown)
    return _ADDRESS.sub(_UNSEEN, _REFERENCE.sub(rf"\1{_UNSEEN}-", shown))


def code(text: str) -> str:
    """A value or a name, letter by letter; the fence is longer than any run of backticks in it."""
    shown = _clipped(show_text(text, ascii_only=False))
    fence = "`" * (max((len(run) for run in _BACKTICKS.findall(shown)), default=0) + 1)
    # GitHub takes one blank off both sides, but for blanks alone; without anything to show there is no code.
    pad = " " if shown.strip() and (shown[0] in "` " or shown[-1] in "` ") else ""
    return f"{fence}{pad}{shown}{pad}{fence}" if shown else "(empty)"


def codes(texts: Iterable[str]) -> str:
    """Names after one another."""
    return ", ".join(code(text) for text in texts)


def folded(summary: str, body: str) -> str:
    """What opens when it is asked for; `summary` is Markdown of one line, made with this module."""
    return f"<details><summary>{summary}</summary>\n\n{body}\n\n</details>"


def _clipped(text: str) -> str:
    return text if len(text) <= MOST else f"{text[: MOST - 1]}…"
