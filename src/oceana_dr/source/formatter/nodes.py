"""A YAML file with everything that its layout needs: comments, blank lines, styles, anchors.

In: nothing. Out: frozen nodes; the comments hang on the entries that they travel with.
A node must never hold a resolved value: what a scalar means is decided by `yaml_tree` alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

BLANK: Final = ""
"""Stands for a blank line among comment lines."""

Lines: TypeAlias = "tuple[str, ...]"


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment with its place; `own` if nothing but spaces is before it on its line. Numbers count from 0.

    `apart` is how many spaces are before it.
    """

    text: str
    index: int
    line: int
    column: int
    own: bool
    apart: int


@dataclass(frozen=True, slots=True)
class Leaf:
    """A scalar or an alias: its properties (`&a !!str`), its text as written, its content, its style.

    `style` is that of YAML's events: empty for plain, a quote, `|`, `>`; `*` for an alias. `line` is where
    a comment behind it stands. `glued`: the blank lines behind it belong to it.
    """

    props: str
    text: str
    value: str
    style: str
    line: int
    end_line: int
    glued: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """A pair of a mapping or an item of a list (`key` is None), with the comments that travel with it."""

    key: Leaf | None
    value: Node
    lead: Lines
    tail: tuple[Comment, ...]
    end_line: int


@dataclass(frozen=True, slots=True)
class Collection:
    """A mapping or a list. `foot` are comments behind its last entry, `opening` those behind its bracket."""

    mapping: bool
    props: str
    flow: bool
    column: int
    entries: tuple[Entry, ...]
    foot: Lines
    opening: tuple[Comment, ...]
    end_line: int


Node: TypeAlias = "Leaf | Collection"


@dataclass(frozen=True, slots=True)
class Page:
    """A whole file: the comments at its head, its mapping. `spaced`: a blank line follows the head."""

    head: Lines
    spaced: bool
    root: Collection


def shared(node: Node) -> bool:
    """Whether an anchor or an alias stands anywhere in a node."""
    if isinstance(node, Leaf):
        return node.style == "*" or "&" in node.props
    return "&" in node.props or any(
        shared(item.value) or (item.key is not None and shared(item.key)) for item in node.entries
    )


def plain_lines(comments: Iterator[Comment] | tuple[Comment, ...], after: int, before: int | None) -> Lines:
    """Comments as lines, a run of blank lines between them (and after line `after`, before `before`) as one."""
    found: list[str] = []
    for comment in comments:
        if comment.line - after > 1:
            found.append(BLANK)
        found.append(comment.text)
        after = comment.line
    if before is not None and before - after > 1:
        found.append(BLANK)
    return tuple(found)
