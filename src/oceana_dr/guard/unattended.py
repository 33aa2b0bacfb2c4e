"""Whether a plan may run with nobody there: it moves nothing, asks nobody, and everybody else can see it run.

In: a plan, whether the state is a team's, whether the site's files are still those it was made from. Out: findings.
None of them can be overridden: whoever could say so would be there, and could run the plan.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from oceana_dr.guard.findings import REFUSE
from oceana_dr.plan.model import Finding, Plan
from oceana_dr.plan.select import STEADY

_NAMED: Final = 5
CODES: Final = frozenset({"OD2035", "OD2036", "OD2037", "OD2038"})
"""What these findings are known by: a person who runs the same plan is kept from it by none of them."""


def unattended_findings(plan: Plan, *, shared: bool = True, unchanged: bool = True) -> tuple[Finding, ...]:
    """What forbids to run the plan unattended; the same plan may be right for a person to run."""
    return tuple(_findings(plan, shared=shared, unchanged=unchanged))


def _findings(plan: Plan, *, shared: bool, unchanged: bool) -> Iterator[Finding]:
    if plan.scenario != STEADY:
        what = f"this is a plan of the scenario {plan.scenario}; only plans that move nothing run unattended"
        yield Finding("unattended-scenario", "OD2035", REFUSE, what)
    if steps := [step.id for step in plan.steps if step.needs_person]:
        more = f" and {len(steps) - _NAMED} more" if len(steps) > _NAMED else ""
        what = f"a person acts or answers at {', '.join(steps[:_NAMED])}{more}, and nobody is there"
        yield Finding("unattended-person", "OD2036", REFUSE, what)
    if not shared:
        what = (
            "the project's state lies on this machine only: nobody else would see the run, be kept off the site, or "
            "go on with it"
        )
        yield Finding("unattended-state", "OD2037", REFUSE, what)
    if not unchanged:
        what = f"the files of {plan.site} are not those that this plan was made from, and reviewed with"
        yield Finding("unattended-files", "OD2038", REFUSE, what)
