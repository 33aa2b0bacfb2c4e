"""Stopping: waits and questions at once, calls in hand to their end, a pair as a whole; then it resumes."""

from __future__ import annotations

import os
import signal
import threading
from dataclasses import replace

import pytest

from oceana_dr.diagnostics import RunStopped, WaitingForPerson
from oceana_dr.drivers.contract import Answer, Question, QuestionLeft
from oceana_dr.execute.events import LeftInDoubt, StepStarted, Stopped, StopWished
from oceana_dr.execute.signals import StopFlag, stopped_by_signals
from oceana_dr.plan.model import Kind, Step
from oceana_dr.store import records
from tests.execute.plans import A_ROLE, BACKUP, C_ROLE, CHAT, EMAIL, GROUP, plan_of, step
from tests.execute.world import SERIAL, Setting, in_world, whole


def pair(**more: object) -> Setting:
    return in_world(
        plan_of(
            step("P22", Kind.SET, "I", {EMAIL: "x"}),
            step("P23", Kind.RUN, "N", {C_ROLE: "primary"}, "P22", **more),
            step("P24", Kind.RUN, "N", {A_ROLE: "async"}, "P23", pair="P23", **more),
            step("P26", Kind.SET, "I", {GROUP: "x"}, "P22"),
            step("P31", Kind.SET, "I", {CHAT: "x"}, "P24 P26"),
        )
    )


def stop_at(setting: Setting, step_id: str, times: int = 1) -> None:
    """Wish for a stop while this step's call is in hand."""

    def hook(one: Step) -> None:
        if one.id == step_id:
            for _ in range(times):
                setting.stop.signal("SIGTERM")

    setting.gateway.hook = hook


@pytest.mark.parametrize("parallel", [1, 4])
def test_the_call_in_hand_is_finished_and_nothing_more_is_started(parallel: int) -> None:
    setting = whole()
    stop_at(setting, "P12")
    with pytest.raises(RunStopped, match="stopped by SIGTERM") as caught:
        setting.run(replace(SERIAL, parallel=parallel))
    assert caught.value.exit_code == 4
    assert caught.value.hint == "run the same command again to resume"
    assert "P12" in {record.step for record in setting.records(records.Done)}
    assert "P23" not in {event.step for event in setting.listener.of(StepStarted)}
    stopped = setting.listener.of(Stopped)[-1]
    assert stopped.done < stopped.total == 14
    setting.gateway.hook = str
    setting.again().run()
    assert set(setting.world.performed.values()) == {1}


def test_a_wait_is_interrupted_at_once_and_resumes() -> None:
    setting = whole()
    advance, begin = setting.world.advance, setting.world.now

    def advanced(seconds: float) -> None:
        advance(seconds)
        if setting.world.now > begin + 200:
            setting.stop.signal("SIGINT")

    setting.world.advance = advanced  # type: ignore[method-assign]
    with pytest.raises(RunStopped, match="SIGINT"):
        setting.run()
    assert setting.world.now < begin + 260
    assert setting.listener.of(Stopped)[-1].in_doubt == ("P10",)
    setting.world.advance = advance  # type: ignore[method-assign]
    setting.again().run()


@pytest.mark.parametrize("goes", ["none", "raises"])
def test_a_question_is_left_at_once_and_asked_again(goes: str) -> None:
    setting = whole()

    def leave(question: Question) -> None:
        if question.step == "P14":
            setting.stop.signal("SIGINT")
            if goes == "raises":
                raise QuestionLeft("a stop was asked for")
            setting.people.answers["P14"] = None

    setting.people.hook = leave
    with pytest.raises(RunStopped, match="SIGINT"):
        setting.run()
    setting.people.hook, setting.people.answers = str, {}
    setting.again().run()
    assert setting.world.performed["P14"] == 1


def test_a_terminal_that_hangs_up_waits_for_a_person() -> None:
    setting = whole()

    def hang_up(question: Question) -> None:
        if question.step == "P23":
            raise QuestionLeft("the terminal is gone")

    setting.people.hook = hang_up
    with pytest.raises(WaitingForPerson, match="the terminal is gone"):
        setting.run()
    setting.people.hook = str
    setting.again().run()
    assert "interrupted here" in setting.people.questions[-2].text
    assert setting.world.performed["P23"] == 1


@pytest.mark.parametrize("parallel", [1, 4])
@pytest.mark.parametrize("driver", ["gateway", "operator"])
def test_a_stop_inside_a_pair_waits_for_the_whole_pair(driver: str, parallel: int) -> None:
    setting = pair(driver=driver)
    stop_at(setting, "P23")
    with pytest.raises(RunStopped):
        setting.run(replace(SERIAL, parallel=parallel))
    done = {record.step for record in setting.records(records.Done)}
    assert {"P23", "P24"} <= done
    assert "P31" not in done
    wished = setting.listener.of(StopWished)
    if parallel > 1:
        assert wished[0].finishing[-2:] == ("P23", "P24")
    setting.gateway.hook = str
    setting.again().run()
    assert set(setting.world.performed.values()) == {1}


