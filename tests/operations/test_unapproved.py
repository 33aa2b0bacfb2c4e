"""May this plan be run without its approvals: by whom, for how long, and what the site and the project ask for.

Signatures have tests of their own; here nobody has signed anything.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from oceana_dr.diagnostics import Refused
from oceana_dr.operations.governing import approval_rule
from oceana_dr.operations.refusing import Forbidden, Request, write_down
from oceana_dr.plan.model import Plan
from oceana_dr.source.cache import Cache
from oceana_dr.source.prepared import prepare_site
from oceana_dr.source.project import Project, StateSettings, open_project
from oceana_dr.store.records import Done, Override
from tests.operations.test_clearing import (
    MONDAY,
    ROLES,
    SUNDAY,
    a_change,
    a_project,
    attempt,
    entries_of,
    found,
    outage,
    refusals,
)
from tests.planning import edit, plan_case, seed

__all__ = ["outage"]  # a fixture is found by its name

EXCUSED = "  approvals: false               # plans for the lab need none; those for a gateway always do\n"
BOARD = "{required: 1, roles: {voice: 1}, override_roles: [change-board, voice]}"


def asking(tmp_path: Path) -> Project:
    roles = ROLES.replace("[kim]}", "[kim], voice: [lee]}")
    return a_project(tmp_path, project=[(EXCUSED, ""), ("policy:\n", roles), ("{required: 1}", BOARD)])


def test_too_few_approvals_are_one_finding_among_the_others(tmp_path: Path) -> None:
    project = asking(tmp_path)
    with pytest.raises(Refused) as error:
        attempt(project, a_change(project), at=MONDAY, by="pat")
    assert error.value.exit_code == 3
    assert [item.id for item in found(error)] == ["outside-window", "approval"]
    assert found(error)[1].message == (
        "the plan needs 2 approvals and has none; missing: 1 by voice (lee), 1 by anybody else. Nobody can approve it: "
        "the plan was not made from a git repository. Without it: change-board (jane, omar) or voice (lee)"
    )
    (turned,) = refusals(project)
    assert set(turned.findings) == {"outside-window", "approval"}


def test_who_has_the_role_overrides_it_for_the_whole_run_and_nobody_else(tmp_path: Path) -> None:
    project = asking(tmp_path)
    plan = a_change(project)
    with pytest.raises(Refused, match="OD2027 cannot be overridden"):
        attempt(project, plan, "approval", by="kim")
    with pytest.raises(Refused, match="without a reason"):
        attempt(project, plan, "approval", by="omar", reason="")
    (taken,) = attempt(project, plan, "approval", by="omar").overrides
    assert taken == Override("approval", "omar", "CHG-114")
    assert attempt(project, plan, by="kim", entries=entries_of(taken), reason="").overrides == ()


def test_an_outage_takes_a_reason_in_place_of_approvals(outage: Plan, tmp_path: Path) -> None:
    project, plan = asking(tmp_path), replace(outage, site="acme")
    with pytest.raises(Refused) as error:
        attempt(project, plan, by="kim")
    assert [item.id for item in found(error)] == ["approval"]
    with pytest.raises(Refused, match="without a reason"):
        attempt(project, plan, "approval", by="kim", reason="")
    cleared = attempt(project, plan, "approval", by="kim", reason="dc1 burns")
    assert [(item.finding, item.by, item.reason) for item in cleared.overrides] == [("approval", "kim", "dc1 burns")]


def test_what_is_done_needs_no_approval_and_a_pair_in_hand_is_finished(tmp_path: Path) -> None:
    project = asking(tmp_path)
    move = plan_case("acme", "dc2", baseline=seed("acme"), of=project).plan
    second = next(step for step in move.steps if step.pair is not None)
    before = entries_of(*(Done(step.id, "acted") for step in move.steps[: move.steps.index(second)]))
    cleared = attempt(project, move, entries=before)
    (warning,) = [item for item in cleared.warnings if item.id == "approval"]
    assert warning.message.endswith("The supervised pair in hand is finished first, then the run stops")
    assert isinstance(cleared.ends, Forbidden)
    assert [item.id for item in cleared.ends.findings] == ["approval"]
    with pytest.raises(Refused):
        attempt(project, move, entries=before[:-1])
    everything = entries_of(*(Done(step.id, "acted") for step in move.steps))
    assert attempt(project, move, entries=everything).ends is None


def test_the_project_and_the_site_ask_for_the_stricter_of_both(tmp_path: Path) -> None:
    project = asking(tmp_path)
    edit(
        project.site_file("acme"),
        ("change_windows:\n", "approvals: {required: 3, roles: {voice: 2}, valid_for: 4h}\nchange_windows:\n"),
    )
    edit(project.root / "oceana-dr.yaml", ("{required: 1, roles", "{required: 1, valid_for: 24h, roles"))
    project = open_project(project.root)
    rule = approval_rule(project, prepare_site(project, "acme", None, Cache(None)))
    assert (rule.required, rule.roles, rule.lasts) == (3, {"voice": 2}, timedelta(hours=4))
    assert rule.override_roles == ("change-board", "voice")
    globex = approval_rule(project, prepare_site(project, "globex", None, Cache(None)))
    assert (globex.required, globex.roles, globex.lasts) == (2, {"voice": 1}, timedelta(hours=24))


def test_only_the_lab_can_be_excused(tmp_path: Path) -> None:
    project = a_project(tmp_path)
    site = prepare_site(project, "acme", None, Cache(None))
    assert approval_rule(project, site).people == 0
    real = replace(project, drivers={"gateway": {"endpoint": "https://gateway.acme.example"}})
    assert approval_rule(real, site).people == 2


def test_a_refusal_is_kept_here_while_the_teams_state_is_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = a_project(tmp_path)
    monkeypatch.setenv("NOWHERE", f"postgresql://nobody@/nothing?host={tmp_path}")
    error = Refused("no")
    write_down(replace(project, state=StateSettings("env:NOWHERE")), a_change(project), Request("kim"), error, SUNDAY)
    assert [turned.reason for turned in refusals(project)] == ["no"]
    assert error.hint is None
