"""What outlives a plan: actions owed behind a fence, timers that its steps start, what a failover loses.

In: the catalogue's records, the estate at the plan's end or start, its steps. Out: typed records for the plan file.
What cannot be read must never count as done: an owed action stays owed until its result is seen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, cast

from oceana_dr.catalogue.bind import BoundCatalogue
from oceana_dr.catalogue.model import lines, stands_for
from oceana_dr.estate.address import Ref, parse_address
from oceana_dr.estate.estate import Estate
from oceana_dr.estate.predicate import evaluate, predicate_from_json
from oceana_dr.plan.model import Loss, Owed, Step, Timer
from oceana_dr.source.durations import duration_seconds

Record = Mapping[str, Any]  # Any: JSON that the catalogue build has checked


def owed_actions(bound: BoundCatalogue, estate: Estate) -> tuple[Owed, ...]:
    """What is owed in this estate: its fence is in force, and its result does not read as there."""
    records = cast("list[Record]", bound.records(bound.catalogue.owed))
    return tuple(
        Owed(item["id"], item["title"], parse_address(item["address"]), item["step"], lines(item.get("manual")))
        for item in records
        if evaluate(predicate_from_json(item["if"]), estate.get) is True
        and evaluate(predicate_from_json(item["done"]), estate.get) is not True
    )


def timers(bound: BoundCatalogue, steps: Iterable[Step], resolve: Callable[[str], object]) -> tuple[Timer, ...]:
    """The timers that these steps start; one that the site gives no limit for runs without."""
    ids = [step.id for step in steps]
    found = []
    for item in cast("list[Record]", bound.records(bound.catalogue.timers)):
        starts = [step for step in ids if any(stands_for(name, step) for name in item["starts"])]
        if starts:
            reading = item.get("bounded_by")
            found.append(
                Timer(
                    item["id"],
                    item["title"],
                    starts[-1],
                    _limit(item.get("limit"), resolve),
                    tuple(duration_seconds(text) for text in item.get("warn", ())),
                    Ref(reading) if reading else None,
                    tuple(item["stops"]),
                    lines(item.get("manual")),
                )
            )
    return tuple(found)


def losses(bound: BoundCatalogue, scenario: str, live: Estate) -> tuple[Loss, ...]:
    """What each component loses in this scenario, by what its lag or its copy's age reads now."""
    records = cast("list[Record]", bound.records(bound.catalogue.losses))
    return tuple(
        Loss(item["id"], item["component"], Ref(item["ref"]), live.get(Ref(item["ref"])), item["unit"], item["means"])
        for item in records
        if scenario in item["scenarios"]
    )


def _limit(limit: object, resolve: Callable[[str], object]) -> int | None:
    match limit:
        case None:
            return None
        case str():
            return duration_seconds(limit)
        case {"site": str() as path}:
            found = resolve(path)
            return duration_seconds(found) if isinstance(found, str) else None
        case _:
            raise ValueError(f"not the limit of a timer: {limit!r}")
