"""What the catalogue knows by an id: an invariant, an order rule, a procedure, a console's refusal.

In: an id, the compiled sites to say it for. Out: what it says in words, ready to be laid out.
A condition is said in full: half of one would be taken for the whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, assert_never, cast

from oceana_dr.catalogue.bind import BoundCatalogue
from oceana_dr.catalogue.model import Catalogue, InvariantType, Lines, OrderRule, lines, stands_for
from oceana_dr.catalogue.template import CatalogueError
from oceana_dr.estate.in_words import condition_parts, condition_words
from oceana_dr.estate.predicate import predicate_from_json, refs_of
from oceana_dr.estate.values import show
from oceana_dr.operations.explaining.invariants import concerned, observed_rows, place_rows, step_rows
from oceana_dr.safety.invariant import (
    Always,
    AtRest,
    BeforeChange,
    Check,
    Exclusive,
    Held,
    Invariant,
    NeverBoth,
    bind_invariants,
)

Rows = Iterator[tuple[str, str]]
PLANNED = "planned-switchover"
_SOURCES = {"M": "the manual", "D": "derived from it", "X": "a later issue, or another vendor's documents"}


@dataclass(frozen=True, slots=True)
class Told:
    """A heading, rows of a label and a text, and lines of the manual. `site`: for which site it is said, if for one."""

    heading: str
    rows: tuple[tuple[str, str], ...]
    manual: Lines
    site: str = ""


def catalogue_ids(catalogue: Catalogue) -> tuple[str, ...]:
    """Every id that `tell` knows."""
    rules = [rule.id for order in catalogue.orders.values() for rule in order]
    refusals = [rule for _, _, rule in _refusals(catalogue)]
    by_setting = {
        str(step["procedure"]) for item in catalogue.scenarios.values() for step in item.steps if "procedure" in step
    }
    others = sorted(by_setting - catalogue.procedures.keys())
    known = (*(item.id for item in catalogue.invariants), *rules, *catalogue.procedures, *others, *refusals)
    return tuple(dict.fromkeys(known))


def tell(catalogue: Catalogue, asked: str, sites: Iterable[BoundCatalogue]) -> Told | None:
    """What is known by this id; None if nothing is. The first site that it applies to gives the addresses."""
    bound = list(sites)
    if found := next((item for item in catalogue.invariants if item.id == asked.upper()), None):
        return _invariant(found.id, bound)
    for scenario, order in catalogue.orders.items():
        if rule := next((item for item in order if item.id == asked), None):
            return Told(f"{rule.id}: {rule.reason}", tuple(_rule(catalogue, scenario, rule)), rule.manual)
    if asked in catalogue.procedures:
        return _procedure(catalogue, asked, bound)
    if steps := _steps_of(catalogue, asked):
        return Told(f"{asked}: a procedure that is done by setting values", tuple(_all("steps", steps)), ())
    said = dict.fromkeys((where, says) for where, says, rule in _refusals(catalogue) if rule in {asked, asked.upper()})
    if said:
        rows = [row for where, says in said for row in (("refused", says), ("where", where))]
        return Told(f"{asked.upper()}: what would break it is refused", tuple(rows), ())
    return None


def _invariant(name: str, sites: Sequence[BoundCatalogue]) -> Told:
    everywhere = [(site, _bound(site, name)) for site in sites]
    site, found = next(((site, item) for site, item in everywhere if item.checks), everywhere[0])
    rows = list(_checks(site, name))
    if found.waivable:
        rows.append(("waived", "by two people, with a reason, right before the step it forbids; never in a plan"))
    record = next(item for item in site.catalogue.invariants if item.id == name)
    rows += [*_kept(record), *observed_rows(found, record)]
    if not found.checks and not found.attested:
        rows.append(("applies", "to no site here"))
    rows.append(("where", f"in {', '.join(record.scenarios)}" if record.scenarios else "in every scenario"))
    steps = concerned(site, record)
    rows += [*place_rows(steps), *step_rows(steps)]
    rows.append(("source", ", ".join(_SOURCES[item] for item in cast("list[str]", record.data["source"]))))
    return Told(f"{found.id}: {found.title}", tuple(rows), found.manual, site.bindings["site"])


def _kept(record: InvariantType) -> Rows:
    """What keeps an invariant that no state of the estate shows."""
    data = record.data
    if "attested" in data:
        yield "asked", str(data["attested"])
    if "prechecked" in data:
        yield "before", f"checked before anything moves: {', '.join(cast('list[str]', data['prechecked']))}"
    if "kept_by" in data:
        yield "kept by", ", ".join(cast("list[str]", data["kept_by"]))


def _bound(site: BoundCatalogue, name: str) -> Invariant:
    """The invariant in the first scenario in which something is proven of it; else in the first that it is about."""
    found = list(_in_scenarios(site, name).values())
    return next((item for item in found if item.checks), found[0])


def _in_scenarios(site: BoundCatalogue, name: str) -> Mapping[str, Invariant]:
    """The invariant in each scenario that it or a part of it names; the planned switchover stands for all others."""
    record = next(item for item in site.catalogue.invariants if item.id == name)
    parts = cast("list[Mapping[str, Any]]", record.data.get("all_of", []))  # Any: JSON that the build has checked
    named = (*record.scenarios, *(scenario for part in parts for scenario in part.get("scenarios", ())))
    first = () if record.scenarios and PLANNED not in record.scenarios else (PLANNED,)
    return {
        scenario: next(item for item in bind_invariants(site, scenario) if item.id == name)
        for scenario in dict.fromkeys((*first, *named))
    }


def _checks(site: BoundCatalogue, name: str) -> Rows:
    """Every check of an invariant once; what is said of some scenarios only, under their names."""
    everywhere = _in_scenarios(site, name)
    where: dict[Check, list[str]] = {}
    for scenario, found in everywhere.items():
        for check in found.checks:
            where.setdefault(check, []).append(scenario)
    said = list(everywhere)
    for check, scenarios in where.items():
        if scenarios != said:
            yield "in", f"{', '.join(scenarios)}:"
            said = scenarios
        yield from _check(check)


def _check(check: Check) -> Rows:
    match check:
        case Always(predicate=predicate):
            yield from _all("always", condition_parts(predicate))
        case NeverBoth(predicates=predicates, absent=absent):
            yield from _all("at most 1", [condition_words(item) for item in predicates])
            yield from _all(
                "but for", [f"what is cut off: {condition_words(item)}" for item in absent if refs_of(item)]
            )
        case BeforeChange(of=of, to=to, requires=requires):
            yield "before", f"{of} becomes {' or '.join(show(value) for value in to)}:"
            yield from _all("must hold", condition_parts(requires))
        case AtRest(predicate=predicate):
            yield from _all("at rest", condition_parts(predicate))
        case Exclusive(first=first, last=last, addresses=addresses):
            yield "between", f"{first} and {last} nothing else touches {', '.join(addresses)}"
        case Held(first=first, by=by, before=before):
            yield "after", f"{first} these wait for {by}: {', '.join(before)}"
        case _:
            assert_never(check)


def _all(label: str, parts: Sequence[str]) -> Rows:
    for place, part in enumerate(parts):
        yield "" if place else label, part


def _rule(catalogue: Catalogue, scenario: str, rule: OrderRule) -> Rows:
    yield "scenario", scenario
    titles = _titles(catalogue, scenario)
    for label, names in (("first", rule.first), ("then", rule.then)):
        yield from _all(label, [text for name in names for text in _named(titles, name)])


def _named(titles: Mapping[str, str], name: str) -> Iterator[str]:
    found = [(step, title) for step, title in titles.items() if stands_for(name, step)]
    yield from (f"{step} {title}" for step, title in found)
    if not found:
        yield name


def _titles(catalogue: Catalogue, scenario: str) -> dict[str, str]:
    known = catalogue.scenarios.get(scenario)
    return {} if known is None else {str(step["id"]): str(step["title"]) for step in known.steps}


def _procedure(catalogue: Catalogue, name: str, sites: Sequence[BoundCatalogue]) -> Told:
    for site in sites:
        try:
            found = site.procedure(name, {"from": "dc1", "to": "dc2"})
        except CatalogueError:
            continue  # it speaks of what this site does not have
        kind = found.type
        rows = [("by", kind.driver), ("console", kind.console)]
        rows += [(f"{number}.", click) for number, click in enumerate(kind.clicks, 1)]
        rows += [("copy", f"{label}: {value}") for label, value in kind.copy]
        rows += [("see", kind.expect)] if kind.expect else []
        rows += [("refused", f"{guard.says} ({guard.rule})") for guard in found.requires]
        rows += list(_all("steps", _steps_of(catalogue, name)))
        return Told(f"{name}: {kind.title}", tuple(rows), kind.manual, site.bindings["site"])
    record = cast("Mapping[str, Any]", catalogue.procedures[name])
    rows = list(_all("steps", _steps_of(catalogue, name)))
    return Told(f"{name}: {record['title']}", tuple(rows), lines(record.get("manual")))


def _steps_of(catalogue: Catalogue, procedure: str) -> list[str]:
    """The steps that run a procedure, and those that are taken back by it."""
    steps = [(scenario.id, step) for scenario in catalogue.scenarios.values() for step in scenario.steps]
    forth = [
        f"{step['id']} {step['title']} ({scenario})" for scenario, step in steps if step.get("procedure") == procedure
    ]
    back = [
        f"takes {step['id']} back ({scenario})"
        for scenario, step in steps
        if cast("Mapping[str, Any]", step.get("inverse") or {}).get("run") == procedure
    ]
    return forth + back


def _unfilled(condition: Any) -> str:  # Any: JSON that the catalogue build has checked
    return condition_words(predicate_from_json(condition))


def _refusals(catalogue: Catalogue) -> Iterator[tuple[str, str, str]]:
    """Where a console refuses something, what it says, and by which rule."""
    for record in catalogue.resources:
        resource = cast("Mapping[str, Any]", record)  # Any: JSON that the catalogue build has checked
        for label, attribute in resource["attributes"].items():
            for guard in attribute.get("refuse", ()):
                yield f"{resource['address']}#{label}", guard["says"], guard["rule"]
    for scenario in catalogue.scenarios.values():
        for step in scenario.steps:
            for needed in cast("Mapping[str, Any]", step).get("requires", ()):
                says = f"{step['title']}, unless this reads so right before: {_unfilled(needed['condition'])}"
                yield f"step {step['id']}", says, needed["rule"]
    for name, record in catalogue.procedures.items():
        for guard in cast("Mapping[str, Any]", record).get("requires", ()):
            yield f"procedure {name}", guard["says"], guard["rule"]
