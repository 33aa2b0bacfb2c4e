"""`drill` on the simulator: the whole plan run against a twin, with faults, every state held against the invariants.

In: an opening, which faults, a seed, a listener. Out: a `Drilled`: what happened, and why it failed if it did.
The runner is the one that `apply` has; the real estate is out of reach, and equal drills give equal bytes.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Final

from oceana_dr.diagnostics import OceanaError
from oceana_dr.drivers.gateway.reader import GatewayReader
from oceana_dr.estate.action import action_to_json
from oceana_dr.estate.canonical import canonical
from oceana_dr.estate.values import show
from oceana_dr.execute.ports import Options, Ports
from oceana_dr.execute.runner import run
from oceana_dr.execute.writers import twin_writers
from oceana_dr.guard.findings import refusals
from oceana_dr.lab.disk import ProcessDied
from oceana_dr.lab.drill_events import Broke, Drilled, DrillEvent
from oceana_dr.lab.hands import LabHands
from oceana_dr.lab.transport import LabTransport
from oceana_dr.lab.watching import Watch
from oceana_dr.operations.drilling.faults import draw, ground_of
from oceana_dr.operations.drilling.opening import Opening
from oceana_dr.operations.drilling.stage import Stage
from oceana_dr.plan.estimate import schedule
from oceana_dr.plan.model import Plan, StepClass
from oceana_dr.safety.invariant import bind_invariants
from oceana_dr.store.journal import open_journal

UNSAFE_START: Final = "OD2012"
PLACE: Final = Path("/drill.journal")


def simulate(
    opening: Opening,
    wanted: int | Sequence[str],
    seed: int,
    tell: Callable[[DrillEvent], None],
    *,
    plan: Plan | None = None,
) -> Drilled:
    """Run the plan of the opening (or another for the same estate) to its end, faults and all."""
    plan = plan or opening.planned.plan
    bound = opening.planned.compiled.bound
    chance = Random(seed)  # noqa: S311 - chance that must be the same again, not secrets
    ground = ground_of(plan, bound)
    placed, unplaced = draw(ground, wanted, chance)
    told: list[DrillEvent] = []

    def note(event: DrillEvent) -> None:
        told.append(event)
        tell(event)

    stage = Stage(opening, ground, placed, chance, note)
    stage.watch = Watch(bind_invariants(bound, plan.scenario), opening.lab.world().estate)
    opening.lab.watch = stage.look
    # What does not hold before the first step comes first: most of the others follow from it.
    refused = sorted(refusals(plan), key=lambda item: item.code != UNSAFE_START)
    failures = [f"the plan is refused: {item.code} {item.message}" for item in refused]
    if not failures:
        failures = list(_played(opening, stage, seed))
    times = schedule(plan.steps, lambda step: stage.took_s.get(step.id, step.estimate.p50))
    closed = {
        channel: times.between(item.closed_by, item.opened_by)
        for channel, item in plan.outage.items()
        if item.opened_by is not None
    }
    return Drilled(
        plan=plan,
        seed=seed,
        base=opening.base,
        says=opening.says,
        events=tuple(told),
        faults=tuple(stage.faults),
        unplaced=unplaced,
        checked=stage.watch.checked,
        states=stage.watch.states,
        simulated_s=times.total,
        played_s=stage.at_s,
        turned_away_s=closed,
        journal=hashlib.sha256(stage.disk.data).hexdigest(),
        failures=tuple(failures),
    )


def _played(opening: Opening, stage: Stage, seed: int) -> Iterator[str]:
    """Run and go on until the end; why it failed."""
    stopped = _to_the_end(opening, stage, seed)
    if stopped is None:
        assert stage.watch is not None
        touched = {step.id: frozenset(map(str, step.touches)) for step in stage.plan.steps}
        stage.blame((*stage.watch.at_the_end(), *stage.watch.in_order(stage.spans, touched)))
    yield from (_in_words(item) for item in stage.breaches if not item.fault)
    if stopped is not None:
        yield stopped
        return
    yield from _twice(opening, stage)
    left = opening.again()
    if left.steps or left.refused:
        named = ", ".join(step.id for step in left.steps[:5]) or left.findings[0].message
        yield f"when all was done, the next plan was not empty: {named}"


def _to_the_end(opening: Opening, stage: Stage, seed: int) -> str | None:
    """None when every step was done; else why nothing went on. Every stop needs a fault of its own."""
    options = Options(run=f"drill-{seed}", operator="drill", parallel=1)
    while True:
        try:
            _run(opening, stage, options)
        except ProcessDied:
            stage.died()
        except OceanaError as error:
            if not stage.halted(error.message, error.exit_code):
                return f"it stopped where nothing was broken: {error.message}"
        else:
            return None
        stage.mend()


def _run(opening: Opening, stage: Stage, options: Options) -> None:
    """One process."""
    bound, site = opening.planned.compiled.bound, stage.plan.site
    journal = open_journal(stage.disk, PLACE)
    transport = LabTransport(opening.lab)
    ports = Ports(
        reader=GatewayReader(transport, site, bound),
        writers=twin_writers(transport, site, stage.clock, stage.stop.forced, stage.plan.drivers.values()),
        people=stage.crew,
        clock=stage.clock,
        wall=lambda: datetime.fromtimestamp(stage.clock.now(), UTC),
        journal=journal,
        events=stage,
        hands=LabHands(transport, site, stage.clock, stage.stop.forced),
        stop=stage.stop,
    )
    try:
        run(stage.plan, ports, options)
    finally:
        journal.close()


def _twice(opening: Opening, stage: Stage) -> Iterator[str]:
    """What may happen once, and was done more often; a person who said so without doing it has done nothing."""
    feigned = {item.step for item in stage.faults if item.kind == "people-confirm-without-doing"}
    acts = (event for event in opening.lab.events() if event.kind == "act")
    counted = Counter(canonical(event.detail["action"]) for event in acts)
    for step in stage.plan.steps:
        if step.step_class is StepClass.ONCE and step.action is not None and step.id not in feigned:
            times = counted[canonical(action_to_json(step.action))]
            if times > 1:
                yield f"{step.id} may be done once, and was done {times} times"


def _in_words(broke: Broke) -> str:
    values = ", ".join(f"{name} {show(value)}" for name, value in broke.values)
    return f"{broke.invariant} broke in {broke.step}: {broke.title}" + (f" ({values})" if values else "")
