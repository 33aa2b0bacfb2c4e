"""Eight faults at every call of a plan: the run copes or stops, and the same command brings it to its end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any, Final

from oceana_dr.diagnostics import OceanaError, Stale
from oceana_dr.drivers.gateway.contract import Query, Transport
from oceana_dr.execute.resume import Standing, pasts
from oceana_dr.store.journal import Entry
from oceana_dr.store.records import Decision, Done, Failed, Intent, Waiting
from tests.crash.bound import Bound
from tests.crash.estate import Kept, Place
from tests.crash.provider import ARRIVED, FAULTS, Provider
from tests.crash.runs import RESTART_S, Behind, Figures, Runs, nobody, nothing
from tests.crash.tape import NOT_DELIVERED, SYNCED, Point, Tape

MOST_COMMANDS: Final = 5
"""Given half a minute, two, eight, half an hour after the last one."""


class _Heard:
    """Keeps what was answered to the last act."""

    def __init__(self, inner: Transport) -> None:
        self._inner = inner
        self.answer: tuple[int, Any] | None = None

    def request(self, method: str, path: str, query: Query | None = None, body: Any = None) -> tuple[int, Any]:
        answer = self._inner.request(method, path, query, body)
        if method == "POST":
            self.answer = answer
        return answer


class Faults(Runs):
    """The faults of one plan. A process that goes on before a call meets one there, whatever comes before."""

    def __init__(
        self, bound: Bound, *, kinds: Callable[[int], Iterable[str]] = lambda _: FAULTS, to_the_end: int = 25
    ) -> None:
        """`kinds`: the faults at the call of this number, counted from 1."""
        super().__init__(bound, to_the_end)
        self._kinds = kinds
        self.resolved: Counter[str] = Counter()
        """By how it became known, the acts that were done and whose answer was lost."""

    def run(self) -> Figures:
        """Every fault that is chosen at every call."""
        place, call = Place(self.bound), 0
        before: tuple[Kept, Tape] | None = None
        heard: list[_Heard] = []

        def way(inner: Transport) -> Transport:
            heard.append(_Heard(inner))
            return heard[-1]

        def told(point: Point, left: Callable[[], Tape]) -> None:
            nonlocal call, before
            if point.place == SYNCED and point.what in {"RunStarted", "Done"}:
                before = place.keep(), left()
            if point.place == NOT_DELIVERED:
                call += 1
                assert before is not None
                for fault in self._kinds(call):
                    kept, tape = before
                    self._case(point.step, fault, Place(self.bound, kept), tape.killed(), heard[-1].answer)

        self.process(place, Tape(), nothing, told, way)
        self.figures.points = call
        return self.figures

    def _case(self, step: str, fault: str, place: Place, tape: Tape, previous: tuple[int, Any] | None) -> None:
        figures, name = self.figures, f"{step}/{fault}"
        figures.cases += 1
        place.clock.advance(RESTART_S)
        place.through_gateway = True
        providers: list[Provider] = []

        def way(inner: Transport) -> Transport:
            if providers:  # the next command meets a gateway in order
                return inner
            providers.append(Provider(inner, place, fault, previous))
            return providers[-1]

        last: OceanaError | None = None
        for command in range(MOST_COMMANDS):

            def process(behind: Behind, now: Tape = tape) -> None:
                self.process(place, now, behind, nobody, way)

            try:
                self.follow(name, process, place, tape)
                break
            except OceanaError as error:
                last = error
                if command or isinstance(error, Stale):
                    self._mend(place)
            place.clock.advance(RESTART_S * 4**command)
            tape = tape.killed()
        else:
            figures.stuck.append(f"{name}: after {MOST_COMMANDS} commands: {type(last).__name__}: {last}")
        figures.kinds[fault] += providers[0].struck
        figures.repeated += [f"{name}: {item}" for item in sent_blindly(place.entries, self.bound.once)]
        if fault == ARRIVED:
            self.resolved[how_known(place.entries, step)] += 1

    def _mend(self, place: Place) -> None:
        """What the error says: somebody finishes at the console what was begun and is neither done nor not done."""
        for step, past in pasts(place.entries).items():
            if past.standing is Standing.DOUBT and self.bound.steps[step].action is not None:
                place.finish(step)


def sent_blindly(entries: Iterable[Entry], once: Iterable[str]) -> list[str]:
    """Steps of class N begun again though nobody knew that nothing had been done, and nobody had decided it."""
    begun, known = Counter[str](), Counter[str]()
    for entry in entries:
        match entry.record:
            case Intent(step=step):
                begun[step] += 1
            case Failed(step=step, clean=True) | Waiting(step=step, clean=True) | Decision(step=step, choice="run"):
                known[step] += 1
            case _:
                pass
    return [f"{step} was sent again blindly" for step in once if begun[step] > 1 + known[step]]


def how_known(entries: Iterable[Entry], step: str) -> str:
    """How a step came to be known as done: `acted` is its key looked up, `attested` a person's word."""
    done = [entry.record for entry in entries if isinstance(entry.record, Done)]
    return next((record.how for record in done if record.step == step), "never")
