"""What `dgmgrl` prints, line by line: without banner, prompts and times, and the numbers of its errors.

In: bytes or text. Out: lines, codes, a version.
It must never raise, whatever the text is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

_PROMPT: Final = re.compile(r"^(?:DGMGRL> ?)+")
_BANNER: Final = re.compile(r"^DGMGRL for [^:]{1,60}: (?:Version|Release) (\d[\d.]{0,30})\b")
_FULL: Final = re.compile(r"^Version (\d[\d.]{0,30})\s*$")
_TIME: Final = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[\d.]*(?:[+-]\d\d:\d\d|Z)?$")
_CODE: Final = re.compile(r"\b(?:ORA|DGM|TNS)-\d{5}\b")
_LOGGED_IN: Final = re.compile(r"^Connected(?: as (SYS[A-Z]+))?\.$")
_DATABASE: Final = re.compile(r'^Connected to "([^"]{1,128})"$')
_BEGUN: Final = re.compile(r"^(?:Performing|Reinstating|Operation requires)\b")


def lines_of(said: str) -> tuple[str, ...]:
    """The lines, without prompts, line ends and the times that newer versions put between them.

    What a terminal would not print, or take for a command, is a `?`.
    """
    lines = (_PROMPT.sub("", _plain(line).rstrip()) for line in said.split("\n"))
    return tuple(line for line in lines if not _TIME.match(line.strip()))


def _plain(line: str) -> str:
    spaced = line.rstrip("\r").replace("\t", "    ")
    return spaced if spaced.isprintable() else "".join(item if item.isprintable() else "?" for item in spaced)


def codes_of(lines: Iterable[str]) -> tuple[str, ...]:
    """Numbers of errors and warnings, each once, in their order."""
    return tuple(dict.fromkeys(code for line in lines for code in _CODE.findall(line)))


def version_of(lines: Sequence[str]) -> str | None:
    """The version in the banner; where it is written out below, that one (18c and later)."""
    for place, line in enumerate(lines):
        if found := _BANNER.match(line):
            full = next((match for item in lines[place + 1 : place + 3] if (match := _FULL.match(item))), None)
            return (full or found)[1]
    return None


def login_of(lines: Sequence[str]) -> tuple[str | None, str | None] | None:
    """Which database let us in, and with which privilege, as far as it says; None where it did not.

    Only the login: an act connects again by itself, to other databases.
    """
    database = None
    for line in lines:
        if _BEGUN.match(line):
            return None
        if found := _DATABASE.match(line):
            database = found[1]
        elif found := _LOGGED_IN.match(line):
            return database, found[1]
    return None


def begun(lines: Iterable[str]) -> bool:
    """Whether a change of roles was taken up: then somebody was logged in, in whatever words that was said."""
    return any(_BEGUN.match(line) for line in lines)
