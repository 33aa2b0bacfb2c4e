"""Bytes of a file → text that every reader counts lines and columns in alike.

In: bytes. Out: the text without its byte order mark, and diagnostics for what must not stand in it.
It must never let through a character that an editor hides, or that ends a line for some readers only:
a reviewer would approve a line that is not the one we read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from oceana_dr.diagnostics import MOST, Diagnostic, Label, Span

MAX_BYTES: Final = 1 << 20
"""Largest file that is read, in bytes."""

_LINE_END: Final = re.compile(r"\r\n|\r|\n")
# Control characters except tab and line ends; U+0085, U+2028, U+2029 end a line in YAML 1.1 only;
# the bidirectional controls reorder what a reviewer sees; a byte order mark belongs at the start.
_FORBIDDEN: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]"
)


def decode_text(data: bytes, file: str) -> tuple[str | None, tuple[Diagnostic, ...]]:
    """The text of a file, or None with the reasons why it is not read any further."""
    if len(data) > MAX_BYTES:
        return None, (too_large(file, None, MAX_BYTES),)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return None, (_not_utf8(data, error, file),)
    found = tuple(islice(_forbidden(text, file), MOST + 1)) if _FORBIDDEN.search(text) else ()
    return (None if found else text), found


def too_large(file: str, size: int | None, most: int) -> Diagnostic:
    """A file of so many bytes (None: nobody knows how many there would have been) where `most` are read."""
    message = (
        f"the file is too large: {'' if size is None else f'{size:,} bytes, '}more than the {most:,} that are read"
    )
    advice = "a definition has a few thousand lines: move what is none out of it, or name another file"
    return Diagnostic("OD1003", message, (Label(_first(file)),), (), advice)


def split_lines(text: str) -> list[str]:
    """Lines as YAML 1.2 ends them (CR LF, CR or LF), without their ends."""
    return _LINE_END.split(text)


def position_of(text: str, index: int) -> tuple[int, int]:
    """Line and column, both from 1, of the character at `index`."""
    lines = split_lines(text[:index])
    return len(lines), len(lines[-1]) + 1


def _first(file: str) -> Span:
    return Span(file, 1, 1, 1, 1)


def _forbidden(text: str, file: str) -> Iterator[Diagnostic]:
    # Line by line: looking each place up by itself would take hours for a megabyte of zero bytes.
    for number, line in enumerate(split_lines(text), start=1):
        for match in _FORBIDDEN.finditer(line):
            yield _hidden(f"U+{ord(match[0]):04X}", Span(file, number, match.start() + 1, number, match.start() + 2))


def _hidden(name: str, span: Span) -> Diagnostic:
    return Diagnostic(
        "OD1005",
        f"the character {name} may not stand in a definition",
        (Label(span, f"{name} here"),),
        ("it is invisible, or ends a line for some readers and not for others",),
        'remove it; if it is wanted inside a value, write it as an escape in double quotes ("\\u2028")',
    )


def _not_utf8(data: bytes, error: UnicodeDecodeError, file: str) -> Diagnostic:
    before = data[: error.start].decode("utf-8-sig", "replace")
    line, column = position_of(before, len(before))
    utf16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    return Diagnostic(
        "OD1004",
        "the file is not UTF-8",
        (Label(Span(file, line, column, line, column + 1), f"byte 0x{data[error.start]:02X} here"),),
        ("the file begins like UTF-16, as some Windows editors save it",) if utf16 else (),
        "save the file as UTF-8 (without a byte order mark)",
    )
