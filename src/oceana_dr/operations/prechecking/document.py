"""A precheck as data: a verdict, counts, and every check with what was found and how it was read.

In: a `Precheck`. Out: JSON of version 1.0; minor versions add, and nothing is renamed.
No check may be left out: who reads this decides by it.
"""

from __future__ import annotations

from oceana_dr.estate.values import Json
from oceana_dr.operations.prechecking.checks import FAIL, PASS, UNKNOWN, Precheck


def precheck_to_json(found: Precheck) -> Json:
    """The documented shape of `--format json`: a verdict, counts, and every check."""
    counts: dict[str, Json] = {result: found.count(result) for result in (PASS, FAIL, UNKNOWN)}
    return {
        "format_version": "1.0",
        "site": found.site,
        "scenario": found.scenario,
        "from": found.from_side,
        "to": found.to_side,
        "at": found.at,
        "plan": found.plan,
        "ready": found.ready,
        "counts": counts | {"later": found.later},
        "checks": [
            {
                "group": check.group,
                "by": check.by,
                "text": check.text,
                "refs": list(check.refs),
                "found": check.found,
                "wanted": check.wanted,
                "result": check.result,
                "source": check.source,
                "observed_at": check.observed_at,
                "manual": [[first, last] for first, last in check.manual],
                "pages": list(check.pages),
            }
            for check in found.checks
        ],
        "notes": list(found.notes),
    }
