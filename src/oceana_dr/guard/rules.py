"""Rules about plans: `subject: plan`, a second opinion on steps and order, whoever made the plan.

In: the catalogue's rules and a plan, also one of a file. Out: findings; an error refuses the plan.
The order is judged by what each step waits for: a step that stands later in the list may still run first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, assert_never

from oceana_dr.catalogue.rules import Rule, Subject
from oceana_dr.catalogue.template import applies, expand_data, prune
from oceana_dr.diagnostics import Severity
from oceana_dr.estate.estate import Estate
from oceana_dr.estate.predicate import Truth, evaluate, predicate_from_json
from oceana_dr.guard.findings import INFO, REFUSE, WARNING
from oceana_dr.guard.plan_checks import (
    AllOf,
    Amid,
    Between,
    Contains,
    Each,
    Needs,
    Never,
    Notice,
    Only,
    PlanCheck,
    Precedes,
    Reaches,
    Selectors,
    check_from,
    select,
    selectors,
)
from oceana_dr.plan.model import Finding, Plan, Step
from oceana_dr.safety.passage import close_order
from oceana_dr.twin.transitions import after

_SEVERITIES: Final = {Severity.ERROR: REFUSE, Severity.WARNING: WARNING, Severity.INFO: INFO}


@dataclass(frozen=True, slots=True)
class PlanRule:
    """A rule with its check read; it speaks only of plans that have a step of `given`, if any is named, and that end
    with this data centre in service, if one is named."""

    rule: Rule
    given: Selectors
    operational: str
    check: PlanCheck


@dataclass(frozen=True, slots=True)
class Ruling:
    """Whether a rule holds for a plan; None where the plan has nothing of what it speaks of."""

    rule: Rule
    truth: Truth
    words: Mapping[str, str]


@lru_cache(maxsize=4)
def plan_rules(rules: tuple[Rule, ...]) -> tuple[PlanRule, ...]:
    """The rules about plans, read once; raises `ValueError` for a check that is not in the vocabulary."""
    return tuple(read_check(rule) for rule in rules if rule.subject is Subject.PLAN and not rule.held)


def read_check(rule: Rule) -> PlanRule:
    """One rule's check: one of the set, and perhaps `given` and `operational`."""
    check = dict(rule.check)
    given, operational = check.pop("given", []), check.pop("operational", "")
    return PlanRule(rule, selectors(given), str(operational), check_from(check))


def rule_findings(rules: tuple[Rule, ...], plan: Plan, silenced: Iterable[str] = ()) -> tuple[Finding, ...]:
    """What the rules say of a plan; `silenced` holds codes and ids of rules that the site does not want to hear of."""
    quiet = {text.upper() for text in silenced}
    return tuple(
        _finding(ruling)
        for ruling in rulings(rules, plan)
        if ruling.truth is False
        and not (ruling.rule.silenceable and {ruling.rule.code, ruling.rule.id.upper()} & quiet)
    )


def rulings(rules: tuple[Rule, ...], plan: Plan) -> Iterator[Ruling]:
    """Every rule that speaks of such a plan; none of one that does nothing, nor of one that takes a run back: that
    goes the other way round, and the proof watches over it."""
    if plan.undoes is not None or not plan.steps:
        return
    order = close_order({step.id: step.after for step in plan.steps})
    for item in plan_rules(rules):
        rule = item.rule
        if rule.scenarios and plan.scenario not in rule.scenarios:
            continue
        if rule.when and not applies(list(rule.when), plan.bindings):
            continue
        if item.operational and item.operational != plan.to_side:
            continue
        if item.given and not select(item.given, plan.steps):
            continue
        truth, words = _judge(item.check, plan, order)
        yield Ruling(rule, truth, {**words, "scenario": plan.scenario})


_Order = Mapping[str, frozenset[str]]
_Judged = tuple[Truth, dict[str, str]]
_UNTOLD: Final[_Judged] = (None, {})


