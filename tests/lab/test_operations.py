"""A key is acted on once, an address is acted on by one at a time, silence is doubt."""

import threading
from typing import Any

import pytest

from oceana_dr.drivers.contract import ActRequest, Declined, Done, InDoubt, Outcome
from oceana_dr.drivers.gateway.writer import GatewayWriter
from oceana_dr.estate.action import RunProcedure, SetValues
from oceana_dr.estate.address import Ref
from oceana_dr.lab.administration import break_, mend
from tests.lab.stand import MAIL, Stand, on

BACKUP = RunProcedure("backup-ucmservice-planned", {"from": "dc1"})


def acts(stand: Stand) -> list[str]:
    return [event.detail["key"] for event in stand.lab.events() if event.kind == "act"]


def test_the_same_key_is_acted_on_once(acme: Stand) -> None:
    request = ActRequest("run/P12.ucm/1", "P12.ucm", BACKUP, "tester")
    assert acme.writer.act(request) == acme.writer.act(request) == Done({"operation": "run/P12.ucm/1"})
    assert acts(acme) == ["run/P12.ucm/1"]


def test_a_key_stands_for_one_action(acme: Stand) -> None:
    acme.writer.act(ActRequest("run/P12/1", "P12", BACKUP, "tester"))
    other = acme.writer.act(ActRequest("run/P12/1", "P12", SetValues({Ref(MAIL): on("false")}), "tester"))
    assert isinstance(other, Declined)
    assert acme.get(MAIL) == on("true")


def test_a_refused_key_stays_refused(acme: Stand) -> None:
    request = ActRequest("run/P24/1", "P24", RunProcedure("demote-to-async", {}), "tester")
    first = acme.writer.act(request)
    acme.hand("promote-async-active-available")
    assert acme.writer.act(request) == first == Declined("Server C is not primary yet", "S-21")
    assert acme.writer.settle("run/P24/1") == first


def test_a_second_act_at_a_busy_address_is_declined(acme: Stand) -> None:
    acme.lab.submit("one", "tester", BACKUP)
    second = acme.writer.act(ActRequest("two", "P12", BACKUP, "tester"))
    assert isinstance(second, Declined)
    assert second.rule == "busy"
    assert "one" in second.message
    assert acme.writer.settle("two") is None


def test_other_addresses_are_not_busy(acme: Stand) -> None:
    acme.lab.submit("one", "tester", BACKUP)
    assert isinstance(acme.set({MAIL: on("false")}), Done)


@pytest.mark.parametrize("key", ["r/P05/1", "2026-01-04T02:00+acme/P27.ha-service/2", "a" * 200])
def test_keys_of_every_form_are_found_again(acme: Stand, key: str) -> None:
    assert acme.writer.act(ActRequest(key, "P05", SetValues({Ref(MAIL): on("false")}), "tester")) == Done(
        {"operation": key}
    )
    assert acme.writer.settle(key) == Done({"operation": key})


def test_who_lost_the_lock_is_refused_by_a_smaller_token(acme: Stand) -> None:
    def act(key: str, token: int | None) -> Outcome:
        writer = GatewayWriter(acme.transport, "acme", acme.estate_clock, fencing=True)
        return writer.act(ActRequest(key, "P05", SetValues({Ref(MAIL): on("false")}), "tester", token))

    assert act("r1/P05/1", 7) == Done({"operation": "r1/P05/1"})
    assert act("r2/P05/1", 8) == Done({"operation": "r2/P05/1"})
    for key in ("r1/P05/2", "r1/P05/1"):
        refused = act(key, 7)
        assert isinstance(refused, Declined)
        assert refused.rule == "fenced"
        assert "7 is older than 8" in refused.message
    assert act("r2/P05/2", 8) == Done({"operation": "r2/P05/2"})
    assert act("by-hand", None) == Done({"operation": "by-hand"})
    assert acts(acme) == ["r1/P05/1", "r2/P05/1", "r2/P05/2", "by-hand"]
    acme.lab.reset()
    assert isinstance(act("r1/P05/1", 7), Declined), "a holder that was paused wakes after a reset too"


