"""Whether a condition holds at a place of a site file, and which places show it.

In: a condition, the site, a standpoint. Out: a `Verdict`: true, false, or nothing that can be told.
What is missing or has a wrong type says nothing here: another part of the program reports it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Final, TypeAlias, assert_never

from oceana_dr.compile.rules.conditions import (
    Bounds,
    Condition,
    Count,
    Covers,
    Distinct,
    Drive,
    Every,
    Has,
    If,
    Is,
    Lasts,
    Listed,
    Literal,
    Matches,
    Not,
    Same,
    SameEntries,
    Some,
    Special,
    Times,
    Told,
)
from oceana_dr.compile.rules.paths import ANY, Pattern, Standpoint, all_existing, existing, named
from oceana_dr.estate.predicate import Truth
from oceana_dr.source.checks.view import SiteView
from oceana_dr.source.durations import duration_seconds
from oceana_dr.source.merge import Data, Path

_Test: TypeAlias = Callable[[Data], Truth]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The truth of a condition and the places that show it, the one to blame first; `detail` names what differs, and
    `number` says of how many things."""

    truth: Truth
    places: tuple[Path, ...] = ()
    detail: str = ""
    number: int = 1


UNTOLD: Final = Verdict(None)


def judge(condition: Condition, site: SiteView, here: Standpoint) -> Verdict:  # noqa: PLR0911, PLR0912, C901 - one case each
    """The verdict on a condition at one standpoint."""
    match condition:
        case Has(path=pattern):
            return _has(pattern, site, here)
        case Is(path=pattern, values=values):
            return _every(pattern, site, here, lambda value: _among(value, values))
        case Matches(path=pattern, expression=expression):
            return _every(
                pattern, site, here, lambda value: bool(expression.fullmatch(value)) if isinstance(value, str) else None
            )
        case Bounds(path=pattern, least=least, most=most):
            return _every(pattern, site, here, lambda value: _within(value, least, most))
        case Lasts(path=pattern, least_s=seconds):
            return _every(pattern, site, here, lambda value: _lasts(value, seconds))
        case Times(path=pattern, factor=factor, other=other):
            return _times(named(pattern, here), factor, named(other, here), site)
        case Same(patterns=patterns):
            return _same(all_existing(patterns, site, here), site)
        case Distinct(patterns=patterns):
            return _distinct(all_existing(patterns, site, here), site)
        case SameEntries(left=left, right=right):
            return _same_entries(named(left, here), named(right, here), site)
        case Drive(path=pattern, others=others, same=same):
            return _drive(named(pattern, here), all_existing(others, site, here), site, same=same)
        case Covers(path=pattern, values=values):
            return _covers(named(pattern, here), values, site)
        case Listed(path=pattern, among=among):
            return _listed(pattern, all_existing(among, site, here), site, here)
        case Count(pattern=pattern, least=least, most=most):
            found = existing(pattern, site, here)
            return Verdict(least <= len(found) <= most, found or (here.base,), str(len(found)))
        case Every(parts=parts):
            return _conjunction([judge(part, site, here) for part in parts])
        case Told(parts=parts):
            told = [verdict for part in parts if (verdict := judge(part, site, here)).truth is not None]
            return _conjunction(told) if told else UNTOLD
        case Some(parts=parts):
            return _disjunction([judge(part, site, here) for part in parts])
        case Not(part=part):
            return _negated(judge(part, site, here))
        case If(given=given, then=then):
            return _implied(judge(given, site, here), then, site, here)
        case Special(name=name):
            from oceana_dr.compile.rules.special import SPECIAL

            return SPECIAL[name](site, here)
        case _:
            assert_never(condition)


def fold(value: Data) -> Data:
    """A value for comparing: names and words are the same in any case."""
    return value.casefold() if isinstance(value, str) else value


def _has(pattern: Pattern, site: SiteView, here: Standpoint) -> Verdict:
    if pattern.wild:
        found = tuple(path for path in existing(pattern, site, here) if site.has(path))
        start = named(replace(pattern, parts=pattern.parts[: pattern.parts.index(ANY)]), here)
        return Verdict(bool(found), found or (start,), str(start[-1]) if start else "")
    path = named(pattern, here)
    return Verdict(site.has(path), (path,), str(path[-1]))


def _every(pattern: Pattern, site: SiteView, here: Standpoint, holds: _Test) -> Verdict:
    verdicts = [
        Verdict(truth, (path,)) for path in _paths(pattern, site, here) if (truth := holds(site.at(path))) is not None
    ]
    return _conjunction(verdicts) if verdicts else UNTOLD


def _paths(pattern: Pattern, site: SiteView, here: Standpoint) -> tuple[Path, ...]:
    return existing(pattern, site, here) if pattern.wild else (named(pattern, here),)


