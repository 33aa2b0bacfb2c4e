"""A drill as data: the verdict, every step and event, what the invariants were held against.

In: a `Drilled`. Out: JSON of version 1.0 (`schemas/drill.schema.json`); minor versions add, nothing is renamed.
Equal drills must give equal documents: nothing here looks at a clock.
"""

from __future__ import annotations

from dataclasses import fields
from typing import Final

from oceana_dr.estate.values import Json, to_json
from oceana_dr.lab.drill_events import Broke, Died, Drilled, DrillEvent, Halted, Passed, Struck, WentOn
from oceana_dr.operations.drilling.rehearsal import Rehearsal
from oceana_dr.plan.estimate import median, schedule, slow
from oceana_dr.plan.model import Plan

FORMAT_VERSION: Final = "1.0"
_NAMES: Final[dict[type, str]] = {
    Passed: "passed",
    Struck: "struck",
    Halted: "stopped",
    Died: "died",
    WentOn: "went-on",
    Broke: "broke",
}


def drill_to_json(found: Drilled) -> dict[str, Json]:
    """The documented shape of `--format json` on the simulator."""
    plan = found.plan
    return {
        **head(plan, "simulator", found.base, found.says),
        "seed": found.seed,
        "passed": found.passed,
        "failures": list(found.failures),
        "faults": [{"fault": item.kind, "step": item.step, "struck": item.struck} for item in found.faults],
        "unplaced": list(found.unplaced),
        "invariants": {"checked": found.checked, "states": found.states},
        "time_s": {
            "simulated": found.simulated_s,
            "one_by_one": found.played_s,
            "planned": schedule(plan.steps, median).total,
            "planned_p95": schedule(plan.steps, slow).total,
        },
        "turned_away_s": {
            channel: {"simulated": seconds, "planned": plan.outage[channel].p50_s}
            for channel, seconds in found.turned_away_s.items()
        },
        "journal": f"sha256:{found.journal}",
        "events": [_event(event) for event in found.events],
    }


def head(plan: Plan, level: str, base: str, says: tuple[str, ...]) -> dict[str, Json]:
    """What every level says first."""
    return {
        "format_version": FORMAT_VERSION,
        "level": level,
        "site": plan.site,
        "scenario": plan.scenario,
        "from": plan.from_side,
        "to": plan.to_side,
        "plan": plan.id,
        "base": base,
        "supposed": list(says),
        "steps": len(plan.steps),
    }


def _event(event: DrillEvent) -> Json:
    told: dict[str, Json] = {"event": _NAMES[type(event)]}
    for item in fields(event):
        value = getattr(event, item.name)
        if item.name == "values":
            told["values"] = {reference: to_json(found) for reference, found in value}
        else:
            told[item.name] = list(value) if isinstance(value, tuple) else value
    return told


def rehearsal_to_json(found: Rehearsal) -> dict[str, Json]:
    """The documented shape of `--format json` for a rehearsal."""
    return {
        **head(found.plan, "rehearsal", found.base, found.says),
        "at": found.at,
        "passed": found.passed,
        "stones": [
            {
                "found_by": item.found_by,
                "name": item.name,
                "text": item.text,
                "at_s": item.at_s,
                "pages": list(item.pages),
            }
            for item in found.stones
        ],
        "looked": found.looked,
        "checks": found.checks,
        "oldest_reading": found.oldest,
        "owed": [{"id": item.id, "title": item.title, "step": item.step} for item in found.standing.owed],
        "timers": [
            {"id": item.timer.id, "title": item.timer.title, "until": item.until.isoformat() if item.until else None}
            for item in found.standing.timers
        ],
        "copies": [
            {"component": item.component, "ref": item.ref, "value": to_json(item.value), "unit": item.unit}
            for item in found.copies
        ],
    }


def tabletop_head(plan: Plan, base: str, says: tuple[str, ...]) -> dict[str, Json]:
    """What a tabletop says beside its report."""
    return {**head(plan, "tabletop", base, says), "passed": True}
