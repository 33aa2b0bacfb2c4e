"""A rehearsal reads once and says what a run now would stumble over; nothing of the estate is ever touched."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from oceana_dr.cli.main import run
from oceana_dr.compile.desired import Compiled
from oceana_dr.diagnostics import Refused
from oceana_dr.drivers.contract import Answer
from oceana_dr.drivers.gateway.contract import Query, Transport
from oceana_dr.estate.address import Address, Ref
from oceana_dr.estate.estate import Estate
from oceana_dr.estate.values import Unknown, Value
from oceana_dr.operations import access
from oceana_dr.operations.drilling.document import rehearsal_to_json
from oceana_dr.operations.drilling.faults import KINDS
from oceana_dr.operations.drilling.opening import Asked
from oceana_dr.operations.drilling.rehearsal import Rehearsal, Stone, rehearse
from oceana_dr.operations.live import Live
from oceana_dr.operations.schemas import schema_text
from oceana_dr.present.cells import display_width
from oceana_dr.present.rehearsal_text import render_rehearsal
from oceana_dr.present.style import Style
from oceana_dr.source.cache import Cache
from tests.planning import copy_project, project, seed

MOVE = "planned-switchover"
SAID = {name: Answer("confirm", "ines", observed="seen") for name in ("aaep-admin-role", "voice-flag-exists")}
READ_AT = "2026-01-04T01:58:00+00:00"


def rehearsed(
    changes: dict[str, Value] | None = None, dark: str = "", scenario: str = MOVE, answers: dict[str, Answer] = SAID
) -> Rehearsal:
    found = seed("acme").with_values({Ref(name): value for name, value in (changes or {}).items()})
    if dark:
        found = Estate({**found.resources, Address(dark): Unknown("unreachable")})
    reads: list[str] = []

    def read(compiled: Compiled) -> Live:
        reads.append(compiled.operational)
        return Live(found, dict.fromkeys(found.resources, "gateway"), dict.fromkeys(found.resources, READ_AT))

    rehearsal = rehearse(project(), Asked("acme", scenario, read=read), Cache(None), answers=answers)
    assert len(reads) == 1
    return rehearsal


def test_an_estate_that_is_ready_is_walked_to_the_end() -> None:
    found = rehearsed()
    assert found.passed
    assert found.stones == ()
    assert found.looked > 2 * len(found.plan.steps)
    assert found.oldest == READ_AT
    assert {item.component for item in found.copies} >= {"Omnichannel Database", "UCMService"}


def test_a_question_nobody_has_answered_is_a_stone() -> None:
    assert {(item.found_by, item.name) for item in rehearsed(answers={}).stones} == {
        ("check", "aaep-admin-role"),
        ("check", "voice-flag-exists"),
    }


def test_what_fails_is_named_once_with_what_was_found() -> None:
    (stone,) = rehearsed({"shared/health#WAN delay ms": 80}).stones
    assert (stone.found_by, stone.name) == ("check", "P00")
    assert "found 80" in stone.text
    assert stone.pages


def test_what_does_not_hold_is_named_before_what_the_guards_make_of_it() -> None:
    stones = rehearsed({"dc2/smgr/cluster3/EmailService#Deployment status of emailmanager": "true"}).stones
    assert (stones[0].found_by, stones[0].name) == ("check", "P00")
    assert {"S-64", "S-65"} <= {item.name for item in stones}
    assert [item.name for item in stones].count("S-64") == 1


def test_refusals_that_follow_from_what_reads_wrong_are_counted() -> None:
    found = rehearsed({"dc2/cluster/1/state#nodes": "Mixed"})
    refused = [item for item in found.stones if item.found_by == "plan"]
    text = " ".join(render_rehearsal(found, Style(), 100, UTC).split())
    assert len(refused) > 4
    assert f"and {len(refused) - 3} refusals of the plan more" in text
    assert refused[2].text in text
    assert refused[3].text not in text


def test_what_does_not_answer_is_met_at_the_steps_that_need_it() -> None:
    found = rehearsed(dark="dc2/omnichannel/C")
    assert not found.passed
    assert any(item.found_by == "plan" and "dc2/omnichannel/C" in item.text for item in found.stones)
    assert any(item.name == "P23" or "P23" in item.text for item in found.stones)
    told = [item.name for item in found.stones if item.name.startswith("S-")]
    assert len(told) == len(set(told))
    fits = Draft202012Validator(json.loads(schema_text("drill")))
    assert [error.message for error in fits.iter_errors(rehearsal_to_json(found))] == []


def test_an_outage_is_rehearsed_on_a_healthy_estate() -> None:
    found = rehearsed(scenario="unplanned-outage")
    assert found.passed, found.stones
    assert found.says == ("Data Center 1 does not answer, the ESS serves telephony",)


@pytest.mark.parametrize("width", [80, 100])
def test_it_is_shown_with_the_stones_in_the_order_of_the_run(width: int) -> None:
    found = rehearsed({"shared/health#WAN delay ms": 80}, scenario="unplanned-outage", answers={})
    later = replace(found, stones=(*found.stones, Stone("step", "U09", "cluster group to ACTIVE: no", 5400)))
    lines = render_rehearsal(later, Style(), width, UTC).splitlines()
    assert max(map(display_width, lines)) <= width
    assert lines[0] == "rehearsal of acme · Oceana 3.5 · unplanned outage dc1 Frankfurt → dc2 Leipzig"
    assert any(line.split()[:4] == ["+1:30", "✗", "U09", "cluster"] for line in lines)
    assert any(line.startswith("supposed    Data Center 1 does not answer") for line in lines)
    assert "UCMService 180 min old" in " ".join(" ".join(lines).split())


def test_the_faults_are_listed_without_a_project(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert run(["-C", str(tmp_path), "drill", "acme", "--list-faults"]) == 0
    assert [line.partition(" ")[0] for line in capsys.readouterr().out.splitlines()] == list(KINDS)


def test_what_the_command_line_says_of_a_rehearsal(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    at = ["-C", str(copy_project(tmp_path)), "drill", "acme", "--scenario", "split-wan"]
    assert run([*at, "--live", "x.json", "--at-rest"]) == 1
    assert "give one of them" in capsys.readouterr().err
    assert run([*at, "--level", "rehearsal", "--at-rest"]) == 3
    assert "walks on what reads now" in capsys.readouterr().err


def test_without_a_reading_there_is_no_rehearsal() -> None:
    with pytest.raises(Refused, match="walks on what reads now"):
        rehearse(project(), Asked("acme", MOVE), Cache(None))


# ------------------------------------------------------------------------------------------------ only looks


class Counting:
    """The way to the estate, with every request noted."""

    def __init__(self, inner: Any, seen: list[str]) -> None:
        self._inner = inner
        self._seen = seen

    def request(self, method: str, path: str, query: Query | None = None, body: Any = None) -> tuple[int, Any]:
        self._seen.append(method)
        answer: tuple[int, Any] = self._inner.request(method, path, query, body)
        return answer


@pytest.fixture
def requests(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every request that reaches the gateway of a site."""
    seen: list[str] = []
    real: Callable[..., Transport] = access.transport_of
    monkeypatch.setattr(access, "transport_of", lambda *given: Counting(real(*given), seen))
    return seen


@pytest.mark.parametrize("level", ["simulator", "rehearsal", "tabletop"])
def test_no_level_of_a_drill_sends_anything_but_looks(level: str, requests: list[str], tmp_path: Path) -> None:
    root = copy_project(tmp_path)
    scenario = "split-wan"
    answers = root / "answers.json"
    confirm = {"outcome": "confirm", "by": "ann", "second": "bob"}
    steps = ("W00", "W01", "W02", "W03", "W04", "W06", "W07", "W08")
    answers.write_text(json.dumps(dict.fromkeys(steps, confirm)))
    arguments = ["--level", level, "--scenario", scenario, "--answers", str(answers)]
    assert run(["-C", str(root), "drill", "acme", *arguments]) == 0
    assert set(requests) == {"GET"}
    state = root / ".oceana-dr"
    left = {path.relative_to(state).parts[0] for path in state.rglob("*") if path.is_file()}
    assert left == ({"drills"} if level == "tabletop" else set())
