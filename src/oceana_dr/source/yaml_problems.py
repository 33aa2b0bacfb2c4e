"""What can be wrong with a file as YAML, worded for people.

In: a place, and what libyaml or the tree builder found there. Out: one `Diagnostic` each.
It must never show libyaml's own wording without saying what to write instead, and never a value.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, Final

from oceana_dr.diagnostics import Diagnostic, Fix, Label, Span
from oceana_dr.source.node import Mapping, Node, Scalar
from oceana_dr.source.text import split_lines

SHOWN_LENGTH: Final = 60
"""Longest stretch of a user's text that a sentence repeats, in characters."""

MAX_TAG_LINES: Final = 16
LONGEST_TAG_LINE: Final = 1000
"""Most `%TAG` lines of one file, and the characters of the longest."""

_CORE: Final = "tag:yaml.org,2002:"
_YAML_TAGS: Final = frozenset(
    ("binary", "bool", "float", "int", "map", "merge", "null", "omap", "pairs", "seq", "set", "str", "timestamp")
)

_DIRECTIVE: Final = (
    "a line that begins with `%` is not known here",
    "remove it; put a value that begins with % in quotes",
)
_EXTRA: Final = (
    "something stands where the line should end",
    "begin it on a line of its own; a space comes before `#`",
)
_VERSION: Final = ("the `%YAML` line cannot be followed", "remove it: files are read as YAML 1.2")
_TAG_LINE: Final = ("the `%TAG` line stands here twice", "remove both: types follow from the schema")
ENTRY: Final = re.compile(r"[ \t]*(- |(?P<key>[\"']?[A-Za-z_][\w./-]*[\"']?)[ \t]*:(\s|$))")
"""A line that is a key or an item, whatever column it begins in."""

_TWO_WORDS: Final = re.compile(r"\s*[A-Za-z_][^:#]*")
_AFTER_NO_COLON: Final = frozenset({"mapping values are not allowed in this context", "could not find expected ':'"})
_KEY_AND_VALUE: Final = re.compile(r"\s{0,200}(?P<key>[A-Za-z_][\w-]{0,100})[ ]+[^\s\"'{}\[\]&*!]+[ ]*")
_OPEN_VALUE: Final = re.compile(r"\s{0,200}(?:- {1,20})?(?:[\w.-]{1,100}:\s+)?(?P<quote>[\"'])[^\"'\\#{}\[\]]*")
_BARE_KEY: Final = re.compile(r"\s*[A-Za-z_][\w-]*\s*(#.*)?")

# libyaml's wording → ours: (message, help).
_WORDING: Final[dict[str, tuple[str, str]]] = {
    "could not find expected ':'": ("a `:` is missing after a key", "write `key: value`, with a space after the colon"),
    "mapping values are not allowed in this context": (
        "a `:` stands where no key can begin",
        'check the indentation; put a value that holds ": " in quotes',
    ),
    "did not find expected key": (
        "a key was expected here",
        "keys of one mapping begin in the same column; close quotes and brackets opened above",
    ),
    "did not find expected '-' indicator": (
        "a list item was expected here",
        "items of one list begin with `-` in the same column",
    ),
    "did not find expected node content": (
        "a value was expected here",
        "close the bracket opened above, or write a value",
    ),
    "did not find expected ',' or ']'": (
        "a list in brackets is not closed",
        "write `,` between items and `]` at the end",
    ),
    "did not find expected ',' or '}'": (
        "a mapping in braces is not closed",
        "write `,` between pairs and `}` at the end",
    ),
    "found unexpected end of stream": ("a quoted value is not closed", "close the quote where the value ends"),
    "found character that cannot start any token": (
        "this character cannot begin a value",
        "put a value that begins with @ or ` in quotes",
    ),
    "found unexpected ':'": (
        "a `:` stands inside a value between brackets or braces",
        "put the value in quotes",
    ),
    "did not find expected <document start>": (
        "nothing may follow the end of the document",
        "close no more brackets than were opened; indent what belongs to a key",
    ),
    "did not find expected alphabetic or numeric character": (
        "a name must follow `&` or `*`",
        "put a value that begins with & or * in quotes",
    ),
    "found unknown escape character": (
        "a backslash in double quotes begins an escape",
        "write Windows paths without quotes or in single quotes",
    ),
    "block sequence entries are not allowed in this context": (
        "a list item cannot begin here",
        "begin the list on a line of its own",
    ),
    "mapping keys are not allowed in this context": ("a key cannot begin here", "begin it on a line of its own"),
    "found unexpected document indicator": (
        "a quoted value is not closed before `---` or `...`",
        "close the quote where the value ends",
    ),
    "found invalid Unicode character escape code": (
        "an escape in double quotes names no character",
        'write another one, such as "\\u00e4"',
    ),
    "did not find expected hexdecimal number": (
        "an escape in double quotes is cut short",
        "write all its digits: two after \\x, four after \\u, eight after \\U",
    ),
    "found an indentation indicator equal to 0": (
        "a block of text cannot be indented by 0",
        "leave the number behind `|` or `>` out",
    ),
    "found undefined tag handle": (
        "the tag has a handle that is not known",
        "remove the tag; types follow from the schema",
    ),
    "found unknown directive name": _DIRECTIVE,
    "could not find expected directive name": _DIRECTIVE,
    "did not find expected whitespace or line break": _EXTRA,
    "did not find expected comment or line break": _EXTRA,
    "found duplicate %YAML directive": _VERSION,
    "found incompatible YAML document": _VERSION,
    "found duplicate %TAG directive": _TAG_LINE,
}


