"""Runs of one plan in the lab in memory, each held against the run in which nothing happens."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, TypeAlias

from oceana_dr.drivers.gateway.contract import Transport
from oceana_dr.estate.address import Address, Ref
from oceana_dr.estate.estate import Attributes, Estate
from oceana_dr.estate.values import Unknown, Value
from oceana_dr.execute.events import Event as RunEvent
from oceana_dr.execute.events import StepDone, StepStarted
from oceana_dr.execute.ports import Options, RunJournal
from oceana_dr.execute.resume import Past, Standing, pasts
from oceana_dr.execute.runner import run
from oceana_dr.store.journal import Entry, open_journal
from oceana_dr.store.records import Decision, Done
from tests.crash.bound import Bound
from tests.crash.estate import Place
from tests.crash.tape import Line, Point, Tape, Written
from tests.crash.watch import course_of

PATH: Final = Path("/state/runs/site/matrix.journal")
OPTIONS: Final = Options("matrix", "anna", parallel=1, poll_longest_s=600)
RESTART_S: Final = 30
"""Until somebody gives the command again."""
Told: TypeAlias = Callable[[Point, Callable[[], Tape]], None]
Way: TypeAlias = Callable[[Transport], Transport]
Behind: TypeAlias = Callable[[str, Place, RunJournal], None]


def straight(inner: Transport) -> Transport:
    """Nothing between the run and the gateway."""
    return inner


def nobody(point: Point, left: Callable[[], Tape]) -> None:
    """Let a point pass."""


def nothing(step: str, place: Place, journal: RunJournal) -> None:
    """Let a step's end pass."""


@dataclass
class Figures:
    """What the cases of a plan came to. Every list names the cases."""

    steps: int = 0
    points: int = 0
    cases: int = 0
    same: int = 0
    joined: int = 0
    crashes: int = 0
    states: int = 0
    by_hand: int = 0
    again: int = 0
    decided: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    pairs: Counter[tuple[str, str]] = field(default_factory=Counter)
    """By place of the first crash and of the second."""
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


def _is_done(past: Past | None) -> bool:
    return past is not None and past.standing is Standing.DONE


@dataclass(frozen=True)
class Mark:
    """How everything stands behind a step of the run without a crash."""

    estate: Estate
    pending: tuple[tuple[float, object], ...]
    come: frozenset[str]
    broken: frozenset[int]
    standing: Mapping[str, Standing]
    values: Mapping[Ref, Value]
    written: int


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
        len(entries),
    )


def decisions(entries: Iterable[Entry]) -> Counter[str]:
    """By step, how often a person has decided that it be done again."""
    records = (entry.record for entry in entries)
    return Counter(record.step for record in records if isinstance(record, Decision) and record.choice == "run")


class Runs:
    """The run of a plan in which nothing happens, and what others are held against it."""

    def __init__(self, bound: Bound, to_the_end: int = 25) -> None:
        """`to_the_end`: every so manieth case is run on to its end also where it has joined the run without a fault."""
        self.bound = bound
        self.figures = Figures(steps=len(bound.steps))
        self._to_the_end = to_the_end
        self._marks: dict[str, Mark] = {}
        quiet, tape = Place(bound), Tape()
        self.process(quiet, tape, self._mark, nobody)
        self._good, self._entries = self._lasting(quiet.settled()), quiet.entries
        self._judge("nothing happens", quiet, tape)

    def _mark(self, step: str, place: Place, journal: RunJournal) -> None:
        self._marks[step] = mark(place, journal)

    def _join(self, step: str, place: Place, journal: RunJournal) -> None:
        here, there = mark(place, journal), self._marks[step]
        if replace(here, written=there.written) == there:
            raise Joined(step)

    def follow(self, name: str, process: Callable[[Behind], None], place: Place, tape: Tape) -> None:
        """Run a process until it joins the run without a fault, or to its end, and judge what came of it."""
        whole = self.figures.cases % self._to_the_end == 0
        try:
            process(nothing if whole else self._join)
        except Joined as joined:
            self.figures.joined += 1
            self._judge_joined(name, place, tape, str(joined))
        else:
            self._judge(name, place, tape)

    def process(self, place: Place, tape: Tape, done: Behind, told: Told, way: Way = straight) -> None:
        """One process from its start to its end, whatever that is."""
        tape.told = told
        journal = open_journal(tape, PATH)
        written = place.journal = Written(journal, tape)
        current = [""]

        def between(inner: Transport) -> Transport:
            return Line(way(inner), tape, lambda: current[0])

        def event(event: RunEvent) -> None:
            if isinstance(event, StepStarted):
                current[0] = event.step
            if isinstance(event, StepDone):
                done(event.step, place, journal)

        run(self.bound.planned.plan, place.ports(written, between, event), OPTIONS)
        journal.close()

    def _judge(self, name: str, place: Place, tape: Tape) -> None:
        """What has come of a run that has ended."""
        end = place.settled()
        self.figures.violations += [f"{name}: {item}" for item in place.watch.at_the_end(end)]
        self._judge_course(name, place, place.entries)
        if self._lasting(end) != self._good:
            self.figures.lost.append(f"{name}: another estate at the end")
        self._judge_steps(name, place, tape, self.bound.steps)

    def _judge_joined(self, name: str, place: Place, tape: Tape, step: str) -> None:
        """What has come of a run that has joined the one without a crash."""
        there = self._marks[step]
        self._judge_course(name, place, (*place.entries, *self._entries[there.written :]))
        self._judge_steps(name, place, tape, there.standing)

    def _judge_course(self, name: str, place: Place, entries: Iterable[Entry]) -> None:
        """What was broken on the way, and by the order of it."""
        found = (*place.watch.violations, *place.watch.in_order(course_of(entries)))
        self.figures.violations += [f"{name}: {item}" for item in found]

    def _judge_steps(self, name: str, place: Place, tape: Tape, steps: Iterable[str]) -> None:
        """Every one of these steps has to be done, durably, and what is of class N just once."""
        figures = self.figures
        figures.states += place.watch.states
        figures.by_hand += bool(place.watch.by_hand)
        durable = tape.cut()
        if durable.content != tape.content:
            figures.lost.append(f"{name}: something told as recorded is not durable")
        told = place.acknowledged
        if told and [entry.digest for entry in place.entries[len(told) - 1 : len(told)]] != [told[-1].digest]:
            figures.lost.append(f"{name}: what was told to be recorded is not in the journal")
        found = pasts(place.entries)  # each read from bytes, or written, and durable as has just been seen
        figures.lost += [f"{name}: {step} is not done" for step in steps if not _is_done(found.get(step))]
        taken, decided = Counter(place.watch.acts), decisions(place.entries)
        figures.repeated += [
            f"{name}: {step} done {taken[step]} times" for step in self.bound.once if taken[step] > 1 + decided[step]
        ]
        figures.decided += sum(taken[step] > 1 for step in self.bound.once)

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
