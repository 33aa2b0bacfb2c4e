"""What can be wrong with a file as YAML, worded for people.

In: a place, and what libyaml or the tree builder found there. Out: one `Diagnostic` each.
It must never show libyaml's own wording without saying what to write instead, and never a value.
"""

from __future__ import annotations

from typing import Any, Final

from oceana_dr.diagnostics import Diagnostic, Label, Span
from oceana_dr.source.node import Mapping, Node, Scalar
from oceana_dr.source.text import split_lines

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


def unknown_alias(span: Span, name: str, *, inside: bool) -> Diagnostic:
    """`*name` without `&name` before it, or inside what `&name` names."""
    message = f"`*{name}` stands inside the value it repeats" if inside else f"`*{name}` has no `&{name}` before it"
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
        f"the key `{name}` stands here twice",
        (Label(second, "again here"), Label(first, "first here")),
        ("which of the two counts would depend on the reader",),
        "keep one of them",
    )


def number_too_long(span: Span) -> Diagnostic:
    """A number with more digits than are read."""
    return Diagnostic("OD1016", "the number has too many digits", (Label(span),), (), "put it in quotes if it is text")


def bad_tag(span: Span, tag: str, reason: str | None) -> Diagnostic:
    """A tag outside the core schema, or one that its value does not fit."""
    short = tag.replace("tag:yaml.org,2002:", "!!")
    message = f"the value does not fit its tag `{short}`" if reason else f"the tag `{short}` is not known"
    return Diagnostic("OD1011", message, (Label(span),), (), "remove the tag; types follow from the schema")