_GLUED: Final = re.compile(r"\s{0,200}(?:- {1,20})?(?P<key>[A-Za-z_]\w{0,100}:)(?![\s/]).")


def syntax(error: Any, text: str, file: str) -> Diagnostic:
    """libyaml's complaint, at the place it complains about, with where the construct began."""
    place = _mark(error.problem_mark or error.context_mark, text, file)
    lines = split_lines(text)
    culprit = key_without_colon(error, lines)
    if culprit is not None:
        return _no_colon(culprit, lines, place)
    here = lines[place.line - 1] if place.line <= len(lines) else ""
    indent = here[: len(here) - len(here.lstrip(" \t"))]
    if "\t" in indent or here[place.column - 1 : place.column] == "\t":
        return _tab(here, place)
    found = str(error.problem or "").strip()
    message, advice = _WORDING.get(found, (f"this is not YAML: {found or 'unreadable'}", None))
    labels = [Label(place)]
    if error.context_mark is not None:
        begin = _mark(error.context_mark, text, file)
        if (begin.line, begin.column) != (place.line, place.column):
            labels.append(Label(begin, "begins here"))
    if found == "found unexpected end of stream" and len(labels) > 1:
        start = labels[1].span
        unclosed = open_quote(lines[start.line - 1], start.line - 1, Diagnostic("OD1006", message, (Label(place),)))
        return replace(unclosed, labels=(Label(start), Label(place, "here the file ends")))
    above = place.line - 2
    if found in _AFTER_NO_COLON and above >= 0 and (glued := _GLUED.match(lines[above])):
        return _glued(glued, above, place)
    elsewhere = any(label.span.line != above + 1 for label in labels[1:])
    if found in _AFTER_NO_COLON and above >= 0 and _TWO_WORDS.fullmatch(lines[above]) and not elsewhere:
        return _no_colon_in(lines[above], above, place)
    return Diagnostic("OD1006", message, tuple(labels), (), advice)


def _glued(match: re.Match[str], line: int, below: Span) -> Diagnostic:
    """`key:value`, in a line (from 0) that libyaml takes for the beginning of a text."""
    key, end = match["key"], match.end("key") + 1
    span = Span(below.file, line + 1, match.start("key") + 1, line + 1, end)
    return Diagnostic(
        "OD1006",
        f"a space is missing after `{key}`",
        (Label(span, "the colon ends no key here"), Label(below, "so this belongs to no key")),
        (),
        f"write a space between `{key}` and its value",
        fix=Fix(Span(below.file, line + 1, end, line + 1, end), " ", safe=False),
    )


def _no_colon_in(text: str, line: int, below: Span) -> Diagnostic:
    """A line (from 0) of words, before one that is a key: `key value`, most often."""
    start, end = len(text) - len(text.lstrip()) + 1, len(text.rstrip()) + 1
    labels = (Label(Span(below.file, line + 1, start, line + 1, end)), Label(below, "so this belongs to no key"))
    message, advice = "this line has no `:`", "write `key: value`; put a text of several lines in quotes"
    if (pair := _KEY_AND_VALUE.fullmatch(text)) is None:
        return Diagnostic("OD1006", message, labels, (), advice)
    after = pair.end("key") + 1
    fix = Fix(Span(below.file, line + 1, after, line + 1, after), ":", safe=False)
    return Diagnostic("OD1006", message, labels, (), f"write a `:` after `{short(pair['key'])}`", fix=fix)


