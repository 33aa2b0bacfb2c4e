"""Moves whose mirror is read by the driver: everything else is the lab, the mirror a stand-in that people act on."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from oceana_dr.cli.main import run
from oceana_dr.drivers.child import Bounds
from oceana_dr.drivers.contract import Done, Outcome
from oceana_dr.drivers.mirror import session
from oceana_dr.drivers.mirror.stand import ACTS, Stand
from oceana_dr.drivers.ssh import Cause, Result, Target, Unreached
from oceana_dr.estate.action import Action, RunProcedure
from oceana_dr.lab.hands import LabHands
from tests.end_to_end.program import Program
from tests.end_to_end.test_outage import break_it
from tests.mirror_stand import answer_here
from tests.planning import edit

FASTER = 100_000
SITE = "acme"
_OPTIONS = """\
  operator: {{}}
  {driver}:
    login: local
    csession: {folder}/csession
    powershell: {folder}/powershell.exe
    servers:
      A: {{instance: CCDSA, member: OCDB-A}}
      C: {{instance: CCDSC, member: OCDB-C}}
"""


@pytest.fixture
def stand(tmp_path: Path) -> Stand:
    folder = tmp_path / "stand"
    folder.mkdir()
    return Stand(folder, "AC")


A, C = "dc1/omnichannel/A", "dc2/omnichannel/C"
_SEEN = {f"{A}#Data": "current", f"{C}#Data": "current", f"{A}#Version": "3.5.0.1", f"{C}#Version": "3.5.0.1"}
_BELOW = (f"{A}/ISCAgent", f"{C}/ISCAgent")


def project(folder: Path, stand: Stand, driver: str = "mirror") -> Program:
    """The example project, whose mirror the driver reads."""
    found = Program(folder, scale=FASTER)
    options = _OPTIONS.format(folder=stand.folder, driver=driver)
    edit(found.root / "oceana-dr.yaml", ("  operator: {}\n", options))
    site = found.root / "sites" / SITE / "site.yaml"
    chosen = {"dc1/omnichannel": driver, "dc2/omnichannel": driver, **dict.fromkeys(_BELOW, "gateway")}
    lines = "".join(f"  {prefix}: {name}\n" for prefix, name in chosen.items())
    site.write_text(f"{site.read_text('utf-8')}drivers:\n{lines}", "utf-8")
    # What Caché does not tell, people have looked at.
    found.run("observe", SITE, *(f"{item}={value}" for item, value in _SEEN.items()), "--by", "Ada")
    return found


@pytest.fixture
def consoles(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the lab's people do at the consoles of the mirror, they do at the stand-in as well."""
    in_the_lab = LabHands.perform

    def perform(hands: LabHands, action: Action, by: str) -> Outcome:
        outcome = in_the_lab(hands, action, by)
        if isinstance(outcome, Done) and isinstance(action, RunProcedure) and action.procedure in ACTS:
            return stand.perform(action, by)
        return outcome

    monkeypatch.setattr(LabHands, "perform", perform)


@dataclass
class Here:
    """The program in this process."""

    program: Program
    printed: pytest.CaptureFixture[str]

    def run(self, *arguments: str) -> int:
        self.printed.readouterr()
        return run(list(arguments))

    def back(self, side: str) -> None:
        """The one-line pull request, the other way."""
        site = self.program.root / "sites" / SITE / "site.yaml"
        other = "dc2" if side == "dc1" else "dc1"
        edit(site, (f"\noperational: {other}", f"\noperational: {side}"))

    def plan(self, *more: str) -> Any:
        self.run("plan", SITE, "--format", "json", *more)
        return json.loads(self.printed.readouterr().out)


