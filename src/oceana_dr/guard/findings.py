"""Which findings forbid to run a plan.

In: a plan. Out: its refusals, in the plan's order.
A finding that refuses must never be dropped: only an override that names it may let it pass.
"""

from __future__ import annotations

from oceana_dr.plan.model import Finding, Plan

REFUSE = "refuse"
WARNING = "warning"
INFO = "info"


def refusals(plan: Plan) -> tuple[Finding, ...]:
    """Every finding that refuses."""
    return tuple(finding for finding in plan.findings if finding.severity == REFUSE)