def key_without_colon(error: Any, lines: list[str]) -> int | None:
    """The line (from 0) of a key that lacks its colon, where libyaml complains about the first key below it."""
    if error.problem not in _AFTER_NO_COLON or error.problem_mark is None:
        return None
    here = min(error.problem_mark.line, len(lines) - 1)
    above = here - 1
    while above >= 0 and (not lines[above].strip() or lines[above].lstrip().startswith("#")):
        above -= 1
    if above < 0 or not _BARE_KEY.fullmatch(lines[above]):
        return None
    indent = len(lines[above]) - len(lines[above].lstrip())
    return above if indent < len(lines[here]) - len(lines[here].lstrip()) else None


def open_quote(text: str, line: int, complaint: Diagnostic) -> Diagnostic:
    """The complaint about what follows a quote that is not closed in its own line (from 0), told of that quote."""
    column = next((number for number, sign in enumerate(text, start=1) if sign in "\"'" and text.count(sign) % 2), 1)
    place = complaint.labels[0].span
    labels = (Label(Span(place.file, line + 1, column, line + 1, column + 1)), Label(place, "it ends only here"))
    # Where nothing but the value follows in the line, there is one place for the other quote.
    value, end = _OPEN_VALUE.fullmatch(text), len(text.rstrip()) + 1
    fix = None if value is None else Fix(Span(place.file, line + 1, end, line + 1, end), value["quote"], safe=False)
    advice = "close the quote where the value ends"
    return Diagnostic("OD1006", "a quoted value is not closed", labels, (), advice, fix=fix)


def indented(complaint: Diagnostic, line: int, old: int, new: int, other: int | None) -> Diagnostic:
    """The complaint about a line (from 0) that can be read once it is indented otherwise; `other` is as likely."""
    file = complaint.labels[0].span.file
    number = line + 1
    fix = Fix(Span(file, number, 1, number, old + 1), " " * new, safe=False)
    if complaint.code == "OD1007":
        return replace(complaint, help=f"write {new} spaces in its place", fix=fix)
    span = Span(file, number, old + 1, number, old + 2)
    more = "more" if new > old else "fewer"
    advice = f"indent it by {new} spaces, {abs(new - old)} {more}"
    message = "a line is indented differently from those it belongs to"
    if other is not None:
        few, many = sorted((new, other))
        label = Label(span, f"begins in column {old + 1}, between two")
        advice = f"indent it by {few} or {many} spaces: with what it belongs to"
        return Diagnostic("OD1006", message, (label,), (), advice)
    return Diagnostic("OD1006", message, (Label(span, f"begins in column {old + 1}"),), (), advice, fix=fix)


def _no_colon(line: int, lines: list[str], below: Span) -> Diagnostic:
    key = lines[line].partition("#")[0].rstrip()
    start, end = len(key) - len(key.lstrip()) + 1, len(key) + 1
    span = Span(below.file, line + 1, start, line + 1, end)
    after = Span(below.file, line + 1, end, line + 1, end)
    return Diagnostic(
        "OD1006",
        f"a `:` is missing after `{key.strip()}`",
        (Label(span), Label(below, "so this belongs to no key")),
        (),
        f"write `{key.strip()}:`",
        fix=Fix(after, ":", safe=False),
    )


def unreadable(error: Exception, file: str) -> Diagnostic:
    """What libyaml says without a place."""
    return Diagnostic("OD1006", f"this is not YAML: {error}".splitlines()[0], (Label(Span(file, 1, 1, 1, 1)),))


def _tab(line: str, place: Span) -> Diagnostic:
    column = line.index("\t") + 1
    span = Span(place.file, place.line, column, place.line, column + 1)
    return Diagnostic(
        "OD1007",
        "a tab is used to indent",
        (Label(span, "tab here"),),
        ("YAML indents with spaces only: a tab has no fixed width",),
        "replace the tab by two spaces for each level",
        fix=Fix(span, "  ", safe=False),
    )


def _mark(mark: Any, text: str, file: str) -> Span:
    """A one-character span at a mark; at the end of the file, behind the last character that is there."""
    lines = split_lines(text)
    line, column = mark.line, mark.column
    if line >= len(lines):
        line, column = len(lines) - 1, len(lines[-1])
    while line > 0 and not lines[line].strip() and column >= len(lines[line]):
        line -= 1
        column = len(lines[line].rstrip())
    column = min(column, len(lines[line]))
    return Span(file, line + 1, column + 1, line + 1, min(column + 1, len(lines[line])) + 1)


def short(text: str) -> str:
    """Text that may stand in a sentence."""
    return text if len(text) <= SHOWN_LENGTH else f"{text[: SHOWN_LENGTH - 1]}…"


