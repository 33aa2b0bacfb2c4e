"""Rules about what a site compiles to: `subject: desired`, for either data centre in service.

In: the catalogue and a valid site. Out: an outcome for each rule, data centre and side; false ones show the lines
that the values come from. They guard against sites that contradict themselves, and against mistakes of the catalogue.
A rule must never be evaluated on more than it names: only the resources that rules look at are compiled here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from oceana_dr.catalogue.bind import BoundCatalogue
from oceana_dr.catalogue.model import Catalogue
from oceana_dr.catalogue.rules import Rule, Subject
from oceana_dr.catalogue.template import applies
from oceana_dr.compile.desired import Compiled, compile_site
from oceana_dr.compile.rules.outcome import Outcome, Spot
from oceana_dr.compile.site_values import SiteValues
from oceana_dr.estate.address import SIDES, Ref, peer_of
from oceana_dr.estate.estate import Estate
from oceana_dr.estate.predicate import All, Predicate, evaluate, refs_of
from oceana_dr.estate.values import Json, show

_OPERATIONAL: Final = "operational"
_REF: Final = re.compile(r"[^#\s]+#")
_SIDE: Final = re.compile(r"^(dc1|dc2|\{(dc|peer|op|rest)\})(?=/)")


@dataclass(frozen=True, slots=True)
class DesiredRule:
    """A rule with its check taken apart; the predicates stay templates until they are bound to a site."""

    rule: Rule
    each_side: bool
    sides: tuple[str, ...]
    given: Json
    must: Json


@lru_cache(maxsize=4)
def desired_rules(rules: tuple[Rule, ...]) -> tuple[DesiredRule, ...]:
    """The rules about the desired estate; raises `ValueError` for a check that is not in the vocabulary."""
    return tuple(read_check(rule) for rule in rules if rule.subject is Subject.DESIRED and not rule.held)


def read_check(rule: Rule) -> DesiredRule:
    """One rule's check: `{each: dc, operational: [dc1, dc2], given, must}`."""
    check = dict(rule.check)
    each, sides = check.pop("each", None), check.pop("operational", list(SIDES))
    given, must = check.pop("given", None), check.pop("must", None)
    if check or must is None or each not in {None, "dc"} or not isinstance(sides, list):
        raise ValueError(f"{rule.id}: not a check of the desired estate")
    return DesiredRule(rule, each == "dc", tuple(str(side) for side in sides), given, must)


def outcomes(catalogue: Catalogue, site: SiteValues) -> Iterator[Outcome]:
    """Every outcome on one site."""
    found = desired_rules(catalogue.rules)
    if found:
        part = looked_at(catalogue)
        for side in SIDES:
            compiled = compile_site(site, part, side)
            yield from outcomes_on(found, compiled, compiled.estate)


def outcomes_on(rules: tuple[DesiredRule, ...], compiled: Compiled, estate: Estate) -> Iterator[Outcome]:
    """The outcomes with one side in service; `estate` is the compiled one, or one that a test has spoilt."""
    for item in rules:
        if compiled.operational not in item.sides or not applies(list(item.rule.when), compiled.bound.bindings):
            continue
        for dc in SIDES if item.each_side else ("",):
            words = _words(dc, compiled.operational)
            if (
                item.given is not None
                and evaluate(_predicate(compiled.bound, item.given, words), estate.get) is not True
            ):
                continue
            must = _predicate(compiled.bound, item.must, words)
            truth = evaluate(must, estate.get)
            yield Outcome(item.rule, truth, _spots(must, compiled, estate) if truth is False else (), words)


@lru_cache(maxsize=4)
def looked_at(catalogue: Catalogue) -> Catalogue:
    """The catalogue with only those resources that a rule about the desired estate names."""
    named = {_general(name) for item in desired_rules(catalogue.rules) for name in _addresses([item.given, item.must])}
    kept = tuple(data for data in catalogue.resources if _general(str(data["address"])) in named)
    return replace(catalogue, resources=kept)


def _predicate(bound: BoundCatalogue, data: Json, words: Mapping[str, str]) -> Predicate:
    return bound.predicate(data, **words)


def _words(dc: str, operational: str) -> dict[str, str]:
    sides = {"op": operational, "rest": peer_of(operational)}
    return {**sides, "dc": dc, "peer": peer_of(dc)} if dc else sides


def _spots(must: Predicate, compiled: Compiled, estate: Estate) -> tuple[Spot, ...]:
    """For each value that breaks the rule, the lines it comes from; the line that says `operational` comes last."""
    found: list[Spot] = []
    for reference in sorted(_blamed(must, estate)):
        found += _origins(reference, compiled, show(estate.get(reference)))
    return tuple(sorted(found, key=lambda spot: spot.path == _OPERATIONAL))


def _blamed(must: Predicate, estate: Estate) -> frozenset[Ref]:
    """The values that break a rule: of several demands, those of the ones that do not hold."""
    if not isinstance(must, All):
        return refs_of(must)
    broken = [part for part in must.parts if evaluate(part, estate.get) is False]
    return frozenset().union(*(_blamed(part, estate) for part in broken))


def _origins(reference: Ref, compiled: Compiled, value: str) -> Iterator[Spot]:
    """The lines behind a value; one that the catalogue alone decides is shown at the line that decides the most."""
    lines = [item for item in compiled.provenance(reference).contributions if item.spans]
    text = f"{reference} becomes {value}"
    for item in lines:
        yield Spot(item.path, item.spans[0], text)
    if not lines:
        yield from (Spot(_OPERATIONAL, span, text) for span in compiled.site.contributors(_OPERATIONAL)[:1])


def _addresses(data: Json) -> Iterator[str]:
    """The address of every reference in a predicate's template."""
    match data:
        case str() if _REF.match(data):
            yield data.partition("#")[0]
        case list():
            for item in data:
                yield from _addresses(item)
        case dict():
            for part in data.values():
                yield from _addresses(part)
        case _:
            pass


def _general(address: str) -> str:
    """An address or its template without saying which data centre it lies in."""
    return _SIDE.sub("{dc}", address)
