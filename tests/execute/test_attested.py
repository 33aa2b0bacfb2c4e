"""What no driver can read back is known by a person's word; a step claims no more than that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import pytest

from oceana_dr.diagnostics import Refused, RunStopped, WaitingForPerson
from oceana_dr.drivers.contract import Answer, Reading
from oceana_dr.estate.address import Address, Ref, address_of, attribute_of
from oceana_dr.estate.predicate import All, AnyOf, AtMost, Is
from oceana_dr.estate.values import Value
from oceana_dr.execute.ports import Ports, RunJournal
from oceana_dr.plan.codec import decode_plan, encode_plan
from oceana_dr.plan.consistency import check_plan
from oceana_dr.plan.fields import Misfit
from oceana_dr.plan.model import Kind, Phase, Plan, Requirement
from oceana_dr.store import records
from tests.execute.plans import BACKUP, CHAT, CM, EMAIL, QUEUE, plan_of, step
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
    with pytest.raises(Misfit, match="leaves to a person's word what it does not look at"):
        check_plan(odd)


def test_a_wait_that_nothing_reads_is_a_persons_to_see() -> None:
    condition = All((AtMost(QUEUE, 0), Is(EMAIL, ("true",))))
    plan = plan_of(step("P01", Kind.WAIT, "V", condition=condition, attested=(QUEUE,), driver="operator"))
    setting = blind(plan)
    assert setting.run().how["P01"] == "attested"
    (question,) = setting.people.questions
    assert "No driver reads this: look now, wait until dc1/queues#voice is at most 0, and" in question.text
    assert setting.seen == {QUEUE: 0}
    (done,) = setting.records(records.Done)
    assert done.answer is not None
    assert done.answer["by"] == "anna"


def test_what_a_step_relies_on_and_nothing_reads_is_looked_at_before_it_and_again_before_the_next() -> None:
    needs = (Requirement("S-01", Is(CM, ("running",))),)
    plan = plan_of(
        step("P01", Kind.SET, "I", {CHAT: "true"}, requires=needs, attested=(CM,)),
        step("P02", Kind.SET, "I", {EMAIL: "false"}, after="P01", requires=needs, attested=(CM,)),
    )
    setting = blind(plan)
    setting.run()
    assert [question.step for question in setting.people.questions] == ["P01", "P02"]
    assert setting.world.performed == {"P01": 1, "P02": 1}


def test_a_person_who_does_not_see_it_holds_the_step_up_and_nothing_is_done() -> None:
    needs = (Requirement("S-01", Is(CM, ("running",))),)
    setting = blind(plan_of(step("P01", Kind.SET, "I", {CHAT: "true"}, requires=needs, attested=(CM,))))
    setting.people.answers["P01"] = Answer("fail", "anna", None, "it is off")
    with pytest.raises(RunStopped, match="it is off"):
        setting.run()
    assert setting.world.performed["P01"] == 0


def test_words_that_do_not_tell_which_are_not_made_into_a_value() -> None:
    either = AnyOf((Is(CM, ("shut down",)), Is(EMAIL, ("false",))))
    setting = blind(plan_of(step("P01", Kind.CHECK, "V", condition=either, attested=(CM, EMAIL))))
    with pytest.raises(Refused, match="the check fails"):
        setting.run()
    assert setting.seen[CM] == "running"
    holding = AnyOf((Is(CM, ("running",)), Is(EMAIL, ("false",))))
    setting = blind(plan_of(step("P01", Kind.CHECK, "V", condition=holding, attested=(CM, EMAIL))))
    assert setting.run().how["P01"] == "attested"
