"""Whether a step of this run may be left out, as the estate stands by the journal.

In: a plan, a step, the journal. Out: a `Skipping`, worked out only when somebody wants to skip.
What may have been done already must never be called skipped.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from oceana_dr.catalogue.bind import BoundCatalogue
from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.execute.resume import Standing, estate_before, pasts
from oceana_dr.guard.skipping import judge_skip
from oceana_dr.plan.model import Plan, Skipping, Step
from oceana_dr.store.journal import Entry


class Judge(Protocol):
    """Says what skipping a step would mean."""

    def __call__(self, step: Step, entries: Sequence[Entry], *, clean: bool) -> Skipping:
        """`clean`: nothing of the step can have been done."""
        ...


def judge_of(plan: Plan) -> Judge:
    """The judge of this plan's steps."""

    def judge(step: Step, entries: Sequence[Entry], *, clean: bool) -> Skipping:
        if not clean:
            return Skipping({}, "the run was interrupted in it, and something of it may have been done")
        over = {name for name, past in pasts(entries).items() if past.standing in {Standing.DONE, Standing.SKIPPED}}
        rest = {other.id for other in plan.steps if other.id != step.id} - over
        bound = BoundCatalogue(load_catalogue(), plan.bindings)
        return judge_skip(bound, plan, step, rest, estate_before(plan, entries))

    return judge
