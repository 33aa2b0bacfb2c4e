"""Changing over a real SSH server: once, only what was found as it was looked at, and read back where nobody knows."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

import pytest

from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.drivers.contract import ActRequest, Declined, Done, InDoubt, Outcome
from oceana_dr.drivers.registry import find_driver
from oceana_dr.drivers.trial import site_for_tests
from oceana_dr.drivers.windows.reader import open_reader
from oceana_dr.drivers.windows.recovery import recovery_of
from oceana_dr.drivers.windows.trial import Stand, failure_actions
from oceana_dr.drivers.windows.wishes import PROCEDURES
from oceana_dr.drivers.windows.writer import open_writer
from oceana_dr.estate.action import Action, RunProcedure, SetValues
from oceana_dr.estate.address import Address, Ref
from oceana_dr.estate.values import Unknown, Value
from tests.drivers.windows.conftest import Open

A = "ocdb-a.globex.example"
APP1, APP2, SQL1 = "acm-app-1.globex.example", "acm-app-2.globex.example", "acm-sql-1.globex.example"
AGENT = Address("dc1/omnichannel/A/ISCAgent")
RESET = Ref(f"{AGENT}#Reset fail count after")
START, STATE = Ref(f"{AGENT}#Startup type"), Ref(f"{AGENT}#Service status")


def act(setting: Open, action: Action, before: dict[Ref, Value] | None = None, **options: Any) -> Outcome:
    return open_writer(setting(**options)).act(ActRequest("run/S1/1", "S1", action, "ada", 1, before or {}))


def put(setting: Open, values: dict[Ref, Value], before: dict[Ref, Value] | None = None, **options: Any) -> Outcome:
    return act(setting, SetValues(values), before, **options)


def edit(stand: Stand, host: str, service: str, **changes: Any) -> None:
    state = stand.state(host)
    state["services"][service] |= changes
    stand.set_state(host, state)


def service(stand: Stand, host: str, name: str = "ISCAgent") -> dict[str, Any]:
    found: dict[str, Any] = stand.state(host)["services"][name]
    return found


def test_a_stopped_agent_becomes_what_the_manual_wants_in_one_act(stand: Stand, setting: Open) -> None:
    edit(stand, A, "ISCAgent", status=1, start=3, delayed=True, actions=failure_actions(120, (0, 0)))
    (found,) = open_reader(setting()).read([AGENT])
    assert not isinstance(found.resource, Unknown)
    before = {Ref(f"{AGENT}#{label}"): value for label, value in found.resource.items()}
    wanted: dict[Ref, Value] = dict.fromkeys(
        (Ref(f"{AGENT}#{item} failure") for item in ("First", "Second")), "Restart the Service"
    )
    wanted |= {
        Ref(f"{AGENT}#Subsequent failures"): "Restart the Service",
        RESET: 120,
        STATE: "running",
        START: "Automatic",
    }
    assert put(setting, wanted, before) == Done({"servers": ["127.0.0.2"], "services": [f"{AGENT}#Service status"]})
    agent = service(stand, A)
    assert (agent["status"], agent["start"], agent["delayed"]) == (4, 2, False)
    recovery = recovery_of(agent["actions"])
    assert recovery.reset_s == 10_368_000
    assert recovery.actions == ((1, 0),) * 3


def test_what_is_so_already_is_not_sent(stand: Stand, setting: Open) -> None:
    assert put(setting, {STATE: "running", START: "Automatic", RESET: 120}) == Done(
        {"servers": [], "services": [f"{AGENT}#Service status"]}
    )
    assert stand.arrived() == 0


def test_who_counts_seconds_sets_seconds(stand: Stand, setting: Open) -> None:
    assert isinstance(put(setting, {RESET: 120}, reset_unit="seconds"), Done)
    assert recovery_of(service(stand, A)["actions"]).reset_s == 120


def test_what_is_not_as_it_was_planned_is_not_touched(stand: Stand, setting: Open) -> None:
    edit(stand, A, "ISCAgent", start=4)
    found = put(setting, {STATE: "stopped", START: "Manual"}, {STATE: "running", START: "Automatic"})
    assert found == Declined(f"{START} is Disabled by now, and was Automatic when it was planned", "moved")
    assert stand.arrived() == 0


def test_a_service_that_somebody_changes_at_this_moment_is_not_touched(stand: Stand, setting: Open) -> None:
    with stand.being("meanwhile"):
        found = put(setting, {STATE: "stopped"}, {STATE: "running"})
    assert found == Declined("ISCAgent on 127.0.0.2 was changed by somebody at this moment", "moved")
    assert stand.arrived() == 0
    assert service(stand, A)["status"] == 4


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({Ref(f"{AGENT}#First failure"): "Take No Action"}, "only `Restart the Service`"),
        ({STATE: "paused"}, "cannot be brought to paused"),
        ({START: "Boot"}, "a start type Boot cannot be set"),
        ({Ref("dc1/acm/sql-server#state"): "shut down"}, "a step of people"),
        ({Ref("shared/acm/database#connected to"): "dc2"}, "cannot set shared/acm/database"),
        ({Ref("dc1/omnichannel/A/MirrorService#state"): "enabled"}, "cannot set dc1/omnichannel/A/MirrorService"),
    ],
)
def test_what_it_cannot_set_is_declined_and_nothing_else_is_done(
    stand: Stand, setting: Open, values: dict[Ref, Value], says: str
) -> None:
    found = put(setting, {**values, RESET: 121})
    assert isinstance(found, Declined)
    assert says in found.message
    assert stand.arrived() == 0


# --------------------------------------------------------------------------------------------- procedures


def test_procedures_that_are_services_are_run_as_the_catalogue_says(stand: Stand, setting: Open) -> None:
    assert isinstance(act(setting, RunProcedure("acm-manual-switchover-workaround", {})), Done)
    assert (service(stand, APP2, "AcmHa")["status"], service(stand, APP2, "AcmHa")["start"]) == (1, 3)
    assert isinstance(act(setting, RunProcedure("acm-ha-service-start", {})), Done)
    assert (service(stand, APP2, "AcmHa")["status"], service(stand, APP2, "AcmHa")["start"]) == (4, 2)
    assert isinstance(act(setting, RunProcedure("acm-start-services", {"from": "dc1", "to": "dc2"})), Done)
    assert [service(stand, APP2, name)["status"] for name in ("AcmAudit", "AcmLicense")] == [4, 4]


def test_a_step_for_two_servers_is_done_on_both(stand: Stand, setting: Open) -> None:
    assert isinstance(act(setting, RunProcedure("switch-off-fenced-acm", {})), Done)
    assert [service(stand, APP1, name)["status"] for name in ("AcmAudit", "AcmLicense")] == [1, 1]
    assert service(stand, SQL1, "MSSQLSERVER")["status"] == 1


def test_where_the_second_server_is_not_reached_nothing_is_sent_to_the_first(stand: Stand, setting: Open) -> None:
    hosts = {**stand.login["hosts"], SQL1: "nobody.invalid"}
    found = act(setting, RunProcedure("switch-off-fenced-acm", {}), hosts=hosts)
    assert found == Declined("nothing was sent: no address is known of nobody.invalid", "not-sent")
    assert stand.arrived() == 0


def test_where_the_second_server_fails_the_first_is_not_denied(stand: Stand, setting: Open) -> None:
    edit(stand, SQL1, "MSSQLSERVER", stuck=True)
    found = act(setting, RunProcedure("switch-off-fenced-acm", {}), settle_s=1)
    assert isinstance(found, InDoubt)
    assert "127.0.0.7: the script failed with" in found.reason
    assert "TimeoutException" in found.reason
    assert "after something was changed; and the services do not read as they should" in found.reason
    assert service(stand, APP1, "AcmAudit")["status"] == 1
    assert stand.arrived() == 3


def test_every_act_at_what_it_writes_is_one_that_it_can_run() -> None:
    """A procedure that is added to the catalogue at these addresses must be looked at: is it services only?"""
    driver, bound = find_driver("windows"), site_for_tests()
    run: set[str] = set()
    for scenario in load_catalogue().scenarios.values():
        for record in scenario.steps:
            for side in ("dc1", "dc2"):
                address = Address(str(record.get("address", "")).replace("{to}", side).replace("{from}", side))
                if record.get("kind") == "run" and "procedure" in record and driver.can_write(address):
                    run.add(str(record["procedure"]))
    assert run == PROCEDURES
    for name in PROCEDURES:
        moments = bound.procedure(name, {"from": "dc1", "to": "dc2"}).moments
        assert all(driver.can_verify(reference) for moment in moments for reference in moment.values), name


# ------------------------------------------------------------------------------------------- lost answers


@pytest.mark.parametrize("mood", ["no end at change", "cut at change"])
def test_an_answer_that_is_lost_is_looked_for_and_the_script_not_sent_again(
    stand: Stand, setting: Open, mood: str
) -> None:
    with stand.being(mood):
        assert isinstance(put(setting, {STATE: "stopped"}), Done)
    assert stand.arrived() == 1


def test_a_stop_before_anything_was_sent_sends_nothing(stand: Stand, setting: Open) -> None:
    stop = threading.Event()
    stop.set()
    opened = replace(setting(), stop=stop)
    found = open_writer(opened).act(ActRequest("run/S1/1", "S1", SetValues({STATE: "stopped"}), "ada"))
    assert isinstance(found, Declined)
    assert stand.arrived() == 0


def test_the_name_that_a_server_gives_a_service_comes_back_as_data(stand: Stand, setting: Open) -> None:
    state = stand.state(APP2)
    odd = "'; Stop-Computer; '"
    state["services"] = {odd: state["services"]["AcmHa"] | {"display": "High \u201cAvailability\u201d"}}
    stand.set_state(APP2, state)
    assert isinstance(act(setting, RunProcedure("acm-manual-switchover-workaround", {})), Done)
    assert service(stand, APP2, odd)["status"] == 1
