"""The end of a change window: the step in hand is finished, a pair as a whole, and nothing begins behind it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from oceana_dr.diagnostics import OutsideWindow
from oceana_dr.execute.closing import Closing, steady
from oceana_dr.execute.events import StepStarted, Stopped
from oceana_dr.guard.recurrence import Recurrence
from oceana_dr.guard.timing import Control
from oceana_dr.guard.windows import Window
from oceana_dr.plan.model import Kind, Step
from oceana_dr.store import records
from tests.execute.plans import A_ROLE, C_ROLE, CHAT, EMAIL, plan_of, step
from tests.execute.world import SERIAL, Setting, in_world, whole

BERLIN = ZoneInfo("Europe/Berlin")
SUNDAYS = Window(Recurrence(datetime(2026, 1, 4, 2, 0), "FREQ=WEEKLY;BYDAY=SU", BERLIN), 4 * 3600)  # noqa: DTZ001
CONTROL = Control((SUNDAYS,), BERLIN)
NIGHT = datetime(2026, 11, 29, 2, 40, tzinfo=BERLIN).astimezone(UTC)
DAY = timedelta(days=1)


@dataclass
class Clocks:
    """The wall's clock, which somebody may set, and the one that nobody sets."""

    wall: datetime = NIGHT
    counted: float = 100.0

    def pass_on(self, time: timedelta) -> None:
        self.wall += time
        self.counted += time.total_seconds()

    def closing(self, control: Control = CONTROL) -> Closing:
        again = "oceana-dr apply plan.json"
        return Closing(control, "planned-switchover", again, lambda: self.wall, lambda: self.counted)


def test_it_is_open_up_to_its_end_and_not_a_second_longer() -> None:
    clocks = Clocks()
    closing = clocks.closing()
    clocks.pass_on(timedelta(hours=3, minutes=19, seconds=59))
    assert closing() is None
    clocks.pass_on(timedelta(seconds=1))
    error = closing()
    assert error is not None
    assert error.exit_code == 7
    assert error.message == (
        "the change window has ended: it is Sun 29 Nov 2026 06:00 CET (05:00 UTC). The step in hand was finished. "
        "The next one opens Sun 6 Dec 02:00 CET (01:00 UTC), in 6 d 20 h, and ends 06:00 CET (05:00 UTC)"
    )
    assert error.hint == 'to go on before: oceana-dr apply plan.json --outside-window --reason "..."'


def test_a_window_without_an_end_never_closes() -> None:
    clocks = Clocks()
    closing = clocks.closing(Control((), BERLIN))
    clocks.pass_on(400 * DAY)
    assert closing() is None


def test_a_freeze_that_begins_ends_the_window() -> None:
    freeze = Window(Recurrence(datetime(2026, 11, 29, 3, 0), None, BERLIN), 3600, deny=True)  # noqa: DTZ001
    clocks = Clocks()
    closing = clocks.closing(replace(CONTROL, windows=(SUNDAYS, freeze)))
    clocks.pass_on(timedelta(minutes=20))
    error = closing()
    assert error is not None
    assert "opens 04:00 CET" in error.message


@pytest.mark.parametrize("jump", [DAY, -DAY, timedelta(hours=-1), timedelta(hours=5)])
def test_a_clock_that_is_set_opens_nothing(jump: timedelta) -> None:
    clocks = Clocks()
    closing = clocks.closing()
    clocks.wall += jump
    error = closing()
    assert error is not None
    assert "the clock of this machine was set while the plan ran" in error.message
    assert "Sun 29 Nov 2026 02:40 CET (01:40 UTC) was counted" in error.message


def test_a_clock_that_is_put_back_does_not_keep_the_window_open() -> None:
    clocks = Clocks()
    closing = clocks.closing()
    clocks.pass_on(timedelta(hours=4))
    clocks.wall -= timedelta(hours=2)  # it says 04:40, within the window
    assert closing() is not None


@pytest.mark.parametrize("jump", [timedelta(seconds=-90), timedelta(hours=1), timedelta(minutes=-30)])
def test_a_clock_that_is_corrected_within_the_window_stops_nothing(jump: timedelta) -> None:
    clocks = Clocks()
    closing = clocks.closing()
    clocks.pass_on(timedelta(minutes=5))
    clocks.wall += jump
    assert closing() is None


