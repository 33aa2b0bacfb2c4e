"""A drill plays every scenario to its end, survives each fault, finds an unsafe plan, and is the same every time."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from random import Random
from typing import TypeAlias

import pytest

from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.compile.desired import Compiled
from oceana_dr.diagnostics import OceanaError, Refused, SystemUnavailable
from oceana_dr.drivers.contract import Question
from oceana_dr.estate.address import Address, Ref
from oceana_dr.estate.estate import Estate
from oceana_dr.estate.predicate import Is
from oceana_dr.estate.values import Unknown, Value
from oceana_dr.lab.drill_crew import DrillCrew
from oceana_dr.lab.drill_events import Broke, Died, Drilled, DrillEvent, Halted, Passed, Struck, WentOn
from oceana_dr.lab.steered import SteeredClock
from oceana_dr.operations.drilling.document import drill_to_json
from oceana_dr.operations.drilling.faults import KINDS, draw, ground_of, parse_faults
from oceana_dr.operations.drilling.opening import Asked, Opening, check_drillable, open_in_memory
from oceana_dr.operations.drilling.simulation import simulate
from oceana_dr.operations.drilling.stage import DRAINING
from oceana_dr.operations.live import Live
from oceana_dr.plan.model import Plan, Step
from oceana_dr.present.drill_text import drill_end
from oceana_dr.present.style import Style
from oceana_dr.source.cache import Cache
from oceana_dr.source.project import Project, open_project
from tests.planning import copy_project, edit, project, seed

Reading: TypeAlias = Callable[[Compiled], Live]
MOVE = "planned-switchover"
SCENARIOS = sorted(load_catalogue().scenarios)


def opened(asked: Asked, where: Project | None = None) -> Opening:
    return open_in_memory(where or project(), asked, Cache(None))


def drilled(
    scenario: str,
    faults: int | Sequence[str] = 0,
    *,
    seed: int = 1,
    site: str = "acme",
    where: Project | None = None,
    plan: Plan | None = None,
) -> Drilled:
    opening = opened(Asked(site, scenario), where)
    check_drillable(opening, Asked(site, scenario))
    return simulate(opening, faults, seed, lambda _: None, plan=plan)


@cache
def the_move() -> Plan:
    """The plan of the move of acme, from rest."""
    return opened(Asked("acme", MOVE)).planned.plan


@cache
def everything() -> Drilled:
    """A move in which one fault of every kind strikes."""
    return drilled(MOVE, tuple(KINDS), site="globex")


def of_kind(found: Drilled, kind: type[DrillEvent]) -> list[DrillEvent]:
    return [event for event in found.events if isinstance(event, kind)]


@pytest.fixture(scope="module")
def upgrading(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project whose site names a version of the Omnichannel Database."""
    root = copy_project(tmp_path_factory.mktemp("upgrade"))
    wan = "wan: {delay_ms: 12}"
    edit(root / "sites/acme/site.yaml", (wan, f"{wan}\nmirror: {{omnichannel_version: 3.5.0.2}}"))
    return open_project(root)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_scenario_is_played_to_its_end_with_faults_drawn(scenario: str, upgrading: Project) -> None:
    found = drilled(scenario, 3, where=upgrading if scenario == "database-upgrade" else None)
    assert found.failures == ()
    assert {event.step for event in found.events if isinstance(event, Passed)} == {step.id for step in found.plan.steps}
    assert found.plan.scenario == scenario
    assert len(found.faults) == 3
    assert found.states > 10
    assert found.simulated_s <= found.played_s


def test_every_kind_of_fault_strikes_and_every_stop_is_gone_on_from() -> None:
    found = everything()
    assert found.failures == ()
    assert {item.kind for item in found.faults if item.struck} == set(KINDS)
    assert {event.fault for event in of_kind(found, Struck) if isinstance(event, Struck)} == set(KINDS)
    stops = len(of_kind(found, Halted)) + len(of_kind(found, Died))
    assert stops == len(of_kind(found, WentOn)) > 8
    assert len(of_kind(found, Died)) == 1
    # A fault that harms by itself is named beside what it breaks, and is not put down to the plan.
    assert {event.fault for event in of_kind(found, Broke) if isinstance(event, Broke)} <= {"stuck-node"}


def test_the_same_drill_gives_the_same_bytes_and_another_seed_others() -> None:
    one, again, other = (drilled("split-wan", tuple(KINDS), seed=number) for number in (1, 1, 2))
    assert drill_to_json(one) == drill_to_json(again)
    assert one.journal == again.journal != other.journal


def test_a_stop_is_told_with_the_exit_code_that_apply_would_have() -> None:
    codes = {event.exit_code for event in of_kind(everything(), Halted) if isinstance(event, Halted)}
    assert codes <= {3, 4, 5}
    assert {3, 4} <= codes


