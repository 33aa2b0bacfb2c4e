"""What a scenario is for, when it fits, what it does and leaves, and how it is planned.

In: a scenario's name, a compiled site (or none). Out: a `ScenarioWhy`.
Everything is taken from the catalogue's data: what its data does not bear must never be said of a scenario.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import cast

from oceana_dr.catalogue.bind import BoundCatalogue
from oceana_dr.catalogue.errata import load_errata
from oceana_dr.catalogue.model import Lines, Scenario, lines, stands_for
from oceana_dr.catalogue.observances import load_purposes
from oceana_dr.catalogue.template import applies, expand_data, prune
from oceana_dr.compile.bindings import FACT_PATHS
from oceana_dr.compile.desired import Compiled
from oceana_dr.estate.address import Address, Ref
from oceana_dr.estate.in_words import condition_parts, condition_words
from oceana_dr.estate.predicate import evaluate, refs_of
from oceana_dr.estate.values import Json, Value
from oceana_dr.operations.effects import StepEffects, outspoken, scenario_steps
from oceana_dr.operations.routing import routes_of
from oceana_dr.plan.model import SCENARIOS, Kind
from oceana_dr.plan.select import STEADY
from oceana_dr.plan.taking import Record
from oceana_dr.safety.invariant import bind_invariants

Named = tuple[str, str]
"""An id or a name, and what is said of it."""


@dataclass(frozen=True, slots=True)
class StepTold:
    """A step as this site has it. `by`: a driver; `people`: how many of them it takes; `gate`: the step's kind where
    the run stops at it: confirm, wait or check, else empty."""

    id: str
    phase: str
    title: str
    kind: str
    step_class: str
    by: str
    people: int
    gate: str
    irreversible: str
    manual: Lines


@dataclass(frozen=True, slots=True)
class ScenarioWhy:
    """A scenario, for one site (`site` is empty where none is at hand).

    `fits`: what must be so for it to be the one; `at_rest`: when also without anything being off, in words; `barred`:
    what it must not be under, with the rule; `leaves`: what stays as it is. `absent`: steps that this site has not,
    with the reason. `changed_by`: mistakes of the manual that it answers. `owed` and `timers`: what it leaves behind.
    """

    id: str
    title: str
    purpose: str
    from_side: str
    to_side: str
    site: str
    fits: tuple[str, ...] = ()
    at_rest: str = ""
    barred: tuple[Named, ...] = ()
    leaves: tuple[str, ...] = ()
    dark: tuple[str, ...] = ()
    phases: tuple[Named, ...] = ()
    steps: tuple[StepTold, ...] = ()
    absent: tuple[Named, ...] = ()
    proven: tuple[Named, ...] = ()
    attested: tuple[Named, ...] = ()
    changed_by: tuple[Named, ...] = ()
    losses: tuple[Named, ...] = ()
    owed: tuple[Named, ...] = ()
    timers: tuple[Named, ...] = ()
    commands: tuple[str, ...] = ()

    @property
    def point_of_no_return(self) -> StepTold | None:
        """The first step that cannot be undone."""
        return next((step for step in self.steps if step.irreversible), None)


def scenario_named(asked: str) -> str | None:
    """The scenario that this names, however it is written: `Planned switchover` is `planned-switchover`."""
    name = "-".join(asked.lower().replace("_", " ").split())
    return name if name in SCENARIOS else None


def explain_scenario(name: str, compiled: Compiled | None) -> ScenarioWhy:
    """The scenario for this site, or without one for the largest topology; `name` is one of `SCENARIOS`."""
    bound = outspoken(compiled.bound if compiled is not None else None)
    site, purpose = bound.bindings["site"], load_purposes()[name]
    if name == STEADY:
        commands = tuple(_commands(site, None))
        return ScenarioWhy(name, "changes that move nothing", purpose, "", "", site, commands=commands)
    scenario = bound.catalogue.scenarios[name]
    effects = scenario_steps(bound, scenario)
    told = tuple(_told(bound, scenario, effects, compiled))
    invariants = sorted(bind_invariants(bound, name), key=lambda item: (len(item.id), item.id))
    return ScenarioWhy(
        id=name,
        title=scenario.title,
        purpose=purpose,
        from_side=scenario.from_side,
        to_side=scenario.to_side,
        site=site,
        fits=_parts(bound, scenario, scenario.fits),
        at_rest=_at_rest(bound, scenario),
        barred=tuple(_barred(bound, scenario)),
        leaves=tuple(sorted(bound.leaves(scenario))),
        dark=scenario.dark,
        phases=scenario.phases,
        steps=told,
        absent=tuple(_absent(bound, scenario, {step.id for step in told})),
        proven=tuple((item.id, item.title) for item in invariants if item.checks),
        attested=tuple((item.id, item.title) for item in invariants if item.attested),
        changed_by=tuple(_changed_by(bound, scenario)),
        losses=tuple(_losses(bound, name)),
        owed=tuple(_owed(bound, effects)),
        timers=tuple(_timers(bound, told)),
        commands=tuple(_commands(site, scenario)),
    )


def _parts(bound: BoundCatalogue, scenario: Scenario, condition: Json) -> tuple[str, ...]:
    sides = {"from": scenario.from_side, "to": scenario.to_side}
    parts = condition_parts(bound.predicate(condition, **sides)) if condition is not None else ()
    return tuple(
        part for part in parts if part
    )  # what hangs on a fact that the site has not is said where it is barred


def _at_rest(bound: BoundCatalogue, scenario: Scenario) -> str:
    if isinstance(scenario.at_rest, bool):
        return "always" if scenario.at_rest else ""
    return " and ".join(_parts(bound, scenario, scenario.at_rest))


def _barred(bound: BoundCatalogue, scenario: Scenario) -> Iterator[Named]:
    for item in scenario.barred:
        condition = bound.predicate(item["if"])
        if refs_of(condition):
            yield str(item["rule"]), f"{item['says']} (where {condition_words(condition)})"
        elif not bound.bindings["site"] or evaluate(condition, _nothing) is True:  # a fact of the site alone
            yield str(item["rule"]), str(item["says"])


def _nothing(_: Ref) -> Value:
    return None


def _told(
    bound: BoundCatalogue, scenario: Scenario, effects: Sequence[StepEffects], compiled: Compiled | None
) -> Iterator[StepTold]:
    originals = {str(step["id"]): step for step in scenario.steps}
    shown: set[str] = set()
    for item in effects:
        if item.id in shown:
            continue  # another commit of the same step
        shown.add(item.id)
        record, original = item.record, originals[item.id]
        by = _driver(bound, record, compiled)
        person = record["kind"] == Kind.CONFIRM or by == "operator"
        gate = record["kind"] if record["kind"] not in {Kind.SET, Kind.RUN} else "confirm" if person else ""
        title = bound.text(str(original["title"]), **{"from": scenario.from_side, "to": scenario.to_side})
        yield StepTold(
            id=item.id,
            phase=record["phase"],
            title=title,
            kind=record["kind"],
            step_class=record["class"],
            by=by,
            people=(2 if record.get("second_person") else 1) if person else 0,
            gate=gate,
            irreversible=record.get("irreversible", ""),
            manual=lines(record.get("manual")),
        )


def _driver(bound: BoundCatalogue, record: Record, compiled: Compiled | None) -> str:
    """As the planner finds it."""
    address = Address(record["address"])
    procedure = None
    match record["kind"]:
        case Kind.CONFIRM:
            return "operator"
        case Kind.RUN:
            procedure = str(record["procedure"])
            default = str(bound.catalogue.procedures[record["procedure"]]["driver"])
        case Kind.SET:
            default = record.get("driver", bound.resources[address].type.driver)
        case _:
            return "gateway" if compiled is None else routes_of(compiled.site).watcher_of(address)
    return default if compiled is None else routes_of(compiled.site).writer_of(address, default, procedure)


def _absent(bound: BoundCatalogue, scenario: Scenario, there: set[str]) -> Iterator[Named]:
    """The steps that the site's topology leaves out, each with what the site would need for it."""
    if not bound.bindings["site"]:
        return
    for step in scenario.steps:
        wanted = step.get("when")
        if wanted and str(step["id"]) not in there and not applies(wanted, bound.bindings):
            yield str(step["id"]), "; ".join(_missing(bound, cast("list[str]", wanted)))


