"""What a site and its project say about times, limits and approvals, as the guards read it.

In: a project and a prepared site. Out: the windows with how strictly they are taken, the limits of a plan, who must
approve it. All are read when a plan is to be run: what counts is what is agreed now, not what was when it was made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from oceana_dr.catalogue.bind import BoundCatalogue
from oceana_dr.diagnostics import OceanaError
from oceana_dr.drivers.ssh_keygen import Signers
from oceana_dr.estate.address import Address
from oceana_dr.guard.approvals import Rule
from oceana_dr.guard.limits import KindLimit, Limits
from oceana_dr.guard.recurrence import Recurrence
from oceana_dr.guard.timing import Control
from oceana_dr.guard.windows import Window
from oceana_dr.operations.access import LAB, endpoint_of
from oceana_dr.plan.model import Plan
from oceana_dr.plan.select import STEADY
from oceana_dr.source.durations import duration_seconds
from oceana_dr.source.prepared import PreparedSite
from oceana_dr.source.project import PROJECT_FILE, Project

_Data = Mapping[str, Any]


def control_of(project: Project, site: PreparedSite) -> Control:
    """The site's windows, the project's freezes among them, and how strictly they are taken."""
    zone = str(site.data.get("time_zone", "UTC"))
    strictness: Any = site.data.get("change_control", {})
    own: Any = site.data.get("change_windows", ())
    windows = [
        _window(item, zone, _line(site, "change_windows", str(number)), deny=item.get("kind") == "deny")
        for number, item in enumerate(own)
    ]
    windows += [_window(item, zone, PROJECT_FILE, deny=True) for item in project.policy.freezes]
    return Control(
        windows=tuple(windows),
        zone=_zone(zone),
        finish=strictness.get("window_end") == "finish",
        strict=strictness.get("must_fit") == "p95",
        override_roles=tuple(strictness.get("override_roles", ())),
    )


def limits_of(project: Project, site: PreparedSite, plan: Plan) -> Limits:
    """The limits that bind this plan: those of the site, tightened by the project's, or those of its scenario."""
    said: Any = site.data.get("limits", {})
    steady = plan.scenario == STEADY
    own: _Data = said if steady else said.get("scenarios", {}).get(plan.scenario, {})
    demanded: _Data = project.policy.limits if steady else {}
    path = "limits" if steady else f"limits.scenarios.{plan.scenario}"
    kinds = sorted({*own.get("kinds", {}), *demanded.get("kinds", {})})
    total, where = _tighter(own, demanded, partial(_line, site, path))
    by_kind = {}
    for kind in kinds:
        mine = own.get("kinds", {}).get(kind, {}), demanded.get("kinds", {}).get(kind, {})
        by_kind[kind], lines = _tighter(*mine, partial(_line, site, f"{path}.kinds.{kind}"))
        where |= {f"{name}-{kind}": line for name, line in lines.items()}
    where["protected"] = _line(site, path, "protected") if own.get("protected") else PROJECT_FILE
    return Limits(
        total=total,
        kinds=by_kind,
        protected=(*own.get("protected", ()), *demanded.get("protected", ())),
        ways=dict(_ways(project, site)) if steady else {},
        where=where,
    )


def approval_rule(project: Project, site: PreparedSite) -> Rule:
    """How many people must approve a plan of the site; the project's minima count where the site asks for less."""
    if endpoint_of(project) == LAB and not project.approvals_in_lab:
        return Rule(0)
    asked: Any = site.data.get("approvals", {})
    least: _Data = project.policy.approvals
    counts = [asked.get("roles", {}), least.get("roles", {})]
    lasts = [duration_seconds(item["valid_for"]) for item in (asked, least) if item.get("valid_for") is not None]
    own, allowed = asked.get("override_roles", ()), least.get("override_roles")
    return Rule(
        required=max(asked.get("required", 0), project.policy.required_approvals),
        roles={role: max(item.get(role, 0) for item in counts) for role in sorted({*counts[0], *counts[1]})},
        lasts=timedelta(seconds=min(lasts)) if lasts else Rule(0).lasts,
        override_roles=tuple(own if allowed is None else (role for role in allowed if role in own or not own)),
    )


def signers_of(project: Project) -> Signers:
    """The files that say whose keys count."""
    files = project.policy.approvals
    revoked = files.get("revoked_keys")
    return Signers(
        project.root / files.get("allowed_signers", "allowed_signers"),
        None if revoked is None else project.root / revoked,
    )


def settable(bound: BoundCatalogue) -> frozenset[Address]:
    """The addresses of a site at which there is something to set."""
    return frozenset(
        address
        for address, resource in bound.resources.items()
        if any(item.type.managed and item.type.kind in {"config", "lever"} for item in resource.attributes.values())
    )


def _window(item: _Data, site_zone: str, where: str, *, deny: bool) -> Window:
    zone = _zone(item.get("time_zone") or site_zone)
    return Window(
        Recurrence(datetime.fromisoformat(item["start"]), item.get("recurrence"), zone),
        duration_seconds(item["duration"]),
        deny=deny,
        reason=item.get("reason") or "",
        scenarios=tuple(item.get("scenarios", ())),
        override_roles=tuple(item.get("override_roles", ())),
        where=where,
    )


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        hint = "install the time zone database of the system, or the package tzdata"
        raise OceanaError(f"this machine does not know the time zone {name}", hint=hint) from error


def _line(site: PreparedSite, path: str, key: str) -> str:
    """`sites/acme/site.yaml:92`, as an editor opens it; what no file says is a default."""
    spans = site.places.get(f"{path}.{key}")
    return f"{spans[0].file}:{spans[0].line}" if spans else "by default"


def _tighter(own: _Data, demanded: _Data, line: Callable[[str], str]) -> tuple[KindLimit, dict[str, str]]:
    """The lower of both limits, and which file sets it."""
    found: dict[str, int] = {}
    where: dict[str, str] = {}
    for name in ("changes", "percent"):
        ours, theirs = own.get(name), demanded.get(name)
        if theirs is not None and (ours is None or theirs < ours):
            found[name], where[name] = theirs, PROJECT_FILE
        elif ours is not None:
            found[name], where[name] = ours, line(name)
    return KindLimit(found.get("changes"), found.get("percent")), where


def _ways(project: Project, site: PreparedSite) -> Iterator[tuple[str, str]]:
    """Names under which systems are managed: every server and console of the site, and the gateway."""
    for where in ("data_centers", "experience_portal"):
        yield from _names(site.data.get(where), where)
    endpoint = endpoint_of(project)
    if endpoint not in {LAB, ""}:
        yield str(urlsplit(endpoint).hostname), "the automation gateway"


def _names(data: object, path: str) -> Iterator[tuple[str, str]]:
    match data:
        case Mapping():
            for key, value in data.items():
                yield from _names(value, f"{path}.{key}")
        case list():
            for number, value in enumerate(data):
                yield from _names(value, f"{path}.{number}")
        case str() if "://" in data:
            yield str(urlsplit(data).hostname), path
        case str():
            yield data, path
