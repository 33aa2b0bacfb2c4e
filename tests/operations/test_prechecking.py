"""A precheck judges what the scenario will ask for, from readings alone, and never takes unknown for good."""

from pathlib import Path
from typing import Any

import pytest

from oceana_dr.compile.desired import Compiled
from oceana_dr.drivers.contract import Answer
from oceana_dr.estate.address import Address, Ref, address_of
from oceana_dr.estate.estate import Estate
from oceana_dr.estate.values import Unknown, Value
from oceana_dr.lab.transport import LabTransport
from oceana_dr.operations.access import live_reader
from oceana_dr.operations.live import Live
from oceana_dr.operations.precheck_document import precheck_to_json
from oceana_dr.operations.prechecking import Check, Precheck, run_precheck
from oceana_dr.present.precheck_text import render_precheck
from oceana_dr.source.cache import Cache
from oceana_dr.source.project import open_project
from tests.planning import SITES, copy_project, project, seed

MOVE = "planned-switchover"
QUESTIONS = ("aaep-admin-role", "voice-flag-exists")
SAID = {name: Answer("confirm", "ines", observed="seen") for name in QUESTIONS}
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


def test_what_the_plan_itself_brings_about_is_not_asked_for_now() -> None:
    found = check(changes={Ref("dc1/queues#voice"): 12})
    assert found.ready
    assert found.later > 0


def test_a_scenario_that_does_not_fit_is_the_one_thing_that_is_said() -> None:
    found = check(changes={Ref("dc1/cluster-activity#status"): "ACTIVE", Ref("dc2/cluster-activity#status"): "ACTIVE"})
    assert [(item.by, item.result) for item in found.checks] == [("scenario", "fail")]


def test_failures_stand_before_what_is_unknown_and_before_what_passes() -> None:
    text = render_precheck(check(changes={Ref("shared/health#WAN delay ms"): 80}, said={}), width=80)
    assert text.splitlines()[0].startswith("not ready: 1 fail, 2 unknown")
    assert text.index("Fails (1)") < text.index("Unknown (2)") < text.index("Passes")
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