def test_the_end_of_the_window_inside_a_pair_waits_for_the_whole_pair() -> None:
    setting = pair()
    over: list[str] = []
    setting.gateway.hook = lambda one: over.append(one.id) if one.id == "P23" else None
    with pytest.raises(RunStopped, match="over"):
        setting.run(replace(SERIAL, closing=lambda: RunStopped("over") if over else None))
    assert setting.world.performed["P24"] == 1
    assert setting.world.performed["P31"] == 0


def test_nothing_is_started_between_a_pair_and_nothing_touches_its_systems() -> None:
    setting = pair()
    setting.run(replace(SERIAL, parallel=4))
    started = [event.step for event in setting.listener.of(StepStarted)]
    assert started.index("P24") == started.index("P23") + 1


def test_after_a_crash_between_a_pair_its_second_comes_first() -> None:
    setting = pair()
    setting.gateway.faults = {"P24": ["refused"]}
    with pytest.raises(RunStopped):
        setting.run()
    setting.again().run()
    assert setting.listener.of(StepStarted)[0].step == "P24"


@pytest.mark.parametrize("parallel", [1, 4])
def test_a_second_signal_leaves_at_once_and_says_what_is_in_doubt(parallel: int) -> None:
    setting = pair(driver="operator")
    release = threading.Event()

    def twice(question: Question) -> None:
        if question.step == "P24":
            setting.stop.signal("SIGINT")
            assert not setting.stop.pressing.is_set(), "the pair is shielded from the first"
            setting.stop.signal("SIGINT")
            assert setting.stop.pressing.is_set()
            if parallel > 1:
                release.wait(10)
            raise QuestionLeft("a stop was asked for")

    setting.people.hook = twice
    with pytest.raises(RunStopped):
        setting.run(replace(SERIAL, parallel=parallel))
    assert setting.listener.of(LeftInDoubt)[0].steps == ("P24",)
    release.set()
    setting.people.hook = str
    for thread in threading.enumerate():
        if thread.name == "P24":
            thread.join(10)
    setting.again().run()
    assert setting.world.performed["P24"] == 1


def test_a_failed_step_lets_the_others_in_hand_end_and_nothing_more_begin() -> None:
    setting = in_world(
        plan_of(
            step("P05", Kind.SET, "I", {EMAIL: "x"}),
            step("P12", Kind.RUN, "N", {BACKUP: "current"}),
            step("P31", Kind.SET, "I", {GROUP: "x"}, "P12"),
        )
    )
    in_hand = threading.Event()

    def hook(one: Step) -> None:
        if one.id == "P05":
            assert in_hand.wait(10)
        if one.id == "P12":
            in_hand.set()
            assert setting.stop.pressing.wait(10)

    setting.gateway.faults = {"P05": ["refused"]}
    setting.gateway.hook = hook
    with pytest.raises(RunStopped, match="P05"):
        setting.run(replace(SERIAL, parallel=4))
    assert [record.step for record in setting.records(records.Done)] == ["P12"]
    assert setting.world.performed == {"P12": 1}


# -------------------------------------------------------------------------------------------- the flag and signals


def test_a_shield_holds_back_the_first_signal_and_not_the_second() -> None:
    stop = StopFlag()
    with stop.shielded():
        stop.signal("SIGINT")
        assert (stop.pressing.is_set(), stop.forced.is_set(), stop.reason) == (False, False, "SIGINT")
    assert stop.pressing.is_set()
    again = StopFlag()
    with again.shielded():
        again.signal("SIGINT")
        again.signal("SIGTERM")
        assert again.pressing.is_set()
        assert again.forced.is_set()
    assert again.reason == "SIGINT"


def test_a_failure_is_no_signal_and_never_forces() -> None:
    stop = StopFlag()
    stop.halt("a step failed")
    stop.halt("another")
    stop.signal("SIGINT")
    assert (stop.reason, stop.forced.is_set()) == ("a step failed", False)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_real_signals_arrive_and_the_handlers_are_put_back(number: signal.Signals) -> None:
    stop, before = StopFlag(), signal.getsignal(number)
    with stopped_by_signals(stop):
        os.kill(os.getpid(), number)
        assert stop.pressing.wait(10)
        os.kill(os.getpid(), number)
        assert stop.forced.wait(10)
    assert stop.reason == number.name
    assert signal.getsignal(number) is before


def test_outside_the_main_thread_signals_are_left_alone() -> None:
    before = signal.getsignal(signal.SIGINT)
    seen = []

    def other() -> None:
        with stopped_by_signals(StopFlag()):
            seen.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=other)
    thread.start()
    thread.join()
    assert seen == [before]


def test_a_real_signal_while_a_call_is_in_hand_stops_the_run_behind_it() -> None:
    setting = whole()
    setting.people.answers["P01"] = Answer("confirm", "anna", "ben")

    def kill(one: Step) -> None:
        if one.id == "P12":
            os.kill(os.getpid(), signal.SIGTERM)
            assert setting.stop.pressing.wait(10)

    setting.gateway.hook = kill
    with stopped_by_signals(setting.stop), pytest.raises(RunStopped, match="SIGTERM"):
        setting.run(replace(SERIAL, parallel=4))
    assert setting.world.performed["P12"] == 1
