"""Both stores, so that every test of a store's promise runs on each: SQLite's file, and a real PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from oceana_dr.store.state import State, local_state, team_state


@pytest.fixture(params=["sqlite", "postgres"])
def make_state(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[str], State]:
    """A state as each machine of that name has it; with SQLite they share a folder."""
    if request.param == "sqlite":
        return lambda _: local_state(tmp_path)
    url: str = request.getfixturevalue("postgres_url")
    return lambda machine: team_state(tmp_path / machine, lambda: url, "env:URL")


@pytest.fixture
def state(make_state: Callable[[str], State]) -> State:
    return make_state("ops1")
