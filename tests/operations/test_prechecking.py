"""A precheck judges what the scenario will ask for, from readings alone, and never takes unknown for good."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from oceana_dr.cli.plan import plan_command
from oceana_dr.cli.precheck import precheck_command
from oceana_dr.compile.desired import Compiled
from oceana_dr.drivers.contract import Answer
from oceana_dr.estate.address import Address, Ref, address_of
from oceana_dr.estate.estate import Estate
from oceana_dr.estate.values import Json, Unknown, Value
from oceana_dr.lab.transport import LabTransport
from oceana_dr.operations.access import live_reader
from oceana_dr.operations.live import Live
from oceana_dr.operations.prechecking.checks import Check, Precheck, run_precheck
from oceana_dr.operations.prechecking.document import precheck_to_json
from oceana_dr.operations.prechecking.people import Signed, readiness, signatures
from oceana_dr.plan.codec import plan_id, write_text
from oceana_dr.plan.model import Kind, Phase
from oceana_dr.present.precheck_text import render_precheck
from oceana_dr.source.cache import Cache
from oceana_dr.source.project import open_project
from oceana_dr.store.records import Done, RunStarted
from oceana_dr.store.state import local_state
from tests.execute.plans import plan_of, step
from tests.planning import SITES, copy_project, plan_case, project, seed

MOVE = "planned-switchover"
ATTESTED = ("S-10", "S-25", "S-33", "S-47", "S-49", "S-50", "S-51", "S-72", "S-84")
QUESTIONS = ("aaep-admin-role", "voice-flag-exists", *ATTESTED)
SAID = {name: Answer("confirm", "ines", observed="seen") for name in QUESTIONS}
BASELINE = Ref("shared/readiness#baseline")
READ_AT = "2026-01-04T01:58:00+00:00"


def check(
    site: str = "acme", changes: dict[Ref, Value] | None = None, dark: str = "", said: dict[str, Answer] | None = None
) -> Precheck:
    found = seed(site).with_values(changes or {})
    if dark:
        found = Estate({**found.resources, Address(dark): Unknown("unreachable")})
    names = found.resources

    def read(_: Compiled) -> Live:
        return Live(found, dict.fromkeys(names, "gateway"), dict.fromkeys(names, READ_AT))

    return run_precheck(project(), site, MOVE, read, answers=SAID if said is None else said, cache=Cache(None))


def bad(found: Precheck) -> list[Check]:
    return [item for item in found.checks if item.result != "pass"]


@pytest.mark.parametrize("site", SITES)
def test_an_estate_at_rest_with_every_question_answered_is_ready(site: str) -> None:
    found = check(site)
    assert bad(found) == []
    assert found.ready
    assert render_precheck(found, width=80).startswith(f"ready · {site} · planned-switchover dc1 → dc2")


def test_what_is_not_so_fails_with_the_value_found_the_value_wanted_and_its_reading() -> None:
    sick = Ref("shared/health#WAN delay ms")
    [failing] = bad(check(changes={sick: 80}))
    assert (failing.result, failing.by, failing.refs) == ("fail", "P00", (sick,))
    assert (failing.found, failing.wanted) == ("80", "at most 50")
    assert (failing.source, failing.observed_at) == ("gateway", READ_AT)
    assert failing.pages


def test_what_cannot_be_read_is_unknown_and_never_good() -> None:
    found = check(dark="shared/health")
    unknown = [item for item in bad(found) if any(address_of(ref) == "shared/health" for ref in item.refs)]
    assert unknown
    assert {item.result for item in unknown} == {"unknown"}
    assert not found.ready


def test_an_invariant_that_is_broken_now_fails() -> None:
    found = check(changes={Ref("dc2/cluster/1/state#nodes"): "Accepting"})
    assert ("invariant", "S-02", "fail") in {(item.group, item.by, item.result) for item in found.checks}


def test_a_question_is_unknown_until_somebody_answers_it() -> None:
    assert {(item.by, item.result) for item in bad(check(said={}))} == {(name, "unknown") for name in QUESTIONS}


def test_somebody_who_says_no_makes_it_fail() -> None:
    no = SAID | {"voice-flag-exists": Answer("fail", "ines", observed="no announcement")}
    assert [(item.by, item.result) for item in bad(check(said=no))] == [("voice-flag-exists", "fail")]


def test_an_invariant_that_people_answer_for_is_asked_with_its_question() -> None:
    [asked] = (item for item in bad(check(said={})) if item.by == "S-84")
    assert (asked.group, asked.wanted, asked.found) == ("attested", "confirm", "not answered")
    assert asked.text == "Do fallback VDNs, vectors and skills exist, and was one called?"
    assert asked.pages == (19,)
    no = SAID | {"S-84": Answer("cannot", "ines", observed="no such skill")}
    [failing] = bad(check(said=no))
    assert (failing.result, failing.found, failing.source) == ("fail", "cannot: no such skill", "told by ines")
    nameless = SAID | {"S-84": Answer("confirm", " ")}
    assert [item.result for item in bad(check(said=nameless))] == ["unknown"]


def test_a_fact_of_readiness_that_is_gone_fails() -> None:
    [gone] = bad(check(changes={Ref("dc1/readiness#EDM tables"): "missing"}))
    assert (gone.group, gone.by, gone.found, gone.wanted) == ("readiness", "dc1/readiness", "missing", "created")
    [held] = (item for item in check().checks if item.refs == (BASELINE,) and item.group == "readiness")
    assert (held.result, held.source, held.observed_at) == ("pass", "gateway, signed by nobody on record here", None)


def test_a_fact_of_readiness_says_who_signed_it_when_and_in_which_run(tmp_path: Path) -> None:
    sign = step("D38", Kind.CONFIRM, "H", {BASELINE: "taken"})
    facts = plan_case("acme", "dc1").plan.bindings
    phases = (Phase("verify", "Verify", ("D38",)),)
    plan = replace(plan_of(sign, initial={BASELINE: "none"}), bindings=facts, phases=phases)
    plan = replace(plan, id=plan_id(plan))
    copied = open_project(copy_project(tmp_path))
    runs = local_state(copied.state_dir).runs
    place = runs.begin("acme", plan.id, write_text(plan).encode(), datetime(2026, 1, 2, tzinfo=UTC))
    journal = runs.open(place, None)
    said: dict[str, Json] = {"outcome": "confirm", "by": "ines", "second": "jon"}
    for record in (RunStarted(place.run, plan.id, "acme", plan.scenario, "ines"), Done("D38", "acted", {}, said)):
        journal.append(record, at="2026-01-02T10:00:00.000Z", estate_ms=0)
    journal.close()
    runs.place("acme", "damaged").journal.write_bytes(b"no journal")
    signed = signatures(copied, "acme")
    assert signed == {BASELINE: Signed(("ines", "jon"), place.run, "2026-01-02T10:00:00.000Z")}
    bound = plan_case("acme", "dc1").compiled.bound
    told = {item.refs[0]: item for item in readiness(bound, seed("acme"), {}, signed)}
    assert told[BASELINE].source == f"gateway, signed by ines and jon in run {place.run}"
    assert told[BASELINE].at == "2026-01-02T10:00:00.000Z"
    dark = {item.refs[0]: item.truth for item in readiness(bound, Estate(), {}, {})}
    assert dark[BASELINE] is None, "what cannot be read is not known"


def test_what_people_declare_lost_is_checked_as_they_plan_it() -> None:
    def read(_: Compiled) -> Live:
        names = seed("acme").resources
        return Live(seed("acme"), dict.fromkeys(names, "gateway"), dict.fromkeys(names, READ_AT))

    lost = run_precheck(project(), "acme", "unplanned-outage", read, lost=("dc1",), cache=Cache(None))
    assert [item.result for item in lost.checks if item.by == "scenario"] == ["pass"]
    here = run_precheck(project(), "acme", "unplanned-outage", read, cache=Cache(None))
    assert [(item.by, item.result) for item in here.checks] == [("scenario", "fail")]


def test_whatever_decides_a_plan_decides_a_precheck() -> None:
    asked, planned = ({item.name for item in command.params} for command in (precheck_command, plan_command))
    of_the_plan_alone = {"out", "detailed_exitcode", "target"}  # a target is for changes that need no scenario
    assert planned - of_the_plan_alone <= asked


def test_what_the_plan_itself_brings_about_is_not_asked_for_now() -> None:
    found = check(changes={Ref("dc1/queues#voice"): 12})
    assert found.ready
    assert found.later > 0


def test_a_scenario_that_does_not_fit_is_the_one_thing_that_is_said() -> None:
    found = check(changes={Ref("dc1/cluster-activity#status"): "ACTIVE", Ref("dc2/cluster-activity#status"): "ACTIVE"})
    assert [(item.by, item.result) for item in found.checks] == [("scenario", "fail")]


def test_failures_stand_before_what_is_unknown_and_before_what_passes() -> None:
    text = render_precheck(check(changes={Ref("shared/health#WAN delay ms"): 80}, said={}), width=80)
    assert text.splitlines()[0].startswith("not ready: 1 fail, 11 unknown")
    assert text.index("Fails (1)") < text.index("Unknown (11)") < text.index("Passes")
    assert all(len(line) <= 80 for line in text.splitlines())


def test_the_document_holds_every_check() -> None:
    found = check()
    document: Any = precheck_to_json(found)
    assert document["ready"] is True
    assert len(document["checks"]) == len(found.checks) == document["counts"]["pass"]


def test_a_precheck_makes_no_mutating_call_and_writes_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    original = LabTransport.request

    def counted(self: LabTransport, method: str, path: str, query: Any = None, body: Any = None) -> tuple[int, Any]:
        calls.append(method)
        return original(self, method, path, query, body)

    monkeypatch.setattr(LabTransport, "request", counted)
    root = copy_project(tmp_path)
    before = sorted(root.rglob("*"))
    copied = open_project(root)
    run_precheck(copied, "acme", MOVE, live_reader(copied, None), cache=Cache(None))
    assert calls
    assert [method for method in calls if method != "GET"] == []
    assert sorted(root.rglob("*")) == before
