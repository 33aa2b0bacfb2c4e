"""Every scenario on four topologies, from `init` to a plan that is empty: planned, verified, applied, planned again."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.catalogue.starts import Start, load_starts
from oceana_dr.compile.desired import Compiled, compile_site
from oceana_dr.operations.start_estates import start_of
from oceana_dr.operations.starting import seed_text
from oceana_dr.plan.model import SCENARIOS
from oceana_dr.source.cache import Cache
from oceana_dr.source.prepared import prepare_site
from oceana_dr.source.project import open_project
from tests.end_to_end.program import Program
from tests.scenarios.estates import EACH_PAIR, ENDS, SITE, name_of

FOUR = (ENDS[0], EACH_PAIR[1], EACH_PAIR[4], ENDS[1])
"""The smallest, the largest, and two between them in which every fact is there once."""
FASTER = 100_000
"""What waits for days in vain must not take seconds."""
FLAGS = ("ha", "mirror-tls", "analytics", "web-voice")


@dataclass(frozen=True)
class Case:
    """The start of the catalogue, and the side that the site file names. `comes_back`: what a first run waits for."""

    start: str
    operational: str
    comes_back: tuple[tuple[str, str], ...] = ()


CASES: Mapping[str, Case] = {
    "initial-deployment": Case("nothing", "dc1"),
    "planned-switchover": Case("working-day", "dc2"),
    "unplanned-outage": Case("lost", "dc2"),
    "oceana-outage": Case("oceana-alone", "dc2"),
    "cm-outage": Case("ess-serves", "dc2"),
    "split-wan": Case(
        "network-split",
        "dc1",
        comes_back=(
            ("shared/wan", "state=up"),
            ("dc2/omnichannel/C", "Databases=in sync"),
            ("shared/health", "UCA replication=healthy"),
            ("shared/health", "Context Store replication=healthy"),
            ("shared/health", "Control Manager replication=healthy"),
        ),
    ),
    "recovery": Case("after-a-planned-move", "dc1"),
    "database-upgrade": Case("older-version", "dc1"),
}


def start_named(name: str) -> Start:
    return next(item for item in load_starts().starts if item.id == name)


def write_site(program: Program, topology: tuple[bool, ...], case: Case) -> None:
    """`init` writes the site; people edit two lines of it at most."""
    flags = [f"--{'' if holds else 'no-'}{flag}" for flag, holds in zip(FLAGS, topology[:-1], strict=True)]
    program.run("init", SITE, *flags, "--control-manager", "manual" if topology[-1] else "automatic")
    path = program.root / "sites" / SITE / "site.yaml"
    text = re.sub(r"(?m)^operational: dc1", f"operational: {case.operational}", path.read_text("utf-8"))
    if version := start_named(case.start).site.get("mirror.omnichannel_version"):
        named = f"omnichannel_version: {version}"
        text = text.replace("\nmirror:\n", f"\nmirror:\n  {named}\n") if "\nmirror:\n" in text else text
        text = text if named in text else f"{text}mirror: {{{named}}}\n"
    path.write_text(text, "utf-8")


def write_lab(program: Program, case: Case) -> None:
    """What is live before the first command looks."""
    start, project = start_named(case.start), open_project(program.root)

    def compiled_for(side: str) -> Compiled:
        return compile_site(prepare_site(project, SITE, side, Cache(None)), load_catalogue())

    estate = start_of(replace(start, dark=()), compiled_for)
    seed = program.root / "sites" / SITE / "lab.seed.json"
    seed.write_text(seed_text(compiled_for(start.side), estate), "utf-8")
    for prefix in start.dark:
        program.run("lab", "break", SITE, f"unreachable:{prefix}")
    program.run("lab", "crew", SITE, "on")


@pytest.mark.parametrize("topology", FOUR, ids=name_of)
@pytest.mark.parametrize("scenario", CASES)
def test_planned_applied_and_nothing_is_left(scenario: str, topology: tuple[bool, ...], tmp_path: Path) -> None:
    program, case = Program(tmp_path, scale=FASTER), CASES[scenario]
    write_site(program, topology, case)
    write_lab(program, case)
    plan = program.json("plan", SITE, "-o", "plan.json", "--format", "json", "--detailed-exitcode", code=2)
    assert (plan["scenario"], plan["proof"]["violations"]) == (scenario, 0)
    assert [item for item in plan["findings"] if item["severity"] == "refuse"] == []
    program.run("verify", "plan.json")
    if case.comes_back:
        program.run("apply", "plan.json", "--yes", code=4)
        for address, value in case.comes_back:
            program.run("lab", "set", SITE, address, value, "--as", "the network")
        plan = program.json("plan", SITE, "-o", "plan.json", "--format", "json", "--detailed-exitcode", code=2)
        assert plan["scenario"] == scenario
    program.run("apply", "plan.json", "--yes")
    # What is owed behind a fence stays to be done, and is no step; where its system answers, it is something to do.
    done = program.run("plan", SITE, "--format", "json", "--detailed-exitcode", code=None)
    again = json.loads(done.stdout)
    dark = {address for address, found in again["initial"].items() if "unknown" in found}
    behind = {item["address"] for item in again["owed"] if not item["address"].startswith("shared/")}
    assert done.returncode == (2 if behind - dark else 0)
    assert (again["scenario"], again["steps"]) == ("steady", [])
    assert {item["id"] for item in again["owed"]} == {item["id"] for item in plan["owed"]}


def test_no_scenario_is_left_out() -> None:
    assert CASES.keys() == set(SCENARIOS) - {"steady"} == load_catalogue().scenarios.keys()
