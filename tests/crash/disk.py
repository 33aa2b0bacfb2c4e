"""A disk that fails at any file operation of a run, and a journal that was cut or changed at any byte."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Final

from oceana_dr.diagnostics import OceanaError
from oceana_dr.store.frame import Damaged, scan
from tests.crash.bound import Bound
from tests.crash.estate import Kept, Place
from tests.crash.runs import PATH, RESTART_S, Behind, Figures, Runs, nobody, nothing
from tests.crash.tape import SYNCED, Point, Tape
from tests.store.memory_files import Fault

ERRORS: Final = ("EIO", "ENOSPC", "EROFS", "EINTR", "short")
MASKS: Final = (0x01, 0x80, 0xFF)


class Disk(Runs):
    """The file errors of one plan: at every operation of a process that goes on, until its next step is done."""

    def __init__(self, bound: Bound, *, errors: tuple[str, ...] = ERRORS, every: int = 1, to_the_end: int = 25) -> None:
        """`every`: only every so manieth operation."""
        super().__init__(bound, to_the_end)
        self._errors = errors
        self._every = every
        self.stopped = 0
        """Processes that said that they could not go on."""

    def run(self) -> Figures:
        """Every error at every operation, once and from then on."""
        place = Place(self.bound)
        openings = 0

        def told(point: Point, left: Callable[[], Tape]) -> None:
            nonlocal openings
            if point.place == SYNCED and point.what in {"RunStarted", "Done"}:
                openings += 1
                self._from_here(place.keep(), left(), opening=openings <= 2)

        self.process(place, Tape(), nothing, told)
        return self.figures

    def _from_here(self, kept: Kept, tape: Tape, *, opening: bool) -> None:
        """`opening`: also what only opens the journal, and is the same wherever the run goes on."""
        counted = _fresh(tape)
        first, last = 0, 0

        def told(point: Point, left: Callable[[], Tape]) -> None:  # noqa: ARG001 - it is only counted
            nonlocal first, last
            if point.what == "Resumed" and not first:
                first = len(counted.operations) + 1
            if point.what == "Done" and not last:
                last = len(counted.operations)

        place = Place(self.bound, kept)
        place.clock.advance(RESTART_S)
        with suppress(_Enough):
            self.process(place, counted, _stop, told)
        for number in range(1 if opening else first, (last or len(counted.operations)) + 1):
            self.figures.points += 1
            if self.figures.points % self._every:
                continue
            for error in self._errors:
                for persistent in (False, True):
                    self._case(Fault(number, error, persistent), counted.operations[number - 1], kept, tape)

    def _case(self, fault: Fault, operation: str, kept: Kept, tape: Tape) -> None:
        figures, place, files = self.figures, Place(self.bound, kept), _fresh(tape)
        name = f"{operation}: {fault.how}{' from then on' if fault.persistent else ''}"
        figures.cases += 1
        figures.kinds[fault.how] += 1
        place.clock.advance(RESTART_S)
        files.fault = fault

        def process(behind: Behind) -> None:
            self.process(place, files, behind, nobody)

        def again(behind: Behind) -> None:
            self.process(place, after, behind, nobody)

        try:
            self.follow(name, process, place, files)
        except OceanaError:
            self.stopped += 1
            told = place.acknowledged = place.keep().acknowledged
            after = files.cut()  # whatever the disk did not keep is gone
            place.clock.advance(RESTART_S)
            try:
                self.follow(name, again, place, after)
            except OceanaError as error:
                figures.stuck.append(f"{name} ({len(told)} records): {type(error).__name__}: {error}")


class _Enough(BaseException):
    """The step is done: there is no need to go on."""


def _stop(step: str, place: object, journal: object) -> None:
    raise _Enough(step, place, journal)


def _fresh(tape: Tape) -> Tape:
    return tape.killed()


def journal_of(bound: Bound) -> bytes:
    """The journal of a whole run."""
    tape = Tape()
    Runs(bound).process(Place(bound), tape, nothing, nobody)
    return bytes(tape.blobs[PATH].seen)


def cut_anywhere(data: bytes) -> tuple[int, list[str]]:
    """A journal that ends at any byte: only an incomplete last record is dropped, and every whole one is kept."""
    ends = [line.offset for line in scan(data).lines] + [len(data)]
    wrong = []
    for size in range(len(data) + 1):
        kept = max(end for end in ends if end <= size)
        found = scan(data[:size])
        if (found.end, found.torn) != (kept, size - kept):
            wrong.append(f"cut at byte {size}: {found.end} bytes kept, {found.torn} dropped")
    return len(data) + 1, wrong


def flipped_anywhere(data: bytes) -> tuple[int, list[str]]:
    """A journal with any byte changed is not read at all."""
    wrong, changed = [], bytearray(data)
    for place in range(len(data)):
        for mask in MASKS:
            changed[place] = data[place] ^ mask
            try:
                scan(bytes(changed))
            except Damaged:
                continue
            wrong.append(f"byte {place} changed by {mask:#04x}: not found")
        changed[place] = data[place]
    return len(data) * len(MASKS), wrong
