"""Rules about what a site compiles to: `subject: desired`, for either data centre in service.

In: the catalogue and a valid site. Out: an outcome for each rule, data centre and side; false ones show the lines
that the values come from. They guard against sites that contradict themselves, and against mistakes of the catalogue.
A rule must never be evaluated on more than it names, while it holds: a whole estate is compiled for broken ones only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import Final

from oceana_dr.catalogue.model import Catalogue
from oceana_dr.catalogue.rules import Rule, Subject
from oceana_dr.catalogue.template import Bindings, applies, expand_data, prune
from oceana_dr.compile.bindings import bind_site
from oceana_dr.compile.desired import Compiled, compile_site
from oceana_dr.compile.rules.facts import Facts
from oceana_dr.compile.rules.glimpse import Glimpse
from oceana_dr.compile.rules.outcome import Outcome, Spot
from oceana_dr.compile.site_values import SiteValues
from oceana_dr.estate.address import SIDES, Ref, peer_of
from oceana_dr.estate.estate import Estate
from oceana_dr.estate.predicate import All, Lookup, Predicate, Truth, evaluate, predicate_from_json, refs_of
from oceana_dr.estate.values import Json, show

_OPERATIONAL: Final = "operational"
_NAME: Final = re.compile(r"\{(dc|peer|op|rest)\}")
_REF: Final = re.compile(r"[^#\s]+#")
_SIDE: Final = re.compile(r"^(dc1|dc2|\{(dc|peer|op|rest)\})(?=/)")


@dataclass(frozen=True, slots=True, eq=False)  # one object each, so that what is read from them can be kept by them
class DesiredRule:
    """A rule with its check taken apart; the predicates stay templates until they are bound to a site. `common` ones
    name nothing of a site."""

    rule: Rule
    each_side: bool
    sides: tuple[str, ...]
    given: Json
    must: Json
    common: bool


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
    texts = {_NAME.sub("", text) for text in _texts([given, must])}
    common = "when" not in texts and not any("{" in text for text in texts)
    return DesiredRule(rule, each == "dc", tuple(str(side) for side in sides), given, must, common)


def outcomes(catalogue: Catalogue, site: SiteValues) -> Iterator[Outcome]:
    """Every outcome on one site."""
    rules = desired_rules(catalogue.rules)
    bindings = Facts(bind_site(site), site) if rules else {}
    glimpse = Glimpse(site, looked_at(catalogue), bindings)
    for side in SIDES:
        broken: list[DesiredRule] = []
        for item in rules:
            truths = [truth for _, _, truth in _judged(item, side, bindings, partial(glimpse.value, operational=side))]
            if False in truths:
                broken.append(item)
            else:
                yield from (Outcome(item.rule, truth) for truth in truths)
        if broken:
            # Where a value comes from is asked of the whole estate, which is worth its time now.
            compiled = compile_site(site, catalogue, side)
            yield from outcomes_on(tuple(broken), compiled, compiled.estate)


def outcomes_on(rules: tuple[DesiredRule, ...], compiled: Compiled, estate: Estate) -> Iterator[Outcome]:
    """The outcomes with one side in service; `estate` is the compiled one, or one that a test has spoilt."""
    facts = Facts(compiled.bound.bindings, compiled.site)
    for item in rules:
        for words, must, truth in _judged(item, compiled.operational, facts, estate.get):
            yield Outcome(item.rule, truth, _spots(must, compiled, estate) if truth is False else (), words)


@lru_cache(maxsize=4)
def looked_at(catalogue: Catalogue) -> Catalogue:
    """The catalogue with only those resources that a rule about the desired estate names."""
    named = {_general(name) for item in desired_rules(catalogue.rules) for name in _addresses([item.given, item.must])}
    kept = tuple(data for data in catalogue.resources if _general(str(data["address"])) in named)
    return replace(catalogue, resources=kept)


def _judged(
    item: DesiredRule, side: str, bindings: Bindings, lookup: Lookup
) -> Iterator[tuple[Mapping[str, str], Predicate, Truth]]:
    """The rule at each of its places: the words for its texts, what must hold there, and whether it does."""
    if side not in item.sides or not applies(list(item.rule.when), bindings):
        return
    for dc in SIDES if item.each_side else ("",):
        given = None if item.given is None else _predicate(item, "given", dc, side, bindings)
        if given is not None and evaluate(given, lookup) is not True:
            continue
        must = _predicate(item, "must", dc, side, bindings)
        yield _words(dc, side), must, evaluate(must, lookup)


def _predicate(item: DesiredRule, part: str, dc: str, side: str, bindings: Bindings) -> Predicate:
    """The rule's predicate at one place; one that names nothing of the site is read once for all sites."""
    return _common(item, part, dc, side) if item.common else _read(item, part, dc, side, bindings)


@lru_cache(maxsize=1024)
def _common(item: DesiredRule, part: str, dc: str, side: str) -> Predicate:
    return _read(item, part, dc, side, {})


def _read(item: DesiredRule, part: str, dc: str, side: str, bindings: Bindings) -> Predicate:
    data = item.given if part == "given" else item.must
    return predicate_from_json(expand_data(prune(data, bindings), _words(dc, side), bindings))


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
    return (text.partition("#")[0] for text in _texts(data) if _REF.match(text))


def _texts(data: Json) -> Iterator[str]:
    """Every text in a predicate's template, keys included."""
    match data:
        case str():
            yield data
        case list():
            for item in data:
                yield from _texts(item)
        case dict():
            for key, part in data.items():
                yield key
                yield from _texts(part)
        case _:
            pass


def _general(address: str) -> str:
    """An address or its template without saying which data centre it lies in."""
    return _SIDE.sub("{dc}", address)
