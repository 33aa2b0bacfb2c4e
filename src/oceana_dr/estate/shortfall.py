"""What is not so of a condition, in words that name the attribute, its value, and what it should be.

In: a condition and a look-up. Out: one short text for each part that does not hold, or is not known.
It must never say of a part that holds that it does not: the words are shown to who has to mend it.
"""

from __future__ import annotations

from oceana_dr.estate.predicate import All, AnyOf, AtMost, Is, Lookup, Not, Predicate, Same, Unread, evaluate, refs_of
from oceana_dr.estate.values import show


def shortfall(condition: Predicate, lookup: Lookup) -> tuple[str, ...]:
    """`dc1/queues#voice 12 (to 0)` for every part that is not true, and is not made up for by another."""
    if evaluate(condition, lookup) is True:
        return ()
    match condition:
        case All(parts=parts) | AnyOf(parts=parts):
            return tuple(text for part in parts for text in shortfall(part, lookup))
        case _:
            return (leaf_text(condition, lookup),)


def leaves(condition: Predicate) -> tuple[Predicate, ...]:
    """The parts that a condition is made of, down to those that are not a list of others."""
    match condition:
        case All(parts=parts) | AnyOf(parts=parts):
            return tuple(leaf for part in parts for leaf in leaves(part))
        case _:
            return (condition,)


def leaf_text(leaf: Predicate, lookup: Lookup) -> str:
    """One part: the attributes, their values, what they should be."""
    match leaf:
        case Is(ref=reference, values=values):
            return f"{reference} {show(lookup(reference))} (to {' or '.join(show(value) for value in values)})"
        case AtMost(ref=reference, limit=limit):
            return f"{reference} {show(lookup(reference))} (to {limit})"
        case Unread(ref=reference):
            return f"{reference} {show(lookup(reference))} (to be out of reach)"
        case Not(part=Unread(ref=reference)):
            return f"{reference} {show(lookup(reference))} (to be read)"
        case Same(left=left, right=right):
            return f"{left} {show(lookup(left))}, {right} {show(lookup(right))} (to be the same)"
        case _:
            return ", ".join(f"{reference} {show(lookup(reference))}" for reference in sorted(refs_of(leaf)))
