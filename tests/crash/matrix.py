"""Every point at which a run of a plan can be cut, and the run that goes on from there: what it must not do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, TypeAlias

from oceana_dr.diagnostics import OceanaError
from oceana_dr.drivers.gateway.contract import Transport
from oceana_dr.estate.address import Address, Ref
from oceana_dr.estate.estate import Attributes, Estate
from oceana_dr.estate.values import Unknown, Value
from oceana_dr.execute.events import Event as RunEvent
from oceana_dr.execute.events import StepDone, StepStarted
from oceana_dr.execute.ports import Options, RunJournal
from oceana_dr.execute.resume import Standing, pasts
from oceana_dr.execute.runner import run
from oceana_dr.store.journal import open_journal
from oceana_dr.store.records import Done
from tests.crash.bound import Bound
from tests.crash.estate import Place
from tests.crash.tape import ANSWER_LOST, BEFORE, NOT_DELIVERED, SYNCED, TORN, WRITTEN, Line, Point, Tape, Written

PATH: Final = Path("/state/runs/site/matrix.journal")
OPTIONS: Final = Options("matrix", "anna", parallel=1, poll_longest_s=600)
RESTART_S: Final = 30
"""Until somebody gives the command again."""
Told: TypeAlias = Callable[[Point, Callable[[], Tape]], None]
Behind: TypeAlias = Callable[[str, Place, RunJournal], None]
Choice: TypeAlias = Callable[[Point, int], bool]
KINDS: Final = (BEFORE, TORN, WRITTEN, SYNCED, NOT_DELIVERED, ANSWER_LOST)


def nobody(point: Point, left: Callable[[], Tape]) -> None:
    """Let a point pass."""


def nothing(step: str, place: Place, journal: RunJournal) -> None:
    """Let a step's end pass."""


def every(point: Point, number: int) -> bool:
    """Take every point."""
    return bool(point.place and number)


@dataclass
class Figures:
    """What the cases of a plan came to. Every list names the cases."""

    steps: int = 0
    points: int = 0
    cases: int = 0
    joined: int = 0
    crashes: int = 0
    states: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    violations: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    repeated: list[str] = field(default_factory=list)
    stuck: list[str] = field(default_factory=list)

    @property
    def wrong(self) -> tuple[str, ...]:
        """Every broken promise."""
        return (*self.violations, *self.lost, *self.repeated, *self.stuck)

    def __add__(self, other: Figures) -> Figures:
        return Figures(**{name: getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__})


class Joined(BaseException):
    """A run that goes on has come to where the run without a crash has been: from here it is the same run."""


@dataclass(frozen=True)
class Mark:
    """How everything stands behind a step of the run without a crash."""

    estate: Estate
    pending: tuple[tuple[float, object], ...]
    come: frozenset[str]
    broken: frozenset[int]
    standing: Mapping[str, Standing]
    values: Mapping[Ref, Value]
    acts: int


def mark(place: Place, journal: RunJournal) -> Mark:
    """How everything stands now."""
    world, entries = place.lab.world(), journal.entries
    values: dict[Ref, Value] = {}
    for entry in entries:
        if isinstance(entry.record, Done):
            values |= entry.record.values
    return Mark(
        world.estate,
        tuple((item.at - world.at, item.values) for item in world.pending),
        frozenset(place.come),
        place.watch.broken,
        {step: past.standing for step, past in pasts(entries).items()},
        values,
        len(place.watch.acts),
    )


