"""Steps that fail, and plans and surroundings with which nothing can be done: the run stops and says why."""

from __future__ import annotations

from dataclasses import replace

import pytest

from oceana_dr.diagnostics import Refused, RunStopped, Stale, StateLocked, SystemUnavailable
from oceana_dr.estate.predicate import Is
from oceana_dr.execute.events import StepFailed
from oceana_dr.execute.runner import run
from oceana_dr.plan.model import Kind
from oceana_dr.store import records
from oceana_dr.store.journal import open_journal
from tests.execute.plans import CHAT, CM, DARK, EMAIL, GROUP, plan_of, step
from tests.execute.world import PATH, SERIAL, in_world, whole


def test_a_refusal_of_the_console_stops_the_run_and_changes_nothing() -> None:
    setting = whole()
    setting.gateway.faults = {"P12": ["refused"]}
    with pytest.raises(RunStopped, match=r"P12 .*refused: the console is busy \(S-04\)") as caught:
        setting.run()
    assert caught.value.exit_code == 4
    assert "same command again" in (caught.value.hint or "")
    assert setting.records(records.Failed) == [records.Failed("P12", "refused: the console is busy (S-04)", clean=True)]
    assert setting.records(records.Stopped)[-1].exit_code == 4
    setting.again().run()
    assert setting.world.performed["P12"] == 1


def test_what_does_not_read_back_is_not_done() -> None:
    setting = whole()
    setting.gateway.faults = {"P05": ["nothing"]}
    with pytest.raises(RunStopped, match=rf"P05 .*does not read back: {EMAIL}: expected false, found true"):
        setting.run()
    assert setting.records(records.Failed)[0].clean is False
    assert [event.step for event in setting.listener.of(StepFailed)] == ["P05"]
    setting.again().run()
    assert setting.world.performed["P05"] == 1


def test_a_read_back_may_lag_a_little() -> None:
    setting = in_world(plan_of(step("P05", Kind.SET, "I", {EMAIL: "x"})), {"P05": ((20, {EMAIL: "x"}),)})

    def lagging(_: object) -> None:
        setting.world._due.append((setting.world.now + 20, {EMAIL: "x"}))

    setting.gateway.hook = lagging
    setting.gateway.faults = {"P05": ["nothing"]}
    assert setting.run().how == {"P05": "acted"}


def test_a_check_that_fails_refuses() -> None:
    setting = whole()
    setting.world.edit({"shared/health#WAN": "bad"})  # type: ignore[dict-item]
    setting.world.plan = replace(setting.world.plan, initial=setting.world.estate)
    with pytest.raises(Refused, match=r"P00 .*check fails: shared/health#WAN bad \(to good\)") as caught:
        setting.run()
    assert caught.value.exit_code == 3


def test_unknown_is_never_good_for_a_check() -> None:
    plan = plan_of(step("P00", Kind.CHECK, "V", condition=Is("dc1/nowhere#x", ("good",))))  # type: ignore[arg-type]
    with pytest.raises(Refused, match="unknown: absent"):
        in_world(plan).run()


def test_what_was_shut_down_may_be_unreachable_and_nothing_else_may() -> None:
    whole().run()  # P14 and P41 pass: dc1/cm does not answer any more
    setting = in_world(plan_of(step("P14", Kind.RUN, "R", {CM: "standing by"})), dark_when_off=DARK)
    setting.world.edit({CM: "shut down"})
    setting.world.plan = replace(setting.world.plan, initial=setting.world.estate)
    with pytest.raises(Stale, match="expected running, found unknown: unreachable"):
        setting.run()


def test_a_silent_endpoint_before_the_first_step_is_said_as_such_and_later_stops_the_run() -> None:
    setting = whole()
    setting.world.silent = True
    with pytest.raises(SystemUnavailable):
        setting.run()
    setting.again().world.silent = False
    setting.people.hook = lambda question: setting.world.__setattr__("silent", question.step == "P11")
    with pytest.raises(RunStopped, match="does not answer"):
        setting.run()
    setting.world.silent = False
    setting.people.hook = str
    setting.again().run()
    assert set(setting.world.performed.values()) == {1}


def test_a_lost_tenure_stops_before_anything_is_sent() -> None:
    setting = whole()

    class Gone:
        token = 7

        def check(self) -> None:
            raise StateLocked("the lock was taken away")

    journal = open_journal(setting.files, PATH)
    with pytest.raises(StateLocked) as caught:
        run(setting.world.plan, replace(setting.ports(journal), tenure=Gone()), SERIAL)
    assert caught.value.exit_code == 6
    assert not setting.world.performed
    assert setting.records(records.Failed)[0].clean


def test_an_act_carries_the_token_of_the_lock_that_it_is_done_under() -> None:
    setting = whole()

    class Held:
        token = 7

        def check(self) -> None:
            pass

    run(setting.world.plan, replace(setting.ports(open_journal(setting.files, PATH)), tenure=Held()), SERIAL)
    assert {request.token for request in setting.gateway.requests} == {7}


def test_a_driver_that_is_not_there_is_named() -> None:
    plan = plan_of(step("P26", Kind.RUN, "R", {CHAT: "true"}, driver="dataguard"))
    with pytest.raises(Refused, match="no driver 'dataguard'"):
        in_world(plan).run()


@pytest.mark.parametrize(
    "plan",
    [
        plan_of(step("A", Kind.SET, "I", {CHAT: "x"}, "B"), step("B", Kind.SET, "I", {EMAIL: "x"}, "A")),
        plan_of(step("A", Kind.SET, "I", {CHAT: "x"}, "Z")),
        plan_of(step("A", Kind.SET, "I", {CHAT: "x"}), step("A", Kind.SET, "I", {EMAIL: "x"})),
        plan_of(step("A", Kind.SET, "I", {CHAT: "x"}), step("B", Kind.SET, "I", {EMAIL: "x"}, pair="A")),
        plan_of(
            step("A", Kind.SET, "I", {CHAT: "x"}),
            step("X", Kind.SET, "I", {GROUP: "x"}, "A"),
            step("B", Kind.SET, "I", {EMAIL: "x"}, "A X", pair="A"),
        ),
    ],
    ids=["circle", "unknown step", "one id twice", "pair without order", "something between a pair"],
)
def test_a_plan_that_cannot_be_run_to_its_end_is_not_begun(plan: object) -> None:
    setting = in_world(plan)  # type: ignore[arg-type]
    with pytest.raises(Refused, match="cannot be run"):
        setting.run()
    assert setting.journal().entries == ()
