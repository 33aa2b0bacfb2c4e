"""Which faults a drill brings, at which steps: drawn by a seed among the places where each can strike.

In: a plan, the catalogue bound to its site, kinds or a number of them, a seed's chance. Out: `Placed` faults.
A fault must never be placed where nothing could come of it: a drill that cannot fail proves nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, Final, cast

from oceana_dr.catalogue.bind import BoundCatalogue
from oceana_dr.catalogue.template import prune
from oceana_dr.diagnostics import OceanaError
from oceana_dr.diagnostics.nearest import nearest
from oceana_dr.estate.address import Ref, address_of, attribute_of
from oceana_dr.estate.predicate import refs_of
from oceana_dr.lab.disk import Trouble
from oceana_dr.lab.faults import KINDS as LAB_KINDS
from oceana_dr.lab.sight import touched
from oceana_dr.plan.model import Kind, Plan, Step
from oceana_dr.twin.evolve import bind_dynamics
from oceana_dr.twin.transitions import net

Place = Callable[["Ground", Step], str | None]
"""The target of a fault at a step (empty: none is needed); None where it cannot strike."""


@dataclass(frozen=True)
class Ground:
    """What has to be known of a plan to tell where a fault can strike."""

    plan: Plan
    channels: Mapping[Ref, str]
    replicated: frozenset[Ref]


@dataclass(frozen=True, slots=True)
class FaultKind:
    """A kind of fault: what happens, what is done about it, where it can strike. `excuses`: it harms by itself."""

    name: str
    says: str
    mended: str
    place: Place
    excuses: bool = False


@dataclass(frozen=True, slots=True)
class Placed:
    """A fault at a step; `trouble` for the journal's disk."""

    kind: FaultKind
    step: str
    target: str
    trouble: Trouble | None = None


def ground_of(plan: Plan, bound: BoundCatalogue) -> Ground:
    """What is to be known of this plan."""
    channels = {drain.queue: drain.channel for drain in bind_dynamics(bound).drains}
    # Any: JSON that the catalogue build has checked
    broken = cast("list[Any]", prune(bound.catalogue.dynamics["replication broken"], bound.bindings))
    return Ground(plan, channels, frozenset(Ref(bound.text(name)) for item in broken for name in item["set"]))


def _anywhere(_ground: Ground, _step: Step) -> str | None:
    return ""


def _act(_ground: Ground, step: Step) -> str | None:
    """An act without a person that changes something: whatever its driver, it goes to the twin here."""
    through = step.action is not None and not step.needs_person
    return _first_of(step) if through and step.moments else None


def _long_act(ground: Ground, step: Step) -> str | None:
    return _act(ground, step) if len(step.moments) > 1 else None


def _by_hand(_ground: Ground, step: Step) -> str | None:
    """What a person does and a reading shows."""
    return _first_of(step) if step.action is not None and step.needs_person and step.verify and step.moments else None


def _asked(_ground: Ground, step: Step) -> str | None:
    asks = step.kind is Kind.CONFIRM or (step.needs_person and step.action is not None)
    return "" if asks else None


def _nodes(_ground: Ground, step: Step) -> str | None:
    moved = sorted(name for name in step.verify if attribute_of(name) == "nodes" and name in net(step.moments))
    return address_of(moved[0]) if moved and step.action is not None else None


def _queue(ground: Ground, step: Step) -> str | None:
    if step.kind is not Kind.WAIT or step.condition is None:
        return None
    waiting = sorted(ref for ref in refs_of(step.condition) if ref in ground.channels)
    full = [ref for ref in waiting if ground.plan.initial.get(ref) not in {0, ""}]
    return ground.channels[full[0]] if full else None


def _replication(ground: Ground, step: Step) -> str | None:
    looks = [item.condition for item in step.requires] + ([step.condition] if step.condition is not None else [])
    looked_at = frozenset().union(*map(refs_of, looks))
    return "" if step.kind is not Kind.WAIT and looked_at & ground.replicated else None


def _first_of(step: Step) -> str:
    return touched(reference for moment in step.moments for reference in moment.values)[0]


def _gateway(ground: Ground, step: Step) -> str | None:
    """An act through the gateway, for what strikes the whole of it."""
    return None if _act(ground, step) is None else ""


