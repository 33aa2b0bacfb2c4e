"""May this plan be run now, by this person: every finding at once, and each override takes away exactly one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import chain, combinations
from pathlib import Path

import pytest

from oceana_dr.diagnostics import OceanaError, OutsideWindow, Refused
from oceana_dr.operations.clearing import Attempt, Cleared, clear
from oceana_dr.operations.refusing import Request
from oceana_dr.plan.model import Finding, Plan
from oceana_dr.source.cache import Cache
from oceana_dr.source.prepared import prepare_site
from oceana_dr.source.project import Project, StateSettings, open_project
from oceana_dr.store.journal import Entry
from oceana_dr.store.records import Done, Finished, Intent, Override, Record, Turned
from oceana_dr.store.refusals import Refusals
from oceana_dr.store.sqlite import SqliteDatabase
from tests.planning import copy_project, edit, plan_case, seed

SUNDAY = datetime.fromisoformat("2026-11-29T02:40+01:00")
MONDAY = datetime.fromisoformat("2026-11-30T12:00+01:00")
LAB = """  # The lab is open at any time; a site that is in earnest has no such line.
  - {start: "2026-01-01T00:00", duration: 24h, recurrence: FREQ=DAILY, time_zone: UTC, reason: practice in the lab}
"""
FREEZE = """  - start: "2026-11-29T00:00"
    duration: 1d
    kind: deny
    reason: sale of the year
    override_roles: [change-board]
