"""The same command again: what is taken for done, what is done, what is asked, by class."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from oceana_dr.diagnostics import OceanaError, Refused, RunStopped, Stale, WaitingForPerson
from oceana_dr.drivers.contract import Answer, Done, Outcome
from oceana_dr.estate.address import Ref
from oceana_dr.estate.canonical import canonical
from oceana_dr.estate.values import Json, Value
from oceana_dr.execute.ports import Options
from oceana_dr.execute.runner import run
from oceana_dr.plan.model import Estimate, Kind, Plan
from oceana_dr.store import records
from oceana_dr.store.frame import frame
from oceana_dr.store.journal import open_journal
from tests.execute.plans import (
    AGENTS,
    BACKUP,
    CHAT,
    DARK,
    EMAIL,
    GROUP,
    INITIAL,
    REACTIONS,
    SPREAD,
    plan_of,
    step,
    switchover,
)
from tests.execute.world import PATH, Gateway, Setting, in_world
from tests.store.memory_files import Crash


def backup(driver: str = "gateway") -> Plan:
    moments = ({BACKUP: "being written"}, {BACKUP: "current"})
    return plan_of(step("P12", Kind.RUN, "N", moments, driver=driver))


def crashed(plan: Plan, left: dict[Ref, Value] | None = None, *, hands: bool = True) -> Setting:
    """A run of one step whose process died right after its intent; `left` is what the estate reads then."""
    setting = in_world(plan)
    setting.hands = hands

    def die(_: object) -> None:
        raise Crash

    setting.gateway.hook = setting.people.hook = die
    with pytest.raises(Crash):
        setting.run()
    setting.gateway.hook = setting.people.hook = str
    setting.world.edit(left or {})
    return setting.again()


@pytest.mark.parametrize("step_class", ["I", "R"])
def test_what_may_be_repeated_and_reads_as_before_is_done(step_class: str) -> None:
    setting = crashed(plan_of(step("P05", Kind.SET, step_class, {EMAIL: "x"})))
    assert setting.run().how == {"P05": "acted"}
    assert [record.attempt for record in setting.records(records.Intent)] == [1, 2]
    assert not setting.people.questions


@pytest.mark.parametrize("step_class", ["I", "R", "N"])
def test_what_reads_as_after_the_step_is_done_and_not_sent_again(step_class: str) -> None:
    setting = crashed(plan_of(step("P05", Kind.SET, step_class, {EMAIL: "x"})), {EMAIL: "x"})
    assert setting.run().how == {"P05": "read-back"}
    assert setting.world.performed["P05"] == 0
    assert not setting.people.questions


@pytest.mark.parametrize("step_class", ["I", "R"])
def test_what_reads_as_neither_stops_and_says_both_ways_out(step_class: str) -> None:
    setting = crashed(plan_of(step("P05", Kind.SET, step_class, {GROUP: "x"})), {GROUP: "changing"})
    with pytest.raises(Stale, match=rf"{GROUP}: expected STANDBY, found changing") as caught:
        setting.run()
    assert "finish it at the console, or put it back" in (caught.value.hint or "")


def test_what_was_saved_and_is_outdated_again_does_not_read_as_not_done() -> None:
    """Nothing was expected of it before, and its age moves by itself: neither is proven, so nothing is saved twice."""
    plan = plan_of(
        step("P12", Kind.RUN, "N", {BACKUP: "current"}, expect={CHAT: "false"}), initial={**INITIAL, BACKUP: "none"}
    )
    plan = replace(plan, live=tuple(read for read in plan.live if f"{read.address}#content" != BACKUP))
    setting = crashed(plan, {BACKUP: "outdated"})
    setting.people.hook = lambda _: setting.world.edit({BACKUP: "current"})
    assert setting.run().how == {"P12": "attested"}
    assert setting.world.performed["P12"] == 0
    assert "proves neither" in setting.people.questions[-1].text


def test_a_target_that_is_still_at_work_is_waited_for() -> None:
    setting = crashed(plan_of(step("P05", Kind.SET, "R", {GROUP: "x"})), {GROUP: "changing"})
    setting.world._due.append((setting.world.now + 100, {GROUP: "x"}))
    assert setting.run().how == {"P05": "read-back"}


def test_a_writer_that_knows_keys_is_asked_how_the_earlier_act_ended() -> None:
    setting = crashed(plan_of(step("P05", Kind.SET, "R", {GROUP: "x"})))
    asked: list[str] = []

    @dataclass
    class Knowing(Gateway):
        def settle(self, key: str) -> Outcome | None:
            asked.append(key)
            setting.world.edit({GROUP: "x"})
            return Done()

    setting.gateway = Knowing(setting.world)
    assert setting.run().how == {"P05": "read-back"}
    assert asked == ["r1/P05/1"]


def test_class_n_that_reads_as_before_is_run_only_on_a_persons_word() -> None:
    setting = crashed(backup())
    setting.run()
    (question,) = setting.people.questions
    assert "reads as not done. Confirm to run it now." in question.text
    assert question.read_back == {BACKUP: "outdated"}
    assert setting.records(records.Decision) == [records.Decision("P12", "run", "anna", None, {BACKUP: "outdated"})]
    assert setting.world.performed["P12"] == 1


def test_without_an_answer_class_n_in_doubt_waits_and_stays_in_doubt() -> None:
    setting = crashed(backup())
    setting.people.answers["P12"] = None
    for _ in range(2):
        with pytest.raises(WaitingForPerson):
            setting.run()
        setting.again()
    assert setting.world.performed["P12"] == 0
    assert setting.records(records.Waiting)[0].clean is False
    setting.people.answers["P12"] = Answer("fail", "anna", None, "half")
    with pytest.raises(RunStopped):
        setting.run()
    del setting.people.answers["P12"]
    setting.again().run()
    assert len(setting.records(records.Decision)) == 1


def test_class_n_that_reads_as_neither_is_never_run_again_only_verified() -> None:
    setting = crashed(backup(), {BACKUP: "being written"})
    with pytest.raises(RunStopped, match="does not read back"):
        setting.run()
    (question,) = setting.people.questions
    assert "It is not run again: finish it at the console, then confirm." in question.text
    setting.world.edit({BACKUP: "current"})
    assert setting.again().run().how == {"P12": "read-back"}
    assert setting.world.performed["P12"] == 0


def test_class_n_whose_read_back_cannot_tell_is_asked_about_and_attested() -> None:
    plan = plan_of(step("P12", Kind.RUN, "N", {BACKUP: "outdated"}))
    setting = crashed(plan)
    assert setting.run().how == {"P12": "attested"}
    assert setting.world.performed["P12"] == 0
    assert setting.records(records.Decision)[0].choice == "verify"


def test_class_n_of_a_person_is_asked_once_more_with_the_reading_and_the_answer_decides() -> None:
    setting = crashed(backup("operator"))
    setting.run()
    (question,) = setting.people.questions[1:]
    assert "interrupted here, and it reads as not done" in question.text
    assert question.clicks
    assert setting.records(records.Decision)[0].choice == "run"
    assert setting.world.performed["P12"] == 1


def test_a_question_that_nobody_saw_leaves_no_doubt() -> None:
    setting = in_world(backup("operator"))
    setting.people.answers["P12"] = None
    with pytest.raises(WaitingForPerson):
        setting.run()
    assert setting.records(records.Waiting)[0].clean is True
    del setting.people.answers["P12"]
    setting.again().run()
    assert setting.records(records.Decision) == []


@pytest.mark.parametrize("driver", ["gateway", "operator"])
def test_what_somebody_did_by_hand_after_a_refusal_is_taken_for_done(driver: str) -> None:
    setting = in_world(backup(driver))
    setting.gateway.faults = {"P12": ["refused"]}
    with pytest.raises(RunStopped):
        setting.run()
    setting.world.edit({BACKUP: "current"})
    assert setting.again().run().how == {"P12": "already"}
    assert setting.world.performed["P12"] == 0


def test_a_persons_own_act_is_asked_for_again_and_done_once() -> None:
    plan = plan_of(step("P11", Kind.CONFIRM, "H", {AGENTS: "blocked"}))
    setting = crashed(plan, {AGENTS: "blocked"})
    assert setting.run().how == {"P11": "acted"}
    assert len(setting.people.questions) == 2
    assert setting.world.performed["P11"] == 0
    setting = crashed(plan)
    setting.run()
    assert setting.world.performed["P11"] == 1


def test_a_hold_goes_on_from_its_first_beginning() -> None:
    setting = in_world(plan_of(step("W", Kind.WAIT, "V", timeout_s=3600)))
    slept = setting.world.now
    ports_clock = setting.world.advance

    def advance(seconds: float) -> None:
        ports_clock(seconds)
        if setting.world.now - slept >= 2000:
            raise Crash

    setting.world.advance = advance  # type: ignore[method-assign]
    with pytest.raises(Crash):
        setting.run()
    setting.world.advance = ports_clock  # type: ignore[method-assign]
    setting.again().run()
    assert setting.world.now - slept == 3600


def test_a_clock_that_was_set_back_holds_the_whole_time_again() -> None:
    setting = in_world(
        plan_of(
            step(
                "W",
                Kind.WAIT,
                "V",
                {SPREAD: "new"},
                action=step("X", Kind.SET, "I", {SPREAD: "new"}).action,
                timeout_s=3600,
            )
        )
    )
    setting.gateway.faults = {"W": ["refused"]}
    with pytest.raises(RunStopped):
        setting.run()
    setting.world.now = begin = setting.world.now - 86_400
    setting.again().run()
    assert setting.world.now - begin == 3630


# -------------------------------------------------------------------------------------------- lost answers


@pytest.mark.parametrize("step_class", ["I", "R", "N"])
def test_a_lost_answer_is_settled_by_reading_back(step_class: str) -> None:
    setting = in_world(plan_of(step("P05", Kind.SET, step_class, {EMAIL: "x"})))
    setting.gateway.faults = {"P05": ["lost"]}
    assert setting.run().how == {"P05": "read-back"}
    assert len(setting.gateway.requests) == 1
    assert setting.records(records.InDoubt) == [records.InDoubt("P05", "no answer")]


@pytest.mark.parametrize("step_class", ["I", "R"])
def test_what_never_arrived_is_sent_once_more_under_a_key_of_its_own(step_class: str) -> None:
    setting = in_world(plan_of(step("P05", Kind.SET, step_class, {EMAIL: "x"})))
    setting.gateway.faults = {"P05": ["not-arrived", ""]}
    assert setting.run().how == {"P05": "acted"}
    assert [request.key for request in setting.gateway.requests] == ["r1/P05/1", "r1/P05/2"]


def test_what_does_not_arrive_twice_stops_the_run() -> None:
    setting = in_world(plan_of(step("P05", Kind.SET, "I", {EMAIL: "x"})))
    setting.gateway.faults = {"P05": ["not-arrived", "not-arrived"]}
    with pytest.raises(RunStopped, match="no answer, twice"):
        setting.run()
    assert setting.again().run().how == {"P05": "acted"}


def test_class_n_that_never_arrived_is_not_sent_again_without_a_persons_word() -> None:
    setting = in_world(backup())
    setting.gateway.faults = {"P12": ["not-arrived"]}
    setting.people.answers["P12"] = None
    with pytest.raises(WaitingForPerson):
        setting.run()
    assert len(setting.gateway.requests) == 1
    del setting.people.answers["P12"]
    setting.again().run()
    assert len(setting.gateway.requests) == 2
    assert setting.world.performed["P12"] == 1


# -------------------------------------------------------------------------------------------- the run as a whole


def test_steps_in_doubt_come_before_anything_new() -> None:
    plan = plan_of(
        step("P05", Kind.SET, "I", {EMAIL: "x"}),
        step("P06", Kind.SET, "I", {CHAT: "x"}),
        step("P31", Kind.SET, "I", {GROUP: "x"}),
    )
    setting = in_world(replace(plan, steps=(plan.steps[2], plan.steps[0], plan.steps[1])))

    def die(_: object) -> None:
        raise Crash

    setting.gateway.hook = die
    with pytest.raises(Crash):
        setting.run()
    setting.gateway.hook = str
    setting.world.plan = plan
    setting.again().run()
    assert [request.step for request in setting.gateway.requests] == ["P31", "P31", "P05", "P06"]


def test_a_finished_run_is_not_run_again_it_still_agrees_or_is_stale() -> None:
    setting = in_world(switchover(), REACTIONS, DARK)
    first = setting.run()
    before = len(setting.journal().entries)
    second = setting.again().run()
    assert second.how == first.how
    assert second.estate == first.estate
    setting.world.edit({GROUP: "STANDBY"})
    with pytest.raises(Stale, match=rf"run to its end \(r1\).*{GROUP}: expected ACTIVE, found STANDBY"):
        setting.again().run()
    assert len(setting.journal().entries) == before


def test_a_run_goes_on_only_on_the_estate_it_left() -> None:
    setting = in_world(switchover(), REACTIONS, DARK)
    setting.people.answers["P11"] = None
    with pytest.raises(WaitingForPerson):
        setting.run()
    setting.world.edit({GROUP: "ACTIVE"})
    del setting.people.answers["P11"]
    with pytest.raises(Stale, match=rf"changed since this run stopped: {GROUP}: expected STANDBY, found ACTIVE"):
        setting.again().run()


def test_an_error_of_the_program_is_not_hidden_and_leaves_a_run_that_resumes() -> None:
    setting = in_world(switchover(), REACTIONS, DARK)

    def wrong(_: object) -> None:
        raise ZeroDivisionError

    setting.gateway.hook = wrong
    for parallel in (1, 4):
        with pytest.raises(ZeroDivisionError):
            setting.run(Options("r1", "anna", parallel=parallel))
        setting.again()
    setting.gateway.hook = str
    setting.run()


@pytest.mark.parametrize("how", ["EIO", "ENOSPC"])
@pytest.mark.parametrize("persistent", [False, True], ids=["once", "persistent"])
def test_no_failing_file_operation_lets_a_step_be_lost_or_done_twice(how: str, persistent: bool) -> None:
    from tests.store.memory_files import Fault

    sound = in_world(switchover(), REACTIONS, DARK)
    sound.run()
    expected = sound.world.estate
    for number in range(1, len(sound.files.operations) + 1):
        setting = in_world(switchover(), REACTIONS, DARK)
        setting.files.fault = Fault(number, how, persistent)
        with pytest.raises(OceanaError) as caught:
            setting.run()
        assert caught.value.exit_code in {1, 4}
        assert caught.value.hint
        setting.again().run()
        assert setting.world.estate == expected
        assert all(setting.world.performed[one] == 1 for one in ("P12", "P23", "P24")), number


def test_the_journal_of_another_process_is_not_written() -> None:
    setting = in_world(switchover(), REACTIONS, DARK)
    held = open_journal(setting.files, PATH)
    with pytest.raises(OceanaError, match="another process"):
        setting.run()
    held.close()
    journal = open_journal(setting.files, PATH)
    run(setting.world.plan, setting.ports(journal), Options("r1", "anna", parallel=1))


def test_an_estimate_bounds_how_long_a_doubtful_state_is_watched() -> None:
    plan = plan_of(step("P05", Kind.SET, "R", {GROUP: "x"}, estimate=Estimate(60, 600)))
    setting = crashed(plan, {GROUP: "changing"})
    begin = setting.world.now
    with pytest.raises(Stale):
        setting.run()
    assert 600 <= setting.world.now - begin <= 660


def test_a_run_that_a_later_version_went_on_with_is_refused_and_nothing_is_done() -> None:
    setting = crashed(backup())
    head = setting.journal().head
    later: Json = {"v": 1, "type": "handed-over", "n": 3, "at": "2026-03-01T02:40:00Z", "estate_ms": 0}
    setting.files.blobs[PATH].seen.extend(frame(canonical(later), head))
    with pytest.raises(Refused, match="a later version: its journal has a `handed-over` record"):
        setting.run()
    assert not setting.world.performed
    assert len(setting.journal().entries) == 3, "nor is anything written"
