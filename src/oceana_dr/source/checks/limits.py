"""Limits of a site against those of the project, which a site may only tighten.

In: a site and its project. Out: OD1135.
It must never compare what a site does not say: the tighter of both counts then, without a word.
"""

from __future__ import annotations

from collections.abc import Iterator

from oceana_dr.diagnostics import Diagnostic
from oceana_dr.source.checks.view import SiteView
from oceana_dr.source.project import Project


def check_limits(site: SiteView, project: Project) -> Iterator[Diagnostic]:
    """Every limit that is looser than the project's."""
    demanded = project.policy.limits
    kinds = demanded.get("kinds", {})
    for path, limit in ((("limits",), demanded), *((("limits", "kinds", kind), item) for kind, item in kinds.items())):
        for name in ("changes", "percent"):
            most = limit.get(name)
            written = name in site.keys(path)
            found = site.number((*path, name))
            if most is None or not written or (found is not None and found <= most):
                continue
            yield Diagnostic(
                "OD1135",
                f"the project allows {most}{' %' if name == 'percent' else ''} at most",
                (site.label((*path, name)),),
                (f"oceana-dr.yaml: policy.{'.'.join((*path, name))}",),
                f"write {most} or less, or leave it out",
            )
