"""Conditions on an estate, from a closed set, with three truth values.

In: predicates as catalogue or plan data, and a look-up. Out: True, False, or None for "not known".
Gates, read-backs, refusals and invariants all use these; none of them may run code of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import product
from typing import TypeAlias, assert_never

from oceana_dr.estate.address import Ref
from oceana_dr.estate.values import Json, Unknown, Value, effective, from_json, to_json

Lookup: TypeAlias = Callable[[Ref], Value]
Truth: TypeAlias = bool | None


@dataclass(frozen=True, slots=True)
class Is:
    """The attribute's effective value is one of these."""

    ref: Ref
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class AtMost:
    """The attribute is a number not above `limit`."""

    ref: Ref
    limit: int


@dataclass(frozen=True, slots=True)
class Same:
    """The two attributes have the same effective value."""

    left: Ref
    right: Ref


@dataclass(frozen=True, slots=True)
class Unread:
    """The attribute could not be read. The only condition that what is not known makes true.

    `because`: for this reason (people have declared it lost); None for whatever reason.
    """

    ref: Ref
    because: str | None = None


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds."""

    parts: tuple[Predicate, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part holds."""

    parts: tuple[Predicate, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: Predicate


Predicate: TypeAlias = "Is | AtMost | Same | Unread | All | AnyOf | Not"


def evaluate(predicate: Predicate, lookup: Lookup) -> Truth:
    """Kleene's three-valued truth of a predicate: an unknown value makes a leaf unknown."""
    match predicate:
        case Is(ref=reference, values=values):
            found = effective(lookup(reference))
            return None if isinstance(found, Unknown) else found in values
        case AtMost(ref=reference, limit=limit):
            found = lookup(reference)
            if isinstance(found, bool) or not isinstance(found, int):
                return None
            return found <= limit
        case Same(left=left, right=right):
            one, two = effective(lookup(left)), effective(lookup(right))
            return None if isinstance(one, Unknown) or isinstance(two, Unknown) else one == two
        case Unread(ref=reference, because=because):
            found = lookup(reference)
            return isinstance(found, Unknown) and because in {None, found.reason}
        case All(parts=parts):
            return conjunction(evaluate(part, lookup) for part in parts)
        case AnyOf(parts=parts):
            truth = conjunction(negate(evaluate(part, lookup)) for part in parts)
            return negate(truth)
        case Not(part=part):
            return negate(evaluate(part, lookup))
        case _:
            assert_never(predicate)


def conjunction(truths: Iterable[Truth]) -> Truth:
    """False if any is false, else unknown if any is unknown, else true."""
    result: Truth = True
    for truth in truths:
        if truth is False:
            return False
        if truth is None:
            result = None
    return result


def negate(truth: Truth) -> Truth:
    """Not; unknown stays unknown."""
    return None if truth is None else not truth


def parts_of(predicate: Predicate) -> tuple[Predicate, ...]:
    """What is said to hold together, each by itself as it was written."""
    if isinstance(predicate, All):
        return tuple(item for part in predicate.parts for item in parts_of(part))
    return (predicate,)


def conjuncts(predicate: Predicate) -> tuple[Predicate, ...]:
    """Parts that hold together exactly where the predicate does; each looks at few attributes, if that can be had."""
    match predicate:
        case All(parts=parts):
            return tuple(item for part in parts for item in conjuncts(part))
        case AnyOf(parts=parts):
            # An exception to a long condition is one to each part of it.
            split = [conjuncts(part) for part in parts]
            if sum(len(found) != 1 for found in split) > 1:
                return (predicate,)
            return tuple(AnyOf(choice) for choice in product(*split))
        case Not(part=AnyOf(parts=parts)):
            return tuple(item for part in parts for item in conjuncts(Not(part)))
        case Not(part=Not(part=part)):
            return conjuncts(part)
        case _:
            return (predicate,)


def refs_of(predicate: Predicate) -> frozenset[Ref]:
    """Every attribute the predicate looks at."""
    match predicate:
        case Is(ref=reference) | AtMost(ref=reference) | Unread(ref=reference):
            return frozenset({reference})
        case Same(left=left, right=right):
            return frozenset({left, right})
        case All(parts=parts) | AnyOf(parts=parts):
            return frozenset().union(*(refs_of(part) for part in parts))
        case Not(part=part):
            return refs_of(part)
        case _:
            assert_never(predicate)


def predicate_from_json(data: object) -> Predicate:
    """Read `{is: [ref, value…]}`, `{at_most: [ref, n]}`, `{same: [ref, ref]}`, `{unread: ref}` (also with `because`),
    `{all: […]}`, `{any: […]}`, `{not: …}`; raises `ValueError` on anything else."""
    match data:
        case {"is": [str() as reference, *values]} if values:
            return Is(Ref(reference), tuple(from_json(value) for value in values))
        case {"at_most": [str() as reference, int() as limit]}:
            return AtMost(Ref(reference), limit)
        case {"same": [str() as left, str() as right]}:
            return Same(Ref(left), Ref(right))
        case {"unread": str() as reference, "because": str() as because}:
            return Unread(Ref(reference), because)
        case {"unread": str() as reference}:
            return Unread(Ref(reference))
        case {"all": list() as parts}:
            return All(tuple(predicate_from_json(part) for part in parts))
        case {"any": list() as parts}:
            return AnyOf(tuple(predicate_from_json(part) for part in parts))
        case {"not": part}:
            return Not(predicate_from_json(part))
        case _:
            raise ValueError(f"not a predicate: {data!r}")


def predicate_to_json(predicate: Predicate) -> Json:
    """The inverse of `predicate_from_json`."""
    match predicate:
        case Is(ref=reference, values=values):
            return {"is": [reference, *(to_json(value) for value in values)]}
        case AtMost(ref=reference, limit=limit):
            return {"at_most": [reference, limit]}
        case Same(left=left, right=right):
            return {"same": [left, right]}
        case Unread(ref=reference, because=because):
            return {"unread": reference} if because is None else {"unread": reference, "because": because}
        case All(parts=parts):
            return {"all": [predicate_to_json(part) for part in parts]}
        case AnyOf(parts=parts):
            return {"any": [predicate_to_json(part) for part in parts]}
        case Not(part=part):
            return {"not": predicate_to_json(part)}
        case _:
            assert_never(predicate)
