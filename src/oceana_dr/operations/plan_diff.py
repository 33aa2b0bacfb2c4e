"""What changed between two plans of a site, for whoever reviewed the older one.

In: two plans. Out: lines by step: gone, new, or changed with every value that moved.
Only differences are said; deepdiff is imported here only, since no plan needs it to be made.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from oceana_dr.diagnostics import Refused
from oceana_dr.plan.codec import encode_plan
from oceana_dr.plan.model import Plan

STEP_FIELDS = ("title", "after", "address", "change", "effects", "driver", "estimate_s", "irreversible", "manual")
PLAN_FIELDS = ("scenario", "from", "to", "catalogue", "outage", "contacts_rejected_s", "findings", "initial")


@dataclass(frozen=True, slots=True)
class PlanChange:
    """One difference: `step` is its id, or empty for the plan as a whole; before and after as JSON."""

    step: str
    kind: str
    path: str
    before: object
    after: object


def diff_plans(old: Plan, new: Plan) -> tuple[PlanChange, ...]:
    """Everything that a reviewer of the old plan has not seen; raises `Refused` for plans of two sites."""
    if old.site != new.site:
        raise Refused(f"these are plans of two sites: {old.site} and {new.site}", hint="compare plans of one site")
    before, after = encode_plan(old), encode_plan(new)
    old_steps = {step["id"]: step for step in _steps(before)}
    new_steps = {step["id"]: step for step in _steps(after)}
    found: list[PlanChange] = []
    for name in [*old_steps, *(name for name in new_steps if name not in old_steps)]:
        if name not in new_steps:
            found.append(PlanChange(name, "gone", "", old_steps[name]["title"], None))
        elif name not in old_steps:
            found.append(PlanChange(name, "new", "", None, new_steps[name]["title"]))
        else:
            found += _differences(name, _only(old_steps[name], STEP_FIELDS), _only(new_steps[name], STEP_FIELDS))
    return (*found, *_differences("", _only(before, PLAN_FIELDS), _only(after, PLAN_FIELDS)))


def _steps(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    steps: list[dict[str, Any]] = document["steps"]
    return steps


def _only(document: Mapping[str, Any], fields: tuple[str, ...]) -> dict[str, Any]:
    return {field: document.get(field) for field in fields}


def _differences(step: str, old: dict[str, Any], new: dict[str, Any]) -> Iterator[PlanChange]:
    if old == new:
        return
    from deepdiff import DeepDiff

    tree = DeepDiff(old, new, ignore_order=False, view="tree")
    levels = [level for group in tree.values() for level in group]
    for level in sorted(levels, key=lambda item: str(item.path())):
        path = ".".join(str(part) for part in level.path(output_format="list"))
        yield PlanChange(step, "changed", path, _known(level.t1), _known(level.t2))


def _known(value: object) -> object:
    """deepdiff marks what is not there with an object of its own."""
    return None if type(value).__name__ == "NotPresent" else value
