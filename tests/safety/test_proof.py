"""The proof is worth something only if it fails where it must: every guard is taken away once."""

from collections.abc import Iterable
from dataclasses import replace

import pytest

from oceana_dr.catalogue.model import stands_for
from oceana_dr.estate.action import RunProcedure
from oceana_dr.estate.address import Ref
from oceana_dr.estate.estate import Estate
from oceana_dr.estate.values import Override, Unknown, Value
from oceana_dr.operations.planfile import verify_plan
from oceana_dr.plan.build import passages
from oceana_dr.plan.model import Plan, Step
from oceana_dr.plan.order import close_rules, pairs, reduce_order
from oceana_dr.present.plan_summary import safety
from oceana_dr.safety.invariant import bind_invariants
from oceana_dr.safety.passage import Passage
from oceana_dr.safety.prove import Proof, prove
from oceana_dr.twin.transitions import after
from tests.planning import SITES, Case, plan_case, seed

REQUIRED = {
    *("S-01", "S-02", "S-04", "S-20", "S-21", "S-22", "S-23", "S-24", "S-40", "S-64", "S-65", "S-66", "S-67"),
    *("S-68", "S-69", "S-70", "S-75", "S-76", "S-77", "S-78", "S-80", "S-90", "S-97"),
}


def without_rules(case: Case, dropped: Iterable[str]) -> tuple[Step, ...]:
    """The plan's steps with these rules taken out of the order."""
    names = set(dropped)
    catalogue = case.compiled.bound.catalogue
    every = [str(step["id"]) for step in catalogue.scenarios["planned-switchover"].steps]
    rules = [rule for rule in catalogue.orders["planned-switchover"] if rule.id not in names]
    assert len(rules) == len(catalogue.orders["planned-switchover"]) - len(names), "a rule of that name exists"
    reduced = reduce_order(close_rules(pairs(every, rules)), [step.id for step in case.plan.steps])
    return tuple(replace(step, after=reduced[step.id]) for step in case.plan.steps)


def check(case: Case, steps: Iterable[Step]) -> Proof:
    return prove(
        bind_invariants(case.compiled.bound, case.plan.scenario), passages(case.compiled.bound, steps), case.live.get
    )


@pytest.mark.parametrize("site", SITES)
def test_the_planned_switchover_holds_in_every_state(site: str) -> None:
    plan = plan_case(site, "dc2").plan
    assert plan.proof.violations == 0
    assert [finding for finding in plan.findings if finding.severity == "refuse"] == []
    assert plan.proof.states > 150


def test_every_invariant_the_switchover_needs_is_checked_or_named_as_not_applicable() -> None:
    for site, idle in (
        ("acme", {"S-23", "S-67", "S-69", "S-70", "S-75", "S-76", "S-77", "S-90", "S-97"}),
        ("globex", {"S-70"}),
    ):
        case = plan_case(site, "dc2")
        every = bind_invariants(case.compiled.bound, "planned-switchover")
        assert REQUIRED - {item.id for item in every if item.checks} == idle
        assert idle <= set(case.plan.proof.not_applicable)
        # Each is proven, kept otherwise and said to be, or does not apply: none is passed over.
        named = {*case.plan.proof.not_applicable, *case.plan.proof.attested}
        assert {item.id for item in every if not item.checks} == named
        assert case.plan.proof.checked == len(every) - len(named)


@pytest.mark.parametrize(
    ("rules", "broken"),
    [
        (["all-before-active"], {"S-01", "S-04"}),
        (["active-before-open"], {"S-63", "S-65", "S-68", "S-76", "S-78"}),
        (["b-before-c"], {"S-23"}),
        (["promote-before-demote"], {"S-21"}),
        (["shutdown-before-activation"], {"S-56"}),
        (["drain-before-cm", "save-before-cm"], {"S-80"}),
        (["close-before-drain", "ttl-before-closing", "window-first"], {"S-76", "S-78"}),
        (["ucm-1"], {"S-45"}),
        (["ucm-2"], {"S-45"}),
        (["logout-before-backup"], {"S-46", "S-63"}),
        (["ttl-after-names"], {"S-77"}),
    ],
)
def test_a_rule_taken_away_is_missed(rules: list[str], broken: set[str]) -> None:
    case = plan_case("globex", "dc2")
    found = {item.invariant for item in check(case, without_rules(case, rules)).broken}
    assert found & broken, f"nothing misses {rules}: {found}"
    assert found


def test_a_counter_example_is_a_shortest_way() -> None:
    case = plan_case("globex", "dc2")
    loose = without_rules(case, ["b-before-c"])
    (violation,) = [item for item in check(case, loose).broken if item.invariant == "S-23"]
    assert violation.way == ("P23",)
    assert dict(violation.values)[Ref("dc1/omnichannel/B#Role")] == "backup"


def test_chapter_five_as_printed_breaks_what_it_is_known_to_break() -> None:
    """The printed order: mail and web voice of DC2 before ACTIVE, CM before the drain ends."""
    case = plan_case("globex", "dc2")
    by_id = {step.id: step for step in case.plan.steps}
    printed = [
        *("P04", "P05", "P30", "P06.ed", "P06.smgr", "P07", "P08", "P09.voice", "P33.voice", "P09.video"),
        *("P33.video", "P03", "P14.shutdown", "P14.registered", "P36", "P10", "P17", "P18", "P19"),
        *("P20.activate", "P20.nodes", "P22", "P23", "P24", "P26", "P31", "P13", "P32", "P34.names"),
    ]
    steps = [by_id[name] for name in printed]
    chain = tuple(replace(step, after=(printed[place - 1],) if place else ()) for place, step in enumerate(steps))
    found = {item.invariant for item in check(case, chain).broken}
    assert {"S-65", "S-68", "S-80"} <= found, "mail on an async database, web voice on STANDBY, CM before the drain"


