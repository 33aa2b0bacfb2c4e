"""Signs and colours of text output, in Unicode or ASCII, with or without colour.

In: what the terminal can do. Out: a `Style` that renderers ask.
Meaning must never lie in the colour alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from oceana_dr.present.cells import show_text
from oceana_dr.present.signs import Sign


@dataclass(frozen=True, slots=True)
class Style:
    """How to draw: `ascii` without box-drawing characters, `color` with ANSI escapes; `columns` 0 for any width."""

    ascii: bool = False
    color: bool = False
    columns: int = 0

    @property
    def corner(self) -> str:
        """Begins the line that names a file."""
        return "-->" if self.ascii else "┌─"

    @property
    def bar(self) -> str:
        """Between a line's number and its text."""
        return "|" if self.ascii else "│"

    @property
    def gap(self) -> str:
        """Stands for lines left out."""
        return "..." if self.ascii else "⋮"

    def sign(self, sign: Sign) -> str:
        """A sign as this terminal can show it."""
        return sign.value[1 if self.ascii else 0]

    def text(self, text: str) -> str:
        """A text that may hold a user's or a system's words, made harmless."""
        return show_text(text, ascii_only=self.ascii)

    def bad(self, text: str) -> str:
        """Red and bold."""
        return self._paint("1;31", text)

    def doubtful(self, text: str) -> str:
        """Yellow and bold."""
        return self._paint("1;33", text)

    def good(self, text: str) -> str:
        """Green."""
        return self._paint("32", text)

    def moved(self, text: str) -> str:
        """Yellow: what changes."""
        return self._paint("33", text)

    def named(self, text: str) -> str:
        """Cyan: ids that other commands take."""
        return self._paint("36", text)

    def strong(self, text: str) -> str:
        """Bold."""
        return self._paint("1", text)

    def faint(self, text: str) -> str:
        """Faint: what can be passed over at a first reading."""
        return self._paint("2", text)

    def dim(self, text: str) -> str:
        """Blue: line numbers, bars, secondary labels."""
        return self._paint("34", text)

    def _paint(self, code: str, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.color and text else text
