"""Approvals, estimates, drivers, tests: against the project's policy and settings.

In: a site and its project. Out: OD1120, OD1135, OD1136, OD1137, OD1144, OD1150.
Times and limits have modules of their own.
A check must never speak of what another part of the program reports: wrong types and forms are said already.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase

from oceana_dr.diagnostics import Diagnostic, Severity
from oceana_dr.diagnostics.nearest import nearest
from oceana_dr.source.checks.limits import check_limits
from oceana_dr.source.checks.times import check_times, seconds
from oceana_dr.source.checks.view import SiteView
from oceana_dr.source.project import Project
from oceana_dr.source.site.types import DRIVER_PATTERN, NAME_PATTERN, PREFIX_PATTERN


def check_governance(site: SiteView, project: Project) -> Iterator[Diagnostic]:
    """Run all checks of this module."""
    yield from _name(site)
    yield from check_times(site, project)
    yield from check_limits(site, project)
    yield from _policy(site, project)
    yield from _drivers(site, project)
    yield from _estimates(site)
    yield from _verification(site)


def _name(site: SiteView) -> Iterator[Diagnostic]:
    name = site.text("name")
    if name is not None and name != site.folder and re.match(NAME_PATTERN, name):
        yield Diagnostic(
            "OD1120",
            f"the site is named {name}, its folder {site.folder}",
            (site.label("name"),),
            ("runs, locks and the lab are kept by name",),
            f"write `name: {site.folder}`, or rename the folder",
        )


def _policy(site: SiteView, project: Project) -> Iterator[Diagnostic]:
    required, minimum = site.number("approvals.required"), project.policy.required_approvals
    if (1 if required is None else required) < minimum:
        yield Diagnostic(
            "OD1135",
            f"the project requires {minimum} approvals or more",
            (site.label("approvals.required"),),
            ("oceana-dr.yaml: policy.approvals.required",),
            f"write {minimum} or more",
        )


def _drivers(site: SiteView, project: Project) -> Iterator[Diagnostic]:
    for prefix in site.keys("drivers"):
        name = site.text(("drivers", prefix))
        if name is None or not re.match(DRIVER_PATTERN, name):
            continue
        if name not in project.drivers:
            near = nearest(name, project.drivers)
            yield Diagnostic(
                "OD1136",
                f"the driver `{name}` is not configured in oceana-dr.yaml",
                (site.label(("drivers", prefix)),),
                (f"configured: {', '.join(project.drivers) or 'none'}",),
                f"did you mean `{near}`?" if near else f"add `{name}: {{}}` to `drivers` in oceana-dr.yaml",
            )
        elif (
            name in project.offers
            and re.match(PREFIX_PATTERN, prefix)
            and not any(_meet(prefix, pattern) for pattern in project.offers[name])
        ):
            yield Diagnostic(
                "OD1144",
                f"the driver `{name}` can neither read nor act on {prefix}",
                (site.label(("drivers", prefix)),),
                (f"it serves: {', '.join(project.offers[name])}",),
                "choose the driver of that system, or `operator`",
            )


def _meet(prefix: str, pattern: str) -> bool:
    """Whether some address may begin with both."""
    return all(map(fnmatchcase, prefix.split("/"), pattern.partition("#")[0].split("/")))


def _estimates(site: SiteView) -> Iterator[Diagnostic]:
    for step in site.keys("estimates"):
        half, most = (site.text(("estimates", step, name)) for name in ("p50", "p95"))
        if half is not None and most is not None and 0 < seconds(most) < seconds(half):
            yield Diagnostic(
                "OD1137",
                f"the estimate of {step} has a p95 below its p50",
                (site.label(("estimates", step, "p95")), site.label(("estimates", step, "p50"))),
                (),
                "exchange the two",
            )


def _verification(site: SiteView) -> Iterator[Diagnostic]:
    untested = [
        channel
        for channel in site.keys("channels")
        if site.text(("channels", channel)) == "open"
        and not site.has(("verification", channel))
        and (site.has("dns") or not channel.startswith("web_"))
    ]
    if untested:
        yield Diagnostic(
            "OD1150",
            f"nothing is known to test {', '.join(untested)} with",
            (site.label("verification", "" if site.has("verification") else "it belongs behind this part"),),
            ("after a switchover somebody tests every open channel",),
            "add a number, mailbox or page for each to `verification`",
            Severity.WARNING,
        )
