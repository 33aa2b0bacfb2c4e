"""What a step asks of the estate, and when: before it begins, or when it has done its part.

In: conditions with the name of where they come from. Out: the truth of one in a state.
A reading must never be taken for met that is not known to be.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from oceana_dr.estate.address import Ref
from oceana_dr.estate.predicate import Lookup, Predicate, Truth, evaluate, refs_of
from oceana_dr.estate.values import Value


@dataclass(frozen=True, slots=True)
class Reading:
    """A condition that a step reads, and `source`: `expect`, `verify`, `condition`, the id of a rule.

    `late`: it is read when the step has done its own part, as a wait or a read-back is.
    """

    source: str
    condition: Predicate
    late: bool = False

    @property
    def refs(self) -> frozenset[Ref]:
        """The attributes that are looked at."""
        return refs_of(self.condition)

    def truth(self, there: Lookup, moments: Sequence[Mapping[Ref, Value]]) -> Truth:
        """Its truth in a state, for a step of these moments."""
        own = {reference: value for moment in moments for reference, value in moment.items()} if self.late else {}
        return evaluate(self.condition, lambda reference: own[reference] if reference in own else there(reference))
