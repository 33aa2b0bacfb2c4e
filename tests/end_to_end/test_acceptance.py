"""Every scenario on four topologies, from `init` to a plan that is empty: planned, verified, applied, planned again."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.compile.desired import Compiled, compile_site
from oceana_dr.estate.address import Ref, address_of
from oceana_dr.estate.estate import Estate
from oceana_dr.estate.values import Value
from oceana_dr.operations.starting import at_rest, seed_text
from oceana_dr.plan.model import SCENARIOS
from oceana_dr.source.cache import Cache
from oceana_dr.source.prepared import prepare_site
from oceana_dr.source.project import open_project
from tests.end_to_end.program import Program
from tests.scenarios.blank import nothing
from tests.scenarios.estates import EACH_PAIR, ENDS, SITE, changed, name_of
from tests.scenarios.test_cm_outage import TAKEN_OVER
from tests.scenarios.test_database_upgrade import NEW, OLD, SERVERS
from tests.scenarios.test_oceana_outage import OCEANA
from tests.scenarios.test_split_wan import BROKEN

FOUR = (ENDS[0], EACH_PAIR[1], EACH_PAIR[4], ENDS[1])
"""The smallest, the largest, and two between them in which every fact is there once."""
FLAGS = ("ha", "mirror-tls", "analytics", "web-voice")


@dataclass(frozen=True)
class Case:
    """What the site file says, what the lab begins with, what is dead there.

    `comes_back`: what a first run waits for in vain.
    """

    operational: str
    begins: Callable[[Compiled], Estate] = at_rest
    serves: str = "dc1"
    dead: tuple[str, ...] = ()
    version: str | None = None
    comes_back: tuple[tuple[str, str], ...] = ()


def beginning(values: Mapping[str, Value]) -> Callable[[Compiled], Estate]:
    """An estate at rest, but for these values where the topology has them."""

    def begins(made: Compiled) -> Estate:
        return changed(at_rest(made), {name: value for name, value in values.items() if there(made, name)})

    return begins


def there(made: Compiled, name: str) -> bool:
    return address_of(Ref(name)) in made.bound.resources


CASES: Mapping[str, Case] = {
    "initial-deployment": Case("dc1", nothing),
    "planned-switchover": Case("dc2"),
    "unplanned-outage": Case("dc2", beginning(TAKEN_OVER), dead=("dc1",)),
    "oceana-outage": Case("dc2", dead=OCEANA),
    "cm-outage": Case("dc2", beginning(TAKEN_OVER), dead=("dc1/cm",)),
    "split-wan": Case(
        "dc1",
        beginning(BROKEN),
        comes_back=(
            ("shared/wan", "state=up"),
            ("dc2/omnichannel/C", "Databases=in sync"),
            ("shared/health", "UCA replication=healthy"),
            ("shared/health", "Context Store replication=healthy"),
            ("shared/health", "Control Manager replication=healthy"),
        ),
    ),
    "recovery": Case("dc1", serves="dc2"),
    "database-upgrade": Case("dc1", beginning({f"{server}#Version": OLD for server in SERVERS}), version=NEW),
}


def write_site(program: Program, topology: tuple[bool, ...], case: Case) -> None:
    """`init` writes the site; people edit two lines of it at most."""
    flags = [f"--{'' if holds else 'no-'}{flag}" for flag, holds in zip(FLAGS, topology[:-1], strict=True)]
    program.run("init", SITE, *flags, "--control-manager", "manual" if topology[-1] else "automatic")
    path = program.root / "sites" / SITE / "site.yaml"
    text = re.sub(r"(?m)^operational: dc1", f"operational: {case.operational}", path.read_text("utf-8"))
    if case.version:
        named = f"omnichannel_version: {case.version}"
        text = text.replace("\nmirror:\n", f"\nmirror:\n  {named}\n") if "\nmirror:\n" in text else text
        text = text if named in text else f"{text}mirror: {{{named}}}\n"
    path.write_text(text, "utf-8")


def write_lab(program: Program, case: Case) -> None:
    """What is live before the first command looks."""
    source = prepare_site(open_project(program.root), SITE, case.serves, Cache(None))
    made = compile_site(source, load_catalogue())
    (program.root / "sites" / SITE / "lab.seed.json").write_text(seed_text(made, case.begins(made)), "utf-8")
    for prefix in case.dead:
        program.run("lab", "break", SITE, f"unreachable:{prefix}")
    program.run("lab", "crew", SITE, "on")


@pytest.mark.parametrize("topology", FOUR, ids=name_of)
@pytest.mark.parametrize("scenario", CASES)
def test_planned_applied_and_nothing_is_left(scenario: str, topology: tuple[bool, ...], tmp_path: Path) -> None:
    program, case = Program(tmp_path), CASES[scenario]
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
    # What is owed behind a fence stays to be done, and is no step.
    again = program.json("plan", SITE, "--format", "json", "--detailed-exitcode", code=2 if plan["owed"] else 0)
    assert (again["scenario"], again["steps"]) == ("steady", [])
    assert {item["id"] for item in again["owed"]} == {item["id"] for item in plan["owed"]}


def test_no_scenario_is_left_out() -> None:
    assert CASES.keys() == set(SCENARIOS) - {"steady"} == load_catalogue().scenarios.keys()