def _judge(check: PlanCheck, plan: Plan, order: _Order) -> _Judged:  # noqa: PLR0911 - one return a check
    steps = plan.steps
    match check:
        case Precedes(first=first, then=then):
            return _precedes(select(first, steps), select(then, steps), order)
        case Needs(of=of, some=some, before=before):
            return _needs(select(of, steps), select(some, steps), order, before=before)
        case Contains(some=some):
            return bool(select(some, steps)), {}
        case Reaches(condition=condition):
            wanted_end = predicate_from_json(expand_data(prune(condition, plan.bindings), {}, plan.bindings))
            return evaluate(wanted_end, _end(plan).get), {}
        case Never(steps=wanted):
            found = select(wanted, steps)
            return not found, {"step": found[0].id} if found else {}
        case Between(start=start, end=end, never=never):
            return _between(select(start, steps), select(end, steps), select(never, steps), order)
        case Amid(start=start, end=end, some=some):
            return _amid(select(start, steps), select(end, steps), select(some, steps), order)
        case Only(when=when, scenarios=scenarios, check=part):
            fits = (not scenarios or plan.scenario in scenarios) and applies(list(when), plan.bindings)
            return _judge(part, plan, order) if fits else _UNTOLD
        case Each(of=of, are=are, least_wait_s=least):
            return _each(select(of, steps), are, least)
        case Notice():
            return False, {}
        case AllOf(parts=parts):
            judged = [_judge(part, plan, order) for part in parts]
            broken = next((item for item in judged if item[0] is False), None)
            told = next((item for item in judged if item[0] is True), _UNTOLD)
            return broken or told
        case _:
            assert_never(check)


def _end(plan: Plan) -> Estate:
    state = plan.initial
    for step in plan.steps:
        state = after(state, step.moments)
    return state


def _precedes(first: tuple[Step, ...], then: tuple[Step, ...], order: _Order) -> _Judged:
    for later in then:
        for earlier in first:
            if earlier.id != later.id and earlier.id not in order[later.id]:
                return False, {"first": earlier.id, "then": later.id, "step": later.id}
    return (True, {}) if first and then else _UNTOLD


def _needs(of: tuple[Step, ...], some: tuple[Step, ...], order: _Order, *, before: bool) -> _Judged:
    for step in of:
        near = [other for other in some if (other.id in order[step.id] if before else step.id in order[other.id])]
        if not near:
            return False, {"step": step.id}
    return (True, {}) if of else _UNTOLD


def _between(start: tuple[Step, ...], end: tuple[Step, ...], never: tuple[Step, ...], order: _Order) -> _Judged:
    for one in never:
        outside = any(one.id in order[first.id] for first in start) or any(last.id in order[one.id] for last in end)
        if start and end and not outside:
            return False, {"step": one.id, "first": start[0].id, "then": end[0].id}
    return (True, {}) if start and end and never else _UNTOLD


def _amid(start: tuple[Step, ...], end: tuple[Step, ...], some: tuple[Step, ...], order: _Order) -> _Judged:
    pairs = [(first, last) for first in start for last in end if first.id in order[last.id]]
    for first, last in pairs:
        if not any(first.id in order[one.id] and one.id in order[last.id] for one in some):
            return False, {"first": first.id, "then": last.id, "step": last.id}
    return (True, {}) if pairs else _UNTOLD


def _each(of: tuple[Step, ...], are: Selectors, least_wait_s: int) -> _Judged:
    for step in of:
        if (are and not any(selector.matches(step) for selector in are)) or step.timeout_s < least_wait_s:
            return False, {"step": step.id}
    return (True, {}) if of else _UNTOLD


def _finding(ruling: Ruling) -> Finding:
    rule = ruling.rule
    text = rule.message
    for name, word in ruling.words.items():
        text = text.replace(f"{{{name}}}", word)
    return Finding(f"rule-{rule.id}", rule.code, _SEVERITIES[rule.severity], text)
