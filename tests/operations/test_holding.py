"""A run holds its lock and journal, whatever becomes of the team's database in the middle of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from oceana_dr.diagnostics import RunStopped, StateLocked
from oceana_dr.execute.ports import Options
from oceana_dr.execute.runner import run
from oceana_dr.execute.signals import StopFlag
from oceana_dr.operations.holding import lock, open_run
from oceana_dr.store.file_shelf import FileShelf
from oceana_dr.store.files import SystemFiles
from oceana_dr.store.locks import read_lock
from oceana_dr.store.postgres import PostgresDatabase
from oceana_dr.store.runs import Runs
from oceana_dr.store.state import State, local_state, team_state
from oceana_dr.store.team_shelf import TeamShelf
from tests.execute.world import Setting, in_world
from tests.race.target import PLAN
from tests.store.cable import Cable

PLAN_FILE = b"{}"


def apply(setting: Setting, state: State) -> str:
    with lock(state, PLAN, "anna") as lease, open_run(state, PLAN, PLAN_FILE, lease) as held:
        ports = replace(setting.ports(held.journal), tenure=held.lease)
        return run(PLAN, ports, Options(held.place.run, "anna", 1, inherited=held.inherited)).run


def test_a_run_that_loses_the_database_stops_and_goes_on_with_its_copy(tmp_path: Path, postgres_url: str) -> None:
    cable = Cable(PostgresDatabase(lambda: postgres_url, "env:URL"))
    shelf = TeamShelf(FileShelf(tmp_path, SystemFiles()), cable)
    team = State(tmp_path, cable, Runs(shelf), shelf)
    setting = in_world(PLAN)

    def pull_out(step: object) -> None:
        cable.out = step is PLAN.step("P02")

    setting.gateway.hook = pull_out
    with pytest.raises(RunStopped, match="does not answer") as caught:
        apply(setting, team)
    assert caught.value.exit_code == 4
    assert dict(setting.world.performed) == {"P01": 1, "P02": 1}, "what was in hand was finished, and nothing begun"
    setting.gateway.hook, setting.stop = str, StopFlag()
    name = apply(setting, local_state(tmp_path))
    assert set(setting.world.performed.values()) == {1}
    assert len(setting.world.performed) == len(PLAN.steps)
    cable.out = False
    there = team_state(tmp_path / "elsewhere", lambda: postgres_url, "env:URL")
    with pytest.raises(StateLocked, match="anna"):
        apply(setting, there)
    held = read_lock(there.database, "acme")
    assert held is not None
    assert held.lock.run == name, "it could not be given back, and runs out"