def _among(value: Data, values: Iterable[Literal]) -> Truth:
    # `True == 1` in Python: types are compared too, and a value of another type is somebody else's finding.
    fitting = [item for item in values if type(item) is type(value)]
    return value in fitting if fitting else None


def _within(value: Data, least: int | None, most: int | None) -> Truth:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return (least is None or value >= least) and (most is None or value <= most)


def _lasts(value: Data, least_s: int) -> Truth:
    try:
        return duration_seconds(value) >= least_s if isinstance(value, str) else None
    except ValueError:
        return None


def _times(path: Path, factor: int, other: Path, site: SiteView) -> Verdict:
    one, two = site.number(path), site.number(other)
    return UNTOLD if one is None or two is None else Verdict(one >= factor * two, (path, other))


def _same(paths: tuple[Path, ...], site: SiteView) -> Verdict:
    known = [path for path in paths if site.has(path)]
    if len(known) < 2:
        return UNTOLD
    first = known[0]
    for path in known[1:]:
        if fold(site.at(path)) != fold(site.at(first)):
            return Verdict(False, (path, first))
    return Verdict(True, tuple(known))


def _distinct(paths: tuple[Path, ...], site: SiteView) -> Verdict:
    seen: dict[Data, Path] = {}
    for path in paths:
        value = site.at(path)
        if value is None or isinstance(value, dict | tuple):
            continue
        other = seen.setdefault(fold(value), path)
        if other != path:
            return Verdict(False, (path, other))
    return Verdict(True, tuple(seen.values())) if len(seen) > 1 else UNTOLD


def _same_entries(left: Path, right: Path, site: SiteView) -> Verdict:
    one, two = site.at(left), site.at(right)
    if not isinstance(one, dict) or not isinstance(two, dict):
        return UNTOLD
    for key in {**one, **two}:
        if one.get(key) != two.get(key):
            places = tuple((*base, key) if key in values else base for base, values in ((right, two), (left, one)))
            return Verdict(False, places, key)
    return Verdict(True, (left, right))


def _drive(path: Path, others: tuple[Path, ...], site: SiteView, *, same: bool) -> Verdict:
    own = site.text(path)
    known = [other for other in others if site.text(other)]
    if not own or not known:
        return UNTOLD
    for other in known:
        if (own[:1].upper() == str(site.text(other))[:1].upper()) is not same:
            return Verdict(False, (path, other), own[:1].upper())
    return Verdict(True, (path, *known))


def _covers(path: Path, values: tuple[Literal, ...], site: SiteView) -> Verdict:
    found = site.at(path)
    if not isinstance(found, tuple):
        return UNTOLD
    missing = [str(value) for value in values if value not in found]
    return Verdict(not missing, (path,), _and(missing), len(missing))


def _and(words: list[str]) -> str:
    """`A`, `A and B`, `A, B and C`."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _listed(pattern: Pattern, among: tuple[Path, ...], site: SiteView, here: Standpoint) -> Verdict:
    known = {fold(site.at(path)): path for path in among if not isinstance(site.at(path), dict | tuple)}
    if not known:
        return UNTOLD
    places = _paths(pattern, site, here)
    verdicts = [
        Verdict(fold(value) in known, (path, known.get(fold(value), among[0])))
        for path in places
        if (value := site.at(path)) is not None and not isinstance(value, dict | tuple)
    ]
    return _conjunction(verdicts) if verdicts else UNTOLD


def _conjunction(verdicts: list[Verdict]) -> Verdict:
    """False with the first that is false, else untold if any is, else true with the places of all."""
    for verdict in verdicts:
        if verdict.truth is False:
            return verdict
    if any(verdict.truth is None for verdict in verdicts):
        return UNTOLD
    return Verdict(True, tuple(dict.fromkeys(place for verdict in verdicts for place in verdict.places)))


def _disjunction(verdicts: list[Verdict]) -> Verdict:
    """True with the first that is true, else untold if any is, else false with the places of the first: the one that
    the rule would rather see."""
    for verdict in verdicts:
        if verdict.truth is True:
            return verdict
    return UNTOLD if any(verdict.truth is None for verdict in verdicts) else verdicts[0]


def _negated(verdict: Verdict) -> Verdict:
    return Verdict(None if verdict.truth is None else not verdict.truth, verdict.places, verdict.detail, verdict.number)


def _implied(given: Verdict, then: Condition, site: SiteView, here: Standpoint) -> Verdict:
    if given.truth is not True:
        return UNTOLD
    found = judge(then, site, here)
    return Verdict(found.truth, tuple(dict.fromkeys((*found.places, *given.places))), found.detail, found.number)
