"""Cross checks: what no single key can be blamed for.

In: located data, which may have other errors too. Out: diagnostics.
A check must never assume that a value has the right type, and never speak about one that has not.
"""

from __future__ import annotations

from oceana_dr.diagnostics import Diagnostic
from oceana_dr.source.checks.databases import check_databases
from oceana_dr.source.checks.governance import check_governance
from oceana_dr.source.checks.hosts import check_hosts
from oceana_dr.source.checks.own_keys import check_own_keys
from oceana_dr.source.checks.view import SiteView
from oceana_dr.source.checks.web_voice import check_web_voice
from oceana_dr.source.merge import Located
from oceana_dr.source.project import Project


def run_checks(project: Project, folder: str, located: Located) -> tuple[Diagnostic, ...]:
    """All cross checks on one site; `folder` is the name of its folder."""
    site = SiteView(located, folder)
    return (
        *check_hosts(site),
        *check_web_voice(site),
        *check_databases(site),
        *check_governance(site, project),
        *check_own_keys(site),
    )
