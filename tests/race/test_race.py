"""A sample of `make race`: of two executors at one site no step is done twice, paused past the lease or not."""

from __future__ import annotations

import pytest

from tests.race.run import POINTS, measure


@pytest.mark.parametrize(("store", "races"), [("sqlite", 30), ("postgres", 16)])
def test_two_executors_and_a_pause_do_nothing_twice(store: str, races: int) -> None:
    found = measure(races, store, pairs=1, paused=0.2, lease_s=0.5)
    assert found.wrong == []
    assert found.undone == []
    assert found.races.total() == races
    assert set(found.paused) <= {f"paused {point}" for point in POINTS}
    assert found.ends["done"] > 0