def too_many_tags(text: str, file: str) -> Diagnostic | None:
    """More `%TAG` lines than anybody writes, or longer ones.

    libyaml compares each with all the others, and writes its text into every tag that uses it.
    """
    if "%TAG" not in text:
        return None
    lines = [(number, line) for number, line in enumerate(split_lines(text), start=1) if line.startswith("%TAG")]
    over = [*lines[MAX_TAG_LINES:], *(item for item in lines if len(item[1]) > LONGEST_TAG_LINE)]
    if not over:
        return None
    label = Label(Span(file, over[0][0], 1, over[0][0], 5))
    return Diagnostic("OD1011", "the file has too many or too long `%TAG` lines", (label,), (), "remove them")


def several_documents(span: Span) -> Diagnostic:
    """A second `---`."""
    return Diagnostic(
        "OD1010",
        "the file holds more than one document",
        (Label(span, "the second begins here"),),
        (),
        "keep one document a file; give every site a folder of its own",
    )


def version(span: Span, found: tuple[int, ...]) -> Diagnostic:
    """A `%YAML` line for another version than 1.2."""
    asked = ".".join(str(part) for part in found)
    return Diagnostic(
        "OD1017",
        f"the file asks to be read as YAML {asked}",
        (Label(span),),
        ("YAML 1.1 reads `yes`, `no`, dates and numbers with colons differently",),
        "remove the `%YAML` line: files are read as YAML 1.2",
    )


def too_deep(span: Span, limit: int) -> Diagnostic:
    """Nesting above the limit."""
    return Diagnostic("OD1013", f"values are nested more than {limit} levels deep", (Label(span),))


def too_many(span: Span, limit: int, *, alias: bool) -> Diagnostic:
    """More nodes than the limit, most often through aliases of aliases."""
    label = "this alias expands to too much" if alias else "the limit is passed here"
    message = f"the file expands to more than {limit:,} keys and values"
    return Diagnostic("OD1014", message, (Label(span, label),), (), "write the values out; aliases of aliases multiply")


def unknown_alias(span: Span, *, inside: bool) -> Diagnostic:
    """`*name` without `&name` before it, or inside what `&name` names."""
    # Without its name: a password may begin with `*`.
    message = "an alias stands inside the value it repeats" if inside else "an alias has no `&` of its name before it"
    return Diagnostic("OD1012", message, (Label(span),), (), "write the value out, or in quotes if it begins with `*`")


def key_not_text(key: Node) -> Diagnostic:
    """A number, null, true, a list or a mapping where a key stands."""
    kind = type(key.value).__name__ if isinstance(key, Scalar) else ("mapping" if isinstance(key, Mapping) else "list")
    names = {"int": "a number", "float": "a number", "bool": "true or false", "NoneType": "empty", "list": "a list"}
    return Diagnostic(
        "OD1015",
        f"a key must be text, this one is {names.get(kind, 'a mapping')}",
        (Label(key.span),),
        (),
        "write the key as a name; in quotes if it looks like a number",
    )


def merge_key(span: Span) -> Diagnostic:
    """`<<`, which YAML 1.2 does not have."""
    return Diagnostic(
        "OD1009",
        "`<<` is a merge key of YAML 1.1, which YAML 1.2 does not have",
        (Label(span),),
        ("parsers disagree about what it means",),
        "put shared values into sites/defaults.yaml, or write them out",
    )


def duplicate(name: str, first: Span, second: Span, again: Span | None = None) -> Diagnostic:
    """The same key twice in one mapping; `again` are the lines of the second where it says nothing new."""
    return Diagnostic(
        "OD1008",
        f"the key `{short(name)}` stands here twice",
        (Label(second, "again here"), Label(first, "first here")),
        ("which of the two counts would depend on the reader",),
        "keep one of them" if again is None else "remove the second: it says the same as the first",
        fix=None if again is None else Fix(again, "", safe=False),
    )


def number_too_long(span: Span) -> Diagnostic:
    """A number with more digits than are read."""
    return Diagnostic("OD1016", "the number has too many digits", (Label(span),), (), "put it in quotes if it is text")


def bad_tag(span: Span, tag: str, reason: str | None) -> Diagnostic:
    """A tag outside the core schema, or one that its value does not fit."""
    # Another tag is not repeated: a password may begin with `!`, and a `%TAG` line makes a megabyte of one.
    name = tag.removeprefix(_CORE)
    shown = f"the tag `!!{name}`" if tag.startswith(_CORE) and name in _YAML_TAGS else "this tag"
    message = f"the value does not fit its tag `!!{name}`" if reason else f"{shown} is not known"
    return Diagnostic("OD1011", message, (Label(span),), (), "remove the tag; types follow from the schema")
