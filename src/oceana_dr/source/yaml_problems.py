"""What can be wrong with a file as YAML, worded for people.

In: a place, and what libyaml or the tree builder found there. Out: one `Diagnostic` each.
It must never show libyaml's own wording without saying what to write instead, and never a value.
"""

from __future__ import annotations

from typing import Any, Final

from oceana_dr.diagnostics import Diagnostic, Label, Span
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


def syntax(error: Any, text: str, file: str) -> Diagnostic:
    """libyaml's complaint, at the place it complains about, with where the construct began."""
    place = _mark(error.problem_mark or error.context_mark, text, file)
    lines = split_lines(text)
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
    return Diagnostic("OD1006", message, tuple(labels), (), advice)


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


def duplicate(name: str, first: Span, second: Span) -> Diagnostic:
    """The same key twice in one mapping."""
    return Diagnostic(
        "OD1008",
        f"the key `{short(name)}` stands here twice",
        (Label(second, "again here"), Label(first, "first here")),
        ("which of the two counts would depend on the reader",),
        "keep one of them",
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