@pytest.fixture
def here(tmp_path: Path, stand: Stand, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Here:
    program = project(tmp_path, stand)
    program.move(SITE)
    program.run("lab", "crew", SITE, "on")
    monkeypatch.chdir(program.root)
    for name, value in program.environment.items():
        monkeypatch.setenv(name, value)
    return Here(program, capfd)


@pytest.mark.usefixtures("consoles", "lost")
def test_a_person_promotes_and_demotes_and_the_driver_reads_it_back(here: Here, stand: Stand) -> None:
    plan = here.plan("-o", "plan.json")
    own = {step["id"]: step for step in plan["steps"] if step["id"] in {"P23", "P24"}}
    assert {step["driver"] for step in own.values()} == {"operator"}
    mirror = {item["address"]: item["source"] for item in plan["live"] if "/omnichannel/" in item["address"]}
    assert mirror[C] == mirror[f"{A}/MirrorService"] == "mirror"
    assert here.run("apply", "plan.json", "--yes") == 0
    parts = {letter: server["part"] for letter, server in stand.state["servers"].items()}
    assert parts == {"A": "async", "C": "primary"}
    assert here.plan()["steps"] == []


def test_who_chooses_so_has_the_driver_promote_and_people_do_the_rest(
    tmp_path: Path, stand: Stand, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    program = project(tmp_path, stand, "mirror-automatic")
    program.move(SITE)
    answer_here(monkeypatch)
    monkeypatch.chdir(program.root)
    plan = Here(program, capfd).plan()
    assert [item["message"] for item in plan["findings"] if item["severity"] == "refuse"] == []
    acts = {step["id"]: step["driver"] for step in plan["steps"] if "/omnichannel/" in (step["address"] or "")}
    assert acts == {"P23": "mirror-automatic", "P24": "mirror-automatic"}
    program.run("observe", SITE, f"{C}#Role=primary", "--by", "Ada", code=3)  # what the driver reads, nobody observes


@pytest.fixture
def lost(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Instances whose server nothing comes back from."""
    away: set[str] = set()

    def answered(target: Target, words: Sequence[str], data: bytes, bounds: Bounds) -> Result:
        if any(name in words or f"'{name}'".encode() in data for name in away):
            return Unreached(Cause.OFF, "the server cannot be reached: Connection timed out")
        return asked(target, words, data, bounds)

    answer_here(monkeypatch)
    asked: Callable[[Target, Sequence[str], bytes, Bounds], Result] = vars(session)["run"]
    monkeypatch.setattr(session, "run", answered)
    return away


def owed(plan: Any) -> set[str]:
    return {item["id"] for item in plan["owed"]}


@pytest.mark.usefixtures("consoles")
def test_a_member_that_was_not_reached_at_the_promotion_is_owed_until_it_is_out_of_the_mirror(
    here: Here, stand: Stand, lost: set[str]
) -> None:
    break_it(here.program, SITE, "dc1")
    lost.add("CCDSA")
    stand.be("A", running=False)
    plan = here.plan("--lost", "dc1", "-o", "plan.json")
    assert [item for item in plan["findings"] if item["severity"] == "refuse"] == []
    assert next(step["driver"] for step in plan["steps"] if step["id"] == "U04") == "operator"
    assert here.run("apply", "plan.json", "--yes") == 0
    assert stand.state["servers"]["C"]["part"] == "primary"

    # It comes back as it died: Caché is down, and would be primary if anybody started it.
    here.program.run("lab", "break", SITE, "--mend")
    lost.clear()
    assert stand.state["servers"]["A"]["cpf"]["ValidatedMember"] == "1"
    assert "owed-mirror" in owed(here.plan())
    # Somebody starts it: two primaries, and the fence is all that holds.
    stand.control("A", running=True)
    assert "owed-mirror" in owed(here.plan())

    # Recovery takes it out of the mirror before the fence is lifted. A person says that it is done, and it is not.
    here.back("dc1")
    plan = here.plan("-o", "back.json")
    order = [step["id"] for step in plan["steps"]]
    assert order.index("R14a.a") < order.index("R02")
    act = ACTS.pop("remove-cache-mirroring-server")
    try:
        code = here.run("apply", "back.json", "--yes")
    finally:
        ACTS["remove-cache-mirroring-server"] = act
    said = " ".join(here.printed.readouterr().err.split())
    assert code == 4
    assert f"R14a.a inside the fence: the old mirror off Server A: it does not read back: {A}#Databases" in said
    assert f"{A}#Role: expected not a member, found primary" in said
    assert f"{A}#ValidatedMember: expected 0, found 1" in said

    # When it is done, the same command goes on: to the end, with the mirror built again.
    assert isinstance(stand.perform(RunProcedure("remove-cache-mirroring-server", {"server": "A"}), "Ada"), Done)
    assert here.run("apply", "back.json", "--yes") == 0, here.printed.readouterr().err[-1500:]
    assert {letter: server["part"] for letter, server in stand.state["servers"].items()} == {
        "A": "primary",
        "C": "async",
    }
    assert (here.plan()["steps"], owed(here.plan())) == ([], set())
