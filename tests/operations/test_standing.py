"""Timers run from the end of the step that starts them to a step that stops them, across runs and process ends."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from oceana_dr.estate.address import Address
from oceana_dr.operations.standing import standing
from oceana_dr.operations.stores import state_of
from oceana_dr.plan.codec import plan_id, write_text
from oceana_dr.plan.model import Owed, Plan, Timer
from oceana_dr.plan.standing_codec import outliving, outliving_from
from oceana_dr.present.standing_text import render_standing
from oceana_dr.source.project import open_project
from oceana_dr.store.records import Done, Finished, RunStarted
from oceana_dr.store.runs import digest_of_plan
from tests.planning import copy_project, plan_case

REINSTATE = Timer("reinstate", "the old primary is reinstated", "P03", 86_400, (43_200, 64_800), None, ("P13", "R03"))
OWED = Owed("owed-email", "EmailService off", Address("dc1/smgr/cluster3/EmailService"), "R01.email")


@pytest.fixture(scope="module")
def plan() -> Plan:
    found = replace(plan_case("acme", "dc2").plan, timers=(REINSTATE,), owed=(OWED,))
    return replace(found, id=plan_id(found))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def run_of(folder: Path, plan: Plan, *steps: str, finished: bool = False) -> None:
    """A run in which these steps were done."""
    data = write_text(plan).encode()
    runs = state_of(open_project(folder)).runs
    place = runs.begin("acme", plan.id, data, datetime.now(UTC))
    journal = runs.open(place, None)
    journal.append(RunStarted(place.run, plan.id, "acme", plan.scenario, "ann"), at=_now(), estate_ms=0)
    for step in steps:
        journal.append(Done(step, "read-back"), at=_now(), estate_ms=0)
    if finished:
        journal.append(Finished(), at=_now(), estate_ms=0)
    journal.close()


def test_a_timer_runs_from_the_step_that_starts_it(tmp_path: Path, plan: Plan) -> None:
    project = open_project(copy_project(tmp_path))
    run_of(tmp_path, plan, "P01")
    now = datetime.now(UTC)
    assert standing(project, "acme", now).timers == ()
    run_of(tmp_path, plan, "P01", "P03")
    (running,) = standing(project, "acme", now).timers
    assert running.until == running.since + timedelta(hours=24)
    assert [standing(project, "acme", running.since + timedelta(hours=h)).timers[0].warnings for h in (1, 13, 19)] == [
        0,
        1,
        2,
    ]


def test_a_step_of_whatever_plan_stops_it(tmp_path: Path, plan: Plan) -> None:
    project = open_project(copy_project(tmp_path))
    run_of(tmp_path, plan, "P03")
    assert standing(project, "acme", datetime.now(UTC)).timers
    run_of(tmp_path, plan, "P13")
    assert standing(project, "acme", datetime.now(UTC)).timers == ()


def test_what_is_owed_stays_so_until_its_step_is_done(tmp_path: Path, plan: Plan) -> None:
    project = open_project(copy_project(tmp_path))
    run_of(tmp_path, plan, "P03")
    assert standing(project, "acme", datetime.now(UTC)).owed == (OWED,)
    later = replace(plan, owed=())
    run_of(tmp_path, replace(later, id=plan_id(later)), "R01.email")
    assert standing(project, "acme", datetime.now(UTC)).owed == ()


def test_a_part_of_a_step_settles_nothing(tmp_path: Path, plan: Plan) -> None:
    """The old Oracle primary is mounted (R03.mount) before it is reinstated, and only that is what was owed."""
    project = open_project(copy_project(tmp_path))
    oracle = Owed("owed-oracle", "reinstated", Address("dc1/oracle"), "R03.reinstate")
    failover = replace(plan, owed=(oracle,))
    run_of(tmp_path, replace(failover, id=plan_id(failover)), "P03")
    later = replace(plan, owed=())
    later = replace(later, id=plan_id(later))
    for step, left in (("R03.mount", (oracle,)), ("R03.reinstate", ())):
        run_of(tmp_path, later, step)
        assert standing(project, "acme", datetime.now(UTC)).owed == left, step


def test_what_people_did_by_hand_is_owed_until_a_plan_that_saw_it_has_ended(tmp_path: Path, plan: Plan) -> None:
    project = open_project(copy_project(tmp_path))
    run_of(tmp_path, plan, "P03")
    later = replace(plan, owed=())
    later = replace(later, id=plan_id(later))
    run_of(tmp_path, later, "R02")
    assert standing(project, "acme", datetime.now(UTC)).owed == (OWED,)
    run_of(tmp_path, later, "R02", finished=True)
    assert standing(project, "acme", datetime.now(UTC)).owed == ()


def test_a_time_that_has_run_out_says_so(tmp_path: Path, plan: Plan) -> None:
    project = open_project(copy_project(tmp_path))
    run_of(tmp_path, plan, "P03")
    now = datetime.now(UTC)
    for hours, says in ((1, "23 h left"), (25, "the time ran out 1 h ago")):
        later = now + timedelta(hours=hours)
        text = render_standing(
            standing(project, "acme", later), now=later, zone=UTC, width=200, colour=False, ascii=True
        )
        assert says in text, text


def test_a_part_of_a_plan_file_says_what_the_whole_says(plan: Plan) -> None:
    """A plan whose digest the journal has is not decoded as a whole: a site may have had hundreds of runs."""
    data = write_text(plan).encode()
    assert outliving_from(data) == outliving(plan)
    for wrong in (b"[]", b"{}", b"nothing", data.replace(b'"timers": [', b'"timers": [7, ', 1)):
        with pytest.raises(ValueError, match=r".+"):
            outliving_from(wrong)


def test_a_plan_that_is_not_the_one_that_was_run_tells_nothing(tmp_path: Path, plan: Plan) -> None:
    project = open_project(copy_project(tmp_path))
    data, runs = write_text(plan).encode(), state_of(project).runs
    place = runs.begin("acme", plan.id, data, datetime.now(UTC))
    journal = runs.open(place, None)
    copy = digest_of_plan(data)
    journal.append(RunStarted(place.run, plan.id, "acme", plan.scenario, "ann", copy), at=_now(), estate_ms=0)
    journal.append(Done("P03", "read-back"), at=_now(), estate_ms=0)
    journal.close()
    assert standing(project, "acme", datetime.now(UTC)).timers
    place.plan.write_bytes(data.replace(b'"P03"', b'"P04"', 1))
    assert standing(project, "acme", datetime.now(UTC)).timers == ()
