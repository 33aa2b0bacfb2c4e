"""What both databases promise: baselines, observations and the index come back, later versions are left alone."""

from __future__ import annotations

import pytest

from oceana_dr.diagnostics import Unreadable
from oceana_dr.estate.address import Address
from oceana_dr.estate.estate import Estate
from oceana_dr.estate.values import Override, Unknown
from oceana_dr.store import baseline, index, schema
from oceana_dr.store.baseline import Baseline, Observation
from oceana_dr.store.index import RunRow
from oceana_dr.store.state import State

ESTATE = Estate({Address("dc1/cm"): {"state": "running", "n": 3}, Address("dc2/smgr"): Unknown("unreachable")})
AT = "2026-03-01T02:40:00Z"


def test_a_baseline_comes_back_as_it_was_written(state: State) -> None:
    database = state.database
    assert baseline.read_baseline(database, "acme") is None
    for run in ("r1", None):
        baseline.write_baseline(database, "acme", Baseline(ESTATE, run, AT))
        assert baseline.read_baseline(database, "acme") == Baseline(ESTATE, run, AT)
    assert baseline.read_baseline(database, "globex") is None


def test_observations_are_kept_by_address_the_latest_one(state: State) -> None:
    database = state.database
    first = Observation({"Deploy CSC": Override(True, "true")}, "anna", AT)
    second = Observation(Unknown("unreachable"), "ben", AT)
    baseline.observe(database, "acme", {Address("dc1/cm"): first, Address("dc1/smgr"): first})
    baseline.observe(database, "acme", {Address("dc1/smgr"): second})
    assert baseline.read_observations(database, "acme") == {Address("dc1/cm"): first, Address("dc1/smgr"): second}


def test_the_index_lists_runs_oldest_first_and_replaces_rows(state: State) -> None:
    database = state.database
    rows = [RunRow("acme", f"r{n}", "sha256:ab", "steady", "anna", "running", f"{n}", None, "p") for n in (2, 1)]
    for row in rows:
        index.note_run(database, row)
    done = RunRow("acme", "r1", "sha256:ab", "steady", "anna", "finished", "1", "3", "p", "head")
    index.note_run(database, done)
    index.note_run(database, RunRow("globex", "r9", "sha256:ab", "steady", "anna", "running", "9", None, "p"))
    assert index.list_runs(database, "acme") == (done, rows[0])
    assert len(index.list_runs(database)) == 3


def test_a_lab_reset_forgets_one_site(state: State) -> None:
    database = state.database
    baseline.forget_site(database, "acme")
    assert not state.folder.exists() or list(state.folder.iterdir()) == []
    for site in ("acme", "globex"):
        baseline.write_baseline(database, site, Baseline(ESTATE, None, AT))
    baseline.forget_site(database, "acme")
    assert baseline.read_baseline(database, "acme") is None
    assert baseline.read_baseline(database, "globex") is not None


def test_a_database_of_a_later_program_is_left_alone(state: State) -> None:
    database = state.database
    baseline.write_baseline(database, "acme", Baseline(ESTATE, None, AT))
    with database.writing("acme") as connection:
        connection.execute("UPDATE schema_version SET version = 9")
    with pytest.raises(Unreadable, match="version 9"):
        baseline.read_baseline(database, "acme")
    with pytest.raises(Unreadable, match="version 9"):
        baseline.write_baseline(database, "acme", Baseline(ESTATE, None, AT))


def test_an_estate_that_cannot_be_read_is_said_plainly(state: State) -> None:
    database = state.database
    with database.writing("acme") as connection:
        connection.execute("INSERT INTO baseline VALUES ('acme', '{\"x\": 1}', NULL, 'now')")
    with pytest.raises(Unreadable, match="cannot be read"):
        baseline.read_baseline(database, "acme")


def test_a_failed_transaction_is_undone(state: State) -> None:
    database = state.database
    baseline.write_baseline(database, "acme", Baseline(ESTATE, None, AT))

    def half() -> None:
        with database.writing("acme") as connection:
            connection.execute("DELETE FROM baseline")
            connection.execute("SELECT nothing FROM nowhere")

    with pytest.raises(Unreadable):
        half()
    assert baseline.read_baseline(database, "acme") is not None


def test_reading_makes_nothing(state: State) -> None:
    assert baseline.read_baseline(state.database, "acme") is None
    assert baseline.read_observations(state.database, "acme") == {}
    assert index.list_runs(state.database) == ()
    with state.database.reading() as connection:
        assert connection is None


def test_what_is_read_cannot_be_written(state: State) -> None:
    baseline.write_baseline(state.database, "acme", Baseline(ESTATE, None, AT))

    def write() -> None:
        with state.database.reading() as connection:
            assert connection is not None
            connection.execute("DELETE FROM baseline")

    with pytest.raises(Unreadable):
        write()
    assert baseline.read_baseline(state.database, "acme") is not None


@pytest.mark.parametrize("reads_first", [True, False])
def test_a_database_of_an_earlier_version_is_migrated_whole(
    state: State, monkeypatch: pytest.MonkeyPatch, reads_first: bool
) -> None:
    baseline.write_baseline(state.database, "acme", Baseline(ESTATE, None, AT))
    now = schema.VERSION
    monkeypatch.setattr(schema, "VERSION", now + 1)
    monkeypatch.setitem(schema.MIGRATIONS, now + 1, "ALTER TABLE baseline ADD COLUMN note TEXT; SELECT * FROM nowhere")
    for _ in range(2):
        with pytest.raises(Unreadable):
            baseline.read_baseline(state.database, "acme")
    monkeypatch.setitem(schema.MIGRATIONS, now + 1, "ALTER TABLE baseline ADD COLUMN note TEXT")
    if not reads_first:
        baseline.write_baseline(state.database, "globex", Baseline(ESTATE, None, AT))
    assert baseline.read_baseline(state.database, "acme") == Baseline(ESTATE, None, AT)
    with state.database.reading() as connection:
        assert connection is not None
        assert connection.execute("SELECT note FROM baseline").fetchone() == (None,)
    monkeypatch.setattr(schema, "VERSION", now)
    with pytest.raises(Unreadable, match=f"is of version {now + 1}; this program reads versions 1 to {now}"):
        baseline.read_baseline(state.database, "acme")
