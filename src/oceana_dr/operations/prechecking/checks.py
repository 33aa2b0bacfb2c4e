"""Every check a scenario needs before it is begun, from one reading of the estate.

In: a project, a site, a scenario, what people have answered. Out: a `Precheck`: named checks, each with its source.
Nothing here can write, and what is not known is never counted as good.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.catalogue.model import Lines
from oceana_dr.catalogue.observances import load_observances
from oceana_dr.diff.compare import settle_off
from oceana_dr.drivers.contract import Answer
from oceana_dr.estate.address import Ref, address_of, below
from oceana_dr.estate.estate import Estate
from oceana_dr.estate.in_words import condition_words
from oceana_dr.estate.predicate import AtMost, Is, Predicate, Same, evaluate, parts_of, refs_of
from oceana_dr.estate.shortfall import leaves
from oceana_dr.estate.values import Unknown, show
from oceana_dr.operations.live import Live
from oceana_dr.operations.planning import LiveReader, Planned, make_plan
from oceana_dr.operations.prechecking.people import Signed, answered, asked, readiness, signatures
from oceana_dr.plan.model import Finding, Kind, Plan, Step
from oceana_dr.safety.invariant import bind_invariants
from oceana_dr.safety.prove import Violation, prove
from oceana_dr.source.cache import Cache
from oceana_dr.source.project import Project

PASS, FAIL, UNKNOWN = "pass", "fail", "unknown"
SCENARIO_CODES = frozenset({"OD2002"})
DARK_CODE = "OD2006"
TOLD_ELSEWHERE = ("proof-", "check-")
EARLY = frozenset({"prepare", "drain"})
BY_THE_STEP = frozenset({Kind.CONFIRM, Kind.RUN, Kind.WAIT, Kind.CHECK})


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must be so: what, where, what was found, how and when it was read (ISO 8601, UTC).

    `group`: step, requirement, invariant, rule, question, attested or readiness; `by`: the step, rule or invariant that
    wants it. `result`: pass, fail or unknown.
    """

    group: str
    by: str
    text: str
    refs: tuple[Ref, ...]
    found: str
    wanted: str
    result: str
    source: str
    observed_at: str | None
    manual: Lines = ()
    pages: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Precheck:
    """All checks of a scenario at a moment; `later` counts conditions that steps of the plan bring about first."""

    site: str
    scenario: str
    from_side: str
    to_side: str
    at: str
    plan: str
    steps: int
    checks: tuple[Check, ...]
    later: int = 0
    notes: tuple[str, ...] = ()

    def count(self, result: str) -> int:
        """How many checks ended so."""
        return sum(check.result == result for check in self.checks)

    @property
    def ready(self) -> bool:
        """Whether nothing fails and nothing is unknown."""
        return all(check.result == PASS for check in self.checks)


@dataclass(frozen=True)
class _Sight:
    """One plan with the estate it was made from, as checks look at it."""

    planned: Planned
    live: Live
    settled: Estate

    def check(self, group: str, by: str, condition: Predicate, manual: Lines) -> Check:
        refs = tuple(sorted(refs_of(condition)))
        truth = evaluate(condition, self.settled.get)
        found = ", ".join(show(self.settled.get(reference)) for reference in refs)
        return self.made(group, by, condition_words(condition), refs, found, _wanted(condition), truth, manual)

    def made(  # noqa: PLR0917 - the fields of a check, in their order
        self,
        group: str,
        by: str,
        text: str,
        refs: tuple[Ref, ...],
        found: str,
        wanted: str,
        truth: bool | None,
        manual: Lines,
    ) -> Check:
        addresses = sorted({address_of(reference) for reference in refs})
        sources = dict.fromkeys(self.live.sources.get(address, "gateway") for address in addresses)
        times = [self.live.observed_at[address] for address in addresses if address in self.live.observed_at]
        return Check(
            group,
            by,
            text,
            refs,
            found,
            wanted,
            _result(truth),
            ", ".join(sources) or "plan",
            min(times, default=None),
            manual,
            _pages(manual),
        )


