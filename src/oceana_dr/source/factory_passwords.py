"""Factory passwords, wherever they stand in a file: values, keys, comments, also written with escapes.

In: the text of a file, and the tree it means. Out: OD1140 with the exact place, and never the text; also not in what
others say.
The literals are those the manual prints; they stand here to be refused, and nowhere else in the source.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final, assert_never

from oceana_dr.diagnostics import Diagnostic, Label, Span
from oceana_dr.source.node import Mapping, Node, Scalar, Sequence
from oceana_dr.source.text import split_lines

_LITERALS: Final = ("Oceana16", "Avaya123", "Password1")
# As the manual writes it, one is refused inside of other words, too. In other letters it must be a word of its own,
# and not the name of a variable: env:PASSWORD1 refers to a password, it does not hold one.
_FOUND: Final = re.compile(
    rf"(?P<word>(?-i:{'|'.join(_LITERALS)})|(?<![A-Za-z0-9_])(?<!env:)(?:{'|'.join(_LITERALS)})(?![A-Za-z0-9_]))"
    r"|\bsys/(?P<login>[^@\s]+)@"
    r"|://[^/@\s:]{1,100}:(?P<address>[^/@\s]{1,200})@",
    re.IGNORECASE,
)
# A user and, behind a colon or a slash, the password: as the value of such a key only.
_ACCOUNT: Final = re.compile(
    r"(?:^[ \t]{0,200}(?:-[ \t]{1,20})?|[{,]\s{0,20})(?:login|user|username)[ \t]{0,20}:[ \t]{1,20}[\"']?"
    r"(?!env:|file:|command:)"
    r"[\w.@-]{1,100}[/:](?P<account>[^\s,}\"'#]{1,200})",
    re.IGNORECASE | re.MULTILINE,
)

# Only these escapes of a text in double quotes can make a match of what is none as it is written.
_ESCAPE: Final = re.compile(r"\\[xuU/\r\n]")
_PRINTED: Final = "the manual prints it, so everybody knows it; whoever copies it has not changed it"
_LOGIN: Final = "definitions are read by everybody who reviews them, and stay in git for ever"

# What each match holds, whatever its case: looking for the words alone is thirty times as fast.
_FOLDED: Final = (*(word.casefold() for word in _LITERALS), "sys/", "://")

_MESSAGES: Final = {
    "word": "a factory password stands here",
    "login": "a password stands in a login",
    "account": "a password stands in a login",
    "address": "a password stands in an address",
}

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
    return _FOUND.sub(lambda match: match[0].replace(match[_group(match)], _MASK), text)


def _group(match: re.Match[str]) -> str:
    """What kind of password a match is, and the name of the group that holds it."""
    return match.lastgroup or "word"


def find_factory_passwords(text: str, file: str, root: Node | None = None) -> Iterator[Diagnostic]:
    """One diagnostic for each factory password and each Oracle login with its password."""
    folded = text.casefold()
    lines: set[int] = set()
    if any(word in folded for word in _FOLDED) or _ACCOUNT.search(text):
        for number, line in enumerate(split_lines(text), start=1):
            for match in _FOUND.finditer(line):
                lines.add(number)
                yield _in_line(match, number, file)
            for match in _ACCOUNT.finditer(line) if number not in lines else ():
                lines.add(number)
                yield _in_line(match, number, file)
    if root is not None and _ESCAPE.search(text):
        yield from _escaped(root, lines)


def _escaped(root: Node, lines: set[int]) -> Iterator[Diagnostic]:
    """Texts that hold one only when they are read; a line that was refused as it stands is not refused again."""
    seen: set[Span] = set()
    for scalar in _quoted(root):
        match = _FOUND.search(str(scalar.value))
        span = scalar.span
        if match is None or span in seen or not lines.isdisjoint(range(span.line, span.end_line + 1)):
            continue
        seen.add(span)
        yield _refused(span, _group(match))


def _quoted(node: Node) -> Iterator[Scalar]:
    match node:
        case Scalar():
            if node.quoted:
                yield node
        case Sequence():
            for item in node.items:
                yield from _quoted(item)
        case Mapping():
            for key, value in node.entries:
                yield from _quoted(key)
                yield from _quoted(value)
        case _:
            assert_never(node)


def _in_line(match: re.Match[str], number: int, file: str) -> Diagnostic:
    group = _group(match)
    return _refused(Span(file, number, match.start(group) + 1, number, match.end(group) + 1), group)


def _refused(span: Span, group: str) -> Diagnostic:
    word = group == "word"
    return Diagnostic(
        "OD1140",
        _MESSAGES[group],
        (Label(span, "not shown"),),
        (_PRINTED if word else _LOGIN,),
        "change it on the server, and write the address without it"
        if group == "address"
        else "change it on the server, and write a reference: env:NAME, file:PATH or command:…",
    )
