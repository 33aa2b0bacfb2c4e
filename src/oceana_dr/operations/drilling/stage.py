"""The stage of a drill: it brings each fault when its step begins, lets come what comes by itself, and mends.

In: a run's events, a lab, the faults that were drawn. Out: what was told, as `DrillEvent`s.
Only the twin may be touched here: a stage that knew a way to the real estate would be no drill.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random

from oceana_dr.estate.address import Ref
from oceana_dr.estate.estate import Estate
from oceana_dr.estate.predicate import refs_of
from oceana_dr.estate.values import Value
from oceana_dr.execute.events import Event, StepDone, StepStarted
from oceana_dr.execute.signals import StopFlag
from oceana_dr.lab.coming import let_come
from oceana_dr.lab.disk import JournalDisk
from oceana_dr.lab.drill_crew import DrillCrew, drawn_s
from oceana_dr.lab.drill_events import Broke, Died, DrillEvent, Fault, Halted, Passed, Struck, WentOn
from oceana_dr.lab.faults import KINDS as LAB_KINDS
from oceana_dr.lab.faults import Fault as LabFault
from oceana_dr.lab.watching import Breach, Watch
from oceana_dr.lab.world import World
from oceana_dr.operations.drilling.faults import KINDS, Ground, Placed
from oceana_dr.operations.drilling.opening import Opening
from oceana_dr.plan.model import Kind, Plan, Step
from oceana_dr.twin.transitions import net

Tell = Callable[[DrillEvent], None]
_MENDING_S = (300, 900)
DRAINING = "the queue goes on draining: its time was too short"


class Stage:
    """One drill's stage; an `execute.ports.EventSink` of its runs."""

    def __init__(
        self, opening: Opening, ground: Ground, placed: tuple[Placed, ...], chance: Random, tell: Tell
    ) -> None:
        self.plan: Plan = ground.plan
        self.clock = opening.clock
        self.lab = opening.lab
        self.disk = JournalDisk()
        self.crew = DrillCrew({step.id: step for step in self.plan.steps}, self.clock, chance)
        self.stop = StopFlag()
        self.done: list[str] = []
        self.began_s: dict[str, float] = {}
        self.took_s: dict[str, int] = {}
        self.spans: list[tuple[str, bool]] = []
        self.faults: list[Fault] = []
        self.breaches: list[Broke] = []
        self.step = ""
        self.watch: Watch | None = None
        self._ground = ground
        self._left = {item.step: item for item in placed}
        self._armed: list[Placed] = []
        self._unmended: list[Placed] = []
        self._attempts: dict[str, int] = {}
        self._mended: tuple[str, ...] = ()
        self._waiting: list[tuple[Ref, Value]] = []
        self._chance = chance
        self._tell = tell
        self._start_s = self.clock.now()
        self._supposed = self.lab.faults()

    @property
    def at_s(self) -> int:
        """Seconds since the drill began, of the lab."""
        return round(self.clock.now() - self._start_s)

    def emit(self, event: Event) -> None:
        """What the run tells: a step that begins brings its fault, one that is done leaves none."""
        match event:
            case StepStarted(step=name):
                self._begin(self.plan.step(name))
            case StepDone(step=name, how=how):
                self._settle_faults()
                # What struck and held nobody up is over; what lasts would strike the next step.
                self._unmended.clear()
                self._lift()
                self.done.append(name)
                self.spans.append((name, False))
                self.took_s[name] = round(self.clock.now() - self.began_s[name])
                self._tell(Passed(self.at_s, name, how, self.took_s[name], self._attempts[name]))
            case _:
                pass

    def look(self, estate: Estate) -> None:
        """The world has changed: hold the invariants against it."""
        if self.watch is not None:
            self.blame(self.watch.look(estate))

    def blame(self, breaches: tuple[Breach, ...]) -> None:
        """Tell what broke. What a fault does to the estate by itself is not put down to the plan."""
        harmful = [item.kind.name for item in (*self._armed, *self._unmended) if item.kind.excuses]
        for item in breaches:
            broke = Broke(self.at_s, self.step, item.invariant, item.title, item.values, ", ".join(harmful))
            self.breaches.append(broke)
            self._tell(broke)

    def halted(self, reason: str, exit_code: int) -> bool:
        """The run has stopped; whether anything is to blame for it."""
        self._settle_faults()
        self._tell(Halted(self.at_s, self.step, reason, exit_code))
        self._mended = tuple(item.kind.mended for item in self._unmended)
        if self.stop.signalled:
            self._mended += (KINDS["signal"].mended,)
        elif not self._mended and self._draws_near():
            self._mended = (DRAINING,)
        return bool(self._mended)

    def died(self) -> None:
        """The process is gone."""
        self._settle_faults()
        self._mended = tuple(item.kind.mended for item in self._unmended)
        self.disk.restart()
        self._tell(Died(self.at_s, self.step))

    def mend(self) -> None:
        """What people do between two runs: the cause is found and mended, and the same command is given again."""
        self.clock.sleep(self._chance.randint(*_MENDING_S))
        self._lift()
        for item in self._unmended:
            if item.kind.name in {"fail-half-way", "stuck-node"}:
                self._finish_by_hand(self.plan.step(item.step))
        self._unmended.clear()
        self.stop = StopFlag()
        self._tell(WentOn(self.at_s, self._mended, len(self.done), len(self.plan.steps)))

    def _draws_near(self) -> bool:
        """Whether a wait has only run out of time: its queues are emptier than when it stopped before."""
        step = self.plan.step(self.step) if self.step else None
        if step is None or step.kind is not Kind.WAIT or step.condition is None:
            return False
        estate = self.lab.world().estate
        now = [(name, estate.get(name)) for name in sorted(refs_of(step.condition)) if name in self._ground.channels]
        before, self._waiting = self._waiting, now
        return now != before

    def _begin(self, step: Step) -> None:
        self.step = step.id
        self.spans.append((step.id, True))
        self._attempts[step.id] = self._attempts.get(step.id, 0) + 1
        if step.id not in self.began_s:
            self.began_s[step.id] = self.clock.now()
            let_come(self.lab, step, self._ground.channels, drawn_s(step, self._chance))
        if placed := self._left.pop(step.id, None):
            self._bring(placed)

    def _bring(self, placed: Placed) -> None:
        self._armed.append(placed)
        name = placed.kind.name
        if name in LAB_KINDS:
            fault = _lab_fault(placed)
            self._upset("fault", fault.text, lambda world: replace(world, faults=(*world.faults, fault)))
        elif placed.trouble is not None:
            self.disk.arm(placed.trouble)
        elif name == "signal":
            self.stop.signal("SIGTERM")
        else:
            self.crew.refuses[placed.step] = "fail" if name == "person-fails" else "cannot"

    def _settle_faults(self) -> None:
        """Which of the faults that are there have struck; the others are taken away again."""
        for item in self._armed:
            struck = self._has_struck(item)
            self.faults.append(Fault(item.kind.name, item.step, struck))
            if struck:
                self._unmended.append(item)
                self._tell(Struck(self.at_s, item.step, item.kind.name, item.target, item.kind.says))
        self._armed.clear()
        self.disk.arm(None)
        self.crew.refuses.clear()

    def _has_struck(self, item: Placed) -> bool:
        if item.kind.name in LAB_KINDS:
            fault = _lab_fault(item)
            return not fault.once or fault not in self.lab.faults()
        if item.trouble is not None:
            return not self.disk.armed
        return item.kind.name == "signal" or item.step not in self.crew.refuses

    def _lift(self) -> None:
        """Only what the drill supposes from its beginning stays broken."""
        if self.lab.faults() != self._supposed:
            self._upset("mended", "", lambda world: replace(world, faults=self._supposed))

    def _finish_by_hand(self, step: Step) -> None:
        """Somebody at the console does the rest of a step, moment by moment."""
        estate = self.lab.world().estate
        reached = [
            place
            for place, moment in enumerate(step.moments)
            if all(estate.get(name) == value for name, value in moment.values.items())
        ]
        for moment in step.moments[max(reached, default=-1) + 1 :]:
            self.lab.edit("lab:console", moment.values, force=True)
        estate = self.lab.world().estate
        missing = {name: value for name, value in net(step.moments).items() if estate.get(name) != value}
        if missing:
            self.lab.edit("lab:console", missing, force=True)

    def _upset(self, kind: str, what: str, to: Callable[[World], World]) -> None:
        self.lab.change("drill", kind, {"what": what}, to)


def _lab_fault(placed: Placed) -> LabFault:
    return LabFault(placed.kind.name, placed.target, LAB_KINDS[placed.kind.name].event)
