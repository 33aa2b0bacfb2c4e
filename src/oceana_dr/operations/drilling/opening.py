"""What a drill begins from: a twin of the estate, what is taken to have happened to it, and the plan for that.

In: a project, a site, what is to be drilled, where the estate comes from. Out: an `Opening`: a lab nobody else sees,
and the plan that was made from reading it. The real estate is read at most; nothing here can write to it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from oceana_dr.catalogue.bind import BoundCatalogue
from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.catalogue.model import Scenario
from oceana_dr.catalogue.starts import Start, starts_of
from oceana_dr.compile.desired import Compiled, compile_site
from oceana_dr.diagnostics import Refused, SystemUnavailable
from oceana_dr.diff.compare import settle_off
from oceana_dr.drivers.gateway.reader import GatewayReader
from oceana_dr.estate.address import Ref, peer_of, ref
from oceana_dr.estate.estate import Estate
from oceana_dr.estate.predicate import evaluate
from oceana_dr.estate.values import Unknown, Value
from oceana_dr.lab.faults import Fault
from oceana_dr.lab.lab import Lab
from oceana_dr.lab.memory import MemoryStore
from oceana_dr.lab.seed import Seed
from oceana_dr.lab.steered import SteeredClock
from oceana_dr.lab.transport import LabTransport
from oceana_dr.operations.live import Live, of_site, read_live
from oceana_dr.operations.planning import LiveReader, Planned, make_plan
from oceana_dr.operations.prechecking.checks import SCENARIO_CODES
from oceana_dr.operations.start_estates import suppose, working_day
from oceana_dr.operations.starting import at_rest
from oceana_dr.plan.model import SCENARIOS, Plan
from oceana_dr.plan.select import STEADY
from oceana_dr.source.cache import Cache
from oceana_dr.source.prepared import prepare_site
from oceana_dr.source.project import Project

BEGINS: Final = 1_767_492_000.0
"""The time of every drill's lab: the same drill must give the same bytes on any day."""
REACTS_S: Final = 300.0
"""How long what still works has had to notice what does not."""
MakeLab = Callable[[Seed, SteeredClock, BoundCatalogue], Lab]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be drilled: `scenario` None for whatever fits; `read` None for the estate as it is at rest."""

    site: str
    scenario: str | None
    operational: str | None = None
    lost: tuple[str, ...] = ()
    read: LiveReader | None = None
    base: str = "at rest"


@dataclass(frozen=True)
class Opening:
    """The twin with its clock, the plan made from it, what was taken to have happened, in sentences."""

    lab: Lab
    clock: SteeredClock
    planned: Planned
    base: str
    says: tuple[str, ...]
    again: Callable[[], Plan]
    """The plan that would be made now, nothing declared lost."""


def open_in_memory(project: Project, asked: Asked, cache: Cache) -> Opening:
    """The opening of a drill that leaves nothing behind."""

    def make(seed: Seed, clock: SteeredClock, bound: BoundCatalogue) -> Lab:
        return Lab(seed.site, MemoryStore(), lambda: seed, scale=1, wall=clock, known=bound)

    return open_drill(project, asked, make, SteeredClock(BEGINS), cache)


def open_drill(project: Project, asked: Asked, make_lab: MakeLab, clock: SteeredClock, cache: Cache) -> Opening:
    """The twin and its plan; raises what loading and reading raise, `Refused` for what no scenario does."""
    record = load_catalogue().scenarios.get(asked.scenario or "")
    sides = _sides(asked, record)
    made = compile_site(prepare_site(project, asked.site, sides[0], cache), load_catalogue())
    estate, dark = _estate(asked, made)
    start = _supposed(asked, record, made, estate.darkened(dark, "unreachable"))
    lost = asked.lost or (start.dark if start is not None else ())
    if start is not None:
        # An estate at rest that is busy, or not, as the start says; of a live one only what is supposed is otherwise.
        quiet = asked.read is None and not start.busy
        estate = suppose(start, made, at_rest(made) if quiet else estate)
    lab = make_lab(Seed(asked.site, made.bound.bindings, estate), clock, made.bound)
    clock.moved = lab.settle
    declared = [f"{prefix} is declared lost" for prefix in asked.lost]
    says = (*([start.title] if start is not None else []), *declared)
    silent = tuple(Fault("unreachable", prefix) for prefix in dict.fromkeys((*lost, *dark)))
    lab.change("drill", "premise", {"says": list(says)}, lambda world: replace(world, faults=silent, crew=True))
    if silent:
        clock.sleep(REACTS_S)

    def read(compiled: Compiled) -> Live:
        return read_live(GatewayReader(LabTransport(lab), asked.site, compiled.bound))

    def plan(scenario: str | None, lost: tuple[str, ...]) -> Planned:
        nothing, side = lambda _: None, sides[1]
        return make_plan(
            project, asked.site, read, nothing, operational=side, scenario=scenario, lost=lost, cache=cache
        )

    planned = plan(asked.scenario, lost)
    return Opening(lab, clock, planned, asked.base, says, lambda: plan(None, ()).plan)


def _sides(asked: Asked, record: Scenario | None) -> tuple[str | None, str | None]:
    """The side in service before and after; None for what the site's files say."""
    wanted = asked.operational
    if record is None:
        return (peer_of(wanted) if wanted else None), wanted
    if wanted is not None and wanted != record.to_side:
        others = [item.id for item in load_catalogue().scenarios.values() if item.to_side == wanted and item.moves]
        commands = " or ".join(f"`oceana-dr drill {asked.site} --scenario {name}`" for name in others)
        raise Refused(
            f"{record.id} ends with {record.to_side} operational, not {wanted}",
            hint=f"leave --operational out; to {wanted} leads {commands}",
        )
    return record.from_side, record.to_side