def test_names_moved_one_by_one_are_split() -> None:
    case = plan_case("globex", "dc2")
    names = next(step for step in case.plan.steps if step.id == "P34.names")
    one_by_one = replace(
        names,
        moments=tuple(
            replace(names.moments[0], values={reference: value}) for reference, value in names.moments[0].values.items()
        ),
    )
    steps = [one_by_one if step.id == names.id else step for step in case.plan.steps]
    assert {item.invariant for item in check(case, steps).broken} >= {"S-75"}


def test_states_inside_a_step_count() -> None:
    """A step whose end is fine and whose middle is not is refused."""
    case = plan_case("acme", "dc2")
    opened = {Ref("dc2/smgr/cluster3/EmailService#Deployment status of emailmanager"): Override(True, "true")}
    closed = {Ref("dc2/smgr/cluster3/EmailService#Deployment status of emailmanager"): Override(True, "false")}
    glimpse = Passage("glimpse", (opened, closed), frozenset(), frozenset())
    proof = prove(bind_invariants(case.compiled.bound, "planned-switchover"), [glimpse], case.live.get)
    assert {item.invariant for item in proof.broken} == {"S-64", "S-65"}


def test_unknown_is_never_good() -> None:
    case = plan_case("acme", "dc2")
    dark = Estate({**case.live.resources, "dc2/cluster-activity": Unknown("unreachable")})  # type: ignore[dict-item]  # an address by its text
    proof = prove(bind_invariants(case.compiled.bound, "steady"), [], dark.get)
    assert {item.invariant for item in proof.inherited} >= {"S-01"}


def test_an_unsafe_estate_is_told_apart_from_an_unsafe_plan() -> None:
    mail = Ref("dc2/smgr/cluster3/EmailService#Deployment status of emailmanager")
    case = plan_case("acme", "dc1", live={mail: Override(True, "true")})
    assert not case.plan.refused, "the plan that repairs it is not refused"
    codes = {finding.code for finding in case.plan.findings}
    assert codes == {"OD2011"}
    (step,) = case.plan.steps
    assert step.address == "dc2/smgr/cluster3/EmailService"


UNSAFE = {
    "dc2/smgr/cluster3/EmailService#Deployment status of emailmanager": "true",
    "dc2/smgr/cluster3/SocialConnector#MaintenanceMode": "false",
    "dc2/smgr/cluster1/UCAStoreService#Oceana disaster recovery role": "GEO_MASTER",
}


@pytest.mark.parametrize("left", UNSAFE)
def test_a_move_does_not_begin_on_an_unsafe_estate(left: str) -> None:
    """Whether the move would end it by and by (mail on both sides) or not at all (two GEO_MASTER)."""
    plan = plan_case("acme", "dc2", live={Ref(left): Override(True, UNSAFE[left])}).plan
    refusals = {item.id.removeprefix("proof-") for item in plan.findings if item.code == "OD2012"}
    assert plan.refused
    assert refusals
    assert set(plan.proof.inherited) == refusals
    assert plan.proof.violations == 0, "the plan breaks nothing itself"
    assert f"{plan.proof.checked - len(refusals)} invariants hold" in safety(plan)
    assert ", ".join(plan.proof.inherited) in safety(plan)


def test_what_keeps_a_move_from_beginning_is_mended_by_a_steady_plan() -> None:
    live = seed("acme").with_values({Ref(name): Override(True, value) for name, value in UNSAFE.items()})
    repair = plan_case("acme", "dc1", live=live).plan
    assert not repair.refused
    for step in repair.steps:
        live = after(live, step.moments)
    move = plan_case("acme", "dc2", live=live).plan
    assert (move.refused, move.proof.inherited) == (False, ())


def test_a_steady_plan_says_what_it_leaves_broken() -> None:
    closed = Override(True, "true")
    stuck: dict[Ref, Value] = {
        Ref("dc2/cluster/2/state#nodes"): "Mixed",
        Ref("dc1/smgr/cluster3/SocialConnector#MaintenanceMode"): closed,
    }
    (finding,) = [item for item in plan_case("acme", "dc1", live=stuck).plan.findings if item.code == "OD2011"]
    assert "leaves it so" in finding.message


def test_verifying_refuses_what_planning_refuses() -> None:
    """The file's own findings are not trusted: without them, the proof still says it."""
    mail = Ref("dc2/smgr/cluster3/EmailService#Deployment status of emailmanager")
    plan = plan_case("acme", "dc2", live={mail: Override(True, "true")}).plan
    assert any("does not hold now" in problem for problem in verify_plan(replace(plan, findings=())).problems)


def test_a_repair_turns_the_resting_side_off_before_the_operational_side_on() -> None:
    key = "smgr/cluster3/EmailService#Deployment status of emailmanager"
    swapped = {Ref(f"dc1/{key}"): Override(True, "false"), Ref(f"dc2/{key}"): Override(True, "true")}
    plan: Plan = plan_case("acme", "dc1", live=swapped).plan
    first, second = plan.steps
    assert (first.address, second.address) == ("dc2/smgr/cluster3/EmailService", "dc1/smgr/cluster3/EmailService")
    assert second.after == (first.id,)
    assert not plan.refused


def test_procedures_of_the_plan_are_those_of_the_catalogue() -> None:
    for site in SITES:
        case = plan_case(site, "dc2")
        for step in case.plan.steps:
            if isinstance(step.action, RunProcedure):
                assert step.action.procedure in case.compiled.bound.catalogue.procedures
            assert stands_for(step.id.partition(".")[0], step.id)
