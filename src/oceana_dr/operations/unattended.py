"""Whether a plan may run in this project with nobody there.

In: a project with its state, a plan, the site as its files are now. Out: what forbids it.
It asks neither the estate nor the team's state: whoever is to approve a run is told before that.
"""

from __future__ import annotations

from oceana_dr.guard.unattended import unattended_findings
from oceana_dr.plan.model import Finding, Plan
from oceana_dr.source.prepared import PreparedSite
from oceana_dr.source.project import Project


def against_unattended(project: Project, plan: Plan, site: PreparedSite) -> tuple[Finding, ...]:
    """Every finding; a team's state that was given up for this call is none."""
    shared = project.state.url is not None and project.state.alone is None
    return unattended_findings(plan, shared=shared, unchanged=site.digest == plan.source.digest)
