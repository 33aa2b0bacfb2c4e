"""What is the same for every case of one plan: the catalogue bound to it, its dynamics and its invariants."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from oceana_dr.catalogue.bind import BoundCatalogue
from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.estate.address import Ref
from oceana_dr.plan.model import Step, StepClass
from oceana_dr.safety.invariant import AtRest, BeforeChange, Check, Exclusive, Held, bind_invariants, refs_of_check
from oceana_dr.twin.evolve import Dynamics, bind_dynamics
from tests.crash.starts import Planned


@dataclass(frozen=True)
class Watched:
    """One check of one invariant."""

    invariant: str
    check: Check
    number: int


class Bound:
    """A plan, with what its cases share."""

    def __init__(self, planned: Planned) -> None:
        self.planned = planned
        self.catalogue = BoundCatalogue(load_catalogue(), planned.plan.bindings)
        self.dynamics: Dynamics = bind_dynamics(self.catalogue)
        self.steps: Mapping[str, Step] = {step.id: step for step in planned.plan.steps}
        self.once = tuple(
            step.id for step in planned.plan.steps if step.step_class is StepClass.ONCE and step.action is not None
        )
        invariants = bind_invariants(self.catalogue, planned.plan.scenario)
        every = [(item.id, check) for item in invariants for check in item.checks]
        self.watched = tuple(Watched(name, check, number) for number, (name, check) in enumerate(every))

    @cached_property
    def by_ref(self) -> Mapping[Ref, tuple[Watched, ...]]:
        """The checks that an attribute matters to, in the states on the way."""
        found: dict[Ref, list[Watched]] = {}
        for item in self.watched:
            if not isinstance(item.check, AtRest | Exclusive | Held):
                for reference in refs_of_check(item.check):
                    found.setdefault(reference, []).append(item)
        return {reference: tuple(items) for reference, items in found.items()}

    @cached_property
    def at_the_end(self) -> tuple[Watched, ...]:
        """The checks of the estate when the plan has ended, and of the order in which its steps acted."""
        return tuple(item for item in self.watched if not isinstance(item.check, BeforeChange))

    @cached_property
    def in_order(self) -> tuple[Watched, ...]:
        """The checks of the order alone."""
        return tuple(item for item in self.watched if isinstance(item.check, Exclusive | Held))
