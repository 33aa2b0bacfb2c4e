"""A rehearsal: the plan walked on paper from what reads now, step by step; the estate is read and nothing else.

In: a project, what to rehearse, an estate to read. Out: a `Rehearsal`: what a run now would stumble over, and when.
No writer is within reach of anything here, and what is not known counts as a stumbling stone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from oceana_dr.catalogue.bind import BoundCatalogue
from oceana_dr.compile.desired import Compiled
from oceana_dr.diagnostics import Refused
from oceana_dr.drivers.contract import Answer
from oceana_dr.drivers.gateway.reader import GatewayReader
from oceana_dr.estate.action import Refusal
from oceana_dr.estate.estate import Estate
from oceana_dr.estate.predicate import refs_of
from oceana_dr.execute.verify import holds, listed, mismatches, unmet
from oceana_dr.guard.findings import refusals
from oceana_dr.lab.transport import LabTransport
from oceana_dr.operations.drilling.opening import Asked, Opening, check_drillable, open_in_memory
from oceana_dr.operations.live import Live, read_live
from oceana_dr.operations.planning import LiveReader
from oceana_dr.operations.prechecking.checks import PASS, run_precheck
from oceana_dr.operations.standing import Standing, standing
from oceana_dr.plan.estimate import median, schedule
from oceana_dr.plan.model import Kind, Loss, Plan, Step
from oceana_dr.plan.standing import losses
from oceana_dr.source.cache import Cache
from oceana_dr.source.project import Project
from oceana_dr.twin.transitions import after, moments

PLAN, CHECK, STEP = "plan", "check", "step"


@dataclass(frozen=True, slots=True)
class Stone:
    """What a run would stumble over: found by the plan's guards, a precheck, or at a step; `at_s` into the run."""

    found_by: str
    name: str
    text: str
    at_s: int = 0
    pages: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A plan walked to its end. `looked` counts the conditions of steps that were held against the readings.

    `copies`: how old everything is that a failover would have to live with. `oldest`: the time of the oldest reading
    (ISO 8601, UTC).
    """

    plan: Plan
    base: str
    says: tuple[str, ...]
    at: str
    stones: tuple[Stone, ...]
    looked: int
    checks: int
    standing: Standing
    copies: tuple[Loss, ...]
    oldest: str | None

    @property
    def passed(self) -> bool:
        """Whether nothing was found."""
        return not self.stones


def rehearse(
    project: Project,
    asked: Asked,
    cache: Cache,
    *,
    answers: Mapping[str, Answer] | None = None,
    now: datetime | None = None,
) -> Rehearsal:
    """Read once, plan, prove, and walk the plan; raises what loading and reading raise, `Refused` for no scenario.

    `answers`: to the questions of `precheck`, by their id.
    """
    moment = now or datetime.now(UTC)
    seen = _Once(asked.read)
    opening = open_in_memory(project, replace(asked, read=seen.read), cache)
    check_drillable(opening, asked)
    plan, bound = opening.planned.plan, opening.planned.compiled.bound
    estate = _read(opening)
    checked = run_precheck(
        project,
        plan.site,
        plan.scenario,
        lambda _: seen.dated(estate),
        operational=opening.planned.compiled.operational,
        lost=plan.lost,
        answers=answers,
        cache=cache,
        now=moment,
    )
    # What reads wrong comes before what the guards make of it: who mends the one has mended the other.
    stones = [
        Stone(CHECK, item.by, f"{item.text}: {item.result}, found {item.found}", pages=item.pages)
        for item in checked.checks
        if item.result != PASS and (item.refs or item.group == "question")
    ]
    for item in refusals(plan):
        stone = Stone(PLAN, item.id.removeprefix("proof-") if item.id.startswith("proof-") else item.code, item.message)
        stones += [] if stone.name in {other.name for other in stones} - {item.code} else [stone]
    walked, looked = _walk(plan, bound, estate)
    stones += [stone for stone in walked if not _told(stones, stone.name)]
    return Rehearsal(
        plan=plan,
        base=opening.base,
        says=opening.says,
        at=moment.isoformat(timespec="seconds"),
        stones=tuple(stones),
        looked=looked,
        checks=len(checked.checks),
        standing=standing(project, plan.site, moment),
        copies=losses(bound, None, estate),
        oldest=min(seen.live.observed_at.values(), default=None) if seen.live else None,
    )


class _Once:
    """The estate, read a single time."""

    def __init__(self, read: LiveReader | None) -> None:
        self.live: Live | None = None
        self._read = read

    def read(self, compiled: Compiled) -> Live:
        """What reads now."""
        if self._read is None:
            raise Refused("a rehearsal walks on what reads now", hint="leave --at-rest out, or add --live FILE")
        self.live = self._read(compiled)
        return self.live

    def dated(self, estate: Estate) -> Live:
        """What is supposed, with the source and time of each reading."""
        live = self.live or Live(Estate(), {}, {})
        return Live(estate, live.sources, live.observed_at)


def _read(opening: Opening) -> Estate:
    transport, plan = LabTransport(opening.lab), opening.planned.plan
    return read_live(GatewayReader(transport, plan.site, opening.planned.compiled.bound)).estate


def _told(stones: Iterable[Stone], name: str) -> bool:
    """Whether a step or rule has been named already: its first stone is the one to move."""
    return any({*stone.name.split()} & {*name.split()} for stone in stones)


def _walk(plan: Plan, bound: BoundCatalogue, estate: Estate) -> tuple[list[Stone], int]:
    """Every step in the plan's order, each on what those before it have led to."""
    begins = schedule(plan.steps, median).start
    stones: list[Stone] = []
    looked = 0
    for step in plan.steps:
        for text in _stumbles(bound, step, estate):
            looked += 1
            if text:
                stones.append(Stone(STEP, step.id, f"{step.title}: {text}", begins[step.id]))
        estate = after(estate, step.moments)
    return stones, looked


def _stumbles(bound: BoundCatalogue, step: Step, estate: Estate) -> Iterator[str]:
    """What the step wants, held against the estate: a text for what is not so, an empty one for what is."""
    waited = refs_of(step.condition) if step.kind is Kind.WAIT and step.condition is not None else frozenset()
    expected = {name: value for name, value in step.expect.items() if name not in waited}
    if expected:
        yield listed(mismatches(expected, estate))
    for item in step.requires:
        yield "" if holds(item.condition, estate) is True else f"{unmet(item.condition, estate)} ({item.rule})"
    if step.kind is Kind.CHECK:
        condition = step.condition
        yield "" if condition is None or holds(condition, estate) is True else unmet(condition, estate)
    if step.action is not None:
        passed = moments(bound, estate, step.action)
        yield f"the console would refuse: {passed.message} ({passed.rule})" if isinstance(passed, Refusal) else ""
