"""Times of a site: zones, windows, freezes, schedules, against the calendar and the project's policy.

In: a site and its project, or the project's own file. Out: OD1109, OD1110, OD1115, OD1135, OD1142, OD1153.
It must never look at the clock: whether a window is open is the guard's matter.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from oceana_dr.diagnostics import Diagnostic, Label, Severity
from oceana_dr.diagnostics.nearest import nearest
from oceana_dr.source.checks.view import SiteView
from oceana_dr.source.durations import duration_seconds
from oceana_dr.source.merge import Path
from oceana_dr.source.project import Project
from oceana_dr.source.recurrence import explain_recurrence, explain_window_recurrence, meant_recurrence
from oceana_dr.source.site.types import LOCAL_TIME_PATTERN, RECURRENCE_PATTERN, ROLE_PATTERN, ZONE_PATTERN

_YEARS: Final = range(1970, 2400)
_LAB: Final = "lab"
_PERIODS_S: Final = {"FREQ=HOURLY": 3_600, "FREQ=DAILY": 86_400, "FREQ=WEEKLY": 7 * 86_400}


def check_times(site: SiteView, project: Project) -> Iterator[Diagnostic]:
    """Everything that a site says about times."""
    yield from _zone(site, ("time_zone",))
    for window in site.items("change_windows"):
        yield from _change_window(site, window, project)
    yield from check_roles(site, ("change_control", "override_roles"), project.roles)
    yield from _schedule(site, ("recovery", "maintenance_window"), "start")
    yield from _schedule(site, ("backup", "ucm"), "task_time")
    yield from _moment(site, ("backup", "ucm", "range", "until"))
    if project.policy.window_required and not any(
        site.text((*window, "kind")) in {None, "allow"} for window in site.items("change_windows")
    ):
        yield Diagnostic(
            "OD1135",
            "the project requires a change window",
            (site.label("change_windows", "" if site.has("change_windows") else "they belong behind this part"),),
            ("oceana-dr.yaml: policy.change_windows.required",),
            "add `change_windows`",
        )


def check_freezes(file: SiteView) -> Iterator[Diagnostic]:
    """The freezes of the project's own file."""
    for freeze in file.items(("policy", "change_windows", "freezes")):
        yield from _window(file, freeze)
        yield from check_roles(file, (*freeze, "override_roles"), file.keys("roles"))


def _change_window(site: SiteView, window: Path, project: Project) -> Iterator[Diagnostic]:
    yield from _window(site, window)
    yield from check_roles(site, (*window, "override_roles"), project.roles)
    longest_s, duration = project.policy.longest_window_s, site.text((*window, "duration"))
    allows = site.text((*window, "kind")) != "deny"
    if longest_s is not None and allows and duration is not None and seconds(duration) > longest_s:
        yield Diagnostic(
            "OD1135",
            f"the change window is longer than the project allows ({longest_s // 60} min)",
            (site.label((*window, "duration")),),
            ("oceana-dr.yaml: policy.change_windows.longest",),
            "shorten it",
        )
    if allows and project.drivers.get("gateway", {}).get("endpoint", _LAB) != _LAB and _never_closes(site, window):
        yield Diagnostic(
            "OD1153",
            "this window is open at any time, and the estate behind the gateway is real",
            (site.label(window),),
            ("the other windows of the site forbid nothing as long as it stands here",),
            "take it out: it is for practice in the lab",
            Severity.WARNING,
        )


def _never_closes(site: SiteView, window: Path) -> bool:
    """Whether it follows upon itself, day by day or week by week, for plans of every scenario."""
    duration, rule = site.text((*window, "duration")), (site.text((*window, "recurrence")) or "").upper()
    period = _PERIODS_S.get(rule)
    return (
        period is not None
        and duration is not None
        and seconds(duration) >= period
        and not site.has((*window, "scenarios"))
    )


def _window(site: SiteView, window: Path) -> Iterator[Diagnostic]:
    """A window's times; what may recur more often than any window opens is refused here."""
    said = tuple(_schedule(site, window, "start"))
    yield from said
    rule, start = site.text((*window, "recurrence")), site.text((*window, "start"))
    broken = {item.code for item in said}
    if rule is not None and re.match(RECURRENCE_PATTERN, rule) and "OD1110" not in broken:
        problem = explain_window_recurrence(rule)
        if problem is not None:
            advice = "write, for example, FREQ=DAILY, and a duration"
            yield Diagnostic("OD1110", f"the recurrence {problem}", (site.label((*window, "recurrence")),), (), advice)
    if start is not None and _is_date(start) and datetime.fromisoformat(start).year not in _YEARS:
        label = site.label((*window, "start"))
        yield Diagnostic("OD1115", f"a window does not begin in {start[:4]}", (label,), (), "write a year from 1970 on")


def check_roles(site: SiteView, path: Path, known: Collection[str] | None) -> Iterator[Diagnostic]:
    """Roles that nobody has would let nobody act, in the night when somebody must."""
    for item in site.items(path):
        role = site.text(item)
        if role is not None:
            yield from check_role(role, site.label(item), known)


def check_role(role: str, label: Label, known: Collection[str] | None) -> Iterator[Diagnostic]:
    """The same of one role; `known` are those that somebody has, None where nobody can say."""
    if known is None or role in known or not re.match(ROLE_PATTERN, role):
        return
    near = nearest(role, known)
    yield Diagnostic(
        "OD1142",
        f"nobody has the role {role}",
        (label,),
        (f"roles in oceana-dr.yaml: {', '.join(known) or 'none'}",),
        f"did you mean `{near}`?" if near else f"add `{role}: [NAME]` to `roles` in oceana-dr.yaml",
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


def seconds(text: str) -> int:
    """The seconds of a duration; 0 for what is none."""
    try:
        return duration_seconds(text)
    except ValueError:
        return 0
