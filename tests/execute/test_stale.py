"""What changed since a plan was made, or since its run began: nothing is done on what is no longer so."""

from __future__ import annotations

from dataclasses import replace

import pytest

from oceana_dr.diagnostics import Refused, RunStopped, Stale
from oceana_dr.estate.predicate import Is
from oceana_dr.execute.runner import run
from oceana_dr.plan.model import Kind
from oceana_dr.store import records
from oceana_dr.store.journal import open_journal
from tests.execute.plans import BACKUP, CHAT, EMAIL, GROUP, QUEUE, TTL, plan_of, step
from tests.execute.world import PATH, SERIAL, in_world, whole


@pytest.mark.parametrize("changed", [EMAIL, GROUP, TTL])
def test_what_changed_since_the_plan_stops_it_before_the_first_step(changed: str) -> None:
    setting = whole()
    setting.world.edit({changed: "other"})  # type: ignore[dict-item]
    with pytest.raises(Stale) as caught:
        setting.run()
    assert caught.value.exit_code == 5
    assert f"{changed}: expected " in caught.value.message
    assert "found other" in caught.value.message
    assert setting.records(records.Intent) == []


def test_a_counter_that_moved_and_a_change_elsewhere_do_not_spoil_a_plan() -> None:
    setting = whole()
    setting.world.edit({QUEUE: 99, "dc2/elsewhere#x": "y"})  # type: ignore[dict-item]
    setting.run()


def test_what_a_step_relies_on_is_read_again_right_before_it() -> None:
    setting = whole()
    setting.people.hook = lambda question: setting.world.edit({BACKUP: "current"} if question.step == "P11" else {})
    with pytest.raises(Stale, match=rf"P12 .*{BACKUP}: expected outdated, found current"):
        setting.run()
    assert setting.world.performed["P12"] == 0
    assert "P12" not in {record.step for record in setting.records(records.Intent)}


def test_a_wait_whose_goal_is_reached_before_it_begins_is_not_stale() -> None:
    plan = plan_of(step("P10", Kind.WAIT, "V", {CHAT: "true"}, condition=Is(CHAT, ("true",)), expect={CHAT: "false"}))
    setting = in_world(plan)
    journal = open_journal(setting.files, PATH)
    ports = setting.ports(journal)

    class MovedOn:
        def read(self, addresses: object = None) -> object:
            found = setting.world.read(addresses)  # type: ignore[arg-type]
            setting.world.edit({CHAT: "true"})
            return found

    run(plan, replace(ports, reader=MovedOn()), SERIAL)  # type: ignore[arg-type]


def test_another_plan_than_the_journals_is_refused() -> None:
    setting = in_world(plan_of(step("P05", Kind.SET, "I", {EMAIL: "x"})))
    setting.gateway.faults = {"P05": ["refused"]}
    with pytest.raises(RunStopped):
        setting.run()
    setting.again().world.plan = plan_of(step("P06", Kind.SET, "I", {EMAIL: "x"}))
    with pytest.raises(Refused, match="this journal is of the plan"):
        setting.run()


@pytest.mark.parametrize(("found", "goes_on"), [("true", True), ("other", False)])
def test_what_a_later_wait_is_to_see_may_come_while_nobody_runs_and_nothing_else_may(found: str, goes_on: bool) -> None:
    plan = plan_of(
        step("P05", Kind.SET, "I", {EMAIL: "x"}),
        step("P10", Kind.WAIT, "V", {CHAT: "true"}, "P05", condition=Is(CHAT, ("true",))),
    )
    setting = in_world(plan)
    setting.gateway.faults = {"P05": ["refused"]}
    with pytest.raises(RunStopped):
        setting.run()
    setting.world.edit({CHAT: found})
    if goes_on:
        assert setting.again().run().how == {"P05": "acted", "P10": "waited"}
    else:
        with pytest.raises(Stale, match=rf"changed since this run stopped: {CHAT}: expected false, found other"):
            setting.again().run()
