"""Rules about the files of a site: `subject: site`, evaluated on files that may have other errors.

In: the catalogue, the merged and located data. Out: an outcome for each rule at each of its places.
A rule must never speak where a value is missing or has a wrong type: that is said already.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from oceana_dr.catalogue.model import Catalogue
from oceana_dr.catalogue.rules import Rule, Subject
from oceana_dr.catalogue.template import applies
from oceana_dr.compile.bindings import topology_facts
from oceana_dr.compile.rules.conditions import Condition, condition_from
from oceana_dr.compile.rules.outcome import Outcome, Spot
from oceana_dr.compile.rules.paths import Pattern, Standpoint, pattern_from, shown, side_of_path, standpoints
from oceana_dr.compile.rules.truth import Verdict, judge
from oceana_dr.estate.address import peer_of
from oceana_dr.source.checks.view import SiteView
from oceana_dr.source.merge import Path


@dataclass(frozen=True, slots=True)
class FileRule:
    """A rule with its check read: where it stands, when it speaks, what must hold."""

    rule: Rule
    each: Pattern | None
    given: Condition | None
    must: Condition


@lru_cache(maxsize=4)
def file_rules(rules: tuple[Rule, ...]) -> tuple[FileRule, ...]:
    """The rules about files, read once; raises `ValueError` for a check that is not in the vocabulary."""
    return tuple(read_check(rule) for rule in rules if rule.subject is Subject.SITE and not rule.held)


def read_check(rule: Rule) -> FileRule:
    """One rule's check: `{each, given, must}`."""
    check = dict(rule.check)
    each, given, must = check.pop("each", None), check.pop("given", None), check.pop("must", None)
    if check:
        raise ValueError(f"{rule.id}: a rule about files has no {', '.join(check)}")
    return FileRule(
        rule,
        None if each is None else pattern_from(each),
        None if given is None else condition_from(given),
        condition_from(must),
    )


def outcomes(catalogue: Catalogue, site: SiteView) -> Iterator[Outcome]:
    """Every outcome on one site."""
    facts = topology_facts(site.at)
    for item in file_rules(catalogue.rules):
        yield from outcomes_of(item, site, facts)


def outcomes_of(item: FileRule, site: SiteView, facts: Mapping[str, str]) -> Iterator[Outcome]:
    """The outcomes of one rule; none where its topology is another one."""
    if not applies(list(item.rule.when), facts):
        return
    for here in standpoints(item.each, site):
        if item.given is not None and judge(item.given, site, here).truth is not True:
            continue
        verdict = judge(item.must, site, here)
        if verdict.truth is not False:
            yield Outcome(item.rule, verdict.truth)
            continue
        written = tuple(path for path in verdict.places if _is_written(path, site))
        # What could only be shown as the whole file is left out while there is another place.
        spots = tuple(_spot(path, site) for path in written or verdict.places)
        yield Outcome(item.rule, False, spots, _words(verdict, here, site), unwritten=not written)


def _is_written(path: Path, site: SiteView) -> bool:
    """Whether some part of a path stands in the files."""
    return bool(path) and site.at(path[:1]) is not None


def _spot(path: Path, site: SiteView) -> Spot:
    side = side_of_path(path)
    if path and not _is_written(path, site):
        return Spot(shown(path), site.span(path), f"`{path[0]}` belongs behind this part", absent=True)
    return Spot(shown(path), site.span(path), f"in {side}" if side else "")


def _words(verdict: Verdict, here: Standpoint, site: SiteView) -> dict[str, str]:
    """What a message may name: the data centre, the place, the values that were compared, what differs, and
    the verb that goes with it."""
    values = [_text(site.at(path)) for path in verdict.places[:2]]
    paths = [shown(path) for path in verdict.places[:2]]
    names = {"value": values, "path": paths}
    words = {name: found[0] for name, found in names.items() if found}
    words |= {name: found[1] for name, found in (("other", values), ("beside", paths)) if len(found) > 1}
    dc = here.dc or next((side for path in verdict.places[:1] if (side := side_of_path(path))), "")
    if dc:
        words |= {"dc": dc, "peer": peer_of(dc)}
    if here.base:
        words["key"] = str(here.base[-1])
    return {**words, "detail": verdict.detail, "is": "is" if verdict.number == 1 else "are"}


def _text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "nothing" if value is None else str(value)
