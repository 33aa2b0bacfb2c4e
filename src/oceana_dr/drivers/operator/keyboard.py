"""The two ends of a terminal: lines that a person types, text that they see.

In: a terminal's input and output, a way to ask whether a stop was asked for, what to do meanwhile. Out: lines.
It must never wait where a stop cannot reach it, never print a control character that a value carries, and hand on none
that was typed: an arrow key is no answer.
"""

from __future__ import annotations

import os
import select
from collections.abc import Callable, Mapping
from typing import Final, TextIO

from oceana_dr.drivers.contract import QuestionLeft
from oceana_dr.drivers.operator.screen import HEIGHT, WIDTH, Shape, plain_text

_POLL_S: Final = 0.1
_LONGEST_LINE: Final = 4000
_WIDEST: Final = 100


class Keyboard:
    """A person's keys and screen."""

    def __init__(self, keys: int, screen: TextIO, stopped: Callable[[], bool], environment: Mapping[str, str]) -> None:
        self._keys = keys
        self._screen = screen
        self._stopped = stopped
        self._typed = b""
        self.plain = "utf" not in (screen.encoding or "").lower() or _is_posix(environment)

    @property
    def shape(self) -> Shape:
        """What fits on the screen now: people change the size of their windows."""
        try:
            size = os.get_terminal_size(self._screen.fileno())
        except (OSError, ValueError, AttributeError):
            return Shape(plain=self.plain)
        return Shape(min(size.columns or WIDTH, _WIDEST), size.lines or HEIGHT, self.plain)

    def show(self, text: str) -> None:
        """Print a text; what does not print, or drives a terminal, becomes `?`."""
        clean = "".join(char if char == "\n" or char.isprintable() else "?" for char in text)
        if self.plain:
            clean = plain_text(clean)
        encoding = self._screen.encoding or "ascii"
        self._screen.write(clean.encode(encoding, "replace").decode(encoding))
        self._screen.flush()

    def send(self, sequence: str) -> None:
        """Something to the terminal itself, which is not shown."""
        self._screen.write(sequence)
        self._screen.flush()

    def line(self, prompt: str, meanwhile: Callable[[], bool]) -> str:
        """What is typed behind the prompt. `meanwhile` is called again and again, and says when to prompt anew.

        Raises `QuestionLeft` when a stop is asked for or the terminal is gone.
        """
        self.show(prompt)
        while b"\n" not in self._typed:
            if self._stopped():
                self.show("\n")
                raise QuestionLeft("a stop was asked for")
            if meanwhile():
                self.show(prompt)
            if select.select([self._keys], [], [], _POLL_S)[0]:
                self._typed += self._take()
        line, _, self._typed = self._typed.partition(b"\n")
        text = line.decode("utf-8", "replace").replace("\t", " ")
        return "".join(char for char in text if char.isprintable()).strip()

    def forget(self) -> None:
        """What was typed before the question stood on the screen is no answer to it."""
        self._typed = b""
        while select.select([self._keys], [], [], 0)[0]:
            self._take()

    def _take(self) -> bytes:
        try:
            found = os.read(self._keys, 1024)
        except OSError:
            found = b""  # the terminal hung up
        if not found or len(self._typed) > _LONGEST_LINE:
            raise QuestionLeft("the terminal is gone")
        return found


def _is_posix(environment: Mapping[str, str]) -> bool:
    """Whether the person's locale has plain letters only; Python writes UTF-8 all the same then."""
    named = next((environment[name] for name in ("LC_ALL", "LC_CTYPE", "LANG") if environment.get(name)), "")
    return named in {"C", "POSIX"}
