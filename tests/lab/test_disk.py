"""A journal on a disk that fails: what was durable is still there, and the journal goes on."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oceana_dr.diagnostics import OutOfSpace, Unreadable
from oceana_dr.lab.disk import JournalDisk, ProcessDied, Trouble
from oceana_dr.store.journal import open_journal
from oceana_dr.store.records import Intent

PLACE = Path("/drill.journal")


def write(disk: JournalDisk, *names: str) -> None:
    journal = open_journal(disk, PLACE)
    for name in names:
        journal.append(Intent(name, 1, name), at="2026-01-04T02:00:00Z", estate_ms=0)
    journal.close()


def steps(disk: JournalDisk) -> list[str]:
    records = [entry.record for entry in open_journal(disk, PLACE).entries]
    return [record.step for record in records if isinstance(record, Intent)]


@given(
    at=st.integers(1, 8),
    how=st.sampled_from(("before", "torn", "after")),
    survives=st.sampled_from((0, 50, 100)),
)
def test_what_was_written_before_a_process_died_is_there_and_at_most_what_it_was_writing(
    at: int, how: str, survives: int
) -> None:
    disk = JournalDisk()
    write(disk, "first")
    disk.arm(Trouble(at, how, survives))
    died = False
    try:
        write(disk, "second", "third")
    except ProcessDied:
        died = True
        with pytest.raises(ProcessDied):
            disk.open(PLACE)
        disk.restart()
    assert disk.armed is not died
    disk.arm(None)
    found = steps(disk)
    assert found == ["first", "second", "third"][: len(found)]
    assert found
    write(disk, "fourth")
    assert steps(disk) == [*found, "fourth"]


@pytest.mark.parametrize(("how", "error"), [("EIO", Unreadable), ("ENOSPC", OutOfSpace)])
def test_a_refused_write_is_an_error_of_the_disk_and_happens_once(how: str, error: type[Exception]) -> None:
    disk = JournalDisk()
    disk.make_folder(PLACE.parent)
    assert disk.names(PLACE.parent) == ()
    assert disk.create(PLACE) == disk.open(PLACE)
    disk.arm(Trouble(3, how))
    with pytest.raises(error):
        write(disk, "first")
    write(disk, "first", "second")
    assert steps(disk)[-2:] == ["first", "second"]
    assert disk.names(PLACE.parent) == (PLACE.parent.name,)