"""
ROLES = "roles: {change-board: [jane, omar], change-manager: [kim]}\npolicy:\n"
LIMITED = "limits: {changes: 1, protected: [dc2/smgr]}\nchange_windows:\n"
THREE = ("limit-changes", "outside-window", "protected-dc2/smgr/backup-storage")


def a_project(folder: Path, *edits: tuple[str, str], project: Sequence[tuple[str, str]] = ()) -> Project:
    root = copy_project(folder)
    edit(root / "sites/acme/site.yaml", (LAB, ""), *edits)
    edit(root / "oceana-dr.yaml", *project)
    return replace(open_project(root), state_dir=root / "state")


def a_change(project: Project) -> Plan:
    """Two System Managers get another directory for their backups: six minutes at most."""
    site = project.site_file("acme")
    if "acme2" not in site.read_text():
        edit(site, ("directory: /srv/backup/acme", "directory: /srv/backup/acme2"))
    prepared = prepare_site(project, "acme", None, Cache(None))
    return plan_case("acme", "dc1", baseline=seed("acme"), site_files=prepared, of=project).plan


def attempt(
    project: Project,
    plan: Plan,
    *overrides: str,
    at: datetime = SUNDAY,
    by: str = "kim",
    reason: str = "CHG-114",
    entries: Sequence[Entry] = (),
) -> Cleared:
    return clear(Attempt(project, plan, Request(by, overrides, reason), at, tuple(entries)))


def found(error: pytest.ExceptionInfo[OceanaError]) -> list[Finding]:
    return list(getattr(error.value, "findings", ()))


def refusals(project: Project) -> list[Turned]:
    every = Refusals(SqliteDatabase(project.state_dir)).all("acme")
    return [entry.record for entry in every if isinstance(entry.record, Turned)]


def entries_of(*written: Record) -> list[Entry]:
    return [Entry(number, "2026-11-29T01:40:00Z", 0, record, "") for number, record in enumerate(written, 1)]


def test_inside_of_a_window_a_plan_passes_and_the_window_is_watched(tmp_path: Path) -> None:
    project = a_project(tmp_path)
    cleared = attempt(project, a_change(project))
    assert (cleared.overrides, cleared.warnings) == ((), ())
    assert cleared.watch is not None
    assert refusals(project) == []


def test_outside_of_it_a_plan_is_turned_away_and_that_is_written_down(tmp_path: Path) -> None:
    project = a_project(tmp_path)
    plan = a_change(project)
    with pytest.raises(OutsideWindow) as error:
        attempt(project, plan, at=MONDAY, reason="")
    assert error.value.exit_code == 7
    assert [item.id for item in found(error)] == ["outside-window"]
    (turned,) = refusals(project)
    assert (turned.plan, turned.by, turned.exit_code) == (plan.id, "kim", 7)
    assert "no change window is open" in str(turned.findings["outside-window"])


def test_a_plan_that_does_nothing_needs_no_window(tmp_path: Path) -> None:
    project = a_project(tmp_path)
    nothing = plan_case("acme", "dc1", baseline=seed("acme"), of=project).plan
    assert nothing.steps == ()
    assert attempt(project, nothing, at=MONDAY).watch is None


EVERY_CHOICE = list(chain.from_iterable(combinations(THREE, number) for number in range(4)))


@pytest.mark.parametrize("choice", EVERY_CHOICE, ids=lambda names: "+".join(names) or "none")
def test_an_override_takes_away_the_finding_it_names_and_no_other(choice: tuple[str, ...], tmp_path: Path) -> None:
    project = a_project(tmp_path, ("change_windows:\n", LIMITED))
    plan = a_change(project)
    left = sorted(set(THREE) - set(choice))
    if not left:
        cleared = attempt(project, plan, *choice, at=MONDAY)
        assert {(item.finding, item.by, item.reason) for item in cleared.overrides} == {
            (name, "kim", "CHG-114") for name in THREE
        }
        assert cleared.watch is None, "whoever acts outside of a window is not stopped by its end"
        assert refusals(project) == []
        return
    with pytest.raises(OutsideWindow if left == ["outside-window"] else Refused) as error:
        attempt(project, plan, *choice, at=MONDAY)
    assert sorted(item.id for item in found(error)) == left
    assert sorted(refusals(project)[0].findings) == left


def test_the_command_that_overrides_everything_is_printed(tmp_path: Path) -> None:
    project = a_project(tmp_path, ("change_windows:\n", LIMITED))
    with pytest.raises(Refused) as error:
        attempt(project, a_change(project), at=MONDAY)
    assert error.value.hint == (
        "all at once: oceana-dr apply plan.json --override limit-changes "
        '--override protected-dc2/smgr/backup-storage --outside-window --reason "..."'
    )


@pytest.mark.parametrize("reason", ["", "  \t"])
def test_nothing_is_overridden_without_a_reason(reason: str, tmp_path: Path) -> None:
    project = a_project(tmp_path)
    with pytest.raises(Refused, match="without a reason") as error:
        attempt(project, a_change(project), "outside-window", at=MONDAY, reason=reason)
    assert error.value.hint == 'oceana-dr apply plan.json --outside-window --reason "..."'
    assert len(refusals(project)) == 1


def test_a_finding_that_is_not_there_cannot_be_overridden(tmp_path: Path) -> None:
    project = a_project(tmp_path, ("change_windows:\n", LIMITED))
    with pytest.raises(OceanaError, match="no finding limit-change") as error:
        attempt(project, a_change(project), "limit-change")
    assert (error.value.exit_code, error.value.hint) == (1, "did you mean limit-changes?")


def test_a_finding_of_the_time_that_has_passed_is_no_mistake(tmp_path: Path) -> None:
    project = a_project(tmp_path)
    assert attempt(project, a_change(project), "window-too-short").overrides == ()


def test_what_no_reason_outweighs_stays(tmp_path: Path) -> None:
    project = a_project(tmp_path)
    unsafe = Finding("proof-S-01", "OD2010", "refuse", "S-01 would be broken after A01")
    plan = replace(a_change(project), findings=(unsafe,))
    with pytest.raises(Refused, match="OD2010 cannot be overridden"):
        attempt(project, plan, "proof-S-01")
    with pytest.raises(Refused) as error:
        attempt(project, plan)
    assert [item.id for item in found(error)] == ["proof-S-01"]
    assert error.value.hint is None


def test_a_plan_that_hides_its_findings_is_found_out(tmp_path: Path) -> None:
    project = a_project(tmp_path, ("change_windows:\n", LIMITED))
    with pytest.raises(Refused) as error:
        attempt(project, replace(a_change(project), findings=()))
    assert [item.id for item in found(error)] == ["limit-changes", "protected-dc2/smgr/backup-storage"]


# ------------------------------------------------------------------------------------------------------------- roles


def test_a_freeze_names_who_may_act_against_it(tmp_path: Path) -> None:
    project = a_project(tmp_path, ("change_windows:\n", f"change_windows:\n{FREEZE}"), project=[("policy:\n", ROLES)])
    plan = a_change(project)
    with pytest.raises(OutsideWindow) as error:
        attempt(project, plan, "outside-window", by="kim")
    (finding,) = found(error)
    assert "changes are frozen (sale of the year)" in finding.message
    assert finding.message.endswith("kim may not override it; ask change-board (jane, omar)")
    assert not finding.overridable
    assert [item.finding for item in attempt(project, plan, "outside-window", by="jane").overrides] == [
        "outside-window"
    ]


def test_outside_of_every_window_the_role_of_the_site_counts_too(tmp_path: Path) -> None:
    control = "change_control: {override_roles: [change-manager]}\nchange_windows:\n"
    project = a_project(
        tmp_path, ("change_windows:\n", control + FREEZE.replace("29T", "30T")), project=[("policy:\n", ROLES)]
    )
    plan = a_change(project)
    for by, missing in (("jane", "change-manager (kim)"), ("kim", "change-board (jane, omar)")):
        with pytest.raises(OutsideWindow) as error:
            attempt(project, plan, "outside-window", by=by, at=MONDAY)
        assert found(error)[0].message.endswith(f"ask {missing}")


@pytest.fixture(scope="module")
def outage() -> Plan:
    """Data Center 1 is lost: people declare and fence it, two of them sign."""
    from oceana_dr.plan.codec import read_plan, write_text
    from tests.scenarios.estates import ENDS, plan_for
    from tests.scenarios.test_unplanned_outage import outage as lost

    plan, _ = plan_for(ENDS[0], "dc2", lost(ENDS[0]))
    assert plan.scenario == "unplanned-outage"
    return read_plan(write_text(plan).encode(), "plan.json")


def test_an_unplanned_scenario_takes_a_reason_and_no_role(outage: Plan, tmp_path: Path) -> None:
    control = "change_control: {override_roles: [change-manager]}\nchange_windows:\n"
    project = a_project(tmp_path, ("change_windows:\n", control), project=[("policy:\n", ROLES)])
    plan = replace(outage, site="acme")
    with pytest.raises(Refused, match="without a reason"):
        attempt(project, plan, "outside-window", at=MONDAY, by="lee", reason="")
    cleared = attempt(project, plan, "outside-window", at=MONDAY, by="lee", reason="dc1 burns")
    assert [(item.finding, item.by) for item in cleared.overrides] == [("outside-window", "lee")]


def test_it_is_the_two_people_of_the_plan_that_stand_for_the_role(outage: Plan) -> None:
    from oceana_dr.operations import clearing

    alone = replace(outage, steps=tuple(step for step in outage.steps if step.instructions is None))
    assert clearing._asks_two_people(outage)
    assert not clearing._asks_two_people(alone)
    assert not clearing._asks_two_people(replace(outage, scenario="planned-switchover"))


# --------------------------------------------------------------------------------------------------- going on with it


def test_limits_stay_overridden_for_the_whole_run_and_the_time_does_not(tmp_path: Path) -> None:
    project = a_project(tmp_path, ("change_windows:\n", LIMITED))
    plan = a_change(project)
    entries = entries_of(*(Override(name, "kim", "CHG-114") for name in THREE))
    assert attempt(project, plan, entries=entries, reason="").overrides == ()
    with pytest.raises(OutsideWindow) as error:
        attempt(project, plan, entries=entries, at=MONDAY, reason="")
    assert [item.id for item in found(error)] == ["outside-window"]


def test_what_is_done_needs_no_time(tmp_path: Path) -> None:
    project = a_project(tmp_path)
    plan = a_change(project)
    late = datetime.fromisoformat("2026-11-29T05:59+01:00")
    with pytest.raises(OutsideWindow) as error:
        attempt(project, plan, at=late)
    assert [item.id for item in found(error)] == ["window-too-short"]
    begun = entries_of(Intent("A01", 1, "k"), Done("A01", "acted"))
    (warning,) = attempt(project, plan, at=late, entries=begun).warnings
    assert "takes 1 min at the median" in warning.message
    assert warning.message.endswith("it stops where the window ends")
    finished = [*begun, *entries_of(Done("A02", "acted"), Finished())]
    assert attempt(project, plan, at=MONDAY, entries=finished).watch is None
    assert attempt(project, plan, at=MONDAY, entries=finished[:-1]).watch is None


def test_a_supervised_pair_in_hand_is_gone_on_with(tmp_path: Path) -> None:
    project = a_project(tmp_path)
    move = plan_case("acme", "dc2", baseline=seed("acme"), of=project).plan
    second = next(step for step in move.steps if step.pair is not None)
    done = [Done(step.id, "acted") for step in move.steps[: move.steps.index(second)]]
    cleared = attempt(project, move, at=MONDAY, entries=entries_of(*done))
    (warning,) = cleared.warnings
    assert warning.message.endswith("The supervised pair in hand is finished first, then the run stops")
    assert cleared.watch is not None


def test_a_site_may_let_a_plan_run_on_or_demand_that_it_fits_if_all_is_slow(tmp_path: Path) -> None:
    late = datetime.fromisoformat("2026-11-29T05:57+01:00")
    project = a_project(tmp_path)
    plan = a_change(project)
    assert [item.severity for item in attempt(project, plan, at=late).warnings] == ["warning"]
    text = project.site_file("acme").read_text()
    project.site_file("acme").write_text(text + "change_control: {must_fit: p95}\n")
    with pytest.raises(OutsideWindow):
        attempt(project, plan, at=late)
    project.site_file("acme").write_text(text + "change_control: {window_end: finish}\n")
    cleared = attempt(project, plan, at=late)
    assert cleared.watch is not None, "its end is told"
    assert (cleared.watch.finish, cleared.warnings) == (True, ())


def test_freezes_of_the_project_bind_every_site(tmp_path: Path) -> None:
    freeze = 'policy:\n  change_windows: {freezes: [{start: "2026-11-29T00:00", duration: 1d}]}\n'
    project = a_project(tmp_path, project=[("policy:\n", freeze)])
    with pytest.raises(OutsideWindow) as error:
        attempt(project, a_change(project))
    assert "changes are frozen (a freeze)" in found(error)[0].message


def test_a_refusal_that_cannot_be_written_down_is_one_all_the_same(tmp_path: Path) -> None:
    project = a_project(tmp_path)
    plan = a_change(project)
    project.state_dir.write_text("no folder")
    with pytest.raises(OutsideWindow) as error:
        attempt(project, plan, at=MONDAY)
    assert error.value.hint is not None
    assert error.value.hint.startswith("this refusal could not be written down: ")


def test_refusals_follow_one_another_in_one_chain(tmp_path: Path) -> None:
    project = a_project(tmp_path)
    plan = a_change(project)
    for by in ("kim", "lee"):
        with pytest.raises(OutsideWindow):
            attempt(project, plan, at=MONDAY, by=by)
    entries = Refusals(SqliteDatabase(project.state_dir)).all("acme")
    assert [entry.number for entry in entries] == [1, 2]
    assert [entry.at for entry in entries] == [MONDAY.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")] * 2


def unattended(project: Project, plan: Plan, *overrides: str) -> Cleared:
    request = Request("ci", overrides, "CHG-114", "oceana-dr apply plans/acme.plan.json", unattended=True)
    return clear(Attempt(project, plan, request, SUNDAY))


def shared(project: Project, alone: str | None = None) -> Project:
    return replace(project, state=StateSettings("env:OCEANA_DR_STATE_URL", alone))


def test_with_nobody_there_a_plan_that_moves_nothing_and_asks_nobody_passes(tmp_path: Path) -> None:
    project = a_project(tmp_path)
    plan = a_change(project)
    assert unattended(shared(project), replace(plan, source=replace(plan.source, digest=digest(project)))).watch


def test_with_nobody_there_everything_that_needs_somebody_is_told_at_once_and_written_down(tmp_path: Path) -> None:
    project = a_project(tmp_path)
    plan = plan_case("acme", "dc2").plan
    for one in (project, shared(project, alone="DC1 is lost")):
        with pytest.raises(Refused) as refused:
            unattended(one, plan)
        there = [item for item in found(refused) if item.code != "OD2026"]
        assert [item.code for item in there] == ["OD2035", "OD2036", "OD2037", "OD2038"]
        assert not any(item.overridable for item in there)
        assert refused.value.hint == "a person runs it, at a terminal: oceana-dr apply plans/acme.plan.json"
    assert {record.by for record in refusals(project)} == {"ci"}


def test_with_nobody_there_nothing_is_overridden(tmp_path: Path) -> None:
    project = a_project(tmp_path, ("change_windows:\n", LIMITED))
    with pytest.raises(Refused, match="nobody is there to answer for it"):
        unattended(shared(project), a_change(project), "limit-changes")


def digest(project: Project) -> str:
    return prepare_site(project, "acme", None, Cache(None)).digest
