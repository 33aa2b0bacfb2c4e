"""Refusals: one chained file a site; a second process waits for the first."""

from pathlib import Path

import pytest

from oceana_dr.diagnostics import StateLocked
from oceana_dr.store.files import SystemFiles
from oceana_dr.store.journal import Journal, JournalDamaged, open_journal
from oceana_dr.store.records import Turned, record_from_json, record_to_json
from oceana_dr.store.refusals import Refusals

AT = "2026-11-29T01:40:00.000Z"
RECORD = Turned("sha256:00", "steady", "jane", "1 finding forbids it", 7, {"outside-window": "OD2025 closed"})


def never() -> None:
    raise AssertionError("nobody is in the way")


def test_there_are_none_and_asking_creates_nothing(tmp_path: Path) -> None:
    assert Refusals(tmp_path / "state", SystemFiles()).all("acme") == ()
    assert not (tmp_path / "state").exists()


def test_they_are_kept_in_order_and_come_back_as_they_were(tmp_path: Path) -> None:
    refusals = Refusals(tmp_path, SystemFiles())
    for _ in range(2):
        refusals.add("acme", RECORD, at=AT, pause=never)
    assert [(entry.number, entry.record) for entry in refusals.all("acme")] == [(1, RECORD), (2, RECORD)]
    assert refusals.all("globex") == ()
    assert record_from_json(record_to_json(RECORD)) == RECORD


def test_one_that_was_changed_later_is_noticed(tmp_path: Path) -> None:
    refusals = Refusals(tmp_path, SystemFiles())
    refusals.add("acme", RECORD, at=AT, pause=never)
    place = refusals.place("acme")
    place.write_bytes(place.read_bytes().replace(b"jane", b"kate"))
    with pytest.raises(JournalDamaged):
        refusals.all("acme")


def test_a_process_waits_for_one_that_is_writing(tmp_path: Path) -> None:
    refusals = Refusals(tmp_path, SystemFiles())
    refusals.add("acme", RECORD, at=AT, pause=never)
    held: list[Journal] = [open_journal(SystemFiles(), refusals.place("acme"))]
    refusals.add("acme", RECORD, at=AT, pause=lambda: held.pop().close())
    assert len(refusals.all("acme")) == 2
    other = open_journal(SystemFiles(), refusals.place("acme"))
    with pytest.raises(StateLocked):
        refusals.add("acme", RECORD, at=AT, pause=lambda: None)
    other.close()