def _of_lab(name: str, mended: str, place: Place, *, excuses: bool = False) -> FaultKind:
    return FaultKind(name, LAB_KINDS[name].line, mended, place, excuses)


KINDS: Final[Mapping[str, FaultKind]] = {
    kind.name: kind
    for kind in (
        _of_lab("gateway-down", "the gateway answers again", _gateway),
        _of_lab("slow", "the gateway is as fast as before", _gateway),
        _of_lab("answer-lost", "the gateway answers again", _act),
        _of_lab("not-delivered", "the gateway answers again", _act),
        _of_lab("refuse", "the console takes it now", _act),
        _of_lab("fail-half-way", "somebody has finished it at the console", _long_act),
        _of_lab("unreachable", "the system answers again", _act),
        _of_lab("stuck-node", "the node was brought along at the console", _nodes, excuses=True),
        _of_lab("queue-stuck", "the queue drains again", _queue),
        _of_lab("replication-broken", "replication works again", _replication),
        _of_lab("people-confirm-without-doing", "they were sent to the console again", _by_hand),
        FaultKind("person-fails", "a person says that it failed", "the cause was mended", _asked),
        FaultKind("person-cannot", "a person says that they cannot do it", "the cause was mended", _asked),
        FaultKind("signal", "somebody stops the run (SIGTERM)", "nothing was to be mended", _anywhere),
        FaultKind("crash", "the process dies while it writes its journal", "a new process was started", _anywhere),
        FaultKind("disk-error", "the disk refuses a write to the journal", "the disk takes writes again", _anywhere),
    )
}
_DYING: Final = ("before", "torn", "after")
_REFUSING: Final = ("EIO", "ENOSPC")
_WRITES: Final = 4
"""Operations of the disk that every step has at least: an intent and an end, each written and synced."""


def parse_faults(text: str) -> int | tuple[str, ...]:
    """`none`, `all`, a number of kinds to draw, or kinds by name; raises `OceanaError` for what is none of these."""
    if text in {"none", "all"}:
        return 0 if text == "none" else tuple(KINDS)
    if text.isdecimal() and int(text) <= len(KINDS):
        return int(text)
    names = tuple(dict.fromkeys(part.strip() for part in text.split(",")))
    for name in names:
        if name not in KINDS:
            near = nearest(name, KINDS)
            raise OceanaError(
                f"no fault is called {name!r}" + (f": did you mean {near}?" if near else ""),
                hint=f"none, all, a number up to {len(KINDS)}, or some of: {', '.join(KINDS)}",
            )
    return names


def draw(ground: Ground, wanted: int | Sequence[str], chance: Random) -> tuple[tuple[Placed, ...], tuple[str, ...]]:
    """The faults, in the plan's order and no two at one step; and the kinds that can strike nowhere in this plan."""
    fitting = {name: tuple(_places(ground, kind)) for name, kind in KINDS.items()}
    possible = [name for name in KINDS if fitting[name]]
    if isinstance(wanted, int):
        names = sorted(chance.sample(possible, min(wanted, len(possible))), key=possible.index)
        left_out: list[str] = []
    else:
        names, left_out = [name for name in wanted if fitting[name]], [name for name in wanted if not fitting[name]]
    taken: dict[str, Placed] = {}
    # Those with the fewest places choose first: the others find another step.
    for name in sorted(names, key=lambda name: len(fitting[name])):
        free = [item for item in fitting[name] if item[0] not in taken]
        if free:
            step, target = chance.choice(free)
            taken[step] = Placed(KINDS[name], step, target, _trouble(name, chance))
        else:
            left_out.append(name)
    return tuple(taken[step.id] for step in ground.plan.steps if step.id in taken), tuple(left_out)


def _places(ground: Ground, kind: FaultKind) -> Iterable[tuple[str, str]]:
    for step in ground.plan.steps:
        target = kind.place(ground, step)
        if target is not None:
            yield step.id, target


def _trouble(name: str, chance: Random) -> Trouble | None:
    match name:
        case "crash":
            return Trouble(chance.randint(1, _WRITES), chance.choice(_DYING), chance.choice((0, 50, 100)))
        case "disk-error":
            return Trouble(chance.randint(1, _WRITES), chance.choice(_REFUSING))
        case _:
            return None
