"""Times, windows, approvals, estimates, drivers, tests: against the calendar and the project's policy.

In: a site and its project. Out: OD1109, OD1110, OD1115, OD1120, OD1135, OD1136, OD1137, OD1150.
It must never look at the clock: whether a window is open is the guard's matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo, available_timezones

from oceana_dr.diagnostics import Diagnostic, Severity
from oceana_dr.diagnostics.nearest import nearest
from oceana_dr.source.checks.view import SiteView
from oceana_dr.source.durations import duration_seconds
from oceana_dr.source.merge import Path
from oceana_dr.source.project import Project
from oceana_dr.source.recurrence import explain_recurrence, meant_recurrence
from oceana_dr.source.site.types import LOCAL_TIME_PATTERN, NAME_PATTERN, RECURRENCE_PATTERN, ZONE_PATTERN


def check_governance(site: SiteView, project: Project) -> Iterator[Diagnostic]:
    """Run all checks of this module."""
    yield from _name(site)
    yield from _zone(site, ("time_zone",))
    for window in site.items("change_windows"):
        yield from _window(site, window, project.policy.longest_window_s)
    yield from _window(site, ("recovery", "maintenance_window"), None)
    yield from _schedule(site, ("backup", "ucm"), "task_time")
    yield from _moment(site, ("backup", "ucm", "range", "until"))
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


def _zone(site: SiteView, path: Path) -> Iterator[Diagnostic]:
    name = site.text(path)
    if name is None or not re.match(ZONE_PATTERN, name) or known_zone(name):
        return
    zones = available_timezones()
    if not zones:
        return  # no time zone database on this machine: nothing can be said
    # An abbreviation is a name of the database, too, and refused all the same.
    usable = sorted((zone for zone in zones if "/" in zone), reverse=True)
    cities = {zone.rpartition("/")[2]: zone for zone in usable}
    near = nearest(name, [*usable, *cities])
    advice = f"did you mean `{cities.get(near, near)}`?" if near else "write, for example, Europe/Berlin"
    yield Diagnostic("OD1109", f"there is no time zone {name}", (site.label(path),), (), advice)


def known_zone(name: str) -> bool:
    """Whether this machine's time zone database has the name, and it is not an abbreviation."""
    try:
        # A name without `/` can be an abbreviation, which has no daylight saving: UTC is the only one allowed.
        return name == "UTC" or ("/" in name and bool(ZoneInfo(name)))
    except (KeyError, ValueError, OSError):
        return False


def _window(site: SiteView, window: Path, longest_s: int | None) -> Iterator[Diagnostic]:
    yield from _schedule(site, window, "start")
    duration = site.text((*window, "duration"))
    if longest_s is not None and duration is not None and _seconds(duration) > longest_s:
        yield Diagnostic(
            "OD1135",
            f"the change window is longer than the project allows ({longest_s // 60} min)",
            (site.label((*window, "duration")),),
            ("oceana-dr.yaml: policy.change_windows.longest",),
            "shorten it",
        )


def _schedule(site: SiteView, path: Path, start: str) -> Iterator[Diagnostic]:
    """Time zone, first time and recurrence of anything that recurs."""
    yield from _zone(site, (*path, "time_zone"))
    yield from _moment(site, (*path, start))
    rule = site.text((*path, "recurrence"))
    problem = explain_recurrence(rule) if rule is not None and re.match(RECURRENCE_PATTERN, rule) else None
    if problem is not None:
        meant = meant_recurrence(rule or "")
        advice = f"did you mean `{meant}`?" if meant else "write, for example, FREQ=WEEKLY;BYDAY=SU"
        yield Diagnostic("OD1110", f"the recurrence {problem}", (site.label((*path, "recurrence")),), (), advice)


def _moment(site: SiteView, path: Path) -> Iterator[Diagnostic]:
    found = site.text(path)
    if found is not None and re.match(LOCAL_TIME_PATTERN, found) and not _is_date(found):
        advice = 'write, for example, "2026-01-04T02:00"'
        yield Diagnostic("OD1115", f"there is no such day or time: {found}", (site.label(path),), (), advice)


def _is_date(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _seconds(text: str) -> int:
    try:
        return duration_seconds(text)
    except ValueError:
        return 0


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
    if project.policy.window_required and not site.at("change_windows"):
        yield Diagnostic(
            "OD1135",
            "the project requires a change window",
            (site.label("change_windows", "" if site.has("change_windows") else "they belong behind this part"),),
            ("oceana-dr.yaml: policy.change_windows.required",),
            "add `change_windows`",
        )


def _drivers(site: SiteView, project: Project) -> Iterator[Diagnostic]:
    for prefix in site.keys("drivers"):
        name = site.text(("drivers", prefix))
        if name in ("gateway", "operator") and name not in project.drivers:
            yield Diagnostic(
                "OD1136",
                f"the driver `{name}` is not configured in oceana-dr.yaml",
                (site.label(("drivers", prefix)),),
                (f"configured: {', '.join(project.drivers) or 'none'}",),
                f"add `{name}: {{}}` to `drivers` in oceana-dr.yaml",
            )


def _estimates(site: SiteView) -> Iterator[Diagnostic]:
    for step in site.keys("estimates"):
        half, most = (site.text(("estimates", step, name)) for name in ("p50", "p95"))
        if half is not None and most is not None and 0 < _seconds(most) < _seconds(half):
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
