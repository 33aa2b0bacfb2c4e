"""The count of a plan's approvals as people and programs read it.

In: a review. Out: plain data: who counts, who does not and why, what is missing, who made the change.
Nothing is decided here.
"""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from oceana_dr.estate.values import Json
from oceana_dr.guard.approvals import Ballot
from oceana_dr.operations.approving import Review
from oceana_dr.operations.runs import zone_of
from oceana_dr.operations.signing import Given


def approvals_document(found: Review) -> dict[str, Json]:
    """Everything that `oceana-dr approvals` says."""
    plan, rule, people = found.plan, found.rule, found.people
    zone = zone_of(plan)
    authors = sorted({people.person(name) for name in found.authors.names if "@" in name})
    return {
        "plan": plan.id,
        "site": plan.site,
        "scenario": plan.scenario,
        "approved": found.approved,
        "required": {
            "people": rule.people,
            "roles": dict(rule.roles),
            "valid_for_s": int(rule.lasts.total_seconds()),
            "override_roles": list(rule.override_roles),
        },
        "counted": [
            {
                "by": item.person,
                "role": item.role,
                "signed_at": _both(item.signed_at, zone),
                "expires": _both(item.expires, zone),
                **_proof(item.ballot),
            }
            for item in found.count.counted
        ],
        "uncounted": [{"why": item.why, **_proof(item.ballot)} for item in found.count.uncounted],
        "missing": [
            {"count": item.count, "role": item.role, "people": list(people.of_role(item.role))}
            for item in found.count.missing
        ],
        "authors": list(authors),
        "authors_unknown": found.authors.unknown or None,
    }


def given_document(given: Given) -> dict[str, Json]:
    """An approval that was just given."""
    return {
        "by": given.person,
        "role": given.statement.role,
        "expires": _both(given.statement.expires, zone_of(given.review.plan)),
        "file": str(given.file),
        "unkept": given.unkept,
    }


def _proof(ballot: Ballot) -> dict[str, Json]:
    """Where it lies and what its signature proves; empty where it proves nothing."""
    return {"found": ballot.found, "principals": list(ballot.principals), "key": ballot.key}


def _both(moment: datetime, zone: ZoneInfo) -> Json:
    """A moment in the site's time and in UTC."""
    utc = moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return {"local": moment.astimezone(zone).isoformat(timespec="seconds"), "utc": utc}
