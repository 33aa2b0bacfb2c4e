"""A line of a file as a terminal shows it: cells with widths, secrets masked, nothing that moves the cursor.

In: a line and the stretches to mask. Out: text, and the display column of every character.
It must never let through a control character: a file that is shown must not drive the terminal.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from oceana_dr.present.masking import MASK

TAB: Final = "    "
_AS_PICTURE: Final = "\ufe0f"
_HIDDEN: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp", "Co", "Cn"})
# Controls other than line feed and tab, half characters, and what reverses or hides text.
_HIDDEN_SIGN: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff]"
)
_COLOUR: Final = re.compile("(\x1b\\[(?:0|1|2|32|33|34|36|1;31|1;33)m)")
_ASCII: Final = str.maketrans({"…": "...", "–": "-", "—": "-", "→": "->", "“": '"', "”": '"', "’": "'", "·": "-"})


@dataclass(frozen=True, slots=True)
class Line:
    """`text` as it is shown; `columns[i]` is the display column (from 0) where character i begins."""

    text: str
    columns: tuple[int, ...]

    def column(self, index: int) -> int:
        """The display column of a character; behind the end, the column behind the last one."""
        return self.columns[min(index, len(self.columns) - 1)]


def lay_out(line: str, masked: list[tuple[int, int]], *, ascii_only: bool = False) -> Line:
    """Make a line showable: masks in place of secrets, tabs as spaces, hidden characters by name."""
    parts: list[str] = []
    columns: list[int] = []
    here = 0
    starts = dict(masked)
    end = -1
    for index, character in enumerate(line):
        columns.append(here)
        if index in starts:
            shown, end = MASK, starts[index]
        elif index < end:
            shown = ""
        else:
            shown = show_character(character, ascii_only=ascii_only)
        parts.append(shown)
        here += _width(shown, line[index - 1 : index]) if shown == character else display_width(shown)
    return Line("".join(parts), (*columns, here))


def show_character(character: str, *, ascii_only: bool) -> str:
    """One character of a user's text, made harmless."""
    if character == "\t":
        return TAB
    if unicodedata.category(character) in _HIDDEN or (ascii_only and not character.isascii()):
        return f"<U+{ord(character):04X}>"
    return character


def show_text(text: str, *, ascii_only: bool) -> str:
    """A sentence of ours that may hold a user's text, made harmless."""
    if ascii_only:
        text = text.translate(_ASCII)
    return "".join(show_character(character, ascii_only=ascii_only) for character in text)


def only_our_colours(text: str) -> str:
    """A whole output, made harmless once more where it is written; the colours of `Style` stay."""
    if not _HIDDEN_SIGN.search(text):
        return text
    parts = _COLOUR.split(text)
    parts[::2] = (_HIDDEN_SIGN.sub(lambda sign: f"<U+{ord(sign[0]):04X}>", part) for part in parts[::2])
    return "".join(parts)


def escape_hidden(text: str) -> str:
    """The same JSON without a letter that cannot be seen or drives a terminal."""
    return _HIDDEN_SIGN.sub(lambda sign: f"\\u{ord(sign[0]):04x}", text)


def display_width(text: str) -> int:
    """How many columns a text takes on a terminal (wide characters two, combining ones none)."""
    if text.isascii():
        return len(text)
    return sum(_width(character, text[index - 1 : index]) for index, character in enumerate(text))


def _width(character: str, before: str) -> int:
    """Nothing for what is drawn over the character before it: accents, vowel signs, variation selectors, jamo.

    The selector of a coloured picture makes a narrow sign a wide one.
    """
    if character == _AS_PICTURE:
        return 1 if before and unicodedata.category(before) == "So" and _width(before, "") == 1 else 0
    if unicodedata.category(character) in {"Mn", "Mc", "Me"} or "\u1160" <= character <= "\u11ff":
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