def run_precheck(
    project: Project,
    site: str,
    scenario: str,
    read: LiveReader,
    *,
    operational: str | None = None,
    lost: tuple[str, ...] = (),
    answers: Mapping[str, Answer] | None = None,
    cache: Cache,
    now: datetime | None = None,
) -> Precheck:
    """Read once, plan, and judge everything the plan will ask for; raises what loading and reading raise."""
    side = operational or side_of_scenario(scenario)
    # The last applied estate explains changes, and is no condition of a move: none is read here.
    planned = make_plan(
        project, site, read, lambda _: None, operational=side, scenario=scenario, lost=lost, cache=cache
    )
    compiled, live, plan = planned.compiled, planned.live, planned.plan
    sight = _Sight(planned, live, settle_off(live.estate, compiled.bound, compiled.expected_off))
    checks = [_scenario(sight)]
    later = 0
    if checks[0].result == PASS:
        conditions, later = _conditions(sight)
        checks += conditions
        checks += _invariants(sight)
        checks += _rules(sight)
        checks += _questions(sight, answers or {})
        checks += _people(sight, answers or {}, signatures(project, site))
    notes = tuple(f"{item.code} {item.message}" for item in plan.findings if item.severity != "refuse" and _own(item))
    moment = (now or datetime.now(UTC)).isoformat(timespec="seconds")
    shown = tuple(dict.fromkeys(checks))
    return Precheck(
        site, plan.scenario, plan.from_side, plan.to_side, moment, plan.id, len(plan.steps), shown, later, notes
    )


def side_of_scenario(scenario: str) -> str | None:
    """The data centre that a scenario makes operational; None for one that moves nothing."""
    found = load_catalogue().scenarios.get(scenario)
    return found.to_side if found is not None else None


def _scenario(sight: _Sight) -> Check:
    plan = sight.planned.plan
    why = [finding.message for finding in plan.findings if finding.code in SCENARIO_CODES]
    refs = tuple(Ref(f"{side}/cluster-activity#status") for side in ("dc1", "dc2"))
    found = "; ".join(why) or ", ".join(f"{ref} {show(sight.settled.get(ref))}" for ref in refs)
    text = f"{plan.scenario} fits what is and what should be"
    return sight.made("rule", "scenario", text, refs, found, "the one scenario that fits", not why, ())


def _conditions(sight: _Sight) -> tuple[list[Check], int]:
    """What steps want, at the first moment they can: what an earlier step moves is not asked for now."""
    found: list[Check] = []
    moved: dict[str, frozenset[Ref]] = {}
    later = 0
    steps = sight.planned.plan.steps
    for step in steps:
        before = frozenset().union(*(moved[other] for other in step.after if other in moved))
        asked = []
        if step.kind is Kind.CHECK and step.condition is not None:
            asked = [(part, step.id, "step") for part in parts_of(step.condition)]
        asked += [
            (part, f"{item.rule} {step.id}", "requirement")
            for item in step.requires
            for part in parts_of(item.condition)
        ]
        for part, by, group in asked:
            if refs_of(part) & before:
                later += 1
            else:
                found.append(sight.check(group, by, part, step.manual))
        moved[step.id] = before | _moves(step)
    return found, later


def _moves(step: Step) -> frozenset[Ref]:
    """What is otherwise behind a step than before it: what it changes, and what it waits for."""
    waited = refs_of(step.condition) if step.kind is Kind.WAIT and step.condition is not None else frozenset()
    return waited | {reference for moment in step.moments for reference in moment.values} | frozenset(step.effects)


def _invariants(sight: _Sight) -> Iterator[Check]:
    """Each invariant as it stands now; where the scenario may begin on an unsafe estate, only what the plan refuses."""
    plan, bound = sight.planned.plan, sight.planned.compiled.bound
    scenario = bound.catalogue.scenarios.get(plan.scenario)
    strict = scenario is not None and scenario.safe_start
    refused = {item.id for item in plan.findings if item.severity == "refuse"}
    for invariant in bind_invariants(bound, plan.scenario):
        if not invariant.checks:
            continue
        violations = prove((invariant,), (), sight.settled.get).inherited
        if not violations:
            yield sight.made("invariant", invariant.id, invariant.title, (), "holds", "holds", True, invariant.manual)
        elif strict or f"proof-{invariant.id}" in refused:
            yield _broken(sight, violations[0], invariant.manual)
    for item in plan.findings:
        if item.code == "OD2010":
            yield sight.made(
                "invariant", item.id.removeprefix("proof-"), item.message, (), "broken by the plan", "holds", False, ()
            )


