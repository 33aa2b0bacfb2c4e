"""Every state that any interleaving of the steps, and a crash inside or after any of them, can reach.

In: passages, a starting look-up, the attributes that matter. Out: states and the changes between them.
The order is projected onto the steps that touch those attributes: a whole plan has far too many
down-sets, an invariant's share has few. No reachable state of the projection may be left out.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from oceana_dr.estate.address import Ref
from oceana_dr.estate.predicate import Lookup
from oceana_dr.estate.values import Value
from oceana_dr.safety.passage import Passage


@dataclass(frozen=True, slots=True)
class State:
    """How far each projected step is, and the values that matter."""

    progress: tuple[int, ...]
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Transition:
    """One moment of one step, from a state to the next; the first has no origin and no step."""

    before: State | None
    step: str | None
    after: State


class Projection:
    """The part of a plan that touches some attributes."""

    def __init__(self, passages: Iterable[Passage], start: Lookup, refs: frozenset[Ref]) -> None:
        self.refs = tuple(sorted(refs))
        self._place = {reference: index for index, reference in enumerate(self.refs)}
        self._steps = [step for step in passages if any(not refs.isdisjoint(moment) for moment in step.moments)]
        self._moments = [
            [self._changes(moment) for moment in step.moments if not refs.isdisjoint(moment)] for step in self._steps
        ]
        ids = {step.id: index for index, step in enumerate(self._steps)}
        self._before = [[ids[other] for other in step.before if other in ids] for step in self._steps]
        self.start = State((0,) * len(self._steps), tuple(start(reference) for reference in self.refs))

    @property
    def steps(self) -> tuple[str, ...]:
        """The steps that change one of the attributes, as `State.progress` lists them."""
        return tuple(step.id for step in self._steps)

    @property
    def end_progress(self) -> tuple[int, ...]:
        """The progress of the state in which every projected step is done."""
        return tuple(len(moments) for moments in self._moments)

    def lookup(self, state: State) -> Lookup:
        """The values of a state, by reference."""
        place, values = self._place, state.values
        return lambda reference: values[place[reference]]

    def transitions(self) -> Iterator[Transition]:
        """Breadth first, so that the first way found to a state is a shortest one."""
        seen = {self.start}
        queue = deque([self.start])
        yield Transition(None, None, self.start)
        while queue:
            state = queue.popleft()
            for index, done in enumerate(state.progress):
                if done < len(self._moments[index]) and self._may_run(index, state):
                    following = self._advance(state, index)
                    yield Transition(state, self._steps[index].id, following)
                    if following not in seen:
                        seen.add(following)
                        queue.append(following)

    def _changes(self, moment: Mapping[Ref, Value]) -> list[tuple[int, Value]]:
        return [(self._place[reference], value) for reference, value in moment.items() if reference in self._place]

    def _may_run(self, index: int, state: State) -> bool:
        return all(state.progress[other] == len(self._moments[other]) for other in self._before[index])

    def _advance(self, state: State, index: int) -> State:
        values = list(state.values)
        for place, value in self._moments[index][state.progress[index]]:
            values[place] = value
        progress = list(state.progress)
        progress[index] += 1
        return State(tuple(progress), tuple(values))
