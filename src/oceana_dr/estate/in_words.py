"""A condition as people say it: `dc1/queues#voice is at most 0`, parts joined by and, or.

In: a predicate. Out: text, without values that were read.
It must lose no part: what is said is what is checked.
"""

from __future__ import annotations

from typing import assert_never

from oceana_dr.estate.predicate import All, AnyOf, AtMost, Is, Not, Predicate, Same, Unread
from oceana_dr.estate.values import show


def condition_words(condition: Predicate, *, inner: bool = False) -> str:
    """The whole condition; `inner` puts a list of parts into brackets."""
    match condition:
        case Is(ref=reference, values=values):
            return f"{reference} is {' or '.join(show(value) for value in values)}"
        case AtMost(ref=reference, limit=limit):
            return f"{reference} is at most {limit}"
        case Same(left=left, right=right):
            return f"{left} is the same as {right}"
        case Unread(ref=reference):
            return f"{reference} cannot be read"
        case Not(part=part):
            return _negated(part)
        case All(parts=parts):
            return _list("and", parts, inner=inner)
        case AnyOf(parts=parts):
            return _list("or", parts, inner=inner)
        case _:
            assert_never(condition)


def _negated(part: Predicate) -> str:
    match part:
        case Unread(ref=reference):
            return f"{reference} can be read"
        case Is(ref=reference, values=values):
            return f"{reference} is not {' or '.join(show(value) for value in values)}"
        case _:
            return f"not {condition_words(part, inner=True)}"


def condition_parts(condition: Predicate) -> tuple[str, ...]:
    """One text for each part that must hold; the last one may say when none of them has to."""
    match condition:
        case All(parts=parts):
            return tuple(condition_words(part) for part in parts)
        case AnyOf(parts=(All() as first, Is() as other)):
            return (*condition_parts(first), f"unless {condition_words(other)}")
        case _:
            return (condition_words(condition),)


def _list(word: str, parts: tuple[Predicate, ...], *, inner: bool) -> str:
    text = f" {word} ".join(condition_words(part, inner=True) for part in parts)
    return f"({text})" if inner and len(parts) > 1 else text
