"""The closed vocabulary of invariants, bound to one site.

In: invariant records of the catalogue. Out: typed checks, or the word that one does not apply here.
A check must never look at anything but values of the estate and the order of steps.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, TypeAlias, cast

from oceana_dr.catalogue.bind import BoundCatalogue
from oceana_dr.catalogue.fences import fences_of
from oceana_dr.catalogue.model import InvariantType, Lines
from oceana_dr.catalogue.template import CatalogueError, applies, expand_data, prune
from oceana_dr.estate.address import SIDES, Address, Ref, attribute_of, peer_of
from oceana_dr.estate.predicate import AnyOf, Predicate, predicate_from_json, refs_of
from oceana_dr.estate.values import Json, Value


@dataclass(frozen=True, slots=True)
class Always:
    """Holds in every state; unknown counts as broken."""

    predicate: Predicate


@dataclass(frozen=True, slots=True)
class NeverBoth:
    """At most one of these is true in any state; an unknown one counts as true.

    `absent`, none or one for each: where it holds for sure, what the part speaks of lies behind a fence and is no part.
    """

    predicates: tuple[Predicate, ...]
    absent: tuple[Predicate, ...] = ()


@dataclass(frozen=True, slots=True)
class BeforeChange:
    """Whenever `of` becomes one of `to`, `requires` holds just before."""

    of: Ref
    to: tuple[Value, ...]
    requires: Predicate


@dataclass(frozen=True, slots=True)
class AtRest:
    """Holds when the plan has ended."""

    predicate: Predicate


@dataclass(frozen=True, slots=True)
class Exclusive:
    """Between two steps nothing else touches these addresses."""

    first: str
    last: str
    addresses: tuple[Address, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """Whoever comes after `first` among `before` also comes after the wait `by`."""

    first: str
    by: str
    before: tuple[str, ...]


Check: TypeAlias = Always | NeverBoth | BeforeChange | AtRest | Exclusive | Held


@dataclass(frozen=True, slots=True)
class Invariant:
    """An invariant for this site and scenario; no checks means that it does not apply.

    `attested`: it is no state of the estate, and is kept otherwise: people answer for it, it is checked before the plan
    begins, or a rule or timer watches it. `waivable`: two people may let a step go on that it forbids, in the run and
    with a reason; never a plan.
    """

    id: str
    title: str
    manual: Lines
    checks: tuple[Check, ...]
    waivable: bool = False
    attested: bool = False


@lru_cache(maxsize=16)
def bind_invariants(bound: BoundCatalogue, scenario: str) -> tuple[Invariant, ...]:
    """Every invariant of the catalogue, with the checks that this site and scenario call for."""
    return tuple(bind_invariant(bound, record, scenario) for record in bound.catalogue.invariants)


def refs_of_check(check: Check) -> frozenset[Ref]:
    """The attributes a check looks at."""
    match check:
        case Always(predicate=predicate) | AtRest(predicate=predicate):
            return refs_of(predicate)
        case NeverBoth(predicates=predicates, absent=absent):
            return frozenset().union(*(refs_of(item) for item in (*predicates, *absent)))
        case BeforeChange(of=of, requires=requires):
            return refs_of(requires) | {of}
        case Exclusive() | Held():
            return frozenset()


def bind_invariant(bound: BoundCatalogue, record: InvariantType, scenario: str) -> Invariant:
    """One invariant, with the checks that this site and scenario call for."""
    wanted = not record.scenarios or scenario in record.scenarios
    shaped = "when" not in record.data or applies(record.data["when"], bound.bindings)
    checks = tuple(_checks(bound, _said_in(record.data, scenario), {})) if wanted and shaped else ()
    checks = tuple(_behind_fences(bound, check) if isinstance(check, NeverBoth) else check for check in checks)
    # A check of one scenario may be looked at before the others begin: there it is kept, too.
    concerned = wanted or not _VERBS.keys().isdisjoint(record.data)
    attested = concerned and shaped and not checks and not _KEPT.isdisjoint(record.data)
    return Invariant(record.id, record.title, record.manual, checks, record.data.get("waivable") is True, attested)


def _said_in(data: Mapping[str, Json], scenario: str) -> Mapping[str, Json]:
    """The record with those parts of its `all_of` that speak of this scenario, or of no scenario of their own."""
    parts = cast("list[Mapping[str, Any]]", data.get("all_of", []))  # Any: JSON that the catalogue build has checked
    kept: list[Json] = [dict(part) for part in parts if scenario in part.get("scenarios", (scenario,))]
    return {**data, "all_of": kept} if parts else data


def _checks(bound: BoundCatalogue, data: Mapping[str, Json], variables: Mapping[str, str]) -> Iterator[Check]:
    if data.get("each") == "dc" and not variables:
        for side in SIDES:
            yield from _checks(bound, data, {"dc": side, "peer": peer_of(side)})
        return
    for verb, body in data.items():
        if verb == "all_of":
            for part in cast("list[Mapping[str, Json]]", prune(body, bound.bindings)):
                yield from _checks(bound, part, variables)
        elif verb in _VERBS:
            filled = expand_data(prune(body, bound.bindings), variables, bound.bindings)
            names = cast("list[str]", data.get("unless_fenced", []))
            for check in _VERBS[verb](filled):
                yield _excused(bound, check, names) if names else check
        elif verb not in _FIELDS:
            raise CatalogueError(f"no invariant is written {verb!r}")


def _behind_fences(bound: BoundCatalogue, check: NeverBoth) -> NeverBoth:
    """A part whose attributes lie behind fences is absent where one of them is in force."""
    fences = (fences_of(bound.fences, refs_of(item)) for item in check.predicates)
    return replace(check, absent=tuple(AnyOf(tuple(fence.in_force for fence in found)) for found in fences))


def _excused(bound: BoundCatalogue, check: Check, names: Sequence[str]) -> Check:
    """`unless_fenced`: it also holds where one of these fences is in force, if it asks for something behind it."""

    def unless(predicate: Predicate, *, changed: Collection[Ref] = ()) -> Predicate:
        about = refs_of(predicate) | set(changed)
        found = [item for item in fences_of(bound.fences, about) if attribute_of(item.ref) in names]
        return AnyOf((predicate, *(fence.in_force for fence in found))) if found else predicate

    match check:
        case Always(predicate=predicate):
            return Always(unless(predicate))
        case AtRest(predicate=predicate):
            return AtRest(unless(predicate))
        case BeforeChange(of=of, requires=requires):
            return replace(check, requires=unless(requires, changed=(of,)))
        case NeverBoth() | Exclusive() | Held():
            return check


def _always(body: Any) -> Iterator[Check]:  # Any: JSON that the catalogue build has checked
    yield Always(predicate_from_json(body))


def _never_both(body: Any) -> Iterator[Check]:
    predicates = tuple(predicate_from_json(item) for item in body)
    yield NeverBoth(predicates)


def _before_change(body: Any) -> Iterator[Check]:
    for item in body if isinstance(body, list) else [body]:
        yield BeforeChange(Ref(item["of"]), tuple(item["to"]), predicate_from_json(item["requires"]))


def _at_rest(body: Any) -> Iterator[Check]:
    yield AtRest(predicate_from_json(body))


def _exclusive(body: Any) -> Iterator[Check]:
    yield Exclusive(body["from"], body["to"], tuple(Address(item) for item in body["addresses"]))


def _held(body: Any) -> Iterator[Check]:
    yield Held(body["from"], body["by"], tuple(body["before"]))


_VERBS = {
    "always": _always,
    "never_both": _never_both,
    "before_change": _before_change,
    "at_rest": _at_rest,
    "exclusive": _exclusive,
    "held": _held,
}
_KEPT = frozenset({"attested", "prechecked", "kept_by"})
_FIELDS = {"id", "title", "manual", "when", "each", "scenarios", "waivable", "unless_fenced", "source", *_KEPT}

__all__ = [
    "Always",
    "AtRest",
    "BeforeChange",
    "Check",
    "Exclusive",
    "Held",
    "Invariant",
    "NeverBoth",
    "bind_invariant",
    "bind_invariants",
    "refs_of_check",
]
