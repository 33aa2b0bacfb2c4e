"""A trial of somebody's own server moves one field of the recovery options, and puts it back."""

from __future__ import annotations

import pytest

from oceana_dr.diagnostics import Refused
from oceana_dr.drivers.contract import ActRequest, Done
from oceana_dr.drivers.windows.contract import Silent
from oceana_dr.drivers.windows.fields import attributes
from oceana_dr.drivers.windows.recovery import recovery_of
from oceana_dr.drivers.windows.trial import Stand, windows_trial
from oceana_dr.drivers.windows.writer import open_writer
from oceana_dr.estate.action import Action
from oceana_dr.estate.values import Unknown
from tests.drivers.windows.conftest import Open

A = "ocdb-a.globex.example"


def delays(stand: Stand) -> set[int]:
    return {delay for _, delay in recovery_of(stand.state(A)["services"]["ISCAgent"]["actions"]).actions}


def test_the_service_itself_is_left_running(stand: Stand, setting: Open) -> None:
    with windows_trial(setting().options) as trial:
        (attempt,) = trial.attempts
        writer = open_writer(trial.setting)

        def act(action: Action) -> object:
            return writer.act(ActRequest("trial/T1/1", "T1", action, "conformance"))

        assert isinstance(act(attempt.action), Done)
        assert delays(stand) == {60_000}
        assert stand.state(A)["services"]["ISCAgent"]["status"] == 4
        assert isinstance(act(attempt.undo), Done)
        assert delays(stand) == {0}
        assert trial.arrived() is None
        assert trial.silence() is None


def test_a_server_that_tells_no_delay_is_not_tried(stand: Stand, setting: Open) -> None:
    state = stand.state(A)
    state["services"] = {}
    stand.set_state(A, state)
    with pytest.raises(Refused, match="cannot be tested with"), windows_trial(setting().options):
        pass


def test_only_a_server_that_is_off_reads_as_unreachable() -> None:
    assert attributes((), Silent("no connection", off=True), "days") == Unknown("unreachable")
    assert attributes((), Silent("refuses connections"), "days") == Unknown("not read: refuses connections")