@pytest.mark.parametrize(("fencing", "sent"), [(True, {"fencing_token": 7}), (False, {})])
def test_a_token_is_sent_to_who_says_that_it_is_checked(
    fencing: bool, sent: dict[str, int], acme: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    bodies: list[dict[str, Any]] = []

    def request(*asked: Any) -> tuple[int, Any]:
        bodies.append(asked[-1])
        return 200, {"key": "k", "state": "done"}

    monkeypatch.setattr(acme.transport, "request", request)
    writer = GatewayWriter(acme.transport, "acme", acme.estate_clock, fencing=fencing)
    writer.act(ActRequest("k", "P12", BACKUP, "tester", 7))
    assert {name: value for name, value in bodies[0].items() if name == "fencing_token"} == sent


def test_a_lost_answer_is_looked_up_and_the_act_is_done_once(acme: Stand) -> None:
    break_(acme.lab, "answer-lost", once=True)
    assert isinstance(acme.run("backup-ucmservice-planned", from_="dc1"), Done)
    assert acts(acme) == ["run/P01/1"]
    assert acme.lab.faults() == ()


def test_what_was_never_delivered_is_in_doubt(acme: Stand) -> None:
    break_(acme.lab, "not-delivered", once=True)
    assert isinstance(acme.set({MAIL: on("false")}), InDoubt)
    assert acme.writer.settle("run/P01/1") is None
    assert acme.get(MAIL) == on("true")


def test_a_gateway_that_is_down_was_sent_nothing(acme: Stand) -> None:
    break_(acme.lab, "gateway-down", once=True)
    outcome = acme.set({MAIL: on("false")})
    assert isinstance(outcome, Declined)
    assert outcome.rule == "not-sent"
    assert acme.get(MAIL) == on("true")


def test_a_gateway_that_goes_down_while_an_act_runs_leaves_doubt(acme: Stand) -> None:
    acme.lab.submit("one", "tester", BACKUP)
    break_(acme.lab, "gateway-down")
    assert isinstance(acme.writer.settle("one"), InDoubt)
    mend(acme.lab)
    assert acme.writer.settle("one") == Done({"operation": "one"})


def test_an_act_that_fails_half_way_is_in_doubt(acme: Stand) -> None:
    break_(acme.lab, "fail-half-way:dc1/cluster-activity", once=True)
    outcome = acme.set({"dc1/cluster-activity#status": "STANDBY"})
    assert isinstance(outcome, InDoubt)
    assert "half-way" in outcome.reason
    assert acme.get("dc1/cluster/1/state#nodes") == "Denying"
    assert acme.get("dc1/cluster-activity#status") == "ACTIVE"


def test_a_stop_ends_the_watching_and_not_the_act(acme: Stand) -> None:
    stop = threading.Event()
    stop.set()
    writer = GatewayWriter(acme.transport, "acme", acme.estate_clock, stop)
    assert isinstance(writer.act(ActRequest("one", "P12", BACKUP, "tester")), InDoubt)
    acme.pass_minutes(10)
    assert acme.writer.settle("one") == Done({"operation": "one"})


class Silent:
    """A transport whose answers a test chooses."""

    def __init__(self, *answers: tuple[int, Any]) -> None:
        self.answers = list(answers)

    def request(self, *_: Any) -> tuple[int, Any]:
        return self.answers.pop(0)


@pytest.mark.parametrize(
    ("answers", "kind"),
    [
        ([(500, None), (404, {})], InDoubt),
        ([(500, None), (200, {"key": "k", "state": "done"})], Done),
        ([(202, "nonsense"), (200, {"key": "k", "state": "done"})], Done),
        ([(202, {"key": "k", "state": "running"}), (404, None)], InDoubt),
        ([(200, {"key": "k", "state": "failed"})], InDoubt),
        ([(401, {"detail": "who are you"})], Declined),
        ([(202, {"key": "k", "state": "running"}), *[(503, None)] * 5], InDoubt),
    ],
)
def test_answers_of_other_gateways_are_taken_for_no_more_than_they_say(
    acme: Stand, answers: list[tuple[int, Any]], kind: type
) -> None:
    writer = GatewayWriter(Silent(*answers), "acme", acme.estate_clock)
    assert isinstance(writer.act(ActRequest("k", "P05", BACKUP, "tester")), kind)