def _broken(sight: _Sight, violation: Violation, manual: Lines) -> Check:
    refs = tuple(reference for reference, _ in violation.values)
    found = ", ".join(f"{reference} {show(value)}" for reference, value in violation.values)
    dark = any(isinstance(value, Unknown) for _, value in violation.values)
    text = violation.title
    return sight.made("invariant", violation.invariant, text, refs, found, "holds", None if dark else False, manual)


def _rules(sight: _Sight) -> Iterator[Check]:
    refused = [item for item in sight.planned.plan.findings if item.severity == "refuse" and _own(item)]
    for item in refused:
        truth = None if item.code == DARK_CODE else False
        yield sight.made("rule", item.code, item.message, (), "refused", "no refusal", truth, ())
    if not refused:
        text = "no domain rule, console or limit refuses the plan"
        yield sight.made("rule", "rules", text, (), "no refusal", "no refusal", True, ())


def _own(finding: Finding) -> bool:
    return not finding.id.startswith(TOLD_ELSEWHERE) and finding.code not in SCENARIO_CODES


def _questions(sight: _Sight, answers: Mapping[str, Answer]) -> Iterator[Check]:
    """What only a person can tell before the move, and no step asks or shows: a setting alone proves nothing."""
    plan = sight.planned.plan
    early = {name for phase in plan.phases if phase.id in EARLY for name in phase.steps}
    for item in load_observances():
        keeping = [step for name in item.kept_by for step in _named(plan, name)]
        if item.tells != "person" or not item.ask or not any(step.id in early for step in keeping):
            continue
        if any(step.kind in BY_THE_STEP for step in keeping):
            continue
        truth, found, source = answered(answers, item.id)
        result, manual = _result(truth), item.manual
        yield Check("question", item.id, item.ask, (), found, "confirm", result, source, None, manual, _pages(manual))


def _people(sight: _Sight, answers: Mapping[str, Answer], signed: Mapping[Ref, Signed]) -> Iterator[Check]:
    """What people answer for, and what they signed; a first deployment is what brings readiness about."""
    plan, bound = sight.planned.plan, sight.planned.compiled.bound
    told = [("attested", item) for item in asked(bound, plan.scenario, answers)]
    if not _brings_about_readiness(plan):
        facts = readiness(bound, sight.settled, sight.live.sources, signed)
        # Nobody waits for what was ready of a data centre that is lost.
        told += [("readiness", item) for item in facts if not _is_lost(plan, item.refs)]
    for group, item in told:
        yield Check(
            group,
            item.by,
            item.text,
            item.refs,
            item.found,
            item.wanted,
            _result(item.truth),
            item.source,
            item.at,
            item.manual,
            _pages(item.manual),
        )


def _is_lost(plan: Plan, refs: tuple[Ref, ...]) -> bool:
    return bool(refs) and all(below(address_of(reference), plan.lost) for reference in refs)


def _brings_about_readiness(plan: Plan) -> bool:
    return any(str(address_of(ref)).endswith("/readiness") for step in plan.steps for ref in _moves(step))


def _result(truth: bool | None) -> str:
    return UNKNOWN if truth is None else PASS if truth else FAIL


def _named(plan: Plan, name: str) -> Iterator[Step]:
    return (step for step in plan.steps if name in {step.id, step.id.partition(".")[0], step.procedure})


def _wanted(condition: Predicate) -> str:
    match condition:
        case Is(values=values):
            return " or ".join(show(value) for value in values)
        case AtMost(limit=limit):
            return f"at most {limit}"
        case Same():
            return "the same"
        case _:
            return "; ".join(condition_words(part) for part in leaves(condition))


def _pages(manual: Lines) -> tuple[int, ...]:
    catalogue = load_catalogue()
    return tuple(dict.fromkeys(catalogue.page(first) for first, _ in manual))
