"""Factory passwords, wherever they stand in a file: values, keys, comments.

In: the text of a file. Out: OD1140 with the exact place, and never the text; also not in what others say.
The literals are those the manual prints; they stand here to be refused, and nowhere else in the source.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from oceana_dr.diagnostics import Diagnostic, Label, Span
from oceana_dr.source.text import split_lines

_LITERALS: Final = ("Oceana16", "Avaya123", "Password1")
# A reference such as env:PASSWORD1 names a variable, it does not hold the password.
_FOUND: Final = re.compile(
    rf"(?<![A-Za-z0-9_])(?<!env:)(?P<word>{'|'.join(_LITERALS)})(?![A-Za-z0-9_])|\bsys/(?P<login>[^@\s]+)@",
    re.IGNORECASE,
)

# What each match holds, whatever its case: looking for the words alone is thirty times as fast.
_FOLDED: Final = (*(word.casefold() for word in _LITERALS), "sys/")

_MASK: Final = "********"


def masked(found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The diagnostics without the passwords: a key, a tag or an alias may be one, and messages repeat those."""
    return tuple(_masked(item) if any(_FOUND.search(text) for text in _texts(item)) else item for item in found)


def _texts(item: Diagnostic) -> tuple[str, ...]:
    return (item.message, item.help or "", *item.notes, *(label.text for label in item.labels))


def _masked(item: Diagnostic) -> Diagnostic:
    return replace(
        item,
        message=_hide(item.message),
        labels=tuple(replace(label, text=_hide(label.text)) for label in item.labels),
        notes=tuple(map(_hide, item.notes)),
        help=None if item.help is None else _hide(item.help),
    )


def _hide(text: str) -> str:
    return _FOUND.sub(lambda match: match[0].replace(match["word"] or match["login"], _MASK), text)


def find_factory_passwords(text: str, file: str) -> Iterator[Diagnostic]:
    """One diagnostic for each factory password and each Oracle login with its password."""
    folded = text.casefold()
    if not any(word in folded for word in _FOLDED):
        return
    for number, line in enumerate(split_lines(text), start=1):
        for match in _FOUND.finditer(line):
            group = "word" if match["word"] else "login"
            span = Span(file, number, match.start(group) + 1, number, match.end(group) + 1)
            yield Diagnostic(
                "OD1140",
                "a factory password stands here" if group == "word" else "a password stands in a login",
                (Label(span, "not shown"),),
                ("the manual prints it, so everybody knows it; whoever copies it has not changed it",),
                "change it on the server, and write a reference: env:NAME, file:PATH or command:…",
            )
