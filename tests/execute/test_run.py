"""A run from beginning to end: what is read, done, recorded and told; and what time does to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from oceana_dr.diagnostics import OceanaError, RunStopped, WaitingForPerson
from oceana_dr.estate.address import Address
from oceana_dr.estate.predicate import AtMost
from oceana_dr.estate.values import Override as Ticked
from oceana_dr.execute.events import Finished, RunStarted, StepDone, StepWaiting, event_to_json
from oceana_dr.execute.runner import run
from oceana_dr.plan.model import Kind
from oceana_dr.store import records
from oceana_dr.store.journal import open_journal
from tests.execute.plans import A_ROLE, BACKUP, C_ROLE, CHAT, EMAIL, GROUP, QUEUE, SPREAD, plan_of, step
from tests.execute.world import PATH, SERIAL, in_world, whole


def test_every_step_is_done_once_in_an_order_the_plan_allows() -> None:
    setting = whole()
    result = setting.run()
    plan = setting.world.plan
    ended = [event.step for event in setting.listener.of(StepDone)]
    assert sorted(ended) == sorted(one.id for one in plan.steps)
    assert all(ended.index(other) < ended.index(one.id) for one in plan.steps for other in one.after)
    assert set(setting.world.performed.values()) == {1}
    estate = setting.world.estate
    assert estate.get(EMAIL) == Ticked(True, "false")
    assert [estate.get(ref) for ref in (CHAT, C_ROLE, A_ROLE, GROUP, SPREAD)] == [
        "true",
        "primary",
        "async",
        "ACTIVE",
        "new",
    ]
    assert result.estate.get(GROUP) == "ACTIVE"
    assert result.how["P12"] == "acted"
    assert result.how["P10"] == "waited"
    assert result.how["P01"] == "attested"


@pytest.mark.parametrize("parallel", [2, 4, 8])
def test_in_parallel_it_ends_in_the_same_estate(parallel: int) -> None:
    serial, threads = whole(), whole()
    serial.run()
    threads.run(replace(SERIAL, parallel=parallel))
    assert threads.world.estate == serial.world.estate
    assert threads.world.performed == serial.world.performed


def test_two_runs_of_one_plan_leave_the_same_journal_to_the_byte() -> None:
    one, two = whole(), whole()
    one.run()
    two.run()
    assert one.files.blobs[PATH].disk == two.files.blobs[PATH].disk


def test_the_intent_is_durable_before_anything_is_sent_and_the_outcome_before_what_follows() -> None:
    setting = whole()
    seen: list[tuple[str, bool, list[str]]] = []

    def look(one: object) -> None:
        files = setting.files.after_power_cut("lost")
        entries = [entry.record for entry in open_journal(files, PATH).entries]
        step_id = one.id  # type: ignore[attr-defined]
        intended = any(isinstance(record, records.Intent) and record.step == step_id for record in entries)
        seen.append((step_id, intended, [record.step for record in entries if isinstance(record, records.Done)]))

    setting.gateway.hook = look
    setting.run()
    assert len(seen) == 10
    for step_id, intended, done in seen:
        assert intended
        assert set(setting.world.plan.step(step_id).after) <= set(done)


def test_a_plan_without_steps_ends_at_once_and_is_finished() -> None:
    setting = in_world(plan_of())
    assert setting.run().how == {}
    assert [type(record) for record in setting.records(object)] == [records.RunStarted, records.Finished]


def test_keys_name_run_step_and_attempt_and_the_actor_is_who_confirmed() -> None:
    setting = in_world(
        plan_of(step("P05", Kind.SET, "I", {EMAIL: "x"}), step("P23", Kind.RUN, "N", {C_ROLE: "primary"}))
    )
    setting.run()
    assert [(request.key, request.actor) for request in setting.gateway.requests] == [
        ("r1/P05/1", "anna"),
        ("r1/P23/1", "anna"),
    ]


def test_the_done_record_says_how_it_is_known_what_read_back_and_how_long_it_took() -> None:
    setting = whole()
    setting.run()
    found = {record.step: record for record in setting.records(records.Done)}
    assert found["P12"].values == {BACKUP: "current"}
    assert found["P12"].evidence == {"operation": "P12"}
    assert found["P12"].duration_ms == 60_000
    assert found["P01"].answer == {"outcome": "confirm", "by": "anna", "second": "ben", "observed": "as expected"}


def test_events_carry_utc_time_and_the_time_left_which_never_grows_from_step_to_step() -> None:
    setting = whole()
    setting.run()
    first, *_, last = setting.listener.events
    assert isinstance(first, RunStarted)
    assert first.left_s == 12 * 60
    assert isinstance(last, Finished)
    assert last.left_s == 0
    left = [event.left_s for event in setting.listener.of(StepDone)]
    assert left == sorted(left, reverse=True)
    assert event_to_json(first) == {
        "type": "run-started",
        "at": "2026-01-04T02:00:00.000Z",
        "left_s": 720,
        "run": "r1",
        "plan": setting.world.plan.id,
        "site": "acme",
        "done": 0,
        "total": 14,
        "resumed": False,
    }


def test_a_wait_tells_how_it_goes() -> None:
    setting = whole()
    setting.run()
    told = [event.text for event in setting.listener.of(StepWaiting) if event.step == "P10"]
    assert told == ["dc1/queues#voice 12 (to 0)", "dc1/queues#voice 3 (to 0)"]


def test_a_counter_has_to_be_good_twice() -> None:
    plan = plan_of(step("P10", Kind.WAIT, "V", condition=AtMost(QUEUE, 0)))
    setting = in_world(plan)
    looks: list[object] = []

    class Flicker:
        def read(self, addresses: object = None) -> object:
            looks.append(addresses)
            setting.world.edit({QUEUE: 0 if len(looks) in {3, 5, 6, 7, 8} else 1})
            return setting.world.read(addresses)  # type: ignore[arg-type]

    journal = open_journal(setting.files, PATH)
    run(plan, replace(setting.ports(journal), reader=Flicker()), SERIAL)  # type: ignore[arg-type]
    assert [addresses for addresses in looks if addresses == [Address("dc1/queues")]] == [[Address("dc1/queues")]] * 5


def test_a_pure_wait_takes_its_time_on_the_estates_clock() -> None:
    setting = in_world(plan_of(step("W", Kind.WAIT, "V", timeout_s=3600)))
    assert setting.run().duration_s == 3600


def test_a_wait_that_is_over_its_time_asks_once_and_then_fails() -> None:
    setting = in_world(plan_of(step("P10", Kind.WAIT, "V", condition=AtMost(QUEUE, 0), timeout_s=7200)))
    with pytest.raises(RunStopped, match=r"not so after 4 h 0 min: dc1/queues#voice 12 \(to 0\)"):
        setting.run()
    (question,) = setting.people.questions
    assert question.text == "Not so after 2 h 0 min: dc1/queues#voice 12 (to 0). Confirm to wait as long again."
    setting.people.answers["P10"] = None
    with pytest.raises(WaitingForPerson):
        setting.again().run()
    setting.world.edit({QUEUE: 0})
    setting.again().run()


def test_at_the_end_of_the_window_nothing_more_is_started() -> None:
    class WindowEnds(OceanaError):
        exit_code = 7

    setting = whole()
    end = datetime.fromtimestamp(setting.world.now + 3600, UTC)

    def closing() -> OceanaError | None:
        over = datetime.fromtimestamp(setting.world.now, UTC) >= end
        return WindowEnds("the window has ended") if over else None

    with pytest.raises(WindowEnds):
        setting.run(replace(SERIAL, closing=closing))
    assert setting.records(records.Stopped)[-1].exit_code == 7
    assert setting.world.performed["P34.wait"] == 0
    setting.again().run()
    assert setting.world.performed["P34.wait"] == 1


def test_an_override_is_recorded_once() -> None:
    setting = whole()
    override = records.Override("window", "anna", "late")
    setting.people.answers["P11"] = None
    options = replace(SERIAL, overrides=(override,))
    for _ in range(2):
        with pytest.raises(WaitingForPerson):
            setting.run(options)
        setting.again()
    assert setting.records(records.Override) == [override]
