"""Refusals: one chain for each database, in both databases; brought to another one as they are."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from oceana_dr.store.handover import hand_over
from oceana_dr.store.journal import JournalDamaged
from oceana_dr.store.records import Turned, record_from_json, record_to_json
from oceana_dr.store.refusals import Refusals
from oceana_dr.store.state import State, local_state

AT = "2026-11-29T01:40:00.000Z"
LATER = "2026-11-29T01:41:00.000Z"
RECORD = Turned("sha256:00", "steady", "jane", "1 finding forbids it", 7, {"outside-window": "OD2025 closed"})
OTHER = Turned("sha256:01", "steady", "omar", "omar made the change", 3)


def test_there_are_none_and_asking_creates_nothing(tmp_path: Path) -> None:
    assert Refusals(local_state(tmp_path / "state").database).all("acme") == ()
    assert not (tmp_path / "state").exists()


def test_they_are_kept_in_order_and_come_back_as_they_were(make_state: Callable[[str], State]) -> None:
    refusals = Refusals(make_state("ops1").database)
    for at, record in ((AT, RECORD), (LATER, OTHER)):
        refusals.add("acme", record, at=at)
    found = Refusals(make_state("ops2").database).all("acme")
    assert [(entry.number, entry.at, entry.record) for entry in found] == [(1, AT, RECORD), (2, LATER, OTHER)]
    assert refusals.all("globex") == ()
    assert record_from_json(record_to_json(RECORD)) == RECORD


def test_one_that_was_changed_cut_or_taken_out_is_noticed(state: State) -> None:
    refusals = Refusals(state.database)
    for _ in range(3):
        refusals.add("acme", RECORD, at=AT)
    (first, second, third) = refusals.rows("acme")

    def put(line: bytes) -> None:
        with state.database.writing("acme") as connection:
            connection.execute("UPDATE refusal SET line = ? WHERE number = 2", (line,))

    for line in (second.line.replace(b"jane", b"kate"), second.line[:-9], first.line, b""):
        put(line)
        with pytest.raises(JournalDamaged):
            refusals.all("acme")
    put(second.line)
    assert len(refusals.all("acme")) == 3
    with state.database.writing("acme") as connection:
        connection.execute("UPDATE refusal SET line = ? WHERE number = 3", (third.line[:-1],))
    with pytest.raises(JournalDamaged, match="record 3 is not whole"):
        refusals.all("acme")


def test_two_processes_add_to_one_chain(make_state: Callable[[str], State]) -> None:
    def add(name: str) -> None:
        Refusals(make_state(name).database).add("acme", RECORD, at=AT)

    with ThreadPoolExecutor(4) as several:
        list(several.map(add, ["ops1", "ops2"] * 4))
    rows = Refusals(make_state("ops1").database).rows("acme")
    assert [row.number for row in rows] == list(range(1, 9))
    assert len({row.chain for row in rows}) == 1


def test_those_of_another_database_stand_beside_ours_as_they_were(state: State, tmp_path: Path) -> None:
    here = local_state(tmp_path / "alone").database
    Refusals(here).add("acme", OTHER, at=LATER)
    Refusals(state.database).add("acme", RECORD, at=AT)
    for _ in range(2):  # a second time nothing is new
        hand_over(here, state.database, "acme", frozenset())
        hand_over(state.database, here, "acme", frozenset())
    for database in (here, state.database):
        assert [entry.record for entry in Refusals(database).all("acme")] == [RECORD, OTHER]
    Refusals(here).add("acme", RECORD, at=LATER)
    Refusals(state.database).add("acme", OTHER, at=LATER)
    assert [entry.number for entry in Refusals(here).all("acme")] == [1, 1, 2]
    hand_over(here, state.database, "acme", frozenset())
    assert len(Refusals(state.database).all("acme")) == 4