class Matrix:
    """The cases of one plan."""

    def __init__(self, bound: Bound, *, only: Choice = every, twice: bool = False, to_the_end: int = 10) -> None:
        """`to_the_end`: every so manieth case is run on to its end also where it has joined the run without a crash."""
        self.bound = bound
        self.figures = Figures(steps=len(bound.steps))
        self._only = only
        self._twice = twice
        self._to_the_end = to_the_end
        self._marks: dict[str, Mark] = {}
        self._good: Estate = Estate()
        self._acts: list[str] = []

    def run(self) -> Figures:
        """The run without a crash, and from each of its points the one that goes on."""
        quiet, tape = Place(self.bound), Tape()
        self._process(quiet, tape, self._mark, nobody)
        self._good, self._acts = self._lasting(quiet.settled()), quiet.watch.acts
        self._judge("without a crash", quiet, tape)
        place, number = Place(self.bound), 0

        def told(point: Point, left: Callable[[], Tape]) -> None:
            nonlocal number
            number += 1
            if self._only(point, number):
                self._case((point,), Place(self.bound, place.keep()), left())

        self._process(place, Tape(), lambda *_: None, told)
        self.figures.points = number
        return self.figures

    def _mark(self, step: str, place: Place, journal: RunJournal) -> None:
        self._marks[step] = mark(place, journal)

    def _join(self, step: str, place: Place, journal: RunJournal) -> None:
        here, there = mark(place, journal), self._marks[step]
        if replace(here, acts=there.acts) == there:
            raise Joined(step)

    def _case(self, points: tuple[Point, ...], place: Place, tape: Tape) -> None:
        figures = self.figures
        figures.cases += 1
        figures.crashes += len(points)
        figures.kinds[points[-1].place] += 1
        name = " then ".join(map(str, points))
        place.clock.advance(RESTART_S)
        done = 0

        def told(point: Point, left: Callable[[], Tape]) -> None:
            nonlocal done
            if point.what == "Done" and point.place == SYNCED:
                done += 1
            if not done:
                self._case((*points, point), Place(self.bound, place.keep()), left())

        whole = figures.cases % self._to_the_end == 0
        try:
            self._process(
                place,
                tape,
                nothing if whole else self._join,
                told if self._twice and len(points) == 1 else nobody,
            )
        except Joined as joined:
            figures.joined += 1
            self._judge_joined(name, place, tape, str(joined))
        except OceanaError as error:
            figures.stuck.append(f"{name}: {type(error).__name__}: {error}")
        else:
            self._judge(name, place, tape)

    def _process(self, place: Place, tape: Tape, done: Behind, told: Told) -> None:
        tape.told = told
        journal = open_journal(tape, PATH)
        current = [""]

        def acted(status: int) -> str:
            if status in {200, 202}:
                place.watch.acted(current[0])
            return current[0]

        def between(inner: Transport) -> Transport:
            return Line(inner, tape, acted)

        def event(event: RunEvent) -> None:
            if isinstance(event, StepStarted):
                current[0] = event.step
            if isinstance(event, StepDone):
                done(event.step, place, journal)

        run(self.bound.planned.plan, place.ports(Written(journal, tape), between, event), OPTIONS)
        journal.close()

    def _judge(self, name: str, place: Place, tape: Tape) -> None:
        """What has come of a run that has ended."""
        figures, plan = self.figures, self.bound.planned.plan
        end = place.settled()
        figures.states += place.watch.states
        figures.violations += [f"{name}: {item}" for item in place.watch.at_the_end(end)]
        found = pasts(open_journal(tape.cut(), PATH).entries)
        undone = [step.id for step in plan.steps if step.id not in found or found[step.id].standing is not Standing.DONE]
        figures.lost += [f"{name}: {step} is not done" for step in undone]
        if self._lasting(end) != self._good:
            figures.lost.append(f"{name}: another estate at the end")
        self._judge_acts(name, place, [step.id for step in plan.steps])

    def _judge_joined(self, name: str, place: Place, tape: Tape, step: str) -> None:
        """What has come of a run that has joined the one without a crash."""
        figures, there = self.figures, self._marks[step]
        figures.states += place.watch.states
        figures.violations += [f"{name}: {item}" for item in place.watch.on_the_way(self._acts[there.acts :])]
        found = pasts(open_journal(tape.cut(), PATH).entries)
        done = [step for step, standing in there.standing.items() if standing is Standing.DONE]
        undone = [step for step in done if step not in found or found[step].standing is not Standing.DONE]
        figures.lost += [f"{name}: {step} is not done" for step in undone]
        self._judge_acts(name, place, done)

    def _judge_acts(self, name: str, place: Place, done: Iterable[str]) -> None:
        """Steps of class N whose act was taken up more often than there are steps that were to do it."""
        taken = Counter(
            self.bound.form(item.action) for item in place.store.operations.values() if item.verdict != "refused"
        )
        wanted = Counter(form for step in done if (form := self.bound.forms[step]))
        for step in self.bound.once:
            form = self.bound.forms[step]
            if taken[form] > wanted[form]:
                self.figures.repeated.append(f"{name}: {step} done {taken[form]} times")

    def _lasting(self, estate: Estate) -> Estate:
        """Without what a clock moves."""
        kept: dict[Address, Attributes | Unknown] = {}
        for address, found in estate.resources.items():
            resource = self.bound.catalogue.resources.get(address)
            if isinstance(found, Unknown) or resource is None:
                kept[address] = found
            else:
                labels = resource.attributes
                kept[address] = {label: value for label, value in found.items() if not labels[label].type.volatile}
        return Estate(kept)
