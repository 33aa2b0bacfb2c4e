"""Every point at which a run of a plan can be cut, and the run that goes on from there: what it must not do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

from oceana_dr.diagnostics import OceanaError
from tests.crash.bound import Bound
from tests.crash.estate import Place
from tests.crash.runs import RESTART_S, Behind, Figures, Runs, nobody, nothing
from tests.crash.tape import ANSWER_LOST, BEFORE, NOT_DELIVERED, SYNCED, TORN, UNDER_WAY, WRITTEN, Point, Tape

Choice: TypeAlias = Callable[[Point, int], bool]
LATER_S: Final = 3600
KINDS: Final = (BEFORE, TORN, WRITTEN, SYNCED, NOT_DELIVERED, ANSWER_LOST, UNDER_WAY)


def every(point: Point, number: int) -> bool:
    """Take every point."""
    return bool(point.place and number)


def none(point: Point, number: int) -> bool:
    """Take no point: they are only counted."""
    return not every(point, number)


class Cuts(Runs):
    """The crashes of one plan, and with `second` those of the process that goes on after each of them."""

    def __init__(
        self, bound: Bound, *, first: Choice = every, second: Choice | None = None, to_the_end: int = 25
    ) -> None:
        super().__init__(bound, to_the_end)
        self._first = first
        self._second = second
        self._seen: set[object] = set()
        self._after = 0

    def run(self) -> Figures:
        """Cut the run at each point that is chosen, and go on from there."""
        place, number = Place(self.bound), 0

        def told(point: Point, left: Callable[[], Tape]) -> None:
            nonlocal number
            number += 1
            if self._first(point, number):
                self._case((point,), Place(self.bound, place.keep()), left())

        self.process(place, Tape(), nothing, told)
        self.figures.points = number
        return self.figures

    def _case(self, points: tuple[Point, ...], place: Place, tape: Tape) -> None:
        figures, once_more = self.figures, self._second if len(points) == 1 else None
        key = (tape.content, place.standing)
        known = key in self._seen  # the very same estate, files and clock: what follows is known
        self._seen.add(key)
        if len(points) > 1 or self._second is None:
            figures.cases += 1
            figures.crashes += len(points)
            figures.kinds[points[-1].place] += 1
            figures.same += known
        if len(points) > 1:
            figures.pairs[points[0].place, points[1].place] += 1
        if known:
            return
        name = " then ".join(map(str, points))
        place.clock.advance(RESTART_S)
        done = False

        def told(point: Point, left: Callable[[], Tape]) -> None:
            nonlocal done
            if not done and once_more is not None:
                self._after += 1
                if once_more(point, self._after):
                    self._case((*points, point), Place(self.bound, place.keep()), left())
            done = done or (point.what, point.place) == ("Done", SYNCED)

        def process(behind: Behind) -> None:
            self.process(place, tape, behind, nobody if once_more is None else told)

        def again(behind: Behind) -> None:
            self.process(place, after, behind, nobody)

        try:
            self.follow(name, process, place, tape)
        except OceanaError:
            # What stops it in order (something under way is not there yet) is given time, and the command once more.
            figures.again += 1
            place.clock.advance(LATER_S)
            after = tape.killed()
            try:
                self.follow(name, again, place, after)
            except OceanaError as error:
                figures.stuck.append(f"{name}: {type(error).__name__}: {error}")
