"""What outlives a plan, as JSON of the plan file: owed actions, timers, losses.

In: those records, or parsed JSON of unknown origin. Out: JSON, or the records; what does not fit raises.
Nothing may be bent into shape here, as in `plan.fields`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from oceana_dr.estate.strict_json import load_json
from oceana_dr.estate.values import Json, from_json, to_json
from oceana_dr.plan import fields
from oceana_dr.plan.fields import items, number, optional, seconds, text, texts
from oceana_dr.plan.model import Loss, Owed, Plan, Timer


@dataclass(frozen=True, slots=True)
class Outliving:
    """What of a plan matters once it was run: timers, what is owed, the run that it undid, and its steps' titles."""

    timers: tuple[Timer, ...]
    owed: tuple[Owed, ...]
    undoes: str | None
    titles: Mapping[str, str]


Found = Mapping[str, Any]  # Any: a JSON document


def outliving(plan: Plan) -> Outliving:
    """That of a plan."""
    return Outliving(plan.timers, plan.owed, plan.undoes, {step.id: step.title for step in plan.steps})


def outliving_from(data: bytes) -> Outliving:
    """That of a plan file which is known to be the one that was run: no more of it is read; raises `ValueError`."""
    try:
        found = load_json(data)
        return Outliving(
            tuple(timer_from(item) for item in items(found["timers"])),
            tuple(owed_from(item) for item in items(found["owed"])),
            optional(found.get("undoes")),
            {text(item["id"]): text(item["title"]) for item in items(found["steps"])},
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"this is not a plan file: {error}") from error


def owed_to(item: Owed) -> Json:
    """An owed action as JSON."""
    return {
        "id": item.id,
        "title": item.title,
        "address": item.address,
        "step": item.step,
        "manual": [[first, last] for first, last in item.manual],
    }


def owed_from(data: Found) -> Owed:
    """The inverse of `owed_to`."""
    address = fields.address(data["address"])
    return Owed(text(data["id"]), text(data["title"]), address, text(data["step"]), _manual(data))


def timer_to(item: Timer) -> Json:
    """A timer as JSON."""
    return {
        "id": item.id,
        "title": item.title,
        "started_by": item.started_by,
        "limit_s": item.limit_s,
        "warn_s": list(item.warn_s),
        "bounded_by": item.bounded_by,
        "stopped_by": list(item.stopped_by),
        "manual": [[first, last] for first, last in item.manual],
    }


def timer_from(data: Found) -> Timer:
    """The inverse of `timer_to`."""
    limit, bound = data["limit_s"], optional(data["bounded_by"])
    return Timer(
        text(data["id"]),
        text(data["title"]),
        text(data["started_by"]),
        None if limit is None else seconds(limit),
        tuple(seconds(item) for item in items(data["warn_s"])),
        None if bound is None else fields.reference(bound),
        texts(data["stopped_by"]),
        _manual(data),
    )


def loss_to(item: Loss) -> Json:
    """A line of the data-loss sheet as JSON."""
    return {
        "id": item.id,
        "component": item.component,
        "ref": item.ref,
        "value": to_json(item.value),
        "unit": item.unit,
        "means": item.means,
    }


def loss_from(data: Found) -> Loss:
    """The inverse of `loss_to`."""
    return Loss(
        text(data["id"]),
        text(data["component"]),
        fields.reference(data["ref"]),
        from_json(data["value"]),
        text(data["unit"]),
        text(data["means"]),
    )


def _manual(data: Found) -> tuple[tuple[int, int], ...]:
    return tuple((number(first), number(last)) for first, last in items(data.get("manual", [])))
