"""Turning somebody away: the refusal with all its findings, and the record of it.

In: the findings that are left, who asked for what. Out: an error to raise; a record in the site's refusals.
A refusal that cannot be written down must stay one all the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from shlex import quote

from oceana_dr.diagnostics import OceanaError, OutsideWindow, Refused
from oceana_dr.guard.approvals import APPROVAL
from oceana_dr.guard.timing import OUTSIDE, TIMED
from oceana_dr.guard.unattended import CODES as UNATTENDED
from oceana_dr.operations.stores import state_of
from oceana_dr.plan.model import Finding, Plan
from oceana_dr.source.project import Project
from oceana_dr.store.records import Turned
from oceana_dr.store.refusals import Refusals
from oceana_dr.store.state import local_state


@dataclass(frozen=True, slots=True)
class Request:
    """Who wants to run a plan, what they override, and why; `again`: the command that they gave, as far as its plan.

    `plan_file`: the plan's file, beside which its approvals may lie; None for a plan that was just made.
    `unattended`: nobody will be there while it runs.
    """

    by: str
    overrides: tuple[str, ...] = ()
    reason: str = ""
    again: str = "oceana-dr apply plan.json"
    plan_file: Path | None = None
    unattended: bool = False


class Forbidden(Refused):
    """Findings forbid to run a plan."""

    def __init__(self, message: str, findings: tuple[Finding, ...], again: str, *, hint: str | None) -> None:
        super().__init__(message, hint=hint)
        self.findings = findings
        self.again = again


class Closed(OutsideWindow):
    """Only the time forbids to run a plan."""

    def __init__(self, message: str, findings: tuple[Finding, ...], again: str, *, hint: str | None) -> None:
        super().__init__(message, hint=hint)
        self.findings = findings
        self.again = again


def refusal(plan: Plan, request: Request, left: Sequence[Finding]) -> Forbidden | Closed:
    """The error for the findings that nothing overrides."""
    findings = tuple(left)
    count = "1 finding forbids" if len(findings) == 1 else f"{len(findings)} findings forbid"
    hint = None
    if len(findings) > 1 and all(item.overridable for item in findings):
        flags = " ".join(override_flag(item.id) for item in findings)
        hint = f'all at once: {request.again} {flags} --reason "..."'
    elif request.unattended and any(item.code in UNATTENDED for item in findings):
        hint = f"a person runs it, at a terminal: {request.again}"
    elif any(item.id == APPROVAL for item in findings):
        hint = approve_hint(plan, request)
    if all(item.id in TIMED for item in findings):
        return Closed(f"{plan.site} is not changed now: {count} it", findings, request.again, hint=hint)
    return Forbidden(f"{plan.site} is not changed: {count} it", findings, request.again, hint=hint)


def approve_hint(plan: Plan, request: Request) -> str:
    """The command by which somebody else approves the plan."""
    if request.plan_file is not None:
        return f"somebody else approves it: oceana-dr approve {quote(str(request.plan_file))}"
    return f"oceana-dr plan {plan.site} -o plan.json; somebody else: oceana-dr approve plan.json; then apply plan.json"


def override_flag(finding: str) -> str:
    """The option that overrides a finding."""
    return "--outside-window" if finding == OUTSIDE else f"--override {finding}"


def write_down(project: Project, plan: Plan, request: Request, error: OceanaError, at: datetime) -> None:
    """Record that the plan was not run; where that fails, the error says so too."""
    findings: Sequence[Finding] = getattr(error, "findings", ())
    record = Turned(
        plan.id,
        plan.scenario,
        request.by,
        error.message,
        error.exit_code,
        {item.id: f"{item.code} {item.message}" for item in findings},
        {"overrides": list(request.overrides), "reason": request.reason},
    )
    stamp = at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    try:
        _add(project, plan.site, record, stamp)
    except OceanaError as trouble:
        unwritten = f"this refusal could not be written down: {trouble.message}"
        error.hint = f"{error.hint}; {unwritten}" if error.hint else unwritten


def _add(project: Project, site: str, record: Turned, stamp: str) -> None:
    """Where the team's state is out of reach it is kept here; `state push` brings it there."""
    state = state_of(project)
    try:
        Refusals(state.database).add(site, record, at=stamp)
    except OceanaError:
        if state.team is None:
            raise
        Refusals(local_state(project.state_dir).database).add(site, record, at=stamp)
