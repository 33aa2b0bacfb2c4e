"""What the `lab` commands are made of: edits as a person types them, and what they answer."""

import pytest

from oceana_dr.diagnostics import OceanaError, Refused
from oceana_dr.estate.values import Override
from oceana_dr.lab.administration import crew, set_value, status
from tests.lab.stand import CSC, MAIL, Stand, on


def test_a_console_edit_is_typed_as_a_person_would(acme: Stand) -> None:
    edited = set_value(acme.lab, MAIL, "False", "Kim")
    assert (edited.before, edited.after) == (on("true"), on("false"))
    assert acme.get(MAIL) == on("false")
    assert [event.actor for event in acme.lab.events()] == ["Kim"]


@pytest.mark.parametrize(
    ("reference", "text", "value"),
    [
        (MAIL, "default", Override(False, None)),
        ("dc1/queues#chat", "3", 3),
        ("dc1/workflow/Chat#maintenancemode", "True", "true"),
        ("shared/mirror/AOCMIRROR#Databases", "A, B", ("A", "B")),
        ("dc1/sessions#agents", "0", 0),
        ("dc1/cluster/1/state#state", "Deny New Service", "Denying"),
    ],
)
def test_values_of_every_kind(acme: Stand, reference: str, text: str, value: object) -> None:
    assert set_value(acme.lab, reference, text, "Kim").after == value


def test_a_console_refuses_and_a_drill_need_not(acme: Stand) -> None:
    with pytest.raises(Refused, match="S-02"):
        set_value(acme.lab, "dc2/cluster/1/state#state", "Accepting", "Kim")
    set_value(acme.lab, "dc2/cluster/1/state#state", "Accepting", "Kim", force=True)
    assert acme.get("dc2/cluster/1/state#state") == "Accepting"


def test_force_takes_no_value_that_cannot_be(acme: Stand) -> None:
    with pytest.raises(Refused, match="takes one of"):
        set_value(acme.lab, "dc1/cluster-activity#status", "SLEEPING", "Kim", force=True)
    with pytest.raises(Refused, match="does not take"):
        set_value(acme.lab, "dc1/queues#chat", "many", "Kim")


def test_an_edit_brings_along_what_its_console_does(acme: Stand) -> None:
    edited = set_value(acme.lab, "dc1/cluster-activity#status", "STANDBY", "Kim")
    assert edited.settles_in_s == 40
    assert acme.get("dc1/cluster-activity#status") == "ACTIVE"
    acme.pass_minutes(1)
    assert acme.get("dc1/cluster-activity#status") == "STANDBY"


@pytest.mark.parametrize(
    ("reference", "says"),
    [
        ("dc1/smgr/cluster3/EmailServce#x", "has no"),
        ("dc1/cm#colour", "no attribute"),
        ("dc1/cm", "names no attribute"),
        ("cm#state", "not an address"),
    ],
)
def test_what_is_not_there_is_said(acme: Stand, reference: str, says: str) -> None:
    with pytest.raises(OceanaError, match=says):
        set_value(acme.lab, reference, "x", "Kim")


def test_a_slip_gets_the_nearest_address(acme: Stand) -> None:
    with pytest.raises(OceanaError) as caught:
        set_value(acme.lab, "dc1/smgr/cluster3/EmailServce#x", "x", "Kim")
    assert caught.value.hint == "did you mean dc1/smgr/cluster3/EmailService?"


def test_status_tells_what_goes_on(acme: Stand) -> None:
    assert status(acme.lab)["events"] == []
    crew(acme.lab, on=True)
    set_value(acme.lab, "dc1/cluster-activity#status", "STANDBY", "Kim")
    found = status(acme.lab)
    assert found["crew"] is True
    assert [operation["actor"] for operation in found["running"]] == ["Kim"]
    assert found["running"][0]["remaining_s"] == 40
    assert found["clock"]["scale"] == 600


def test_two_edits_of_one_place_do_not_mix(acme: Stand) -> None:
    set_value(acme.lab, "dc1/cluster-activity#status", "STANDBY", "Kim")
    with pytest.raises(Refused, match="busy"):
        set_value(acme.lab, "dc1/cluster/1/state#state", "Accepting", "Lee")
    set_value(acme.lab, CSC, "false", "Lee")
