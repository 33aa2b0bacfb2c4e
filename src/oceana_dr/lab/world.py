"""A lab's whole state, and how it moves on when time passes.

In: a state, the lab's time, the site's dynamics. Out: the state then; always the same one, however often
anybody looked in between. Pure; moments that are due happen whether their client lives or not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from oceana_dr.estate.action import Moment
from oceana_dr.estate.address import Ref
from oceana_dr.estate.estate import Estate
from oceana_dr.estate.values import Value, from_json, to_json
from oceana_dr.lab.faults import Fault
from oceana_dr.twin.evolve import MINUTE_S, Dynamics, evolve


@dataclass(frozen=True, slots=True)
class Due:
    """What will be set at a lab time; `order` decides among what is due at one time."""

    at: float
    order: int
    values: Mapping[Ref, Value]


@dataclass(frozen=True, slots=True)
class World:
    """The estate at a lab time, what is due, what is broken, whether a crew works; `count` numbers things."""

    estate: Estate
    at: float
    pending: tuple[Due, ...] = ()
    faults: tuple[Fault, ...] = ()
    crew: bool = False
    count: int = 0


def schedule(world: World, moments: tuple[Moment, ...], latency_s: float) -> tuple[World, float]:
    """The world with these moments due one after another, and the lab time of the last one."""
    at = world.at + latency_s
    due: list[Due] = []
    for moment in moments:
        at += moment.after_s
        due.append(Due(at, world.count + len(due), moment.values))
    return replace(world, pending=(*world.pending, *due), count=world.count + len(due)), at


def advance(world: World, now: float, dynamics: Callable[[], Dynamics]) -> World:
    """The world at `now`: due moments applied in order, and between them what happens by itself.

    The dynamics are asked for only when time has passed: most looks find nothing to move.
    """
    while due := _next(world, now):
        world = _evolved(world, due.at, dynamics)
        pending = tuple(item for item in world.pending if item is not due)
        world = replace(world, estate=world.estate.with_values(due.values), pending=pending)
    return _evolved(world, now, dynamics)


def _next(world: World, now: float) -> Due | None:
    reached = (due for due in world.pending if due.at <= now)
    return min(reached, key=lambda due: (due.at, due.order), default=None)


def _evolved(world: World, now: float, dynamics: Callable[[], Dynamics]) -> World:
    if now <= world.at:
        return world
    # Whole minutes of the lab's clock, on a grid: looking often must not round the drains away.
    minutes = int(now // MINUTE_S) - int(world.at // MINUTE_S)
    if not minutes:
        return replace(world, at=now)
    stuck = {fault.target for fault in world.faults if fault.name == "queue-stuck"}
    return replace(world, estate=evolve(dynamics(), world.estate, minutes, stuck, _seen(world)), at=now)


def _seen(world: World) -> Estate | None:
    """The estate as the others see it, if some of it is silent."""
    dark = [fault.target for fault in world.faults if fault.name == "unreachable"]
    return world.estate.darkened(dark, "unreachable") if dark else None


def world_to_json(world: World) -> dict[str, Any]:
    """The form in which a store keeps it."""
    return {
        "estate": world.estate.to_json(),
        "at": world.at,
        "pending": [{"at": due.at, "order": due.order, "values": _values_json(due.values)} for due in world.pending],
        "faults": [[fault.name, fault.target, fault.once] for fault in world.faults],
        "crew": world.crew,
        "count": world.count,
    }


def world_from_json(data: Mapping[str, Any]) -> World:
    """The inverse of `world_to_json`."""
    return World(
        estate=Estate.from_json(data["estate"]),
        at=data["at"],
        pending=tuple(
            Due(item["at"], item["order"], {Ref(k): from_json(v) for k, v in item["values"].items()})
            for item in data["pending"]
        ),
        faults=tuple(Fault(*item) for item in data["faults"]),
        crew=data["crew"],
        count=data["count"],
    )


def _values_json(values: Mapping[Ref, Value]) -> dict[str, Any]:
    return {name: to_json(value) for name, value in values.items()}