def _estate(asked: Asked, made: Compiled) -> tuple[Estate, tuple[str, ...]]:
    """The estate, and what of it does not answer. What cannot be read is taken to be as at rest, and stays silent."""
    rest = at_rest(made)
    if asked.read is None:
        return working_day(made, made.operational), ()
    try:
        found, _ = of_site(asked.read(made), made.bound)
    except SystemUnavailable as error:
        hint = "add --at-rest: a drill of the estate as the site says needs no access"
        raise SystemUnavailable(error.message, hint=hint) from error
    settled = settle_off(found.estate, made.bound, made.expected_off)
    known: dict[Ref, Value] = {}
    for address, resource in settled.resources.items():
        if not isinstance(resource, Unknown):
            known |= {ref(address, label): value for label, value in resource.items() if not isinstance(value, Unknown)}
    dark = [address for address in rest.resources if isinstance(settled.resources.get(address), Unknown)]
    return rest.with_values(known), tuple(dark)


def _supposed(asked: Asked, record: Scenario | None, made: Compiled, estate: Estate) -> Start | None:
    """What has to be supposed: nothing, where the estate is already what the scenario is there for."""
    start = next(iter(starts_of(asked.scenario or "")), None)
    if record is None or start is None:
        return None
    condition = made.bound.predicate(record.fits, **{"from": record.from_side, "to": record.to_side})
    return None if evaluate(condition, estate.get) is True else start


def check_drillable(opening: Opening, asked: Asked) -> None:
    """Raise `Refused` where there is nothing to drill, or the scenario is not there for this estate, with a command."""
    plan = opening.planned.plan
    command = f"oceana-dr drill {asked.site} --scenario"
    if plan.scenario == STEADY and not plan.steps and not plan.refused:
        side = opening.planned.compiled.operational
        records = load_catalogue().scenarios
        leading = [name for name in SCENARIOS if name in records and records[name].moves_from(side)]
        raise Refused(
            f"there is nothing to drill: {asked.site} is as its site file says",
            hint=f"name what is to be drilled: `{command} {leading[0]}`" if leading else None,
        )
    misfit = next((item for item in plan.findings if item.code in SCENARIO_CODES), None)
    if misfit is None:
        return
    record = load_catalogue().scenarios.get(asked.scenario or "")
    status = Ref(f"{record.from_side}/cluster-activity#status") if record is not None else Ref("")
    elsewhere = asked.read is not None and record is not None and plan.initial.get(status) != "ACTIVE"
    rest = f"; `{command} {asked.scenario} --at-rest` drills it from an estate at rest" if elsewhere else ""
    raise Refused(misfit.message, hint=f"`oceana-dr explain {misfit.code}`{rest}")