def _missing(bound: BoundCatalogue, conditions: Sequence[str]) -> Iterator[str]:
    for condition in conditions:
        if not applies([condition], bound.bindings):
            fact = condition.removeprefix("not ")
            only = "only where a site is without this" if fact != condition else "only where a site has this"
            yield f"{only}: {bound.catalogue.topology[fact]} ({FACT_PATHS[fact]})"


def _changed_by(bound: BoundCatalogue, scenario: Scenario) -> Iterator[Named]:
    steps = [str(step["id"]) for step in scenario.steps]
    own = {scenario.id, *(rule.id for rule in bound.catalogue.orders[scenario.id])}
    for item in load_errata():
        if any(name in own or any(stands_for(name, step) for step in steps) for name in item.held_by):
            yield f"{item.id} ({', '.join(item.also)})" if item.also else item.id, item.decision


def _losses(bound: BoundCatalogue, name: str) -> Iterator[Named]:
    for item in bound.records(bound.catalogue.losses):
        if name in cast("list[str]", item["scenarios"]):
            yield str(item["component"]), f"{item['means']} ({item['ref']})"


def _owed(bound: BoundCatalogue, effects: Sequence[StepEffects]) -> Iterator[Named]:
    """What lies behind a fence that a step of this scenario can put in force."""
    raised = {(item.ref, item.value) for step in effects for item in step.written}
    for item in bound.records(bound.catalogue.owed):
        match expand_data(prune(item["if"], bound.bindings), {}, bound.bindings):
            case {"is": [reference, value]} if (reference, value) in raised:
                yield str(item["step"]), f"{item['title']}, {item['address']}"


def _timers(bound: BoundCatalogue, steps: Sequence[StepTold]) -> Iterator[Named]:
    for item in bound.records(bound.catalogue.timers):
        starts = [step.id for step in steps for name in cast("list[str]", item["starts"]) if stands_for(name, step.id)]
        if starts:
            match item.get("limit"):
                case str() as limit:
                    limited = f"within {limit}, "
                case {"site": path}:
                    limited = f"within the site's {path}, "
                case _:
                    limited = ""
            ends = ", ".join(cast("list[str]", item["stops"]))
            yield str(item["id"]), f"{item['title']}: {limited}from {starts[-1]} until {ends}"


def _commands(site: str, scenario: Scenario | None) -> Iterator[str]:
    name = site or "SITE"
    if scenario is None:
        yield f"oceana-dr plan {name} -o plan.json"
        yield "oceana-dr apply plan.json"
        return
    to = f" --operational {scenario.to_side}"
    lost = "" if scenario.undeclared else "".join(f" --lost {prefix}" for prefix in scenario.dark)
    yield f"oceana-dr precheck {name} --scenario {scenario.id}{lost}"
    yield f"oceana-dr plan {name}{to} --scenario {scenario.id}{lost} -o plan.json"
    yield "oceana-dr apply plan.json"


__all__ = ["ScenarioWhy", "StepTold", "explain_scenario", "scenario_named"]
