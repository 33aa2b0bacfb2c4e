"""A tabletop: people answer every question of a plan, in their own time, and a twin does what they say they did.

In: a project, what is played, who leads it, who answers. Out: the journal of the play, under `<state>/drills`.
Nothing of it may ever be taken for a run: no lock, no baseline, no index, no way to the estate's writer.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, NoReturn

from oceana_dr.catalogue.bind import BoundCatalogue
from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.diagnostics import OceanaError, Refused, Unreadable
from oceana_dr.drivers.contract import People
from oceana_dr.drivers.gateway.reader import GatewayReader
from oceana_dr.drivers.operator.people import chain
from oceana_dr.execute.events import Event, StepStarted
from oceana_dr.execute.ports import EventSink, Options, Ports
from oceana_dr.execute.runner import run
from oceana_dr.execute.signals import StopFlag, stopped_by_signals
from oceana_dr.execute.writers import twin_writers
from oceana_dr.guard.findings import refusals
from oceana_dr.lab.coming import let_come
from oceana_dr.lab.hands import LabHands
from oceana_dr.lab.lab import Lab
from oceana_dr.lab.steered import SteeredClock
from oceana_dr.lab.store import Store
from oceana_dr.lab.transport import LabTransport
from oceana_dr.operations.applying import wall
from oceana_dr.operations.drilling.faults import ground_of
from oceana_dr.operations.drilling.opening import Asked, check_drillable, open_in_memory
from oceana_dr.operations.drilling.plays import plays_of
from oceana_dr.plan.codec import read_plan, write_text
from oceana_dr.plan.model import Plan
from oceana_dr.source.cache import Cache
from oceana_dr.source.project import Project
from oceana_dr.store.journal import Entry
from oceana_dr.store.runs import RunFiles, Runs, digest_of_plan, summarise

_LOOK_S: Final = 600.0
"""Between two looks at what is waited for: the time in between is skipped, and costs nobody anything."""


@dataclass(frozen=True, slots=True)
class Tabletop:
    """A play: its plan, where its files lie, what is supposed; `resumed` where it goes on."""

    plan: Plan
    place: RunFiles
    says: tuple[str, ...]
    resumed: bool


@dataclass(frozen=True, slots=True)
class Playing:
    """Who leads, who answers beforehand, who listens; `terminal` makes people of the terminal, if there is one."""

    operator: str
    answers: People | None
    events: EventSink
    terminal: Callable[[StopFlag], People | None]


def begin_tabletop(project: Project, asked: Asked, cache: Cache, *, anew: bool) -> Tabletop:
    """The play that was left unfinished, or a new one; raises what planning raises, `Refused` for a refused plan."""
    runs = plays_of(project)
    if not anew and (left := _unfinished(runs, asked)) is not None:
        return left
    opening = open_in_memory(project, asked, cache)
    check_drillable(opening, asked)
    plan = opening.planned.plan
    if found := refusals(plan):
        named = "; ".join(f"{finding.code} {finding.message}" for finding in found[:5])
        raise Refused(f"this plan is refused: {named}", hint=f"oceana-dr explain {found[0].code}")
    place = runs.begin(plan.site, plan.id, write_text(plan).encode(), wall())
    opening.lab.keep_in(_twin(place))
    return Tabletop(plan, place, opening.says, resumed=False)


def play_tabletop(project: Project, play: Tabletop, how: Playing) -> tuple[Entry, ...]:
    """Play to the end; raises an `OceanaError` where it stops, and the same command goes on."""
    runs, stop, plan = plays_of(project), StopFlag(), play.plan
    bound = BoundCatalogue(load_catalogue(), plan.bindings)
    journal = runs.open(play.place, None)
    try:
        # Time goes on from where it stopped: people who went home between two evenings were not slow.
        last = journal.entries[-1].estate_ms / 1000 if journal.entries else _begun(play.place)
        clock = SteeredClock(last, time.monotonic)
        lab = Lab(plan.site, _twin(play.place), _no_seed, scale=1, wall=clock, known=bound)
        transport = LabTransport(lab)
        ports = Ports(
            reader=GatewayReader(transport, plan.site, bound),
            writers=twin_writers(transport, plan.site, clock, stop.forced, plan.drivers.values()),
            people=chain(how.answers, how.terminal(stop)),
            clock=clock,
            wall=wall,
            journal=journal,
            events=_Bringing(how.events, plan, lab, bound),
            hands=LabHands(transport, plan.site, clock, stop.forced),
            stop=stop,
        )
        copy = digest_of_plan(runs.plan_file(play.place))
        with stopped_by_signals(stop):
            run(plan, ports, Options(play.place.run, how.operator, parallel=1, plan_copy=copy, poll_longest_s=_LOOK_S))
        return journal.entries
    finally:
        journal.close()


class _Bringing:
    """Passes events on; what a step waits for comes when its estimate has passed."""

    def __init__(self, inner: EventSink, plan: Plan, lab: Lab, bound: BoundCatalogue) -> None:
        self._inner = inner
        self._plan = plan
        self._lab = lab
        self._drains = ground_of(plan, bound).channels

    def emit(self, event: Event) -> None:
        """Pass it on."""
        if isinstance(event, StepStarted):
            step = self._plan.step(event.step)
            let_come(self._lab, step, self._drains, step.estimate.p50)
        self._inner.emit(event)


def _unfinished(runs: Runs, asked: Asked) -> Tabletop | None:
    """The last play of the site, if it was not finished and is the one that is asked for."""
    for place in reversed(runs.all(asked.site)):
        with suppress(OceanaError):  # one that cannot be read is not gone on with, and holds up no other
            summary = summarise(place, runs.read(place))
            if summary.finished or summary.started is None or not _twin(place).path.exists():
                return None
            if asked.scenario not in {None, summary.started.scenario}:
                return None
            return Tabletop(read_plan(runs.plan_file(place), str(place.plan)), place, (), resumed=True)
    return None


def _twin(place: RunFiles) -> Store:
    return Store(place.plan.with_name(f"{place.run}.lab.db"))


def _begun(place: RunFiles) -> float:
    with _twin(place).reading() as transaction:
        saved = transaction.saved() if transaction else None
    if saved is None:
        _no_seed()
    return saved.world.at


def _no_seed() -> NoReturn:
    raise Unreadable("the twin of this tabletop is gone", hint="begin again with --anew")
