"""When plans may be applied at a site: now, or at a moment that somebody asks about.

In: a project, a site, a moment, a scenario or a plan. Out: the state of the window and the next openings, in words.
It reads files only, and answers with the function that holds up `apply`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.diagnostics import OceanaError
from oceana_dr.estate.values import Json
from oceana_dr.guard.findings import REFUSE
from oceana_dr.guard.recurrence import FIRST, LAST, in_utc
from oceana_dr.guard.timing import (
    Control,
    Need,
    closed_text,
    demanded_roles,
    length,
    ruling_of,
    shown,
    timing_findings,
)
from oceana_dr.guard.windows import Ruling, next_openings
from oceana_dr.operations.governing import control_of
from oceana_dr.plan.estimate import median, schedule, slow
from oceana_dr.plan.model import Finding, Plan
from oceana_dr.source.cache import Cache
from oceana_dr.source.prepared import prepare_site
from oceana_dr.source.project import Project

_MOST: Final = 5


@dataclass(frozen=True, slots=True)
class Opening:
    """From when to when plans may be applied, and for how long; `closes` is empty where it has no end."""

    opens: str
    closes: str
    lasts: str


@dataclass(frozen=True, slots=True)
class WindowState:
    """Whether plans of a scenario may be applied at a moment, what comes next, and who may act all the same."""

    site: str
    scenario: str
    open: bool
    says: str
    openings: tuple[Opening, ...]
    at_end: str
    override: str
    findings: tuple[Finding, ...]
    document: dict[str, Json]

    @property
    def may_begin(self) -> bool:
        """Whether nothing forbids to begin."""
        return self.open and not any(item.severity == REFUSE for item in self.findings)


@dataclass(frozen=True, slots=True)
class _Seen:
    """What was asked and found."""

    site: str
    scenario: str
    control: Control
    at: datetime
    found: Ruling
    openings: tuple[tuple[datetime, datetime | None], ...]
    findings: tuple[Finding, ...]


def window_state(project: Project, site: str, at: str | None, subject: str | Plan, cache: Cache) -> WindowState:
    """The state at a moment (ISO 8601; without an offset in the site's time; None: now) for a scenario or a plan."""
    if isinstance(subject, Plan) and subject.site != site:
        raise OceanaError(f"the plan is one of {subject.site}, not of {site}", hint=f"oceana-dr window {subject.site}")
    control = control_of(project, prepare_site(project, site, None, cache))
    moment = datetime.now(UTC) if at is None else _moment(at, control.zone)
    scenario = subject if isinstance(subject, str) else subject.scenario
    found = ruling_of(control, scenario, moment)
    openings = next_openings(control.windows, moment, scenario, _MOST)
    findings = () if isinstance(subject, str) or not found.open else timing_findings(control, _need(subject), moment)
    return WindowState(
        site=site,
        scenario=scenario,
        open=found.open,
        says=_says(control, found, moment),
        openings=tuple(_opening(control, *item) for item in openings),
        at_end="the plan runs on to its end" if control.finish else "the step in hand is finished, then the run stops",
        override=_override(project, control, scenario, moment),
        findings=findings,
        document=_document(_Seen(site, scenario, control, moment, found, openings, findings)),
    )


def _moment(text: str, zone: ZoneInfo) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        hint = "write, for example, --at 2026-11-29T02:40, or 2026-11-29T01:40Z"
        raise OceanaError(f"`{text}` is no moment", hint=hint) from None
    if not FIRST.year < found.year < LAST.year - 1:
        raise OceanaError(f"`{text}` is too far from now", hint=f"write a year from {FIRST.year + 1} on")
    return found.astimezone(UTC) if found.tzinfo is not None else in_utc(found, zone)


def _need(plan: Plan) -> Need:
    return Need(plan.scenario, schedule(plan.steps, median).total, schedule(plan.steps, slow).total)


def _says(control: Control, found: Ruling, at: datetime) -> str:
    if not found.open:
        return closed_text(control, found, at)
    now = shown(at, control.zone)
    if found.until is None:
        return f"it is {now}, and no end comes within a year"
    return f"it is {now}, until {shown(found.until, control.zone, at)}, {length(_seconds(at, found.until))} more"


def _opening(control: Control, opens: datetime, closes: datetime | None) -> Opening:
    end = "" if closes is None else shown(closes, control.zone, opens)
    return Opening(shown(opens, control.zone), end, "" if closes is None else length(_seconds(opens, closes)))


def _override(project: Project, control: Control, scenario: str, at: datetime) -> str:
    roles = project.roles or {}
    record = load_catalogue().scenarios.get(scenario)
    if record is not None and record.unplanned:
        return "anybody, with a reason; the plan asks two people itself"
    demanded = demanded_roles(control, scenario, at)
    if not demanded:
        return "anybody, with a reason"
    some = (" or ".join(f"{name} ({', '.join(roles.get(name, ()))})" for name in names) for names in demanded)
    return f"{', and '.join(some)}, with a reason"


def _document(seen: _Seen) -> dict[str, Json]:
    zone, found = seen.control.zone, seen.found
    return {
        "site": seen.site,
        "scenario": seen.scenario,
        "time_zone": zone.key,
        "at": _both(seen.at, zone),
        "open": found.open,
        "until": _both(found.until, zone) if found.open else None,
        "denied_by": [{"reason": item.reason, "where": item.where} for item in found.denied_by],
        "openings": [{"opens": _both(opens, zone), "closes": _both(closes, zone)} for opens, closes in seen.openings],
        "window_end": "finish" if seen.control.finish else "stop",
        "override_roles": [list(names) for names in demanded_roles(seen.control, seen.scenario, seen.at)],
        "findings": [
            {"id": item.id, "code": item.code, "severity": item.severity, "message": item.message}
            for item in seen.findings
        ],
    }


def _both(moment: datetime | None, zone: ZoneInfo) -> Json:
    """A moment in the site's time and in UTC."""
    if moment is None:
        return None
    utc = moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return {"local": moment.astimezone(zone).isoformat(timespec="seconds"), "utc": utc}


def _seconds(first: datetime, last: datetime) -> int:
    return int((last - first).total_seconds())
