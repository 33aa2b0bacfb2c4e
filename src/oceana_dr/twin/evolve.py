"""What the estate does by itself: queues drain, saved data ages, one side reacts to the silence of the other.

In: the catalogue's dynamics bound to a site, an estate, whole minutes. Out: the estate after them.
Pure and without memory: after 3 + 4 minutes it is as after 7, however often anybody looks.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from oceana_dr.catalogue.bind import BoundCatalogue
from oceana_dr.catalogue.template import prune
from oceana_dr.estate.address import SIDES, Ref, peer_of
from oceana_dr.estate.estate import Estate
from oceana_dr.estate.predicate import All, AnyOf, Not, Predicate, evaluate
from oceana_dr.estate.values import Unknown, Value, from_json

MINUTE_S = 60


@dataclass(frozen=True, slots=True)
class Drain:
    """A channel's queue at one side, and when so many contacts a minute leave it.

    `closed` is when nothing new comes in; `turns_away`, whether callers notice that (mail is kept for later).
    """

    side: str
    channel: str
    queue: Ref
    per_minute: int
    while_: Predicate
    closed: Predicate
    turns_away: bool


@dataclass(frozen=True, slots=True)
class Turn:
    """An attribute that turns from one value into another while a side works."""

    side: str
    ref: Ref
    before: Value
    after: Value
    while_: Predicate


@dataclass(frozen=True, slots=True)
class Reaction:
    """What becomes of attributes while a condition holds on what can be seen."""

    while_: Predicate
    values: Mapping[Ref, Value]


@dataclass(frozen=True, slots=True)
class Dynamics:
    """The dynamics of one site. `latency_s` is what a console takes to commit."""

    latency_s: int
    drains: tuple[Drain, ...]
    turns: tuple[Turn, ...]
    reactions: tuple[Reaction, ...] = ()


def bind_dynamics(bound: BoundCatalogue) -> Dynamics:
    """The catalogue's dynamics for one site."""
    # Any: JSON that the catalogue build has checked
    data = cast("Mapping[str, Any]", prune(dict(bound.catalogue.dynamics), bound.bindings))
    drains = tuple(drain for side in SIDES for drain in _drains(bound, data, side))
    turns = tuple(turn for side in SIDES for turn in _turns(bound, data, side))
    return Dynamics(data["latency_s"], drains, turns, tuple(_reactions(bound, data)))


def evolve(
    dynamics: Dynamics, estate: Estate, minutes: int, stuck: Collection[str] = (), seen: Estate | None = None
) -> Estate:
    """The estate after whole minutes in which nobody acts; queues of `stuck` channels stay as they are.

    `seen`: the estate as the others see it, where something of it is silent. Nothing happens at a side whose cluster
    group is.
    """
    if minutes <= 0:
        return estate
    dead = {side for side in SIDES if seen and isinstance(seen.get(Ref(f"{side}/cluster-activity#status")), Unknown)}
    changes: dict[Ref, Value] = {}
    for drain in dynamics.drains:
        waiting = estate.get(drain.queue)
        if (
            isinstance(waiting, bool)
            or not isinstance(waiting, int)
            or waiting <= 0
            or drain.channel in stuck
            or drain.side in dead
        ):
            continue
        if evaluate(drain.while_, estate.get):
            changes[drain.queue] = max(0, waiting - drain.per_minute * minutes)
    for turn in dynamics.turns:
        if turn.side not in dead and estate.get(turn.ref) == turn.before and evaluate(turn.while_, estate.get):
            changes[turn.ref] = turn.after
    if seen is not None:
        for reaction in dynamics.reactions:
            if evaluate(reaction.while_, seen.get):
                changes |= reaction.values
    return estate.with_values(changes) if changes else estate


def _drains(bound: BoundCatalogue, data: Mapping[str, Any], side: str) -> Iterator[Drain]:
    staffed = bound.predicate(data["staffed"], dc=side)
    for item in data["queues"]:
        closed = bound.predicate(item["closed"], dc=side)
        channel = item["channel"]
        yield Drain(
            side=side,
            channel=channel,
            queue=Ref(f"{side}/queues#{channel}"),
            per_minute=item["per_minute"],
            while_=All((staffed, closed)),
            closed=closed,
            turns_away=item.get("turns_away", True),
        )


def _turns(bound: BoundCatalogue, data: Mapping[str, Any], side: str) -> Iterator[Turn]:
    conditions = (bound.predicate(data[name], dc=side) for name in ("staffed", "active"))
    some_open = AnyOf(tuple(Not(bound.predicate(item["closed"], dc=side)) for item in data["queues"]))
    works = All((*conditions, some_open))
    for item in data["turns"]:
        reference = Ref(bound.text(item["ref"], dc=side, peer=peer_of(side)))
        yield Turn(side, reference, item["from"], item["to"], works)


def _reactions(bound: BoundCatalogue, data: Mapping[str, Any]) -> Iterator[Reaction]:
    for item in data["reactions"]:
        values = {Ref(name): from_json(value) for name, value in item["set"].items()}
        yield Reaction(bound.predicate(item["while"]), values)
