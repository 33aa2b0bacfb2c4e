"""A step that people leave out: only by two of them, with a reason, signing for what it touches; and never done."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from oceana_dr.catalogue.bind import BoundCatalogue
from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.diagnostics import WaitingForPerson
from oceana_dr.drivers.contract import Answer
from oceana_dr.drivers.operator.contract import question_for
from oceana_dr.estate.address import Address, Ref
from oceana_dr.execute.events import Finished, StepSkipped
from oceana_dr.execute.ports import RunResult
from oceana_dr.execute.resume import Standing, pasts
from oceana_dr.guard.skipping import judge_skip
from oceana_dr.operations.explaining.scenarios import explain_scenario
from oceana_dr.plan.model import Plan, Skipping
from oceana_dr.present.report.document import report_to_json
from oceana_dr.present.report.model import make_report
from oceana_dr.present.report.text import render_report
from oceana_dr.present.status_text import render_status, status_to_json
from oceana_dr.store import records
from tests.execute.test_real_plans import DARK, TwinWorld, plan_of
from tests.execute.world import Gateway, Setting
from tests.planning import seed
from tests.scenarios.estates import ENDS, compiled

NOW = datetime(2026, 3, 14, tzinfo=UTC)
SIGNED = Answer("skip", "anna", "ben", reason="the test team is away")
CAMPAIGNS = Answer("skip", "anna", "ben", reason="none is configured", waiver=("S-62",))


def setting() -> Setting:
    """The planned switchover of acme on the twin, queues drained by themselves."""
    queues = {Ref(f"dc1/queues#{label}"): 0 for label in seed("acme").attributes(Address("dc1/queues"))}
    world = TwinWorld(plan_of("acme"), seed("acme"), reactions={"P08": [(1800, queues)]}, dark_when_off=DARK)
    return Setting(world, Gateway(world))


def judged(site: str, name: str) -> Skipping:
    """What skipping a step of the planned switchover means when its turn has come."""
    plan = plan_of(site)
    live, rest = plan.initial, {step.id for step in plan.steps}
    for step in plan.steps:
        rest.discard(step.id)
        if step.id == name:
            return judge_skip(BoundCatalogue(load_catalogue(), plan.bindings), plan, step, rest, live)
        for moment in step.moments:
            live = live.with_values(moment.values)
    raise AssertionError(name)


def test_a_run_with_a_skipped_step_ends_and_is_complete_in_no_report() -> None:
    here = setting()
    here.people.answers["P41"] = SIGNED
    result = here.run()
    plan, entries = plan_of("acme"), here.journal().entries
    assert result.skipped == ("P41",)
    assert "P41" not in result.how
    assert here.world.performed["P41"] == 0
    assert pasts(entries)["P41"].standing is Standing.SKIPPED
    assert here.records(records.Skipped) == [records.Skipped("P41", "anna", "ben", "the test team is away")]
    assert here.listener.of(Finished)[0].skipped == ("P41",)
    assert here.listener.of(StepSkipped)[0].reason == "the test team is away"
    report = make_report(plan, entries)
    data, text = report_to_json(report, UTC), render_report(report, zone=UTC)
    assert data["outcome"] == report.outcome == "incomplete"
    assert "incomplete: of 47 steps 46 done, 1 skipped" in text
    assert "skipped by anna and ben: the test team is away" in " ".join(text.split())
    status = render_status(plan, entries, now=NOW, zone=UTC, width=200)
    assert "46 of 47 steps done, 1 skipped" in status
    assert "ended, not complete," in status
    shown = status_to_json(plan, entries, alive=False)
    assert (shown["state"], shown["done"], shown["skipped_steps"], shown["left_s"]) == ("incomplete", 46, ["P41"], 0)
    for said in (text, status):
        assert "finished" not in said
        assert "complete" not in said.replace("incomplete", "").replace("not complete", "")


def test_the_same_command_neither_does_nor_forgets_what_was_skipped() -> None:
    here = setting()
    here.people.answers["P41"] = SIGNED
    here.run()
    again: RunResult = here.again().run()
    assert again.skipped == ("P41",)
    assert here.world.performed["P41"] == 0


def test_whoever_skips_is_told_what_it_touches_and_signs_for_all_of_it() -> None:
    here = setting()
    here.people.answers["P03"] = replace(CAMPAIGNS, waiver=())
    with pytest.raises(
        WaitingForPerson, match=r"as `waiver: \[S-62\]`: S-62 no campaign runs when the group"
    ) as caught:
        here.run()
    assert caught.value.exit_code == 8
    assert here.records(records.Skipped) == []
    here.people.answers["P03"] = CAMPAIGNS
    here.people.answers["waive P17"] = None
    # What a step further on must have is asked again, right before it.
    with pytest.raises(WaitingForPerson, match="P17 is not begun: shared/pom#campaigns running"):
        here.again().run()
    assert here.records(records.Skipped) == [records.Skipped("P03", "anna", "ben", "none is configured", ("S-62",))]
    assert here.records(records.Answered)[-1].answer.get("outcome") == "confirm"
    del here.people.answers["waive P17"]
    assert here.again().run().skipped == ("P03",)
    assert here.world.performed["P03"] == 0


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (replace(SIGNED, second=None), "who skips needs a second person"),
        (replace(SIGNED, second=" Anna "), "the second person must be somebody else than anna"),
        (replace(SIGNED, reason=" "), "whoever skips says why, as `reason`"),
    ],
)
def test_a_skip_that_is_not_signed_is_no_answer(answer: Answer, fault: str) -> None:
    here = setting()
    here.people.answers["P01"] = answer
    plan = plan_of("acme")
    here.world.plan = replace(plan, steps=(replace(plan.step("P41"), id="P01", after=(), expect={}),))
    with pytest.raises(WaitingForPerson, match=fault):
        here.run()
    assert here.records(records.Skipped) == []


@pytest.mark.parametrize(
    ("site", "step", "touches", "why"),
    [
        ("acme", "P03", {"S-62"}, ""),
        ("acme", "P10", {"S-60", "S-80"}, ""),
        ("acme", "P38.client", {"S-105"}, ""),
        ("acme", "P41", set(), ""),
        ("acme", "P23", {"S-20", "S-21", "S-22"}, "it belongs to P24, and nothing comes between them"),
        ("acme", "P01", set(), "P41 one contact per channel is answered in Data Center 2 begins from"),
        (
            "acme",
            "P14.shutdown",
            {"S-79"},
            "P14.registered phone sets and gateways are registered with the ESS waits for",
        ),
        ("acme", "P31", {"S-01"}, "S-65 would be broken after P30"),
        ("acme", "P06.ed", {"S-68"}, "S-68 would be broken after P40.chat"),
        ("globex", "P22", {"S-23"}, "P23 promote Server C needs (S-23)"),
        ("acme", "P00", {"S-07", "S-71", "S-106"}, ""),
    ],
)
def test_what_a_step_touches_and_what_forbids_to_skip_it(site: str, step: str, touches: set[str], why: str) -> None:
    found = judged(site, step)
    assert touches <= found.touches.keys()
    assert bool(found.barred) == bool(why)
    assert found.barred.startswith(why)


def test_what_was_begun_and_not_read_back_cannot_be_called_skipped() -> None:
    here = setting()
    seen: list[str] = []

    def look(question: object) -> None:
        skip = getattr(question, "skip", None)
        if getattr(question, "step", "") == "P12.ocp" and skip is not None:
            seen.append(skip().barred)

    here.people.hook = look
    here.gateway.faults["P12.ocp"] = ["not-arrived"]
    here.run()
    assert seen[0] == ""
    assert "something of it may have been done" in seen[1]


def _first_without_a_way_back(plan: Plan) -> str:
    return next(step.id for step in plan.steps if step.irreversible)


def test_the_point_of_no_return_is_announced_where_people_confirm_it() -> None:
    plan = plan_of("acme")
    step = plan.step(_first_without_a_way_back(plan))
    text = question_for(step, {}).text
    assert text.endswith(f"There is no way back from here: {step.irreversible}.")
    assert "no way back" not in question_for(plan.step("P03"), {}).text
    for name, topology in zip(load_catalogue().scenarios, ENDS * 4, strict=True):
        first = explain_scenario(name, compiled(topology, "dc1")).point_of_no_return
        assert first is None or first.people, f"{name}: nobody is asked at {first}"
