"""Where something stands in a file.

In: positions as the YAML parser or a plan reader found them. Out: one comparable, printable place.
A span must never point outside its file, and never carry the text itself.
"""

from __future__ import annotations

from typing import NamedTuple


class Span(NamedTuple):
    """A stretch of text: lines and columns count from 1, the end column is exclusive.

    A named tuple, not a dataclass: a fleet of sites has millions, and these are made in half the time.
    `file` is the path as the user would type it (relative to the project's root where it can be).
    """

    file: str
    line: int
    column: int
    end_line: int
    end_column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"
