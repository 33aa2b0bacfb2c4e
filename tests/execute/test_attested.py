"""What no driver can read back is known by a person's word; a step claims no more than that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import pytest

from oceana_dr.diagnostics import RunStopped, WaitingForPerson
from oceana_dr.drivers.contract import Answer, Reading
from oceana_dr.estate.address import Address, Ref, address_of, attribute_of
from oceana_dr.estate.predicate import All, AtMost, Is
from oceana_dr.estate.values import Value
from oceana_dr.execute.ports import Ports, RunJournal
from oceana_dr.plan.codec import decode_plan, encode_plan
from oceana_dr.plan.consistency import check_plan
from oceana_dr.plan.fields import Misfit
from oceana_dr.plan.model import Kind, Phase, Plan
from oceana_dr.store import records
from tests.execute.plans import BACKUP, CM, EMAIL, QUEUE, SPREAD, plan_of, step
from tests.execute.world import Gateway, Setting, World


@dataclass
class Blind(Setting):
    """A world in which an attribute reads as a person saw it last, whatever it is."""

    seen: dict[Ref, Value] = field(default_factory=dict)
    by: list[str] = field(default_factory=list)

    def ports(self, journal: RunJournal) -> Ports:
        return replace(super().ports(journal), reader=self, attest=self.attest)

    def attest(self, seen: Mapping[Ref, Value], by: str) -> None:
        self.seen |= seen
        self.by.append(by)

    def read(self, addresses: Sequence[Address] | None = None) -> tuple[Reading, ...]:
        found = self.world.read(addresses)
        return tuple(replace(item, resource=self._told(item)) for item in found)

    def _told(self, item: Reading) -> Mapping[str, Value]:
        told = {attribute_of(name): value for name, value in self.seen.items() if address_of(name) == item.address}
        assert isinstance(item.resource, Mapping)
        return {**item.resource, **told}


def blind(plan: Plan) -> Blind:
    world = World(plan, plan.initial)
    names = {name for one in plan.steps for name in one.attested}
    return Blind(world, Gateway(world), seen={name: plan.initial.get(name) for name in names})


def one(driver: str = "gateway") -> Plan:
    return plan_of(step("P01", Kind.SET, "I", {CM: "shut down"}, attested=(CM,), driver=driver))


def test_a_driver_acts_and_a_person_says_what_came_of_it() -> None:
    setting = blind(one())
    assert setting.run().how["P01"] == "attested"
    (question,) = setting.people.questions
    assert "The driver gateway cannot read this back" in question.text
    assert setting.by == ["anna"]
    (done,) = setting.records(records.Done)
    assert (done.how, done.answer["by"] if done.answer else "", done.values[CM]) == ("attested", "anna", "shut down")
    assert setting.world.performed["P01"] == 1


def test_what_nobody_attests_is_not_done() -> None:
    setting = blind(one())
    setting.people.answers["P01"] = None
    with pytest.raises(WaitingForPerson):
        setting.run()
    assert setting.records(records.Done) == []
    setting.people.answers["P01"] = Answer("fail", "anna", None, "it still runs")
    with pytest.raises(RunStopped, match="it still runs"):
        setting.again().run()
    assert setting.records(records.Done) == []
    assert setting.seen[CM] == "running"


def test_a_person_who_did_it_is_asked_once() -> None:
    setting = blind(one(driver="operator"))
    assert setting.run().how["P01"] == "attested"
    assert len(setting.people.questions) == 1


def test_the_rest_of_a_step_still_has_to_read_back() -> None:
    plan = plan_of(step("P01", Kind.SET, "I", {CM: "shut down", EMAIL: "false"}, attested=(CM,)))
    setting = blind(plan)
    setting.gateway.faults["P01"] = ["nothing"]
    with pytest.raises(RunStopped, match=r"it does not read back: .*EmailService"):
        setting.run()
    assert setting.people.questions == []


def test_a_lost_answer_that_nothing_can_read_is_a_persons_to_settle_and_never_sent_twice() -> None:
    plan = plan_of(step("P01", Kind.RUN, "N", {BACKUP: "current"}, attested=(BACKUP,)))
    setting = blind(plan)
    setting.gateway.faults["P01"] = ["lost"]
    assert setting.run().how["P01"] == "attested"
    assert "proves neither that it was done nor that it was not" in setting.people.questions[0].text
    assert setting.world.performed["P01"] == 1
    assert len(setting.gateway.requests) == 1


def test_the_plan_file_says_what_is_attested_and_can_say_it_of_nothing_else() -> None:
    plan = one()
    assert decode_plan(encode_plan(plan)).steps == plan.steps
    document = encode_plan(plan_of(step("P01", Kind.SET, "I", {CM: "shut down"})))
    assert "attested" not in document["steps"][0]  # type: ignore[operator,index] # JSON
    plan = plan_of(step("P01", Kind.RUN, "I", {CM: "shut down"}, attested=(EMAIL,)))
    odd = replace(plan, phases=(Phase("data", "Data", ("P01",)),), bindings={"site": "acme"})
    with pytest.raises(Misfit, match="leaves to a person's word what it neither verifies nor looks at"):
        check_plan(odd)


def waiting() -> Plan:
    condition = All((Is(SPREAD, ("new",)), AtMost(QUEUE, 0)))
    return plan_of(
        step("P14", Kind.WAIT, "V", driver="operator", condition=condition, attested=(SPREAD,), address=None)
    )


def test_a_wait_for_what_only_people_can_tell_asks_them_and_waits_for_the_rest() -> None:
    setting = blind(waiting())
    setting.people.hook = lambda _: setting.world.edit({QUEUE: 0})
    assert setting.run().how["P14"] == "attested"
    (question,) = setting.people.questions
    assert question.text == "Wait until you see that this is so, then confirm."
    assert question.unread
    assert setting.seen[SPREAD] == "new"
    assert setting.by == ["anna"]


def test_a_wait_that_people_see_fail_is_not_over() -> None:
    setting = blind(waiting())
    setting.people.answers["P14"] = Answer("fail", "anna", None, "three gateways are missing")
    with pytest.raises(RunStopped, match="three gateways are missing"):
        setting.run()
    assert setting.seen[SPREAD] == "old"
