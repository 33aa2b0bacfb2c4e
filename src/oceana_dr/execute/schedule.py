"""Which step may start now: order, addresses, people, pairs, doubts; and how long the rest will take.

In: a plan, what is done, what is in doubt. Out: the next step, one at a time. No clock, no threads.
It must never let two steps change one address at once, nor anything come between a supervised pair.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from oceana_dr.diagnostics import Refused
from oceana_dr.estate.action import SetValues
from oceana_dr.estate.address import Address, address_of
from oceana_dr.estate.predicate import refs_of
from oceana_dr.plan.model import Kind, Plan, Step


class Schedule:
    """The state of a run as far as order goes."""

    def __init__(
        self,
        plan: Plan,
        done: Collection[str],
        doubtful: Collection[str],
        cap: int,
        *,
        skipped: Collection[str] = (),
    ) -> None:
        self._steps = {step.id: step for step in plan.steps}
        self._place = {step.id: index for index, step in enumerate(plan.steps)}
        self._chains = _chains(plan)
        self._in_order = self._ordered()
        self._checked(plan)
        self._cap = cap
        self.done = set(done)
        self.skipped = set(skipped)
        self.running: set[str] = set()
        self._failed: set[str] = set()
        self._doubtful = set(doubtful) - self.done
        self._pair: tuple[str, ...] = next((chain for chain in self._chains.values() if self._begun(chain)), ())

    @property
    def complete(self) -> bool:
        """Whether every step is done, or was skipped."""
        return len(self.done | self.skipped) == len(self._steps)

    @property
    def pair(self) -> tuple[str, ...]:
        """The supervised pair in hand; empty if there is none."""
        return self._pair

    def next_step(self, *, stopping: bool) -> Step | None:
        """The step to start now, if any; when stopping, only what finishes a pair."""
        if self._pair:
            return self._next_of_pair()
        if stopping:
            return None
        # A doubt of this run comes before everything else; one left by an earlier run, when its turn has come.
        waiting = {
            name for name in self._doubtful - self._failed if name in self.running or self._is_ready(self._steps[name])
        }
        for step in self._steps.values():
            if waiting and step.id not in waiting:
                continue
            if self._is_ready(step) and self._fits(step):
                return step
        return None

    def start(self, step_id: str) -> None:
        """The step is in hand now."""
        self.running.add(step_id)
        if step_id in self._chains:
            self._pair = self._chains[step_id]

    def finish(self, step_id: str) -> None:
        """The step is done."""
        self.running.discard(step_id)
        self.done.add(step_id)
        self._doubtful.discard(step_id)
        if self._pair and step_id == self._pair[-1]:
            self._pair = ()

    def skip(self, step_id: str) -> None:
        """The step is left out: what comes after it need not wait for it, and it is not done."""
        self.running.discard(step_id)
        self.skipped.add(step_id)
        self._doubtful.discard(step_id)

    def give_up(self, step_id: str) -> None:
        """The step was not done, and is not tried again in this run."""
        self.running.discard(step_id)
        self._failed.add(step_id)
        if step_id in self._pair:
            self._pair = ()

    def left_s(self, elapsed: Mapping[str, float]) -> int:
        """Seconds left at the median, along the longest path of what is not done."""
        longest: dict[str, float] = {}
        for step in self._in_order:
            before = max((longest[other] for other in step.after), default=0.0)
            own = (
                0.0 if step.id in self.done | self.skipped else max(0.0, step.estimate.p50 - elapsed.get(step.id, 0.0))
            )
            longest[step.id] = before + own
        return round(max(longest.values(), default=0.0))

    def _next_of_pair(self) -> Step | None:
        if any(member in self.running for member in self._pair):
            return None
        following = next(member for member in self._pair if member not in self.done)
        return self._steps[following]

    def _begun(self, chain: tuple[str, ...]) -> bool:
        return chain[0] in self.done and any(member not in self.done for member in chain)

    def _is_ready(self, step: Step) -> bool:
        if step.id in self.done | self.skipped or step.id in self.running or step.id in self._failed:
            return False
        if step.pair is not None:
            return False  # it starts behind its first, and never by itself
        chain = self._chains.get(step.id, (step.id,))
        needed = {other for member in chain for other in self._steps[member].after}
        return needed - set(chain) <= self.done | self.skipped

    def _fits(self, step: Step) -> bool:
        running = [self._steps[other] for other in self.running]
        acting = sum(other.kind is not Kind.WAIT for other in running)
        if step.kind is not Kind.WAIT and acting >= self._cap:
            return False
        members = [self._steps[member] for member in self._chains.get(step.id, (step.id,))]
        if any(member.needs_person for member in members) and any(other.needs_person for other in running):
            return False
        return not any(_conflict(member, other) for member in members for other in running)

    def _ordered(self) -> tuple[Step, ...]:
        """The steps so that each stands behind its predecessors."""
        rest, placed, ordered = list(self._steps.values()), set[str](), list[Step]()
        while rest:
            ready = [step for step in rest if placed.issuperset(step.after)]
            if not ready:
                return ()
            ordered += ready
            placed |= {step.id for step in ready}
            rest = [step for step in rest if step.id not in placed]
        return tuple(ordered)

    def _checked(self, plan: Plan) -> None:
        """A plan that could not be run to its end is not begun."""
        if len(self._steps) != len(plan.steps):
            raise _impossible("two steps have one id")
        for step in plan.steps:
            if unknown := [other for other in (*step.after, step.pair) if other and other not in self._steps]:
                raise _impossible(f"{step.id} comes after {unknown[0]}, which is not a step")
            if step.pair is not None and step.pair not in step.after:
                raise _impossible(f"{step.id} is paired with {step.pair} and does not come after it")
        if plan.steps and not self._in_order:
            raise _impossible("its order goes round in a circle")
        if any(len([s for s in plan.steps if s.pair == step.id]) > 1 for step in plan.steps):
            raise _impossible("two steps are paired with one")
        if not self._pairs_fit():
            named = "; ".join(" and ".join(chain) for chain in self._chains.values())
            raise _impossible(f"something has to come between the steps of a pair ({named})")

    def _pairs_fit(self) -> bool:
        """Whether the order stays one when every pair is taken as a single step."""
        head = {member: chain[0] for chain in self._chains.values() for member in chain}
        before: dict[str, set[str]] = {}
        for step in self._steps.values():
            own = head.get(step.id, step.id)
            before.setdefault(own, set()).update(head.get(other, other) for other in step.after)
        before = {own: others - {own} for own, others in before.items()}
        while ready := {own for own, others in before.items() if not others & before.keys()}:
            before = {own: others for own, others in before.items() if own not in ready}
        return not before


def _chains(plan: Plan) -> dict[str, tuple[str, ...]]:
    """Pairs (or longer chains) by their first step."""
    following = {step.pair: step.id for step in plan.steps if step.pair is not None}
    chains = {}
    for step in plan.steps:
        if step.pair is None and step.id in following:
            members = [step.id]
            while members[-1] in following:
                members.append(following[members[-1]])
            chains[step.id] = tuple(members)
    return chains


def changes(step: Step) -> frozenset[Address]:
    """Every address that we change by this step; a wait without an action changes none."""
    if step.action is None:
        return frozenset()
    values = step.action.values if isinstance(step.action, SetValues) else {}
    references = {*step.effects, *values, *(ref for moment in step.moments for ref in moment.values)}
    own = {step.address} if step.address else set()
    return frozenset({address_of(reference) for reference in references} | own)


def reads(step: Step) -> frozenset[Address]:
    """Every address that has to stay still, or is read, while this step runs."""
    conditions = [*(item.condition for item in step.requires), *([step.condition] if step.condition else [])]
    return step.touches | {address_of(reference) for condition in conditions for reference in refs_of(condition)}


def _conflict(one: Step, two: Step) -> bool:
    return bool(changes(one) & (changes(two) | reads(two)) or changes(two) & reads(one))


def _impossible(why: str) -> Refused:
    return Refused(f"this plan cannot be run: {why}", hint="make a new plan")
