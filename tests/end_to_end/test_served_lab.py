"""The lab served over HTTP is the lab in the process: the same plan, the same run, through a URL."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.hostile import behind
from tests.end_to_end.program import Program
from tests.planning import SITES, edit


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Program, str]]:
    """A program whose lab is served, and the address."""
    program = Program(tmp_path)
    address = program.run("lab", "start").stdout.strip()
    try:
        yield program, address
    finally:
        back(program, address)
        program.run("lab", "stop")


def back(program: Program, address: str) -> None:
    """The project's endpoint is the lab in the process again."""
    path = program.root / "oceana-dr.yaml"
    path.write_text(path.read_text().replace(f"'{address}'", "lab"))


def steps(document: dict[str, object]) -> dict[str, object]:
    """The plan without what names its source and its moment: the project file stands in the digest."""
    return {key: value for key, value in document.items() if key not in {"id", "meta", "source"}}


@pytest.mark.parametrize("site", SITES)
def test_a_plan_through_a_url_is_the_plan_in_the_process(site: str, served: tuple[Program, str]) -> None:
    program, address = served
    program.move(site)
    inside = program.json("plan", site, "--format", "json")
    program.run("snapshot", site, "-o", "inside.json")
    behind(program, address)
    outside = program.json("plan", site, "--format", "json")
    program.run("snapshot", site, "-o", "outside.json")
    assert steps(outside) == steps(inside)
    if outside["source"] == inside["source"]:
        assert outside["id"] == inside["id"]
    read = [json.loads((program.root / name).read_text())["resources"] for name in ("inside.json", "outside.json")]
    assert read[0] == read[1]


@pytest.mark.parametrize("site", SITES)
def test_a_switchover_is_applied_through_a_url_with_the_crew(site: str, served: tuple[Program, str]) -> None:
    program, address = served
    program.run("lab", "crew", site, "on")
    program.move(site)
    behind(program, address)
    program.run("plan", site, "-o", "plan.json", "--detailed-exitcode", code=2)
    assert "finished" in program.run("apply", "plan.json", "--yes").stderr
    program.run("plan", site, "--detailed-exitcode")
    program.run("drift", site)
    program.run("apply", "plan.json", "--yes")
    back(program, address)
    program.run("plan", site, "--detailed-exitcode")
    actors = {event.actor for event in program.acts(site)}
    assert any(actor.startswith("lab:") for actor in actors), actors


def test_it_starts_once_is_found_and_stops(tmp_path: Path) -> None:
    program = Program(tmp_path)
    assert "not served" in program.run("lab", "status").stdout
    address = program.run("lab", "start").stdout.strip()
    try:
        again = program.run("lab", "start")
        assert again.stdout.strip() == address
        assert "already" in again.stderr
        assert program.run("lab", "status").stdout.strip() == address
        port = address.rpartition(":")[2]
        other = Program(tmp_path / "other")
        assert "Address already in use" in other.run("lab", "start", "--port", port, code=1).stderr
        for path, code in (("/", 404), ("/v1/sites/nobody", 404), ("/v1/sites/acme", 200), ("/v1/openapi.json", 200)):
            assert asked(address + path) == code, path
        assert asked(address + "/v1/sites/acme", Host="evil.example") == 403, "a web page must not reach the lab"
    finally:
        program.run("lab", "stop")
    assert "nothing was running" in program.run("lab", "stop").stderr
    assert "not served" in program.run("lab", "status").stdout
    behind(program, address)
    assert "does not answer" in program.run("plan", "acme", code=1).stderr


def asked(url: str, **headers: str) -> int:
    """The status of a GET."""
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=10) as answer:
            status: int = answer.status
            return status
    except urllib.error.HTTPError as error:
        error.close()
        return error.code


def test_edits_faults_and_people_are_the_same_lab_s(served: tuple[Program, str]) -> None:
    program, address = served
    program.run("lab", "set", "acme", "dc1/smgr/cluster3/SocialConnector", "MaintenanceMode=true", "--as", "bob")
    behind(program, address)
    assert "MaintenanceMode" in program.run("drift", "acme", code=2).stdout
    program.run("apply", "acme", "--yes")
    program.run("drift", "acme")
    back(program, address)
    program.run("lab", "break", "acme", "gateway-down")
    behind(program, address)
    assert "gateway is down" in program.run("plan", "acme", code=1).stderr
    assert "no lab" in program.run("lab", "break", "acme", "--mend", code=3).stderr
    back(program, address)
    program.run("lab", "break", "acme", "--mend")
    program.run("plan", "acme", "--detailed-exitcode")


def test_a_run_goes_on_through_another_door(served: tuple[Program, str]) -> None:
    """A run begun in the process is resumed over HTTP: both are one estate, and its clock is one clock."""
    program, address = served
    program.move("acme")
    plan = program.json("plan", "acme", "--format", "json", "-o", "plan.json")
    stop = {"outcome": "cannot", "by": "ann", "observed": "the portal does not load"}
    program.run("apply", "plan.json", "--yes", "--answers", str(program.answers(plan, P36=stop)), code=4)
    behind(program, address)
    program.run("apply", "plan.json", "--yes", "--answers", str(program.answers(plan)))
    assert program.json("plan", "acme", "--format", "json")["steps"] == []


def test_a_served_lab_keeps_its_pace(tmp_path: Path) -> None:
    program = Program(tmp_path)
    edit(program.root / "oceana-dr.yaml", ("time_scale: 20000 ", "time_scale: 1200 "))
    address = program.run("lab", "start").stdout.strip()
    try:
        with urllib.request.urlopen(f"{address}/v1/sites/acme", timeout=10) as answer:
            about = json.load(answer)
        assert about["lab"] is True
        assert about["clock"]["scale"] == 1200
    finally:
        program.run("lab", "stop")
