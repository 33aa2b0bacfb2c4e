"""One site's lab: what is asked of it and done to it, at its own time.

In: requests of a gateway, of people, of whoever runs a drill. Out: operations, refusals, readings.
Every request first moves the world to the lab's time; an act, once accepted, happens whether its client
lives or not, and a key is acted on once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from oceana_dr.catalogue.bind import BoundCatalogue
from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.catalogue.template import Bindings
from oceana_dr.estate.action import Action, Refusal, SetValues, action_to_json
from oceana_dr.estate.address import Address, Ref
from oceana_dr.estate.estate import Attributes, Estate
from oceana_dr.estate.values import Unknown, Value
from oceana_dr.lab import acting
from oceana_dr.lab.clock import LabClock, SystemClock, WallClock
from oceana_dr.lab.faults import Fault
from oceana_dr.lab.memory import MemoryStore, MemoryTransaction
from oceana_dr.lab.records import Busy, Event, Fenced, KeyReused, Operation
from oceana_dr.lab.seed import SEED_FILE, Seed, read_seed
from oceana_dr.lab.sight import readings, touched
from oceana_dr.lab.store import Saved, Store, Transaction
from oceana_dr.lab.world import World, advance, schedule
from oceana_dr.twin.evolve import Dynamics, bind_dynamics

REMEMBERED_S: Final = 600.0
"""How long people know what they have just done, in seconds of the lab."""


class Lab:
    """A lab by its site's name. Safe to use from several threads and processes at once.

    `watch` sees the estate after every change of it, each once if whoever moves the clock then calls `settle`.
    """

    def __init__(
        self,
        site: str,
        store: Store | MemoryStore,
        seed: Callable[[], Seed],
        *,
        scale: float,
        wall: WallClock,
        known: BoundCatalogue | None = None,
    ) -> None:
        self.site = site
        self.wall = wall
        self._store = store
        self._read_seed = seed
        self._scale = scale
        self._known = known
        self.watch: Callable[[Estate], None] | None = None
        self._moving: Dynamics | None = None

    # ---------------------------------------------------------------------------------------------- looking

    def time(self) -> tuple[float, float]:
        """Lab time, and how many of its seconds pass in one of ours."""
        with self._store.reading() as transaction:
            saved = transaction.saved() if transaction else None
        wall = self.wall.now()
        return (saved.clock.at(wall), saved.clock.scale) if saved else (wall, self._scale)

    def world(self) -> World:
        """The world now."""
        return self._now(self._saved()).world

    def read(self, addresses: Iterable[Address] | None = None) -> Mapping[Address, Attributes | Unknown]:
        """What a reader gets now."""
        saved = self._now(self._saved())
        return readings(self._bound(saved.bindings), saved.world, addresses)

    def operation(self, key: str) -> tuple[Operation, float] | None:
        """The operation of a key, and the lab time."""
        with self._store.reading() as transaction:
            saved = transaction.saved() if transaction else None
            found = transaction.operation(key) if transaction else None
        return (found, saved.clock.at(self.wall.now())) if found and saved else None

    def events(self, limit: int = 1_000_000) -> tuple[Event, ...]:
        """The log, oldest first."""
        with self._store.reading() as transaction:
            return transaction.events(limit) if transaction else ()

    def running(self) -> tuple[Operation, ...]:
        """Operations under way."""
        with self._store.reading() as transaction:
            saved = transaction.saved() if transaction else None
            return transaction.running(saved.clock.at(self.wall.now())) if transaction and saved else ()

    @property
    def channels(self) -> tuple[str, ...]:
        """The channels whose queues this estate has."""
        return tuple(dict.fromkeys(drain.channel for drain in self._dynamics(self._saved().bindings).drains))

    @property
    def bound(self) -> BoundCatalogue:
        """The catalogue, bound to the facts the lab was made from."""
        return self._bound(self._saved().bindings)

    # ---------------------------------------------------------------------------------------------- acting

    def submit(
        self, key: str, actor: str, action: Action, token: int | None = None
    ) -> tuple[Operation | Busy | KeyReused | Fenced, float]:
        """The gateway's act: accepted and begun, refused, or neither; and the lab time."""
        with self._store.changing() as transaction:
            saved = self._now(self._begun(transaction))
            if token is not None and (seen := transaction.greatest(token)) > token:
                return Fenced(token, seen), saved.world.at
            known = transaction.operation(key)
            if known is not None:
                same = action_to_json(known.action) == action_to_json(action)
                return (known if same else KeyReused(key)), saved.world.at
            plan = acting.gateway(self._bound(saved.bindings), saved.world, action)
            latency_s = self._dynamics(saved.bindings).latency_s
            return self._carry_out(transaction, saved, Operation(key, actor, action), plan, latency_s)

    def hands(self, actor: str, action: Action) -> tuple[Operation | Busy, float]:
        """A person does it at the console now.

        The same act of the same person is joined while it is under way, and so is what they finished a moment ago and
        see standing there: asked whether they did it, people look before they do it again.
        """
        with self._store.changing() as transaction:
            saved = self._now(self._begun(transaction))
            plan = acting.person(self._bound(saved.bindings), saved.world, action)
            stands = _stands(saved.world, plan)
            for other in transaction.running(saved.world.at - REMEMBERED_S):
                same = other.actor == actor and action_to_json(other.action) == action_to_json(action)
                if same and (other.ends > saved.world.at or (stands and other.verdict == "done")):
                    return other, saved.world.at
            act = Operation(f"hands/{saved.world.count}", actor, action)
            return self._carry_out(transaction, saved, act, plan, 0)

    def edit(self, actor: str, values: Mapping[Ref, Value], *, force: bool) -> tuple[Operation | Busy, float]:
        """A console edit, also of what can only be observed; with `force` whatever the consoles say."""
        with self._store.changing() as transaction:
            saved = self._now(self._begun(transaction))
            plan = acting.edit(self._bound(saved.bindings), saved.world, values, force=force)
            act = Operation(f"edit/{saved.world.count}", actor, SetValues(values))
            return self._carry_out(transaction, saved, act, plan, 0)

    def _carry_out(
        self,
        transaction: Transaction | MemoryTransaction,
        saved: Saved,
        act: Operation,
        plan: acting.Acting,
        latency_s: float,
    ) -> tuple[Operation | Busy, float]:
        world, wall = saved.world, self.wall.now()
        act = replace(act, started_at=wall, ends=world.at, verdict=plan.verdict, message=plan.message)
        detail: dict[str, Any] = {"key": act.key, "action": action_to_json(act.action)}
        if isinstance(plan.outcome, Refusal):
            act = replace(act, verdict="refused", message=plan.outcome.message, rule=plan.outcome.rule)
            detail |= {"message": act.message, "rule": act.rule}
        else:
            addresses = touched(reference for moment in plan.outcome for reference in moment.values)
            for other in transaction.running(world.at):
                if shared := sorted(set(other.addresses) & set(addresses)):
                    return Busy(shared[0], other.key), world.at
            world, ends = schedule(world, plan.outcome, latency_s)
            act = replace(act, ends=ends, addresses=addresses)
        # A fault that was to strike once is spent. Every act takes a number, for the keys of what people do.
        faults = tuple(fault for fault in world.faults if not (fault.once and fault in plan.struck))
        world = advance(world, world.at, lambda: self._dynamics(saved.bindings), self.watch)
        transaction.keep(act)
        kind = "refused" if act.verdict == "refused" else "act"
        transaction.record(Event(world.at, wall, act.actor, kind, detail))
        transaction.save(replace(saved, world=replace(world, faults=faults, count=world.count + 1)))
        return act, world.at

    def settle(self) -> None:
        """Keep the world as it is now: what happened until now has happened, and is not worked out again."""
        with self._store.changing() as transaction:
            transaction.save(self._now(self._begun(transaction)))

    def keep_in(self, store: Store) -> None:
        """Keep the state as it is now in a file, for another process to go on with."""
        with store.changing() as transaction:
            transaction.save(self._now(self._saved()))

    # ---------------------------------------------------------------------------------------------- upsetting it

    def change(self, actor: str, kind: str, detail: Mapping[str, Any], to: Callable[[World], World]) -> World:
        """Change the world itself (faults, crew) and log it."""
        with self._store.changing() as transaction:
            saved = self._now(self._begun(transaction))
            world = to(saved.world)
            transaction.record(Event(world.at, self.wall.now(), actor, kind, detail))
            transaction.save(replace(saved, world=world))
            return world

    def spend(self, fault: Fault) -> bool:
        """Strike with a fault: True if it is (still) in force. One that strikes once is gone then."""
        if not fault.once:
            return True
        with self._store.changing() as transaction:
            saved = self._now(self._begun(transaction))
            if fault not in saved.world.faults:
                return False
            faults = tuple(item for item in saved.world.faults if item != fault)
            transaction.save(replace(saved, world=replace(saved.world, faults=faults)))
            return True

    def faults(self) -> tuple[Fault, ...]:
        """The faults in force; cheap, for every request asks."""
        with self._store.reading() as transaction:
            saved = transaction.saved() if transaction else None
        return saved.world.faults if saved else ()

    def reset(self) -> None:
        """Back to the seed: state, clock, operations, log, faults, crew."""
        self._store.clear()

    # ---------------------------------------------------------------------------------------------- state

    def _saved(self) -> Saved:
        with self._store.reading() as transaction:
            saved = transaction.saved() if transaction else None
        return saved or self._fresh()

    def _begun(self, transaction: Transaction | MemoryTransaction) -> Saved:
        saved = transaction.saved() or self._fresh()
        return replace(saved, clock=saved.clock.rebased(self.wall.now(), self._scale))

    def _fresh(self) -> Saved:
        wall, seed = self.wall.now(), self._read_seed()
        return Saved(LabClock(wall, wall, self._scale), seed.bindings, World(seed.estate, wall))

    def _now(self, saved: Saved) -> Saved:
        now = saved.clock.at(self.wall.now())
        return replace(saved, world=advance(saved.world, now, lambda: self._dynamics(saved.bindings), self.watch))

    def _bound(self, bindings: Bindings) -> BoundCatalogue:
        """The catalogue for these facts, bound once (again after a reset to another seed)."""
        if self._known is None or self._known.bindings != bindings:
            self._known, self._moving = BoundCatalogue(load_catalogue(), bindings), None
        return self._known

    def _dynamics(self, bindings: Bindings) -> Dynamics:
        bound = self._bound(bindings)
        if self._moving is None:
            self._moving = bind_dynamics(bound)
        return self._moving


def open_lab(
    state_dir: Path,
    sites_dir: Path,
    site: str,
    scale: float = 1,
    wall_clock: WallClock | None = None,
    *,
    bound: BoundCatalogue | None = None,
) -> Lab:
    """The lab of a site; touches no file until it is asked something, writes none until it is acted on.

    A caller's own bound catalogue is used where the lab's facts are the same: binding takes 5 ms.
    """
    seed = sites_dir / site / SEED_FILE
    store = Store(state_dir / "lab" / f"{site}.db")
    wall = wall_clock or SystemClock()
    return Lab(site, store, lambda: read_seed(seed), scale=scale, wall=wall, known=bound)


def _stands(world: World, plan: acting.Acting) -> bool:
    """Whether an act would leave everything as it reads already, and no fault has a part in it."""
    match plan.outcome:
        case Refusal() | ():
            return False
        case moments:
            leaves = {reference: value for moment in moments for reference, value in moment.values.items()}
            return not plan.struck and all(world.estate.get(reference) == value for reference, value in leaves.items())
