"""A lab's people: they answer as lab:NAME, do what they confirm, and exist in labs only."""

import threading
from typing import Any

import pytest

from oceana_dr.diagnostics import Refused
from oceana_dr.drivers.contract import Declined, Done, Outcome, Question
from oceana_dr.estate.action import RunProcedure
from oceana_dr.lab.administration import break_, crew
from oceana_dr.lab.crew import Crew, people_at
from oceana_dr.lab.hands import LabHands
from oceana_dr.lab.lab import REMEMBERED_S
from oceana_dr.lab.records import Operation
from tests.lab.stand import Stand

QUESTION = Question("P11", "agents are logged out", "…", "Workspaces", (), (), "0 agents", second_person=True)


class RealGateway:
    """A gateway that is not a lab."""

    def request(self, *_: Any) -> tuple[int, Any]:
        return 200, {"site": "acme", "product": "Avaya Oceana 3.5", "lab": False, "clock": {"now": 0, "scale": 1}}


def test_nobody_answers_until_the_crew_is_on(acme: Stand) -> None:
    people = Crew(acme.transport, "acme")
    assert people.ask(QUESTION) is None
    crew(acme.lab, on=True)
    answer = people.ask(QUESTION)
    assert answer is not None
    assert answer.outcome == "confirm"
    assert answer.by.startswith("lab:")
    assert answer.second is not None
    assert answer.second.startswith("lab:")
    assert answer.second != answer.by
    crew(acme.lab, on=False)
    assert people.ask(QUESTION) is None


def test_the_same_people_work_at_a_step() -> None:
    assert people_at("P11") == people_at("P11")
    assert len({people_at(f"P{number:02}")[0] for number in range(40)}) == 8


def test_a_crew_is_refused_for_anything_but_a_lab(acme: Stand) -> None:
    with pytest.raises(Refused):
        Crew(RealGateway(), "acme")
    with pytest.raises(Refused):
        LabHands(RealGateway(), "acme", acme.estate_clock)


def test_a_person_does_what_was_confirmed(acme: Stand) -> None:
    before = acme.estate_clock.now()
    assert isinstance(acme.hand("log-out-agents", from_="dc1"), Done)
    assert acme.get("dc1/sessions#agents") == 0
    assert acme.estate_clock.now() >= before + 590
    assert [event.actor for event in acme.lab.events()] == ["lab:Ada"]


def test_a_person_who_is_asked_again_a_moment_later_looks_first(acme: Stand) -> None:
    def take() -> Outcome:
        return acme.hand("backup-control-manager", from_="dc1")

    assert isinstance(take(), Done)
    assert isinstance(take(), Done)
    assert [event.kind for event in acme.lab.events()] == ["act"]
    acme.estate_clock.sleep(REMEMBERED_S + 1)
    assert isinstance(take(), Done)
    assert [event.kind for event in acme.lab.events()] == ["act", "act"], "the next night's backup is another one"


def test_a_person_who_is_asked_again_meanwhile_does_it_once(acme: Stand) -> None:
    logout = RunProcedure("log-out-agents", {"from": "dc1"})
    first, _ = acme.lab.hands("lab:Ada", logout)
    again, _ = acme.lab.hands("lab:Ada", logout)
    assert first == again
    assert len(acme.lab.events()) == 1


def test_two_people_do_not_work_at_one_console_the_second_waits(acme: Stand) -> None:
    first, _ = acme.lab.hands("lab:Ada", RunProcedure("log-out-agents", {"from": "dc1"}))
    assert isinstance(first, Operation)
    outcome = acme.hands.perform(RunProcedure("log-out-agents", {"from": "dc1"}), "lab:Grace")
    assert isinstance(outcome, Done)
    ada, grace = (event for event in acme.lab.events() if event.kind == "act")
    assert ada.lab_at < first.ends <= grace.lab_at


def test_who_waits_for_a_console_stops_when_the_run_does(acme: Stand) -> None:
    acme.lab.hands("lab:Ada", RunProcedure("log-out-agents", {"from": "dc1"}))
    stop = threading.Event()
    stop.set()
    hands = LabHands(acme.transport, "acme", acme.estate_clock, stop)
    outcome = hands.perform(RunProcedure("log-out-agents", {"from": "dc1"}), "lab:Grace")
    assert isinstance(outcome, Declined)
    assert outcome.rule == "busy"


def test_people_work_while_the_gateway_is_down(acme: Stand) -> None:
    break_(acme.lab, "gateway-down")
    assert isinstance(acme.hand("outbound-shutdown"), Done)