def first(plan: Plan, name: str) -> Plan:
    """The plan in which a step comes before everything else, and asks for nothing."""
    early = replace(plan.step(name), after=(), expect={}, requires=())
    rest = [replace(step, after=tuple(item for item in step.after if item != name)) for step in plan.steps]
    return replace(plan, steps=(early, *(step for step in rest if step.id != name)))


@pytest.mark.parametrize(
    ("step", "invariant"),
    [("P31", "S-01"), ("P36", "S-78")],
)
def test_a_plan_in_an_unsafe_order_is_found_out(step: str, invariant: str) -> None:
    plan = the_move()
    found = drilled(MOVE, plan=first(plan, step))
    assert not found.passed
    assert any(f"{invariant} broke in {step}" in text for text in found.failures), found.failures


def test_a_plan_whose_proof_refuses_it_is_not_played() -> None:
    sick = seed("acme").with_values({Ref("dc2/smgr/cluster3/EmailService#Deployment status of emailmanager"): "true"})
    found = simulate(opened(Asked("acme", MOVE, read=reading(sick))), 0, 1, lambda _: None)
    assert found.events == ()
    assert found.failures[0].startswith("the plan is refused: OD2012 S-6"), found.failures
    *_, last = drill_end(found, "the same command", Style(), 100)
    assert last == "again       the same command"


def test_a_stop_without_a_cause_fails_the_drill() -> None:
    plan = the_move()
    never = Is(Ref("shared/pom#campaigns"), ("gone",))
    found = drilled(MOVE, plan=with_step(plan, replace(plan.step("P00"), condition=never)))
    assert found.failures[0].startswith("it stopped where nothing was broken: P00")


def test_what_the_plan_leaves_behind_fails_the_drill() -> None:
    plan = the_move()
    short = replace(plan, steps=tuple(step for step in plan.steps if step.id != "P41"))
    found = drilled(MOVE, plan=short)
    assert found.failures == ("when all was done, the next plan was not empty: P01, P41",)


def test_what_may_happen_once_is_counted_on_the_twin(monkeypatch: pytest.MonkeyPatch) -> None:
    opening = opened(Asked("acme", MOVE))
    events = opening.lab.events
    monkeypatch.setattr(opening.lab, "events", lambda: events() * 2)
    assert any("P28.restore may be done once, and was done 2 times" in text for text in played(opening).failures)


def played(opening: Opening) -> Drilled:
    return simulate(opening, 0, 1, lambda _: None)


def with_step(plan: Plan, changed: Step) -> Plan:
    return replace(plan, steps=tuple(changed if step.id == changed.id else step for step in plan.steps))


def test_a_wait_that_only_runs_out_of_time_is_waited_for_again() -> None:
    full: dict[Ref, Value] = {
        Ref("dc1/queues#email"): 24,
        Ref("dc1/queues#chat"): 9,
        Ref("shared/pom#campaigns"): "running",
    }
    found = played(opened(Asked("acme", "cm-outage", read=reading(seed("acme").with_values(full)))))
    assert found.failures == ()
    assert {event.step for event in of_kind(found, Halted) if isinstance(event, Halted)} == {"C03"}
    assert all(event.mended == (DRAINING,) for event in of_kind(found, WentOn) if isinstance(event, WentOn))


# ------------------------------------------------------------------------------------------------ what it begins from


def test_a_system_that_is_dark_in_the_live_estate_is_dark_in_the_twin() -> None:
    dark = Estate({**seed("acme").resources, Address("dc2/ess"): Unknown("unreachable")})
    opening = opened(Asked("acme", MOVE, read=reading(dark)))
    assert opening.lab.read([Address("dc2/ess")]) == {Address("dc2/ess"): Unknown("unreachable")}
    assert "OD2006" in {item.code for item in opening.planned.plan.findings}


def test_a_scenario_that_is_there_for_the_live_estate_supposes_nothing() -> None:
    gone = {
        address: Unknown("unreachable") if address.startswith("dc1/") else found
        for address, found in seed("acme").resources.items()
    }
    opening = opened(Asked("acme", "unplanned-outage", read=reading(Estate(gone))))
    assert opening.says == ()
    assert (opening.planned.plan.scenario, opening.planned.plan.refused) == ("unplanned-outage", False)
    assert opened(Asked("acme", "unplanned-outage", read=reading(seed("acme")))).says != ()


def test_what_somebody_declares_lost_takes_the_place_of_what_is_supposed() -> None:
    opening = opened(Asked("acme", "oceana-outage", lost=("dc1/cluster-activity", "dc1/cluster", "dc1/smgr")))
    assert opening.planned.plan.lost == ("dc1/cluster-activity", "dc1/cluster", "dc1/smgr")
    assert "dc1/smgr is declared lost" in opening.says
    assert "O02.smgr" in {step.id for step in opening.planned.plan.steps}


