"""What is wrong in a state that breaks a check, in its own words: attributes, their values, what they should be.

In: a check, the state, and the state just before where it depends on that. Out: short texts, the values in them.
It must never blame a part that holds: people look there first.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from oceana_dr.estate.in_words import condition_words
from oceana_dr.estate.predicate import AnyOf, Lookup, Predicate, evaluate, refs_of
from oceana_dr.estate.shortfall import shortfall
from oceana_dr.estate.values import Unknown, show
from oceana_dr.safety.invariant import Always, AtRest, BeforeChange, NeverBoth


def breaks_words(check: Always | NeverBoth | BeforeChange | AtRest, here: Lookup, before: Lookup) -> tuple[str, ...]:
    """One text for each part that does not hold, or that nobody can tell."""
    match check:
        case Always(predicate=predicate) | AtRest(predicate=predicate):
            return shortfall(predicate, here)
        case NeverBoth(predicates=predicates, absent=absent):
            counted = zip(predicates, absent or (AnyOf(()),) * len(predicates), strict=True)
            return tuple(text for one, gone in counted if evaluate(gone, here) is not True for text in _held(one, here))
        case BeforeChange(of=of, requires=requires):
            return (f"{of} becomes {show(here(of))}", *(f"before it: {text}" for text in shortfall(requires, before)))
        case _:
            assert_never(check)


def _held(predicate: Predicate, here: Lookup) -> Iterator[str]:
    """A part of which one at most may hold, where it does or may."""
    match evaluate(predicate, here):
        case True:
            yield condition_words(predicate)
        case None:
            dark = [name for name in sorted(refs_of(predicate)) if isinstance(here(name), Unknown)]
            yield f"{', '.join(dark)} cannot be told, and may come back as it died"
        case False:
            return