def test_the_steady_clock_goes_on() -> None:
    first = steady()
    assert steady() >= first


# ----------------------------------------------------------------------------------------------- a run and its window


def five() -> Setting:
    return in_world(
        plan_of(
            step("P22", Kind.SET, "I", {EMAIL: "x"}),
            step("P23", Kind.RUN, "N", {C_ROLE: "primary"}, "P22"),
            step("P24", Kind.RUN, "N", {A_ROLE: "async"}, "P23", pair="P23"),
            step("P31", Kind.SET, "I", {CHAT: "x"}, "P24"),
        )
    )


def end_within(setting: Setting, clocks: Clocks, step_id: str) -> None:
    """Let the window end while this step's call is in hand."""

    def hook(one: Step) -> None:
        if one.id == step_id:
            clocks.pass_on(timedelta(hours=4))

    setting.gateway.hook = hook


@pytest.mark.parametrize("parallel", [1, 4])
def test_the_step_in_hand_is_finished_and_the_run_resumes_in_the_next_window(parallel: int) -> None:
    setting, clocks = five(), Clocks()
    end_within(setting, clocks, "P22")
    with pytest.raises(OutsideWindow, match="the change window has ended"):
        setting.run(replace(SERIAL, parallel=parallel, closing=clocks.closing()))
    assert [record.step for record in setting.records(records.Done)] == ["P22"]
    assert setting.records(records.Stopped)[-1].exit_code == 7
    assert setting.listener.of(Stopped)[-1].resumable
    clocks.pass_on(7 * DAY - timedelta(hours=4))
    setting.again().run(replace(SERIAL, parallel=parallel, closing=clocks.closing()))
    assert set(setting.world.performed.values()) == {1}
    assert len(setting.world.performed) == 4


@pytest.mark.parametrize("parallel", [1, 4])
@pytest.mark.parametrize("within", ["P23", "P24"])
def test_a_supervised_pair_is_finished_before_the_run_stops(within: str, parallel: int) -> None:
    setting, clocks = five(), Clocks()
    end_within(setting, clocks, within)
    with pytest.raises(OutsideWindow):
        setting.run(replace(SERIAL, parallel=parallel, closing=clocks.closing()))
    assert [record.step for record in setting.records(records.Done)] == ["P22", "P23", "P24"]


def test_a_pair_that_a_crash_left_half_done_is_finished_also_outside_of_the_window() -> None:
    setting, clocks = five(), Clocks()

    def crash(one: Step) -> None:
        if one.id == "P24":
            raise KeyboardInterrupt

    setting.gateway.hook = crash
    with pytest.raises(KeyboardInterrupt):
        setting.run()
    setting.gateway.hook = str
    clocks.pass_on(timedelta(hours=5))
    setting.people.answers = {}
    with pytest.raises(OutsideWindow):
        setting.again().run(replace(SERIAL, closing=clocks.closing()))
    assert {"P23", "P24"} <= {record.step for record in setting.records(records.Done)}
    assert "P31" not in {event.step for event in setting.listener.of(StepStarted)}


def test_a_wait_is_left_when_the_window_ends_and_waited_for_again() -> None:
    setting, clocks = whole(), Clocks()
    read = setting.world.read

    def tick(addresses: object = None) -> object:
        if setting.listener.events and isinstance(setting.listener.events[-1], StepStarted):
            last = setting.listener.events[-1]
            if last.step == "P10":
                clocks.pass_on(timedelta(hours=4))
        return read(addresses)  # type: ignore[arg-type] # passed on as it came

    setting.world.read = tick  # type: ignore[method-assign, assignment] # the world with a clock that runs on
    with pytest.raises(OutsideWindow):
        setting.run(replace(SERIAL, closing=clocks.closing()))
    assert "P10" not in {record.step for record in setting.records(records.Done)}
    setting.world.read = read  # type: ignore[method-assign] # as it was
    setting.again().run()
    assert set(setting.world.performed.values()) == {1}