def test_without_a_scenario_the_one_that_fits_is_drilled() -> None:
    asked = Asked("acme", None, operational="dc2")
    opening = opened(asked)
    check_drillable(opening, asked)
    assert opening.planned.plan.scenario == MOVE


@pytest.mark.parametrize(
    ("asked", "says", "hint"),
    [
        (Asked("acme", None), "there is nothing to drill", f"oceana-dr drill acme --scenario {MOVE}"),
        (Asked("acme", "recovery", read=lambda _: Live(seed("acme"), {}, {})), "recovery does not fit", "--at-rest"),
        (Asked("acme", "database-upgrade"), "mirror.omnichannel_version", "explain OD2002"),
    ],
)
def test_where_nothing_can_be_drilled_a_command_that_can_is_named(asked: Asked, says: str, hint: str) -> None:
    asked = asked if asked.read is None else replace(asked, read=reading(seed("acme")))
    with pytest.raises(Refused, match=says) as refused:
        check_drillable(opened(asked), asked)
    assert hint in (refused.value.hint or "")


def test_a_side_that_the_scenario_does_not_lead_to_is_refused_with_one_that_does() -> None:
    with pytest.raises(Refused, match="ends with dc2 operational, not dc1") as refused:
        opened(Asked("acme", MOVE, operational="dc1"))
    assert "oceana-dr drill acme --scenario recovery" in (refused.value.hint or "")


def test_a_gateway_that_does_not_answer_is_no_reason_not_to_drill() -> None:
    def silent(_: Compiled) -> Live:
        raise SystemUnavailable("the gateway does not answer")

    with pytest.raises(SystemUnavailable) as unheard:
        opened(Asked("acme", MOVE, read=silent))
    assert "--at-rest" in (unheard.value.hint or "")


# ------------------------------------------------------------------------------------------------ faults


def test_faults_are_named_counted_or_all() -> None:
    assert parse_faults("none") == 0
    assert parse_faults("5") == 5
    assert parse_faults("all") == tuple(KINDS)
    assert parse_faults("crash, slow,crash") == ("crash", "slow")
    with pytest.raises(OceanaError, match="did you mean crash") as unknown:
        parse_faults("crahs")
    assert "answer-lost" in (unknown.value.hint or "")
    with pytest.raises(OceanaError, match="no fault is called '99'"):
        parse_faults("99")


def test_no_two_faults_meet_at_a_step_and_what_can_strike_nowhere_is_said() -> None:
    opening = opened(Asked("acme", "split-wan"))
    ground = ground_of(opening.planned.plan, opening.planned.compiled.bound)
    placed, unplaced = draw(ground, tuple(KINDS), Random(3))
    assert len({item.step for item in placed}) == len(placed)
    assert {item.kind.name for item in placed} | set(unplaced) == set(KINDS)
    assert {"queue-stuck", "refuse"} <= set(unplaced)
    places = [step.id for step in opening.planned.plan.steps]
    assert [item.step for item in placed] == sorted((item.step for item in placed), key=places.index)
    one = replace(ground, plan=replace(ground.plan, steps=ground.plan.steps[:1]))
    assert len(draw(one, ("crash", "signal"), Random(1))[0]) == 1


def test_the_crew_gives_nothing_up() -> None:
    crew = DrillCrew({}, SteeredClock(0), Random(1))
    assert crew.ask(Question("waive P13", "", "", "", (), (), "", second_person=True, waives=("S-60",))) is None


def reading(estate: Estate) -> Reading:
    """A live estate that reads so."""
    names = estate.resources
    return lambda _: Live(estate, dict.fromkeys(names, "gateway"), dict.fromkeys(names, "2026-01-04T01:58:00+00:00"))


def test_the_twin_stands_for_the_systems_of_every_driver(tmp_path: Path) -> None:
    root = copy_project(tmp_path)
    options = """\
  operator: {}
  dns:
    zones:
      globex.example:
        public:
          primary: 192.0.2.53
          servers:
            ns1.globex.example: 192.0.2.53
          key:
            name: oceana-dr
            secret: env:NO_SUCH_VARIABLE
"""
    edit(root / "oceana-dr.yaml", ("  operator: {}\n", options))
    edit(root / "sites" / "globex" / "site.yaml", ("\ndns:\n", "\ndrivers: {shared/dns: dns}\ndns:\n"))
    found = drilled(MOVE, site="globex", where=open_project(root))
    assert found.failures == ()
    assert "dns" in {step.driver for step in found.plan.steps}
