"""What may start: never two acts on one address, one question at a time, at most so many acts; and undoing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oceana_dr.diagnostics import Refused
from oceana_dr.estate.action import SetValues
from oceana_dr.estate.address import Ref
from oceana_dr.estate.predicate import Is
from oceana_dr.execute.rollback import undo
from oceana_dr.execute.schedule import Schedule, changes, reads
from oceana_dr.plan.model import Kind, Plan, Step
from tests.execute.plans import A_ROLE, C_ROLE, CHAT, CM, EMAIL, GROUP, plan_of, step, switchover

OTHER = Ref("dc1/workflow/Chat#OtherAttribute")


def started(schedule: Schedule) -> list[str]:
    """Everything that may start together now."""
    found = []
    while (one := schedule.next_step(stopping=False)) is not None:
        schedule.start(one.id)
        found.append(one.id)
    return found


def schedule_of(*steps: Step, cap: int = 4) -> Schedule:
    return Schedule(plan_of(*steps), (), (), cap)


def test_branches_start_together_up_to_the_cap_and_waits_do_not_count() -> None:
    acts = [step(f"P{n}", Kind.SET, "I", {Ref(f"dc1/a{n}#x"): "y"}) for n in range(4)]
    waits = [step(f"W{n}", Kind.WAIT, "V") for n in range(3)]
    assert started(schedule_of(*acts, *waits, cap=2)) == ["P0", "P1", "W0", "W1", "W2"]


def test_two_acts_on_one_address_never_run_together() -> None:
    assert started(schedule_of(step("A", Kind.SET, "I", {CHAT: "x"}), step("B", Kind.SET, "I", {OTHER: "x"}))) == ["A"]


def test_what_a_step_reads_is_not_changed_under_it_and_two_may_read_together() -> None:
    reading = [step(f"C{n}", Kind.CHECK, "V", condition=Is(CHAT, ("x",))) for n in range(2)]
    assert started(schedule_of(*reading, step("A", Kind.SET, "I", {CHAT: "x"}))) == ["C0", "C1"]


def test_one_person_is_asked_at_a_time_and_gateways_go_on() -> None:
    steps = [
        step("H0", Kind.CONFIRM, "H"),
        step("H1", Kind.CONFIRM, "H"),
        step("A", Kind.SET, "I", {CHAT: "x"}),
        step("O", Kind.SET, "I", {EMAIL: "x"}, driver="operator"),
    ]
    assert started(schedule_of(*steps)) == ["H0", "A"]


def test_a_pair_starts_when_both_can_go_and_nothing_starts_until_it_is_over() -> None:
    schedule = schedule_of(
        step("X", Kind.SET, "I", {GROUP: "x"}),
        step("P23", Kind.RUN, "N", {C_ROLE: "p"}),
        step("P24", Kind.RUN, "N", {A_ROLE: "a"}, "P23 X", pair="P23"),
        step("Z", Kind.SET, "I", {CHAT: "x"}, "X"),
    )
    assert started(schedule) == ["X"], "P23 waits for what P24 waits for"
    schedule.finish("X")
    assert started(schedule) == ["P23"]
    schedule.finish("P23")
    one = schedule.next_step(stopping=True)
    assert one is not None
    assert one.id == "P24"
    schedule.start("P24")
    assert started(schedule) == []
    schedule.finish("P24")
    assert started(schedule) == ["Z"]


def test_doubts_are_settled_before_anything_new() -> None:
    plan = plan_of(*(step(name, Kind.SET, "I", {Ref(f"dc1/{name}#x"): "y"}) for name in "ABC"))
    schedule = Schedule(plan, (), ("B",), 4)
    assert started(schedule) == ["B"]
    schedule.finish("B")
    assert started(schedule) == ["A", "C"]


def test_a_wait_changes_nothing_and_an_act_all_that_it_passes_through() -> None:
    wait = step("W", Kind.WAIT, "V", {CHAT: "x"}, condition=Is(CHAT, ("x",)))
    act = step("A", Kind.RUN, "R", ({CM: "x"}, {GROUP: "y"}))
    assert changes(wait) == frozenset()
    assert reads(wait) == {"dc1/workflow/Chat"}
    assert changes(act) == {"dc1/cm", "dc2/cluster-activity"}


def test_time_left_is_the_longest_path_of_what_is_not_done() -> None:
    schedule = Schedule(switchover(), ("P00", "P01", "P05"), (), 4)
    assert schedule.left_s({}) == 60 * 10
    assert schedule.left_s({"P06": 45.0}) == 60 * 10 - 45
    assert schedule.left_s({"P06": 500.0}) == 60 * 9


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    count = draw(st.integers(1, 9))
    steps: list[Step] = []
    for number in range(count):
        after = (
            " ".join(draw(st.lists(st.sampled_from([one.id for one in steps]), unique=True, max_size=3)))
            if steps
            else ""
        )
        kind = draw(st.sampled_from([Kind.SET, Kind.RUN, Kind.CONFIRM, Kind.WAIT]))
        target = Ref(f"dc1/a{draw(st.integers(0, 3))}#x{number}")
        free = [one.id for one in steps if one.pair is None and not any(other.pair == one.id for other in steps)]
        pair = draw(st.sampled_from([None, None, *free[-1:]]))
        after = " ".join(sorted({*after.split(), *([pair] if pair else [])}))
        change = {} if kind is Kind.WAIT else {target: "y"}
        steps.append(step(f"S{number}", kind, "I", change, after, pair=pair))
    return plan_of(*steps)


@settings(max_examples=200, deadline=None)
@given(plans(), st.data())
def test_any_run_of_any_plan_keeps_order_addresses_and_pairs_and_comes_to_its_end(
    plan: Plan, data: st.DataObject
) -> None:
    try:
        schedule = Schedule(plan, (), (), 3)
    except Refused:
        return  # a pair with something between
    pairs = {one.pair: one.id for one in plan.steps if one.pair}
    behind: str | None = None
    while not schedule.complete:
        for name in started_one_by_one(schedule, plan):
            assert behind is None or name == behind
            behind = pairs.get(name)
        assert schedule.running, "it would wait for ever"
        schedule.finish(data.draw(st.sampled_from(sorted(schedule.running))))


def started_one_by_one(schedule: Schedule, plan: Plan) -> list[str]:
    names = []
    while (one := schedule.next_step(stopping=False)) is not None:
        assert set(one.after) <= schedule.done
        for other in schedule.running:
            assert not changes(one) & changes(plan.step(other))
        schedule.start(one.id)
        names.append(one.id)
    return names


# -------------------------------------------------------------------------------------------- undoing


def test_undoing_goes_backwards_through_what_has_an_inverse() -> None:
    back = (SetValues({CHAT: "false"}),)
    plan = plan_of(
        step("A", Kind.SET, "I", {CHAT: "true"}, inverse=back),
        step("W", Kind.WAIT, "V", after="A"),
        step("B", Kind.SET, "I", {EMAIL: "x"}, "W", inverse=(SetValues({EMAIL: "y"}), SetValues({EMAIL: "z"}))),
        step("C", Kind.SET, "I", {GROUP: "x"}, "A", inverse=(SetValues({GROUP: "y"}),)),
    )
    found = undo(plan, {"A", "W", "B"})
    assert [(one.step.id, len(one.actions)) for one in found] == [("B", 2), ("A", 1)]
    assert undo(plan, set()) == ()


def test_beyond_the_point_of_no_return_there_is_no_undoing() -> None:
    plan = switchover()
    assert undo(plan, {"P00", "P01"}) == ()
    with pytest.raises(Refused, match="P23 the step P23 is done and cannot be undone: data moves"):
        undo(plan, {"P23"})
