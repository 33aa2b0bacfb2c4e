"""A run from beginning to end: what is read, done, recorded and told; and what ends it early."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from oceana_dr.diagnostics import (
    OceanaError,
    Refused,
    RunStopped,
    Stale,
    StateLocked,
    SystemUnavailable,
    WaitingForPerson,
)
from oceana_dr.drivers.contract import Answer
from oceana_dr.estate.address import Address
from oceana_dr.estate.predicate import AtMost, Is
from oceana_dr.estate.values import Override as Ticked
from oceana_dr.execute.events import Asking, Finished, RunStarted, StepDone, StepFailed, StepWaiting, event_to_json
from oceana_dr.execute.ports import Options
from oceana_dr.execute.runner import run
from oceana_dr.plan.model import Kind
from oceana_dr.store import records
from oceana_dr.store.journal import open_journal
from tests.execute.plans import (
    A_ROLE,
    BACKUP,
    C_ROLE,
    CHAT,
    CM,
    DARK,
    EMAIL,
    GROUP,
    QUEUE,
    REACTIONS,
    SPREAD,
    TTL,
    plan_of,
    second_person,
    step,
    switchover,
)
from tests.execute.world import PATH, Setting, in_world

SERIAL = Options("r1", "anna", parallel=1)


def whole() -> Setting:
    return in_world(switchover(), REACTIONS, DARK)


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
        "event": "run-started",
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


# -------------------------------------------------------------------------------------------- changed since planned


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


# -------------------------------------------------------------------------------------------- steps that fail


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
        def check(self) -> None:
            raise StateLocked("the lock was taken away")

    journal = open_journal(setting.files, PATH)
    with pytest.raises(StateLocked) as caught:
        run(setting.world.plan, replace(setting.ports(journal), tenure=Gone()), SERIAL)
    assert caught.value.exit_code == 6
    assert not setting.world.performed
    assert setting.records(records.Failed)[0].clean


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


# -------------------------------------------------------------------------------------------- people


@pytest.mark.parametrize(("outcome", "said"), [("fail", "failed, says anna: red"), ("cannot", "cannot be done")])
def test_a_person_may_say_no(outcome: str, said: str) -> None:
    setting = whole()
    setting.people.answers["P14"] = Answer(outcome, "anna", None, "red")
    with pytest.raises(RunStopped, match=f"P14 .*{said}") as caught:
        setting.run()
    assert caught.value.exit_code == 4
    assert setting.world.performed["P14"] == 0
    del setting.people.answers["P14"]
    setting.again().run()
    assert setting.world.performed["P14"] == 1


def test_nobody_to_ask_waits_for_a_person_and_says_what_to_answer() -> None:
    setting = whole()
    setting.people.answers["P11"] = None
    with pytest.raises(WaitingForPerson, match=r"P11 the step P11 waits for a person: nobody is there") as caught:
        setting.run()
    assert caught.value.exit_code == 8
    assert '{"P11": {"outcome": "confirm", "by": "NAME", "observed": "…"}}' in (caught.value.hint or "")
    del setting.people.answers["P11"]
    assert setting.again().run().how["P11"] == "acted"


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (Answer("confirm", "anna"), "needs a second person"),
        (Answer("confirm", "anna", " Anna "), "must be somebody else"),
        (Answer("confirm", " ", "ben"), "does not say by whom"),
        (Answer("maybe", "anna", "ben"), "none of confirm, fail, cannot"),
    ],
)
def test_an_answer_that_does_not_count_is_no_answer(answer: Answer, fault: str) -> None:
    setting = in_world(plan_of(step("P01", Kind.CONFIRM, "H", instructions=second_person())))
    setting.people.answers["P01"] = answer
    with pytest.raises(WaitingForPerson, match=fault):
        setting.run()
    assert setting.records(records.Answered) == []


def test_one_person_is_asked_one_question_at_a_time() -> None:
    steps = [step(f"P{n}", Kind.CONFIRM, "H") for n in range(4)]
    setting = in_world(plan_of(*steps))
    open_questions: list[str] = []

    def ask(_: object) -> None:
        open_questions.append("in")
        assert open_questions.count("in") - open_questions.count("out") == 1
        open_questions.append("out")

    setting.people.hook = ask
    setting.run(replace(SERIAL, parallel=4))
    assert len(setting.listener.of(Asking)) == 4


def test_without_hands_the_person_has_done_it_and_it_is_read_back() -> None:
    setting = in_world(plan_of(step("P23", Kind.RUN, "N", {C_ROLE: "primary"}, driver="operator")))
    setting.hands = False
    setting.people.hook = lambda _: setting.world.edit({C_ROLE: "primary"})
    assert setting.run().how == {"P23": "acted"}
    (question,) = setting.people.questions
    assert question.clicks == ("click", "click again")
    assert question.read_back == {C_ROLE: "async"}


def test_a_person_who_confirms_without_doing_is_found_out() -> None:
    setting = in_world(plan_of(step("P23", Kind.RUN, "N", {C_ROLE: "primary"}, driver="operator")))
    setting.hands = False
    with pytest.raises(RunStopped, match="does not read back"):
        setting.run()
    assert setting.records(records.InDoubt)[0].step == "P23"


# -------------------------------------------------------------------------------------------- time


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
